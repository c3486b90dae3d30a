package import Trading

extension AccountRule {
  /// A coin has one leverage on the account: the lower of the open position's and the entry's, and
  /// no more than the venue allows for both together.
  package static let accountLeverage = AccountRule(
    id: "account_leverage",
    summary: "Leverage is lowered to that of the account's open position in the coin, and to the "
      + "venue's maximum for the notional of both.",
    effect: .clamps
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    let whole = state.held(wish.coin) + wish.notional
    let venue = market.instrument.maxLeverage(forNotional: whole)
    let open = max(1, state.leverage[wish.coin] ?? wish.leverage)
    let allowed = min(open, venue)
    guard wish.leverage > allowed else { return .passed }
    return .clamped(
      wish.at(leverage: allowed), from: "leverage \(wish.leverage)x",
      to: venue < open
        ? "\(allowed)x, the venue's maximum for \(whole) USD on the account"
        : "\(allowed)x, as the account holds \(wish.coin) at \(open)x")
  }
}
