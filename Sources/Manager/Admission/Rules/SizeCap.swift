package import Trading

extension EntryRule {
  /// The position is cut to the greatest notional, what is held of it already included.
  package static let sizeCap = EntryRule(
    id: "size_cap",
    summary: "The notional of a position is cut to max_position_size_usd.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    let limit = state.limits.maxPositionSize
    return wish.limited(
      to: market.size(worth: limit - state.heldNotional(for: wish)), in: state,
      because: "max_position_size_usd is \(limit) USD")
  }
}
