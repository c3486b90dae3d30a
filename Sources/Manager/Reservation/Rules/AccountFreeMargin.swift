package import Trading

extension AccountRule {
  /// Margin, entry fee and expected slippage are paid from what the account has free.
  package static let accountFreeMargin = AccountRule(
    id: "account_free_margin",
    summary: "Notional / leverage + fee + expected slippage must fit into the free margin of the "
      + "account, whose equity must be above zero; the size is cut, rounded down to the lot.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard state.equity > .zero else {
      return .rejected(
        reason: "expected equity above 0 USD on account \(state.account), was \(state.equity) USD")
    }
    let room = state.free - state.regearing(for: wish)
    return wish.cut(
      to: market.size(costing: room, leverage: wish.leverage, takerFee: state.takerFee),
      because: "account \(state.account) has \(state.free) USD free"
        + state.regearingText(for: wish))
  }
}
