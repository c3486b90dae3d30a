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
/// Who ranks first is let in first, and among equals who asked first. Who announced itself is
/// waited for while its place is scarce, until it asks or withdraws; with room for all, nobody
/// waits for anybody. Waiting costs nothing: one caller per key sleeps until the minute has room,
/// the others are woken by the one before them.
package final class RateLimit: Sendable {
  private let now: @Sendable () -> Int64
  private let sleep: @Sendable (Duration) async throws -> Void
  private let lanes = Mutex<[String: RateLane]>([:])

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
  ///   - rank: Its place among those who ask; `nil` = after all who have one.
  ///   - work: What is done with the room.
  /// - Returns: `nil` when the task was cancelled while it waited; the work was not begun then.
  /// - Throws: What the work throws.
  package func withPermit<Value: Sendable, Failure: Error>(
    for key: String, within allowance: RateAllowance, rank: RateRank? = nil,
    _ work: () async throws(Failure) -> Value
  ) async throws(Failure) -> Value? {
    let number = arrive(key, rank)
    guard await waitForRoom(key, number, allowance) else { return nil }
    defer { leave(key) }
    return try await work()
  }

  /// How many requests of a key are under way and how many wait.
  package func load(of key: String) -> (running: Int, waiting: Int) {
    lanes.withLock { lanes in lanes[key].map { ($0.running, $0.waiting) } ?? (0, 0) }
  }
}

extension RateLimit {
  /// Says that somebody of this rank will ask soon.
  ///
  /// Those behind it leave it its place until it enters or ``withdraw(_:from:)`` is called, which
  /// must happen where it ends without asking.
  package func announce(_ rank: RateRank, to key: String) {
    with(key) { $0.announce(rank) }
  }

  /// Takes an announcement back; without effect where there is none, or where it has entered.
  package func withdraw(_ rank: RateRank, from key: String) {
    with(key) { $0.withdraw(rank) }
  }

  /// Waits for room, at most that long, and takes it.
  ///
  /// - Returns: Whether there was room; who got it gives it back with ``leave(_:)``.
  package func enter(
    _ key: String, _ allowance: RateAllowance, rank: RateRank?, within patience: Duration
  ) async -> Bool {
    let number = arrive(key, rank)
    // Where there is room at once, no patience is too short for it.
    if !Task.isCancelled, with(key, { $0.enter(number, allowance, at: now()) }) { return true }
    return await withTaskGroup(of: Bool?.self) { group in
      group.addTask { await self.waitForRoom(key, number, allowance) }
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

  /// Gives back what ``enter(_:_:rank:within:)`` or ``withPermit(for:within:rank:_:)`` took.
  package func leave(_ key: String) { with(key) { $0.leave() } }

  /// Joins the line; who does must wait for room then.
  private func arrive(_ key: String, _ rank: RateRank?) -> Int {
    with(key) { $0.arrive(rank) }
  }

  /// Waits for room and takes it; `false` when the task was cancelled.
  private func waitForRoom(_ key: String, _ number: Int, _ allowance: RateAllowance) async -> Bool {
    var goesOn = !Task.isCancelled
    while goesOn {
      let gate = Gate()
      switch with(key, { $0.step(number, allowance, at: now(), gate: gate) }) {
      case .entered: return true
      case .wait: goesOn = await gate.pass() && !Task.isCancelled
      case .sleep(let span): goesOn = await sleepForAll(of: key, span)
      }
    }
    with(key) { $0.giveUp(number) }
    return false
  }

  /// Sleeps until the minute has room; `false` when the task was cancelled meanwhile.
  private func sleepForAll(of key: String, _ span: Duration) async -> Bool {
    defer { with(key) { $0.endSleep() } }
    do {
      try await sleep(span)
      return !Task.isCancelled
    } catch {
      return false
    }
  }

  /// Changes the lane of a key, and forgets it when nothing is left of it.
  private func with<Value: Sendable>(_ key: String, _ change: (inout RateLane) -> Value) -> Value {
    lanes.withLock { lanes in
      let value = change(&lanes[key, default: RateLane()])
      if lanes[key]?.isIdle == true { lanes[key] = nil }
      return value
    }
  }
}
