package import Trading

extension EntryRule {
  /// The order is at least 1.02 times the venue's minimum, so that a small move does not void it.
  ///
  /// It comes after every rule that cuts.
  package static let minNotional = EntryRule(
    id: "min_notional",
    summary: "The notional, rounded down to the lot, must be at least 1.02 × the venue's "
      + "minimum, and at least the minimum at the limit of the order."
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    let least = wish.leastNotional
    // Venues value an order at its limit, which for a short is below the price it is sized at.
    let atLimit = market.limit * wish.size
    return wish.size == .zero || wish.notional < least || atLimit < market.instrument.minNotional
      ? .rejected(
        reason:
          "expected at least \(least) USD (1.02 × the venue's minimum), was \(wish.sizeText), "
          + "\(atLimit) USD at the order's limit \(market.limit)")
      : .passed
  }
}
