package import Trading

extension EntryRule {
  /// Margin in use, the new position included, stays within the smaller of both margin limits.
  package static let marginCap = EntryRule(
    id: "margin_cap",
    summary: "Margin in use after the entry is kept within max_margin_usage_pct of equity by "
      + "cutting the size.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard let limit = state.marginLimit else { return .passed }
    return wish.limited(
      to: market.size(marginWithin: limit - state.marginUsed, leverage: wish.leverage), in: state,
      because: "max_margin_usage_pct admits \(limit) USD of margin, \(state.marginUsed) USD in use")
  }
}

extension EntryMarket {
  /// The largest size on the lot grid whose margin, rounded up, is within an amount.
  func size(marginWithin room: USD, leverage: Int) -> Quantity {
    guard room > .zero else { return .zero }
    let value = Int128(room.mantissa) * Int128(max(1, leverage))
    return size(worth: USD(mantissa: Int64(clamping: value)))
  }
}
