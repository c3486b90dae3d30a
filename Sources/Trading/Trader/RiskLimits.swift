/// What a trader may risk (`risk_params` of manager.yaml).
package struct RiskLimits: Sendable, Equatable {
  /// Positions open at the same time, at least 1.
  package var maxPositions: Int
  /// Notional of one position, USD.
  package var maxPositionSize: USD
  /// Margin in use as a share of equity; `nil` = no limit.
  package var maxMarginUsage: Pct?
  /// Leverage on BTC and ETH, at least 1.
  package var majorLeverage: Int
  /// Leverage on every other coin, at least 1.
  package var altLeverage: Int
  /// Least (target − entry) / (entry − stop), net of fees.
  package var minRewardRisk: Factor
  /// Least confidence of an entry, 0–100.
  package var minConfidence: Int
  /// Whether an entry needs a stop, which then rests at the venue.
  package var needsStop: Bool
  /// Whether an entry needs a target, which then rests at the venue.
  package var needsTarget: Bool
  /// Loss at the stop, with fees, as a share of equity; `nil` = no limit.
  package var maxRisk: Pct?
  /// How far the decision's entry may be from the mid.
  package var maxEntryDeviation: Pct
  /// Whether an open position may be added to.
  package var allowsScaleIn: Bool
  /// Whether one turn may close a position and open the opposite one.
  package var allowsFlip: Bool
  /// How large entries are.
  package var sizing: SizingSpec

  /// Limits from their parts.
  package init(
    maxPositions: Int, maxPositionSize: USD, maxMarginUsage: Pct?, majorLeverage: Int,
    altLeverage: Int, minRewardRisk: Factor, minConfidence: Int, needsStop: Bool,
    needsTarget: Bool, maxRisk: Pct?, maxEntryDeviation: Pct, allowsScaleIn: Bool,
    sizing: SizingSpec = SizingSpec(), allowsFlip: Bool = false
  ) {
    self.allowsFlip = allowsFlip
    self.maxPositions = maxPositions
    self.maxPositionSize = maxPositionSize
    self.maxMarginUsage = maxMarginUsage
    self.majorLeverage = majorLeverage
    self.altLeverage = altLeverage
    self.minRewardRisk = minRewardRisk
    self.minConfidence = minConfidence
    self.needsStop = needsStop
    self.needsTarget = needsTarget
    self.maxRisk = maxRisk
    self.maxEntryDeviation = maxEntryDeviation
    self.allowsScaleIn = allowsScaleIn
    self.sizing = sizing
  }

  /// The leverage limit that applies to a coin.
  package func leverage(for coin: Coin) -> Int { coin.isMajor ? majorLeverage : altLeverage }
}

/// A notional band as multiples of equity; `nil` = that end is open.
package struct EquityBand: Sendable, Equatable {
  /// Least notional as a multiple of equity.
  package var min: Factor?
  /// Greatest notional as a multiple of equity.
  package var max: Factor?

  /// A band from its ends.
  package init(min: Factor?, max: Factor?) {
    self.min = min
    self.max = max
  }
}

/// Further guards on execution (`exec_guards` of manager.yaml); `nil` = off.
package struct ExecutionGuards: Sendable, Equatable {
  /// New positions in one cycle.
  package var maxNewPositionsPerCycle: Int?
  /// Entries within an hour.
  package var maxOpensPerHour: Int?
  /// Open interest times price a coin must have, USD.
  package var liquidityThreshold: USD?
  /// Margin in use as a share of equity, beside the one of ``RiskLimits``.
  package var maxMarginUsage: Pct?
  /// Notional band of BTC and ETH positions.
  package var majorBand: EquityBand
  /// Notional band of every other position.
  package var altBand: EquityBand
  /// Time a coin is barred from entries after its position closed.
  package var cooldownAfterClose: Span?
  /// How long a trader pauses when its Sharpe ratio is below the threshold.
  package var pauseDuration: Span?
  /// The Sharpe ratio below which it pauses.
  package var sharpePauseThreshold: Factor?
  /// Time before a discretionary close, unless the price moved ≤ −3 % or ≥ +8 %.
  package var minHold: Span?
  /// Coins shown to the executor.
  package var candidateLimit: Int
  /// Notional in one coin as a share of equity.
  package var maxAsset: Pct?
  /// Notional in all coins as a share of equity.
  package var maxTotal: Pct?
  /// Notional in coins that move together as a share of equity.
  package var maxCorrelated: Pct?
  /// When a position that gave back much of its gain is closed; `nil` = never.
  package var giveback: GivebackRule?

  /// Guards from their parts.
  package init(
    maxNewPositionsPerCycle: Int? = nil, maxOpensPerHour: Int? = nil,
    liquidityThreshold: USD? = nil, maxMarginUsage: Pct? = nil,
    majorBand: EquityBand = EquityBand(min: nil, max: nil),
    altBand: EquityBand = EquityBand(min: nil, max: nil), cooldownAfterClose: Span? = nil,
    pauseDuration: Span? = nil, sharpePauseThreshold: Factor? = nil, minHold: Span? = nil,
    candidateLimit: Int = 10, maxAsset: Pct? = nil, maxTotal: Pct? = nil,
    maxCorrelated: Pct? = nil, giveback: GivebackRule? = nil
  ) {
    self.maxNewPositionsPerCycle = maxNewPositionsPerCycle
    self.maxOpensPerHour = maxOpensPerHour
    self.liquidityThreshold = liquidityThreshold
    self.maxMarginUsage = maxMarginUsage
    self.majorBand = majorBand
    self.altBand = altBand
    self.cooldownAfterClose = cooldownAfterClose
    self.pauseDuration = pauseDuration
    self.sharpePauseThreshold = sharpePauseThreshold
    self.minHold = minHold
    self.candidateLimit = candidateLimit
    self.maxAsset = maxAsset
    self.maxTotal = maxTotal
    self.maxCorrelated = maxCorrelated
    self.giveback = giveback
  }
}
