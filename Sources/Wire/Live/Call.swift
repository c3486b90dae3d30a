import Synchronization

/// One request, shared by the task that waits for it and the driver that transfers it.
///
/// Whoever comes first, the end of the transfer or the cancellation, answers; the other does
/// nothing.
final class Call: Sendable {
  typealias Answer = Result<HTTPResponse, WireError>

  let request: HTTPRequest
  private let phase = Mutex(Phase.fresh)

  init(_ request: HTTPRequest) { self.request = request }

  /// Starts waiting; `false` when the call was cancelled before, then it is answered already.
  func begin(_ waiter: CheckedContinuation<Answer, Never>) -> Bool {
    let begins = phase.withLock { phase in
      guard case .fresh = phase else { return false }
      phase = .waiting(waiter)
      return true
    }
    if !begins { waiter.resume(returning: .failure(.cancelled)) }
    return begins
  }

  /// Answers unless the call is answered already; `true` when this answer is the one.
  @discardableResult
  func answer(_ answer: Answer) -> Bool {
    let waiter = phase.withLock { phase -> CheckedContinuation<Answer, Never>? in
      defer { phase = .answered }
      return if case .waiting(let waiter) = phase { waiter } else { nil }
    }
    waiter?.resume(returning: answer)
    return waiter != nil
  }

  /// Whether somebody still waits for the answer.
  var isWaiting: Bool {
    phase.withLock { phase in
      if case .waiting = phase { true } else { false }
    }
  }

  private enum Phase {
    case fresh
    case waiting(CheckedContinuation<Answer, Never>)
    case answered
  }
}
