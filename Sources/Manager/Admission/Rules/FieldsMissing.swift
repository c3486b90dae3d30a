package import Trading

extension EntryRule {
  /// An entry states what it needs.
  ///
  /// Leverage always, size unless `sizing` computes it, stop and target where they are enabled
  /// (no stop where `sizing` is `atr`), confidence where a least one is set.
  ///
  /// Fields that were given but are no numbers are left to `not_finite`.
  package static let fieldsMissing = EntryRule(
    id: "fields_missing",
    summary: "leverage must be given; position_size_usd when sizing is model, stop_loss when "
      + "stop_loss_enabled and sizing is not atr, take_profit when take_profit_enabled, confidence "
      + "when min_confidence is above 0."
  ) { wish, state in
    let decision = wish.decision
    let given = [
      "position_size_usd": decision.positionSize != nil, "leverage": decision.leverage != nil,
      "stop_loss": decision.stopLoss != nil, "take_profit": decision.takeProfit != nil,
      "confidence": decision.confidence != nil,
    ]
    let missing = EntryWish.neededFields(under: state.limits).filter {
      given[$0] != true && !decision.malformedFields.contains($0)
    }
    return missing.isEmpty
      ? .passed : .rejected(reason: "missing: \(missing.joined(separator: ", "))")
  }
}

extension EntryWish {
  /// The fields an entry must state under some limits, by their names in the decision contract.
  static func neededFields(under limits: RiskLimits) -> [String] {
    (limits.sizing.method == .model ? ["position_size_usd"] : []) + ["leverage"]
      + (limits.needsStop && limits.sizing.method != .atr ? ["stop_loss"] : [])
      + (limits.needsTarget ? ["take_profit"] : [])
      + (limits.minConfidence > 0 ? ["confidence"] : [])
  }
  /// The fields that are ours to compute: what the decision says there is not read.
  static func computedFields(under limits: RiskLimits) -> Set<String> {
    switch limits.sizing.method {
    case .model: []
    case .fixedFraction, .kelly: ["position_size_usd"]
    case .atr: ["position_size_usd", "stop_loss"]
    }
  }
}
