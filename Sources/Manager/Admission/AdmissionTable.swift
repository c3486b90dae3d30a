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
  /// Rules that cut follow the ones that need no size; `min_notional` follows
  /// every rule that cuts.
  package static let entry: [EntryRule] = [
    .symbolUnknown, .symbolStale, .symbolBarred, .fieldsMissing, .notFinite, .confidenceLow,
    .geometry, .entryFar, .rewardRisk, .leverage, .sizeCap, .equityBand, .marginCap, .freeMargin,
    .riskCap, .stopPastLiquidation, .maxPositions, .maxNewPerCycle, .maxOpensPerHour,
    .duplicateSymbol, .alreadyOpen, .oppositeOpen, .cooldown, .liquidity, .maxAsset, .maxTotal,
    .minNotional, .globalBlock, .killSwitch, .isolated, .reductionsOnly,
  ]

  /// The rules of closes; none of them knows entries, limits, blocks or the age of prices.
  package static let close: [CloseRule] = [
    .symbolUnknown, .noPosition, .duplicateSymbol, .closeFraction, .throttleHold,
  ]

  /// The rules of new protections.
  package static let protection: [ProtectionRule] = [
    .symbolUnknown, .noPosition, .duplicateSymbol, .symbolStale, .fieldsMissing, .notFinite,
    .geometry,
  ]

  /// The rules in words, with a trader's numbers after their keys.
  ///
  /// For example `Confidence must be at least min_confidence (75).` Entries come first, then
  /// closes, then protections; an id that applies to several appears once for each.
  package static func describe(for trader: TraderSpec) -> [(id: String, text: String)] {
    let values = LimitValues(trader)
    return entry.map { ($0.id, values.filled(into: $0.summary)) }
      + close.map { ($0.id, values.filled(into: $0.summary)) }
      + protection.map { ($0.id, values.filled(into: $0.summary)) }
  }
}

extension AdmissionTable {
  /// The rules that have something to say to a trader, in words with its numbers, for prompts.
  ///
  /// Rules that are off are left out, and those of closes and protections say so: entries,
  /// closes and protections share ids.
  package static func inForce(for trader: TraderSpec) -> [(id: String, text: String)] {
    let lines = describe(for: trader)
    let closes = lines[entry.count..<(entry.count + close.count)]
    let protections = lines[(entry.count + close.count)...]
    let marked =
      lines[..<entry.count].map { $0 } + closes.map { ($0.id, "(close) \($0.text)") }
      + protections.map { ($0.id, "(update_protection) \($0.text)") }
    return marked.filter { !isOff($0.1) }.map { (id: $0.0, text: $0.1) }
  }

  /// Whether every number of a rule is turned off.
  private static func isOff(_ text: String) -> Bool {
    guard text.contains("(off)") else { return false }
    let pairs = zip(text, text.dropFirst())
    return !pairs.contains { $0 == "(" && ("0"..."9").contains($1) }
  }
}

/// The numbers behind the keys that rule summaries name.
private struct LimitValues {
  let byKey: [String: String]

  init(_ trader: TraderSpec) {
    let risk = trader.risk
    let guards = trader.guards
    let margin = [risk.maxMarginUsage, guards.maxMarginUsage].compactMap { $0 }.min()
    byKey = [
      "max_positions": "\(risk.maxPositions)",
      "max_position_size_usd": "\(risk.maxPositionSize) USD",
      "max_margin_usage_pct": Self.text(margin, "%"),
      "major_coin_leverage": "\(risk.majorLeverage)x",
      "altcoin_leverage": "\(risk.altLeverage)x",
      "min_risk_reward_ratio": "\(risk.minRewardRisk)",
      "min_confidence": "\(risk.minConfidence)",
      "stop_loss_enabled": "\(risk.needsStop)",
      "take_profit_enabled": "\(risk.needsTarget)",
      "max_risk_pct": Self.text(risk.maxRisk, "%"),
      "max_entry_deviation_pct": "\(risk.maxEntryDeviation) %",
      "allow_scale_in": "\(risk.allowsScaleIn)",
      "max_new_positions_per_cycle": Self.text(guards.maxNewPositionsPerCycle),
      "max_opens_per_hour": Self.text(guards.maxOpensPerHour),
      "liquidity_threshold_usd": Self.text(guards.liquidityThreshold, "USD"),
      "btceth_position_value_min_equity_multiple": Self.text(guards.majorBand.min),
      "btceth_position_value_max_equity_multiple": Self.text(guards.majorBand.max),
      "alt_position_value_min_equity_multiple": Self.text(guards.altBand.min),
      "alt_position_value_max_equity_multiple": Self.text(guards.altBand.max),
      "cooldown_after_close": Self.text(guards.cooldownAfterClose),
      "min_hold": Self.text(guards.minHold),
      "max_asset_pct": Self.text(guards.maxAsset, "%"),
      "max_total_pct": Self.text(guards.maxTotal, "%"),
    ]
  }

  /// The text with the value in parentheses after every key it names.
  func filled(into text: String) -> String {
    var filled = ""
    var word = ""
    for character in text + " " {
      if character == "_" || character.isLetter {
        word.append(character)
        continue
      }
      filled += word + (byKey[word].map { " (\($0))" } ?? "")
      filled.append(character)
      word = ""
    }
    return String(filled.dropLast())
  }

  private static func text(_ value: (some CustomStringConvertible)?, _ unit: String = "") -> String
  {
    guard let value else { return "off" }
    return unit.isEmpty ? "\(value)" : "\(value) \(unit)"
  }
}
