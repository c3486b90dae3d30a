package import Trading

/// A stretch in which something that comes at regular times is missing.
package struct MarketGap: Sendable, Hashable {
  /// The first time that is missing.
  package let first: Timestamp
  /// The last time that is missing.
  package let last: Timestamp
  /// How many are missing, at least one.
  package let count: Int64

  /// The gap between two times that are there, one step apart or more; `nil` = none is missing.
  package init?(after earlier: Timestamp, before later: Timestamp, every step: Span) {
    let missing = (later.ms - earlier.ms) / step.ms - 1
    guard missing > 0 else { return nil }
    first = earlier + step
    last = later - step
    count = missing
  }

  /// The gaps within ascending times.
  package static func within(_ timesMs: [Int64], every step: Span) -> [MarketGap] {
    zip(timesMs, timesMs.dropFirst()).compactMap { earlier, later in
      later - earlier == step.ms
        ? nil
        : MarketGap(after: Timestamp(ms: earlier), before: Timestamp(ms: later), every: step)
    }
  }

  /// The gaps in a stretch of time, its ends included: the multiples of `step` in
  /// `from ..< to` that are not among the ascending times.
  package static func of(
    _ timesMs: [Int64], from: Timestamp, to: Timestamp, every step: Span
  ) -> [MarketGap] {
    let first = (from - Span(ms: 1)).floored(to: step)
    let end = (to + step - Span(ms: 1)).floored(to: step)
    guard first < end else { return [] }
    return within(
      [first.ms] + timesMs.filter { $0 > first.ms && $0 < end.ms } + [end.ms], every: step)
  }
}
