import Synchronization

/// Something one task waits for; opening and cancelling exclude each other.
final class Gate: Sendable {
  private let state = Mutex(State.shut)

  private enum State {
    case shut
    case waiting(CheckedContinuation<Bool, Never>)
    case open
    case cancelled
  }

  /// Waits until the gate opens; `false` when the task was cancelled before.
  func pass() async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let answer = state.withLock { state -> Bool? in
          switch state {
          case .open: return true
          case .cancelled: return false
          case .shut, .waiting:
            state = .waiting(waiter)
            return nil
          }
        }
        if let answer { waiter.resume(returning: answer) }
      }
    } onCancel: {
      settle(as: .cancelled)
    }
  }

  /// Opens the gate; `false` when it was cancelled or open before.
  func open() -> Bool { settle(as: .open) }

  @discardableResult
  private func settle(as end: State) -> Bool {
    let isOpen = if case .open = end { true } else { false }
    let (isFirst, waiter) = state.withLock { state in
      switch state {
      case .open, .cancelled: return (false, CheckedContinuation<Bool, Never>?.none)
      case .shut:
        state = end
        return (true, nil)
      case .waiting(let waiter):
        state = end
        return (true, waiter)
      }
    }
    waiter?.resume(returning: isOpen)
    return isFirst
  }
}
