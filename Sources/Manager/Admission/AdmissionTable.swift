package import Market
package import Trading

/// A rule about entries.
package typealias EntryRule = RiskRule<EntryWish, AdmissionState>

/// A rule about closes.
package typealias CloseRule = RiskRule<CloseWish, AdmissionState>

/// A rule about new protections.
package typealias ProtectionRule = RiskRule<ProtectionWish, AdmissionState>

/// Every rule of admission, in the order they are applied: what is printed in prompts and docs is
/// what is enforced.
package enum AdmissionTable {
  /// The rules of entries.
  ///
  /// What computes a size comes before what judges it, and rules that cut follow the ones that need
  /// no size. `stop_past_liquidation` follows every other cut, as a smaller addition brings less
  /// margin to what is held, and `min_notional` follows it.
  package static let entry: [EntryRule] = [
    .symbolUnknown, .symbolStale, .symbolBarred, .fieldsMissing, .notFinite, .confidenceLow,
    .sizing, .geometry, .entryFar, .rewardRisk, .leverage, .sizeCap, .equityBand, .marginCap,
    .freeMargin,
    .riskCap, .maxPositions, .maxNewPerCycle, .maxOpensPerHour,
    .duplicateSymbol, .alreadyOpen, .oppositeOpen, .cooldown, .liquidity, .maxAsset, .maxTotal,
    .correlated,
    .stopPastLiquidation, .minNotional, .globalBlock, .killSwitch, .isolated, .reductionsOnly,
  ]

  /// The rules of closes; none of them knows entries, limits, blocks or the age of prices.
  package static let close: [CloseRule] = [
    .symbolUnknown, .noPosition, .duplicateSymbol, .closeFraction, .throttleHold,
  ]

  /// The rules of new protections.
  package static let protection: [ProtectionRule] = [
    .symbolUnknown, .noPosition, .duplicateSymbol, .symbolStale, .fieldsMissing, .notFinite,
    .geometry, .riskCap, .stopPastLiquidation,
  ]

  /// Rules of entries that a trader is responsible for: breaking them means it did not do what it
  /// was told, not that the world moved.
  package static let breachRules: Set<String> = [
    EntryRule.fieldsMissing.id, EntryRule.notFinite.id, EntryRule.geometry.id,
    EntryRule.entryFar.id, EntryRule.rewardRisk.id, EntryRule.symbolUnknown.id,
    EntryRule.stopPastLiquidation.id,
  ]

  /// Finished candles that the rules of a trader need of every coin it trades or holds, by time
  /// frame; empty when they need none.
  package static func candlesNeeded(by trader: TraderSpec) -> [Timeframe: Int] {
    let sizing = trader.risk.sizing
    let range = sizing.method == .atr ? SizingFormula.candlesForATR(period: sizing.atrPeriod) : 0
    let correlation = trader.guards.maxCorrelated == nil ? 0 : Correlation.candles
    let hours = max(range, correlation)
    return hours == 0 ? [:] : [.h1: hours]
  }
}
