package import Trading

/// Takes traders out by rule.
package enum Isolation {
  /// The id of the rule on the Sharpe ratio.
  package static let sharpe = "isolation_sharpe"
  /// The id of the rule on failed decisions in a row.
  package static let failures = "isolation_failures"
  /// The id of the rule on turns in a row that broke a rule.
  package static let breaches = "isolation_breaches"

  /// The rule that takes a trader out, and why; `nil` = none.
  ///
  /// Who is isolated, stopped or removed is not taken out. A Sharpe ratio counts with
  /// ``SharpeRecord/leastDays`` daily returns, and once per day: not before there is a daily
  /// return that `sharpePauseDays` does not know. A caller that sets it on an isolation by Sharpe
  /// lets a released trader have one more day, instead of taking it out again at once.
  package static func reason(
    _ runtime: TraderRuntime, totals: PerformanceTotals, rules: IsolationRules
  ) -> RuleNote? {
    guard isPresent(runtime) else { return nil }
    if let least = rules.sharpeThreshold, let ratio = SharpePause.newSharpe(runtime, totals),
      ratio < least.double
    {
      return RuleNote(
        rule: sharpe,
        text: "the Sharpe ratio of \(totals.days) days is \(Words.number(ratio)), expected at "
          + "least \(least)")
    }
    if let most = rules.maxFailures, runtime.failuresInARow >= max(1, most) {
      return RuleNote(
        rule: failures,
        text: "\(runtime.failuresInARow) decisions in a row failed, expected fewer than \(most)")
    }
    if let most = rules.maxBreaches, runtime.breachesInARow >= max(1, most) {
      return RuleNote(
        rule: breaches,
        text: "\(runtime.breachesInARow) turns in a row broke a rule, expected fewer than \(most)")
    }
    return nil
  }

  private static func isPresent(_ runtime: TraderRuntime) -> Bool {
    guard runtime.removedAt == nil else { return false }
    return switch runtime.status {
    case .running, .paused, .error: true
    case .stopped, .isolated: false
    }
  }
}
