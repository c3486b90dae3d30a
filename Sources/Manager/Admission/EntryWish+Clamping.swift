import Trading

extension EntryWish {
  /// The same wish with another leverage.
  func at(leverage: Int) -> EntryWish {
    var next = self
    next.leverage = leverage
    return next
  }

  /// The same wish with another size.
  func at(size: Quantity) -> EntryWish {
    var next = self
    next.size = size
    return next
  }

  /// The same wish with another size and stop.
  func at(size: Quantity, stop: Price?) -> EntryWish {
    var next = at(size: size)
    next.stop = stop
    return next
  }

  /// The size and its value in words.
  var sizeText: String { "\(notional) USD (\(size) \(coin))" }

  /// What a rule says that allows at most a size; never raises the size.
  ///
  /// Nothing, a clamp, or a refusal when less than a lot, or less than the least size of the equity
  /// band, is left.
  ///
  /// The cause is the limit with its value, for example `max_position_size_usd is 500 USD`.
  func limited(
    to allowed: Quantity, in state: AdmissionState, because cause: String
  ) -> RuleFinding<EntryWish> {
    guard size > allowed else { return .passed }
    let next = at(size: allowed)
    if allowed == .zero {
      return .rejected(reason: "\(cause), which leaves no room for \(sizeText)")
    }
    if let shortfall = next.bandShortfall(in: state) {
      return .rejected(reason: "\(cause), which leaves \(next.sizeText): \(shortfall)")
    }
    return .clamped(next, from: sizeText, to: "\(next.sizeText), as \(cause)")
  }

  /// Why the position would be smaller than its equity band; `nil` when it would not.
  func bandShortfall(in state: AdmissionState) -> String? {
    guard let least = state.band(for: coin).min else { return nil }
    let bound = state.equity.multiplied(by: least, .ceiling)
    guard notional + state.heldNotional(for: self) < bound else { return nil }
    return "expected at least \(bandKey("min")) × equity = \(bound) USD"
  }

  /// The configuration key of an end of the band that applies to the coin.
  func bandKey(_ end: String) -> String {
    "\(coin.isMajor ? "btceth" : "alt")_position_value_\(end)_equity_multiple"
  }

  /// The refusal of rules that need prices where there are none.
  var unpriced: RuleFinding<EntryWish> { .rejected(reason: "no price of \(coin) is known") }
}
