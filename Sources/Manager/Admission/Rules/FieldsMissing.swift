package import Trading

extension EntryRule {
  /// An entry states what it needs.
  ///
  /// Size and leverage always, stop and target where they are enabled, confidence where a least
  /// one is set.
  ///
  /// Fields that were given but are no numbers are left to `not_finite`.
  package static let fieldsMissing = EntryRule(
    id: "fields_missing",
    summary: "position_size_usd and leverage must be given; stop_loss when stop_loss_enabled, "
      + "take_profit when take_profit_enabled, confidence when min_confidence is above 0."
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
    ["position_size_usd", "leverage"] + (limits.needsStop ? ["stop_loss"] : [])
      + (limits.needsTarget ? ["take_profit"] : [])
      + (limits.minConfidence > 0 ? ["confidence"] : [])
  }
}
