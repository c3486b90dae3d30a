import Market
package import Trading

extension EntryRule {
  /// An entry needs a coin the trader is configured for and the venue trades now.
  package static let symbolUnknown = EntryRule(
    id: "symbol_unknown",
    summary: "The coin must be one of the trader's coins and tradable on the venue now."
  ) { wish, state in
    let coin = wish.coin
    guard state.trader.coins.contains(coin) else {
      return .rejected(reason: "\(coin) is not among the coins of trader \(state.trader.id)")
    }
    guard let market = wish.market else {
      let cause = state.market.missing[coin] ?? "the market provider does not list it"
      return .rejected(reason: "\(coin) has no price: \(cause)")
    }
    return market.instrument.isDelisted
      ? .rejected(reason: "\(coin) is delisted at the venue") : .passed
  }
}
