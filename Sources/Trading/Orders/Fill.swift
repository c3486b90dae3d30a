/// Why a position changed.
package enum FillCause: String, Sendable, CaseIterable {
  /// An order that filled at once.
  case order
  /// A resting stop was triggered.
  case stop
  /// A resting target was triggered.
  case target
  /// A resting limit order was reached.
  case limit
  /// The venue liquidated the position.
  case liquidation
  /// The venue closed the position against a bankrupt one (auto-deleveraging).
  case deleveraging
  /// No execution: a position that was there when nof0 first looked at the account.
  case adopted
  /// No execution: a difference between books and venue that no fill explains.
  case residue
}

/// One execution as the venue reports it.
package struct Fill: Sendable, Hashable {
  /// The venue's number of the execution, unique within the account.
  package let id: Int64
  /// The account.
  package let account: AccountID
  /// The coin.
  package let coin: Coin
  /// Whether coins were bought or sold.
  package let side: OrderSide
  /// The price.
  package let price: Price
  /// Coins, above zero.
  package let size: Quantity
  /// What the venue charged, USD; negative for a rebate.
  package let fee: USD
  /// Whether it took liquidity.
  package let isTaker: Bool
  /// When it happened.
  package let at: Timestamp
  /// The venue's number of the order.
  package let orderID: Int64
  /// Our id of the order; `nil` for orders that are not ours and for liquidations.
  package let clientOrderID: ClientOrderID?
  /// Why it happened.
  package let cause: FillCause

  /// A fill from its parts.
  package init(
    id: Int64, account: AccountID, coin: Coin, side: OrderSide, price: Price, size: Quantity,
    fee: USD, isTaker: Bool, at: Timestamp, orderID: Int64, clientOrderID: ClientOrderID?,
    cause: FillCause
  ) {
    self.id = id
    self.account = account
    self.coin = coin
    self.side = side
    self.price = price
    self.size = size
    self.fee = fee
    self.isTaker = isTaker
    self.at = at
    self.orderID = orderID
    self.clientOrderID = clientOrderID
    self.cause = cause
  }

  /// Size times price, USD.
  package var notional: USD { price * size }
}

/// One hourly funding payment as the venue reports it.
package struct FundingPayment: Sendable, Hashable {
  /// The account.
  package let account: AccountID
  /// The coin.
  package let coin: Coin
  /// The full hour it is for.
  package let at: Timestamp
  /// The size held then.
  package let size: SignedQuantity
  /// The hourly rate.
  package let rate: FundingRate
  /// What the account received, USD; negative = paid.
  package let amount: USD

  /// A payment from its parts.
  package init(
    account: AccountID, coin: Coin, at: Timestamp, size: SignedQuantity, rate: FundingRate,
    amount: USD
  ) {
    self.account = account
    self.coin = coin
    self.at = at
    self.size = size
    self.rate = rate
    self.amount = amount
  }
}
