package import Trading

extension EntryRule {
  /// The position is cut to the top of its equity band; below the bottom it is refused.
  ///
  /// It is never raised.
  ///
  /// Later rules that cut keep to the bottom as well.
  package static let equityBand = EntryRule(
    id: "equity_band",
    summary: "The notional must be at least btceth_position_value_min_equity_multiple (BTC, ETH) "
      + "or alt_position_value_min_equity_multiple (others) × equity, and is cut to "
      + "btceth_position_value_max_equity_multiple or "
      + "alt_position_value_max_equity_multiple × equity.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    if let shortfall = wish.bandShortfall(in: state) {
      return .rejected(reason: "\(shortfall), was \(wish.sizeText)")
    }
    guard let most = state.band(for: wish.coin).max else { return .passed }
    let limit = state.equity.multiplied(by: most, .floor)
    return wish.limited(
      to: market.size(worth: limit - state.heldNotional(for: wish)), in: state,
      because: "\(wish.bandKey("max")) × equity is \(limit) USD")
  }
}
