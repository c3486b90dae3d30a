import Trading

/// The numbers behind the keys that rule summaries name.
struct LimitValues {
  /// What a trader has under a key.
  struct Setting: Equatable {
    /// The value with its unit, `off` where there is none.
    let text: String
    /// Whether it is off; `nil` for a key that cannot be.
    let isOff: Bool?
  }

  /// Every key that a summary may name, with where its setting is found.
  private static let readers: [String: @Sendable (TraderSpec) -> Setting] = [
    "max_positions": { fixed("\($0.risk.maxPositions)") },
    "max_position_size_usd": { fixed("\($0.risk.maxPositionSize) USD") },
    "max_margin_usage_pct": { optional(margin(of: $0), "%") },
    "major_coin_leverage": { fixed("\($0.risk.majorLeverage)x") },
    "altcoin_leverage": { fixed("\($0.risk.altLeverage)x") },
    "min_risk_reward_ratio": { fixed("\($0.risk.minRewardRisk)") },
    "min_confidence": { fixed("\($0.risk.minConfidence)") },
    "stop_loss_enabled": { fixed("\($0.risk.needsStop)") },
    "take_profit_enabled": { fixed("\($0.risk.needsTarget)") },
    "max_risk_pct": { optional($0.risk.maxRisk, "%") },
    "max_entry_deviation_pct": { fixed("\($0.risk.maxEntryDeviation) %") },
    "allow_flip": { fixed("\($0.risk.allowsFlip)") },
    "allow_scale_in": { fixed("\($0.risk.allowsScaleIn)") },
    "max_new_positions_per_cycle": { optional($0.guards.maxNewPositionsPerCycle) },
    "max_opens_per_hour": { optional($0.guards.maxOpensPerHour) },
    "liquidity_threshold_usd": { optional($0.guards.liquidityThreshold, "USD") },
    "btceth_position_value_min_equity_multiple": { optional($0.guards.majorBand.min) },
    "btceth_position_value_max_equity_multiple": { optional($0.guards.majorBand.max) },
    "alt_position_value_min_equity_multiple": { optional($0.guards.altBand.min) },
    "alt_position_value_max_equity_multiple": { optional($0.guards.altBand.max) },
    "cooldown_after_close": { optional($0.guards.cooldownAfterClose) },
    "min_hold": { optional($0.guards.minHold) },
    "max_asset_pct": { optional($0.guards.maxAsset, "%") },
    "max_total_pct": { optional($0.guards.maxTotal, "%") },
    "max_correlated_pct": { optional($0.guards.maxCorrelated, "%") },
    "sizing": { fixed($0.risk.sizing.method.rawValue) },
    "fraction_pct": { optional(usesFraction($0) ? $0.risk.sizing.fraction : nil, "%") },
    "risk_pct": { optional(usesRange($0) ? $0.risk.sizing.risk : nil, "%") },
    "atr_multiple": { optional(usesRange($0) ? $0.risk.sizing.atrMultiple : nil) },
    "atr_period": { optional(usesRange($0) ? $0.risk.sizing.atrPeriod : nil) },
  ]

  private let trader: TraderSpec

  init(_ trader: TraderSpec) { self.trader = trader }

  /// The text with the value in parentheses after every key it names.
  func filled(into text: String) -> String {
    var filled = ""
    Self.words(of: text) { word, end in
      filled += word + (Self.readers[word].map { " (\($0(trader).text))" } ?? "") + end
    }
    return filled
  }

  /// The keys a text names, in its order, each once.
  static func keys(in text: String) -> [String] {
    var keys: [String] = []
    words(of: text) { word, _ in
      if readers[word] != nil, !keys.contains(word) { keys.append(word) }
    }
    return keys
  }

  /// Whether a rule has something to say: not when it names keys that can be off and all are.
  func isInForce(_ text: String) -> Bool {
    let switches = Self.keys(in: text).compactMap { Self.readers[$0]?(trader).isOff }
    return switches.isEmpty || switches.contains(false)
  }

  /// Calls with every word, keys being words, and the character after it.
  static func words(of text: String, _ body: (String, String) -> Void) {
    var word = ""
    for character in text {
      if character == "_" || character.isLetter {
        word.append(character)
      } else {
        body(word, String(character))
        word = ""
      }
    }
    body(word, "")
  }

  /// The smaller of both limits on margin in use.
  private static func margin(of trader: TraderSpec) -> Pct? {
    [trader.risk.maxMarginUsage, trader.guards.maxMarginUsage].compactMap { $0 }.min()
  }

  private static func usesFraction(_ trader: TraderSpec) -> Bool {
    switch trader.risk.sizing.method {
    case .fixedFraction, .kelly: true
    case .model, .atr: false
    }
  }

  private static func usesRange(_ trader: TraderSpec) -> Bool { trader.risk.sizing.method == .atr }

  private static func fixed(_ text: String) -> Setting { Setting(text: text, isOff: nil) }

  private static func optional(
    _ value: (some CustomStringConvertible)?, _ unit: String = ""
  ) -> Setting {
    guard let value else { return Setting(text: "off", isOff: true) }
    return Setting(text: unit.isEmpty ? "\(value)" : "\(value) \(unit)", isOff: false)
  }
}
