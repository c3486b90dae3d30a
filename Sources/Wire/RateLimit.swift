import Synchronization

/// What a host or model allows.
package struct RateAllowance: Sendable, Hashable {
  /// Requests at the same time, at least 1; `nil` = no limit.
  package let maxConcurrent: Int?
  /// Requests begun within any 60 seconds, at least 1; `nil` = no limit.
  package let perMinute: Int?

  /// An allowance from its parts.
  package init(maxConcurrent: Int? = nil, perMinute: Int? = nil) {
    self.maxConcurrent = maxConcurrent.map { max(1, $0) }
    self.perMinute = perMinute.map { max(1, $0) }
  }
}

/// Keeps requests within what each host or model allows.
///
/// Who asks first is let in first. Waiting costs nothing: one caller per key sleeps until the
/// minute has room, the others are woken by the one before them.
package actor RateLimit {
  private let now: @Sendable () -> Int64
  private let sleep: @Sendable (Duration) async throws -> Void
  private var lanes: [String: Lane] = [:]

  /// Milliseconds of the window of ``RateAllowance/perMinute``.
  private static let windowMs: Int64 = 60_000

  /// A limit with the time from outside.
  ///
  /// - Parameters:
  ///   - now: Milliseconds of a clock that never goes back.
  ///   - sleep: Waits that long, and throws when the task is cancelled.
  package init(
    now: @escaping @Sendable () -> Int64,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.now = now
    self.sleep = sleep
  }

  /// Does the work once the allowance has room, and gives the room back whatever happens.
  ///
  /// - Parameters:
  ///   - key: The host or the model; each has its own room.
  ///   - allowance: What it allows.
  ///   - work: What is done with the room.
  /// - Returns: `nil` when the task was cancelled while it waited; the work was not begun then.
  /// - Throws: What the work throws.
  package nonisolated func withPermit<Value: Sendable, Failure: Error>(
    for key: String, within allowance: RateAllowance,
    _ work: () async throws(Failure) -> Value
  ) async throws(Failure) -> Value? {
    guard await enter(key, allowance) else { return nil }
    do throws(Failure) {
      let value = try await work()
      await leave(key)
      return value
    } catch {
      await leave(key)
      throw error
    }
  }

  /// How many requests of a key are under way and how many wait.
  package func load(of key: String) -> (running: Int, waiting: Int) {
    guard let lane = lanes[key] else { return (0, 0) }
    return (lane.running, lane.line.count + (lane.isDoorTaken ? 1 : 0))
  }

  /// What one key has under way.
  private struct Lane {
    /// Who waits for the one at the door, in order of arrival.
    var line: [Gate] = []
    /// Whether somebody is at the door, waiting for room.
    var isDoorTaken = false
    /// What wakes the one at the door when a request ends.
    var doorGate: Gate?
    var running = 0
    /// When the requests of the last minute began, oldest first.
    var beginnings: [Int64] = []
  }
}

extension RateLimit {
  /// Waits for room, at most that long, and takes it.
  ///
  /// - Returns: Whether there was room; who got it gives it back with ``leave(_:)``.
  package nonisolated func enter(
    _ key: String, _ allowance: RateAllowance, within patience: Duration
  ) async -> Bool {
    await withTaskGroup(of: Bool?.self) { group in
      group.addTask { await self.enter(key, allowance) }
      group.addTask {
        // Cancelled as soon as there is room; that is no error.
        try? await self.sleep(patience)
        return nil
      }
      var hasRoom = false
      for await result in group {
        hasRoom = hasRoom || result == true
        group.cancelAll()
      }
      return hasRoom
    }
  }

  /// Waits for room and takes it; `false` when the task was cancelled.
  private func enter(_ key: String, _ allowance: RateAllowance) async -> Bool {
    guard await reachDoor(key) else { return false }
    let hasRoom = await waitForRoom(key, allowance)
    if hasRoom {
      lanes[key, default: Lane()].running += 1
      if allowance.perMinute != nil { lanes[key, default: Lane()].beginnings.append(now()) }
    }
    passDoor(key)
    return hasRoom
  }

  private func reachDoor(_ key: String) async -> Bool {
    guard lanes[key, default: Lane()].isDoorTaken else {
      lanes[key, default: Lane()].isDoorTaken = true
      return true
    }
    let gate = Gate()
    lanes[key, default: Lane()].line.append(gate)
    let isAdmitted = await gate.pass()
    if !isAdmitted { lanes[key, default: Lane()].line.removeAll { $0 === gate } }
    return isAdmitted
  }

  /// Lets the next one to the door; who was cancelled in line is skipped.
  private func passDoor(_ key: String) {
    while let next = lanes[key]?.line.first {
      lanes[key]?.line.removeFirst()
      if next.open() { return }
    }
    lanes[key]?.isDoorTaken = false
    forgetIfIdle(key)
  }

  private func waitForRoom(_ key: String, _ allowance: RateAllowance) async -> Bool {
    while !Task.isCancelled {
      let lane = lanes[key, default: Lane()]
      if let limit = allowance.maxConcurrent, lane.running >= limit {
        let gate = Gate()
        lanes[key]?.doorGate = gate
        let isWoken = await gate.pass()
        lanes[key]?.doorGate = nil
        guard isWoken else { return false }
        continue
      }
      guard let limit = allowance.perMinute else { return true }
      let present = now()
      lanes[key, default: Lane()].beginnings.removeAll { $0 <= present - Self.windowMs }
      let recent = lanes[key, default: Lane()].beginnings
      guard recent.count >= limit else { return true }
      let opens = recent[recent.count - limit] + Self.windowMs
      do { try await sleep(.milliseconds(opens - present)) } catch { return false }
    }
    return false
  }

  /// Gives back what ``enter(_:_:within:)`` or ``withPermit(for:within:_:)`` took.
  package func leave(_ key: String) {
    lanes[key]?.running -= 1
    if let gate = lanes[key]?.doorGate { _ = gate.open() }
    forgetIfIdle(key)
  }

  private func forgetIfIdle(_ key: String) {
    guard let lane = lanes[key], lane.running == 0, !lane.isDoorTaken, lane.beginnings.isEmpty
    else { return }
    lanes[key] = nil
  }
}

/// Something one task waits for; opening and cancelling exclude each other.
private final class Gate: Sendable {
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
