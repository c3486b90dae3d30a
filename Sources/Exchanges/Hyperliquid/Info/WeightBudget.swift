import Synchronization
package import Trading

/// Keeps a process below the venue's limit of request weight per minute (fact sheet §10).
///
/// It counts what was asked within the last 60 s, whoever asked it.
package final class WeightBudget: Sendable {
  private let perMinute: Int
  private let penalty: Span
  /// A clock that only needs to run evenly.
  let now: @Sendable () -> Timestamp
  private let sleep: @Sendable (Duration) async throws -> Void
  private let ledger = Mutex(Ledger())

  /// A budget with nothing spent.
  ///
  /// - Parameters:
  ///   - perMinute: Weight allowed in any 60 s.
  ///   - penalty: How long nothing may be asked after the venue said that it was too much.
  ///   - now: A clock that only needs to run evenly.
  ///   - sleep: Waits; throws when the task is cancelled.
  package init(
    perMinute: Int = 1200, penalty: Span = .seconds(5), now: @escaping @Sendable () -> Timestamp,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.perMinute = perMinute
    self.penalty = penalty
    self.now = now
    self.sleep = sleep
  }

  /// Takes that much as soon as the limit admits it.
  ///
  /// - Returns: `false`, with nothing taken, when it would not within that time, when it is more
  ///   than the limit ever admits, or when the task was cancelled meanwhile.
  package func spend(_ weight: Int, within limit: Duration) async -> Bool {
    var left = max(0, Int64(limit / .milliseconds(1)))
    while true {
      guard let wait = attempt(weight) else { return false }
      if wait == .zero { return true }
      guard wait.ms <= left, await pause(.milliseconds(wait.ms)) else { return false }
      left -= wait.ms
    }
  }

  /// Takes what an answer cost on top of its question, whether the limit admits it or not.
  package func charge(_ weight: Int) {
    guard weight > 0 else { return }
    let time = now()
    ledger.withLock { $0.book(weight, at: time) }
  }

  /// The venue said that it was too much: nothing may be asked for some seconds.
  package func penalise() {
    let end = now() + penalty
    ledger.withLock { $0.barredUntil = max($0.barredUntil ?? end, end) }
  }

  /// What was taken since the budget was made.
  package var used: Int { ledger.withLock { $0.used } }

  /// Waits; `false` when the task was cancelled.
  func pause(_ span: Duration) async -> Bool {
    do {
      try await sleep(span)
      return true
    } catch {
      return false
    }
  }
}

extension WeightBudget {
  private struct Ledger {
    var entries: [(at: Timestamp, weight: Int)] = []
    var barredUntil: Timestamp?
    var used = 0

    mutating func book(_ weight: Int, at time: Timestamp) {
      entries.append((time, weight))
      used += weight
    }
  }

  /// Takes the weight, or tells how long to wait before the next try; `nil` = it never fits.
  private func attempt(_ weight: Int) -> Span? {
    guard weight <= perMinute else { return nil }
    let time = now()
    return ledger.withLock { ledger in
      ledger.entries.removeAll { $0.at + .minute <= time }
      if let end = ledger.barredUntil, end > time { return end - time }
      var excess = ledger.entries.reduce(weight) { $0 + $1.weight } - perMinute
      guard excess > 0 else {
        ledger.book(weight, at: time)
        return .zero
      }
      for entry in ledger.entries {
        excess -= entry.weight
        if excess <= 0 { return max(Span(ms: 1), entry.at + .minute - time) }
      }
      return .minute
    }
  }
}
