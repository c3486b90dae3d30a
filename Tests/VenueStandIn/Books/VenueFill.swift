package import Trading

/// A trade of an account.
package struct VenueFill: Sendable, Hashable {
  /// Whose.
  package let account: VenueAddress
  /// The coin.
  package let coin: Coin
  /// The price.
  package let price: Price
  /// The size.
  package let size: Quantity
  /// The side of the account's order.
  package let side: OrderSide
  /// When.
  package let at: Timestamp
  /// The position before it.
  package let startPosition: SignedQuantity
  /// The venue's words, such as `Open Long`.
  package let direction: String
  /// The profit it realised before fees, USD, to 1e-6.
  package let closedPnl: USD
  /// The fee, USD, to 1e-6.
  package let fee: USD
  /// The number of the order.
  package let orderNumber: Int64
  /// The number of the trade.
  package let tradeID: Int64
  /// The client's name of the order; `nil` = none.
  package let cloid: String?
  /// Whether the order took liquidity.
  package let isTaker: Bool
  /// Why it happened when nobody ordered it.
  package let force: Force?

  /// A fill that the account did not order.
  package enum Force: Sendable, Hashable {
    /// A liquidation through the book at a mark price.
    case liquidation(mark: Price)
    /// A liquidation by the backstop vault at a mark price.
    case backstop(mark: Price)
    /// Deleveraging against another account.
    case deleveraging
  }

  /// What it adds to raw USD, without the fee.
  package var cash: USD { -(price * size.signed(side)) }
}
