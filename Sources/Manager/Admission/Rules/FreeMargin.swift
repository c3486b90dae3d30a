package import Trading

extension EntryRule {
  /// Margin, entry fee and expected slippage are paid from the free margin.
  package static let freeMargin = EntryRule(
    id: "free_margin",
    summary: "Notional / leverage + fee + expected slippage must fit into the free margin; the "
      + "size is cut, rounded down to the lot.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    return wish.limited(
      to: market.size(costing: state.free, leverage: wish.leverage, takerFee: state.takerFee),
      in: state, because: "free margin is \(state.free) USD")
  }
}
