import Market
package import Trading

extension CloseRule {
  /// A position is given some time, unless its price moved far for or against it.
  ///
  /// Where no price is known the rule passes: missing data never holds a reduction back.
  package static let throttleHold = CloseRule(
    id: "throttle_hold",
    summary: "A position is not closed before min_hold unless its price moved −3 % or worse, or "
      + "+8 % or better."
  ) { wish, state in
    guard let least = state.guards.minHold, let position = wish.position,
      let quote = state.market.coins[wish.coin]?.quote
    else { return .passed }
    let age = state.now - position.openedAt
    let rise = Int128(quote.mark.mantissa) - Int128(position.entryPrice.mantissa)
    let gain = 100 * (position.side == .long ? rise : -rise)
    let entry = Int128(position.entryPrice.mantissa)
    guard age < least, gain > -3 * entry, gain < 8 * entry else { return .passed }
    return .rejected(
      reason: "\(wish.coin) is held for \(age), expected at least \(least) (min_hold) while its "
        + "price moved between −3 % and +8 %")
  }
}
