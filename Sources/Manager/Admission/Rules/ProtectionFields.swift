package import Trading

extension ProtectionRule {
  /// A new protection names a stop or a target.
  package static let fieldsMissing = ProtectionRule(
    id: "fields_missing", summary: "update_protection must give stop_loss, take_profit or both."
  ) { wish, _ in
    let decision = wish.decision
    return decision.stopLoss == nil && decision.takeProfit == nil
      && !decision.namesBrokenProtection
      ? .rejected(reason: "missing: stop_loss or take_profit") : .passed
  }

  /// The numbers of a new protection are numbers.
  package static let notFinite = ProtectionRule(
    id: "not_finite",
    summary: "stop_loss and take_profit must be finite numbers above zero, up to 1000000000 USD."
  ) { wish, _ in
    let bound = EntryWish.largestAmount.mantissa
    let isLarge = [wish.plan.stop, wish.plan.target].contains { ($0?.mantissa ?? 0) > bound }
    return wish.decision.namesBrokenProtection || isLarge
      ? .rejected(
        reason: "expected stop_loss and take_profit to be finite numbers above 0 and up to "
          + "\(EntryWish.largestAmount) USD") : .passed
  }
}

extension Decision {
  fileprivate var namesBrokenProtection: Bool {
    malformedFields.contains("stop_loss") || malformedFields.contains("take_profit")
  }
}
