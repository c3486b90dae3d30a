/// A number of coins, zero or more, exact to 1e-8.
package struct Quantity: ExactDecimal {
  /// The size in steps of 1e-8 coins.
  package let mantissa: Int64

  /// The size of that many steps of 1e-8 coins; `nil` when negative.
  package init?(mantissa: Int64) {
    guard mantissa >= 0 else { return nil }
    self.mantissa = mantissa
  }

  /// No coins.
  package static let zero = SignedQuantity.zero.magnitude

  /// The sum.
  package static func + (left: Quantity, right: Quantity) -> Quantity {
    (left.signed(.long) + right.signed(.long)).magnitude
  }

  /// What remains of the left after taking the right, never less than nothing.
  package func less(_ other: Quantity) -> Quantity {
    other.mantissa >= mantissa ? .zero : (signed(.long) - other.signed(.long)).magnitude
  }

  /// The size with the sign of a position's side: a short is negative.
  package func signed(_ side: PositionSide) -> SignedQuantity {
    SignedQuantity(mantissa: side == .long ? mantissa : -mantissa)
  }

  /// The size with the sign of an order's side: a sale is negative.
  package func signed(_ side: OrderSide) -> SignedQuantity {
    SignedQuantity(mantissa: side == .buy ? mantissa : -mantissa)
  }

  /// A share of the size.
  package func scaled(by factor: Factor, _ rounding: Rounding = .down) -> Quantity {
    Quantity(mantissa: ExactMath.multiply(mantissa, factor.mantissa, rounding)) ?? .zero
  }
}

/// A number of coins with a direction: long is positive, short is negative.
package struct SignedQuantity: ExactDecimal {
  /// The size in steps of 1e-8 coins.
  package let mantissa: Int64

  /// The size of that many steps of 1e-8 coins.
  package init(mantissa: Int64) { self.mantissa = mantissa }

  /// No coins.
  package static let zero = SignedQuantity(mantissa: 0)

  /// The sum.
  package static func + (left: SignedQuantity, right: SignedQuantity) -> SignedQuantity {
    SignedQuantity(mantissa: left.mantissa + right.mantissa)
  }

  /// The difference.
  package static func - (left: SignedQuantity, right: SignedQuantity) -> SignedQuantity {
    SignedQuantity(mantissa: left.mantissa - right.mantissa)
  }

  /// The opposite size.
  package static prefix func - (size: SignedQuantity) -> SignedQuantity {
    SignedQuantity(mantissa: -size.mantissa)
  }

  /// The number of coins without the direction.
  package var magnitude: Quantity {
    guard let size = Quantity(mantissa: abs(mantissa)) else {
      preconditionFailure("expected a magnitude of at least zero, was \(abs(mantissa))")
    }
    return size
  }

  /// The side of a position of this size; `nil` when flat.
  package var side: PositionSide? { mantissa == 0 ? nil : mantissa > 0 ? .long : .short }
}
