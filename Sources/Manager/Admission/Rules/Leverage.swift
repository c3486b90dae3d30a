package import Trading

extension EntryRule {
  /// Leverage is lowered to the trader's limit and to the venue's for that notional.
  package static let leverage = EntryRule(
    id: "leverage",
    summary: "Leverage is lowered to major_coin_leverage (BTC, ETH) or altcoin_leverage "
      + "(others), and to the venue's maximum for the notional of the position.",
    effect: .clamps
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    let own = state.limits.leverage(for: wish.coin)
    // The venue's tiers count the whole position, so what is held of it counts.
    let whole = wish.notional + state.heldNotional(for: wish)
    let venue = market.instrument.maxLeverage(forNotional: whole)
    guard wish.leverage > min(own, venue) else { return .passed }
    let cause =
      venue < own
      ? "the venue's maximum for \(whole) USD"
      : wish.coin.isMajor ? "major_coin_leverage" : "altcoin_leverage"
    return .clamped(
      wish.at(leverage: min(own, venue)), from: "leverage \(wish.leverage)x",
      to: "\(min(own, venue))x, \(cause)")
  }
}
