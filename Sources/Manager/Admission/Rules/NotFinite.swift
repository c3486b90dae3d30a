package import Trading

extension EntryRule {
  /// The numbers an entry relies on are finite and above zero.
  ///
  /// No amount is larger than any market could mean (1e9 USD); confidence is 0–100.
  package static let notFinite = EntryRule(
    id: "not_finite",
    summary: "position_size_usd, leverage, entry_price, stop_loss, take_profit and confidence, "
      + "where given and not computed by sizing, must be finite numbers above zero (confidence 0 "
      + "to 100), no amount above 1000000000 USD."
  ) { wish, state in
    let decision = wish.decision
    let bound = EntryWish.largestAmount
    let ours = EntryWish.computedFields(under: state.limits)
    // Also those that need not be given: a stop that cannot be read is not the wish for no stop.
    var broken = judged.filter { decision.malformedFields.contains($0) && !ours.contains($0) }
    if let size = decision.positionSize, size <= .zero || size > bound,
      !ours.contains("position_size_usd")
    {
      broken.append("position_size_usd \(size)")
    }
    if let leverage = decision.leverage, leverage < 1 { broken.append("leverage \(leverage)") }
    if let confidence = decision.confidence, !(0...100).contains(confidence) {
      broken.append("confidence \(confidence)")
    }
    for (name, price) in [("stop_loss", wish.stop), ("take_profit", wish.target)] {
      if let price, price.mantissa > bound.mantissa, !ours.contains(name) {
        broken.append("\(name) \(price)")
      }
    }
    return broken.isEmpty
      ? .passed
      : .rejected(
        reason: "expected finite numbers above 0 (confidence 0 to 100, amounts up to \(bound) "
          + "USD), was wrong in: \(broken.joined(separator: ", "))")
  }

  /// The numbers of a decision that some rule or order relies on.
  private static let judged = [
    "position_size_usd", "leverage", "entry_price", "stop_loss", "take_profit", "confidence",
  ]
}
