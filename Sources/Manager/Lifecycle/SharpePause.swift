package import Trading

/// A pause that a trader's Sharpe ratio brings it.
package struct SharpePause: Sendable, Hashable {
  /// The id of the rule.
  package static let rule = "sharpe_pause"

  /// When it ends.
  package let until: Timestamp
  /// Daily returns on record now, to be remembered as the runtime's `sharpePauseDays`.
  package let days: Int
  /// Why, in words.
  package let reason: String

  /// The pause of a trader, from now on; `nil` = none.
  ///
  /// Only a running trader is paused, with ``SharpeRecord/leastDays`` daily returns, and once for
  /// each: after a pause it goes on at least until there is a new one.
  package init?(
    of runtime: TraderRuntime, totals: PerformanceTotals, guards: ExecutionGuards,
    at now: Timestamp
  ) {
    guard runtime.removedAt == nil, runtime.status == .running,
      let threshold = guards.sharpePauseThreshold,
      let duration = guards.pauseDuration, duration > .zero,
      let sharpe = Self.newSharpe(runtime, totals), sharpe < threshold.double
    else { return nil }
    until = now + duration
    days = totals.days
    reason =
      "the Sharpe ratio of \(totals.days) days is \(Words.number(sharpe)), expected at least "
      + "\(threshold)"
  }

  /// The Sharpe ratio when it counts and was not judged before; `nil` otherwise.
  static func newSharpe(_ runtime: TraderRuntime, _ totals: PerformanceTotals) -> Double? {
    guard totals.days >= SharpeRecord.leastDays, totals.days > runtime.sharpePauseDays ?? -1 else {
      return nil
    }
    return totals.sharpe
  }
}
