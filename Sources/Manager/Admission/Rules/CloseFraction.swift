import Market
package import Trading

extension CloseRule {
  /// The share to close is above 0 and up to 1, and a rest too small to trade is closed with it.
  package static let closeFraction = CloseRule(
    id: "close_fraction",
    summary: "close_fraction must be above 0 and at most 1; a rest below one lot or below the "
      + "venue's minimum is closed as well.",
    effect: .clampsOrRejects
  ) { wish, state in
    let fraction = wish.decision.closeFraction
    guard fraction > .zero, fraction <= .one,
      !wish.decision.malformedFields.contains("close_fraction")
    else {
      return .rejected(reason: "expected close_fraction above 0 and at most 1, was \(fraction)")
    }
    guard let position = wish.position, let instrument = state.instruments[wish.coin],
      !wish.closesAll
    else { return .passed }
    guard wish.size > .zero else {
      return .rejected(
        reason: "\(fraction) of \(position.size) \(wish.coin) is less than the lot "
          + "\(instrument.lot)")
    }
    let rest = position.size.less(wish.size)
    let price = state.market.coins[wish.coin]?.quote.mark ?? position.entryPrice
    guard rest < instrument.lot || price * rest < instrument.minNotional else { return .passed }
    var all = wish
    all.size = position.size
    return .clamped(
      all, from: "close \(wish.size) \(wish.coin)",
      to: "close all \(position.size) \(wish.coin), as the rest of \(rest) is too small to trade")
  }
}
