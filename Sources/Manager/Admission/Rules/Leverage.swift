package import Trading

extension EntryRule {
  /// Leverage is lowered to the trader's limit and to the venue's for that notional.
  package static let leverage = EntryRule(
    id: "leverage",
    summary: "Leverage is lowered to major_coin_leverage (BTC, ETH) or altcoin_leverage "
      + "(others), and to the venue's maximum for that notional."
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    let own = state.limits.leverage(for: wish.coin)
    let venue = market.instrument.maxLeverage(forNotional: wish.notional)
    guard wish.leverage > min(own, venue) else { return .passed }
    let cause =
      venue < own
      ? "the venue's maximum for \(wish.notional) USD"
      : wish.coin.isMajor ? "major_coin_leverage" : "altcoin_leverage"
    return .clamped(
      wish.at(leverage: min(own, venue)), from: "leverage \(wish.leverage)x",
      to: "\(min(own, venue))x, \(cause)")
  }
}
