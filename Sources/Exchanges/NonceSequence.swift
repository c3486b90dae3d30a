import Synchronization
package import Trading

/// Numbers for sends, each given once and each above the ones before.
///
/// It is shared by everything in a process that sends; what it gave is written down by those who
/// use it, before they send.
package final class NonceSequence: Sendable {
  private let upcoming: Mutex<Int64>

  /// How far the numbers may run ahead of the time.
  package static let tolerance = Span.hour

  /// A sequence that begins with that number.
  package init(startingAt first: Int64 = 1) { upcoming = Mutex(first) }

  /// The next number: the milliseconds of `time`, or one above the last when that is more.
  ///
  /// Without a time simply one above the last. Where the last is more than ``tolerance`` ahead of
  /// the time, a clock went wrong once and the venue would refuse all that follow: the time counts,
  /// which no send before the clock went wrong has reached.
  package func next(at time: Timestamp? = nil) -> Int64 {
    upcoming.withLock { upcoming in
      let isAstray = time.map { upcoming > $0.ms + Self.tolerance.ms } ?? false
      let number = isAstray ? time?.ms ?? upcoming : max(upcoming, time?.ms ?? upcoming)
      upcoming = number + 1
      return number
    }
  }

  /// The number that comes next at the earliest.
  package var head: Int64 { upcoming.withLock { $0 } }

  /// Gives no number below that one any more.
  package func raise(to number: Int64) {
    upcoming.withLock { $0 = max($0, number) }
  }
}
