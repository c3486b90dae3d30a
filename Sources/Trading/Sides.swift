/// The direction of an order.
package enum OrderSide: String, Sendable, Hashable, CaseIterable {
  /// Takes coins.
  case buy
  /// Gives coins.
  case sell

  /// The other direction.
  package var opposite: OrderSide { self == .buy ? .sell : .buy }
}

/// The direction of a position.
package enum PositionSide: String, Sendable, Hashable, CaseIterable {
  /// Gains when the price rises.
  case long
  /// Gains when the price falls.
  case short

  /// The order side that opens or grows such a position.
  package var opening: OrderSide { self == .long ? .buy : .sell }

  /// The order side that reduces or closes such a position.
  package var closing: OrderSide { self == .long ? .sell : .buy }

  /// The other direction.
  package var opposite: PositionSide { self == .long ? .short : .long }
}
