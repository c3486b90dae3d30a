package import Trading

extension EntryRule {
  /// A decision that reckons with another price was made about another market.
  package static let entryFar = EntryRule(
    id: "entry_far",
    summary: "entry_price, where given, must be within max_entry_deviation_pct of the mid."
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard let claimed = wish.decision.entryPrice else { return .passed }
    let limit = state.limits.maxEntryDeviation
    let distance = abs(Int128(claimed.mantissa) - Int128(market.mid.mantissa))
    // distance / mid > limit / 100, with the limit in steps of 1e-8.
    let isFar =
      distance * 100 * Int128(exactDecimalScale)
      > Int128(limit.mantissa) * Int128(market.mid.mantissa)
    return isFar
      ? .rejected(
        reason: "expected an entry within \(limit) % of the mid \(market.mid), was \(claimed)")
      : .passed
  }
}
