package import Trading

/// From where on figures are told as alerts.
package struct AlertThresholds: Sendable, Equatable {
  /// Margin in use, per cent of an account's equity; zero = off.
  package var marginUsagePct: Double
  /// What a trader lost since its inception, per cent, flows taken out; zero = off.
  package var traderLossPct: Double
  /// What an account lost since it was first looked at, per cent, flows taken out; zero = off.
  package var accountLossPct: Double
  /// The Sharpe ratio of the daily returns; `nil` = off.
  package var sharpe: Double?
  /// How long it is below that.
  package var sharpeFor: Span
  /// Daily returns a Sharpe ratio must be made of, at least 2.
  ///
  /// An annualised ratio of n days has a standard error of about √(365 ÷ n): 7 of a week, 3.5 of
  /// 30 days.
  package var sharpeDays: Int
  /// Time without a decision, or three of the trader's intervals if these are longer; zero = off.
  package var noDecisionFor: Span
  /// Failed decisions, per cent of the newest; zero = off.
  package var failedDecisionsPct: Double
  /// The mean time a model takes to answer; zero = off.
  package var callLatency: Span

  /// The standard thresholds.
  package init() {
    marginUsagePct = 90
    traderLossPct = 20
    accountLossPct = 15
    sharpe = -0.5
    sharpeFor = .hour
    sharpeDays = 30
    noDecisionFor = .minutes(30)
    failedDecisionsPct = 10
    callLatency = .seconds(5)
  }
}
