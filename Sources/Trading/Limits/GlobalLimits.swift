/// Limits over all traders of one account, on its reconciled equity; `nil` = off.
package struct GlobalLimits: Sendable, Equatable {
  /// Margin in use as a share of equity.
  package var maxMarginUsage: Pct?
  /// Positions open at the same time.
  package var maxPositions: Int?
  /// Notional in one coin as a share of equity.
  package var maxSymbol: Pct?
  /// Unrealised loss as a share of equity.
  package var maxUnrealisedLoss: Pct?
  /// Loss since the beginning of the UTC day as a share of the equity then, flows taken out.
  package var maxDailyLoss: Pct?
  /// Fall from the highest equity so far as a share of it, flows taken out.
  package var maxDrawdown: Pct?
  /// What a breach does beyond blocking entries.
  package var onBreach: BreachAction
  /// How a kill switch that fired is reset.
  package var reset: KillSwitchReset

  /// Limits from their parts.
  package init(
    maxMarginUsage: Pct?, maxPositions: Int?, maxSymbol: Pct?, maxUnrealisedLoss: Pct?,
    maxDailyLoss: Pct? = nil, maxDrawdown: Pct? = nil, onBreach: BreachAction = .block,
    reset: KillSwitchReset = .manual
  ) {
    self.maxMarginUsage = maxMarginUsage
    self.maxPositions = maxPositions
    self.maxSymbol = maxSymbol
    self.maxUnrealisedLoss = maxUnrealisedLoss
    self.maxDailyLoss = maxDailyLoss
    self.maxDrawdown = maxDrawdown
    self.onBreach = onBreach
    self.reset = reset
  }
}

/// What a breached limit does to the positions of an account; entries are blocked in any case.
package enum BreachAction: String, Sendable, CaseIterable {
  /// Nothing more.
  case block
  /// Ends the positions that lose money.
  case flattenLosers = "flatten_losers"
  /// Ends every position.
  case flatten
}

/// How a kill switch that fired is reset.
package enum KillSwitchReset: Sendable, Hashable {
  /// By a person.
  case manual
  /// By a person, or by itself when this time has passed.
  case after(Span)
}

/// When traders are taken out by rule (`isolation` of manager.yaml); `nil` = that rule is off.
package struct IsolationRules: Sendable, Equatable {
  /// The Sharpe ratio below which a trader with at least 20 daily returns is taken out.
  package var sharpeThreshold: Factor?
  /// Failed decisions in a row that take it out, at least 1.
  package var maxFailures: Int?
  /// Turns in a row with a decision that broke a rule it knew, at least 1.
  package var maxBreaches: Int?
  /// Whether its positions are closed; otherwise they are kept and looked after.
  package var closesPositions: Bool

  /// Rules from their parts.
  package init(
    sharpeThreshold: Factor?, maxFailures: Int?, maxBreaches: Int?, closesPositions: Bool
  ) {
    self.sharpeThreshold = sharpeThreshold
    self.maxFailures = maxFailures
    self.maxBreaches = maxBreaches
    self.closesPositions = closesPositions
  }

  /// Nobody is taken out by rule.
  package static let off = IsolationRules(
    sharpeThreshold: nil, maxFailures: nil, maxBreaches: nil, closesPositions: false)
}

/// When a position that gave back much of its gain is closed.
package struct GivebackRule: Sendable, Hashable {
  /// The gain of the price, in per cent of the entry, that must have been passed at some time.
  package let minPeak: Pct
  /// The share of the best gain, in per cent, whose loss closes the position.
  package let share: Pct

  /// A rule from its parts.
  package init(minPeak: Pct, share: Pct) {
    self.minPeak = minPeak
    self.share = share
  }
}
