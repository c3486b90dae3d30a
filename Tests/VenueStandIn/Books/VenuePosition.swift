package import Trading

/// What an account holds of a coin.
package struct VenuePosition: Sendable, Hashable {
  /// The size; a short is negative.
  package internal(set) var size = SignedQuantity.zero
  /// What the open part cost: Σ price · signed size, USD; negative for a short.
  package internal(set) var cost = USD.zero
  /// The position's own raw USD when it is isolated; `nil` = cross.
  package internal(set) var isolatedRaw: USD?
  /// Funding paid (positive) since ever, since it was opened, since its size changed.
  var paidEver = USD.zero
  var paidSinceOpen = USD.zero
  var paidSinceChange = USD.zero

  /// The average price of entry; `nil` when flat.
  package var entry: Price? {
    guard size.mantissa != 0 else { return nil }
    return Price(mantissa: ExactMath.ratio(cost.mantissa, size.mantissa, .halfEven))
  }

  /// Its signed value at a price, USD.
  func value(at mark: Price) -> USD { mark * size }
}

/// The leverage an account chose for a coin.
package struct VenueLeverage: Sendable, Hashable {
  /// The multiple, at least 1.
  package internal(set) var value: Int
  /// Whether all of the account's money backs the position.
  package internal(set) var isCross: Bool
}
