package import Trading

extension EntryRule {
  /// The order is at least 1.02 times the venue's minimum, so that a small move does not void it.
  ///
  /// It comes after every rule that cuts.
  package static let minNotional = EntryRule(
    id: "min_notional",
    summary: "The notional, rounded down to the lot, must be at least 1.02 × the venue's "
      + "minimum."
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    let least = market.instrument.minNotional.multiplied(by: minNotionalMargin, .ceiling)
    return wish.size == .zero || wish.notional < least
      ? .rejected(
        reason: "expected at least \(least) USD (1.02 × the venue's minimum), was \(wish.sizeText)")
      : .passed
  }
}

/// How much above the venue's minimum an entry must be.
private let minNotionalMargin = Factor(mantissa: exactDecimalScale * 102 / 100)
