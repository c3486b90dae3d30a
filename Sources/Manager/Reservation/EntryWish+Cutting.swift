import Trading

extension EntryWish {
  /// The least notional an entry may have: 1.02 times the venue's minimum, USD; zero without a
  /// market.
  var leastNotional: USD {
    market?.instrument.minNotional.multiplied(by: minimumMargin, .ceiling) ?? .zero
  }

  /// What a rule of the account says that allows at most a size; never raises the size.
  ///
  /// Nothing, a clamp, or a refusal when less than the venue's minimum is left. The cause is the
  /// limit with its value.
  func cut(to allowed: Quantity, because cause: String) -> RuleFinding<EntryWish> {
    guard size > allowed else { return .passed }
    let next = at(size: allowed)
    if allowed == .zero {
      return .rejected(reason: "\(cause), which leaves no room for \(sizeText)")
    }
    if next.notional < leastNotional {
      return .rejected(
        reason: "\(cause), which leaves \(next.sizeText) of \(sizeText), expected at least "
          + "\(leastNotional) USD (1.02 × the venue's minimum)")
    }
    return .clamped(next, from: sizeText, to: "\(next.sizeText), as \(cause)")
  }
}

/// How much above the venue's minimum an entry must be, as `min_notional` demands.
private let minimumMargin = Factor(mantissa: exactDecimalScale * 102 / 100)
