/// A position in the books of the simulated venue.
package struct SimPosition: Sendable, Hashable {
  /// Signed size, not zero.
  package var size: SignedQuantity
  /// Σ signed size · price of what is open, USD; the average entry is this over the size.
  package var cost: USD
  /// Leverage it was opened with.
  package var leverage: Int
  /// Margin set aside for it alone, USD; `nil` = shares the account's (cross).
  package var isolatedMargin: USD?

  /// A position from its parts.
  package init(size: SignedQuantity, cost: USD, leverage: Int, isolatedMargin: USD? = nil) {
    self.size = size
    self.cost = cost
    self.leverage = leverage
    self.isolatedMargin = isolatedMargin
  }
}

/// What became of an order at the simulated venue.
package enum SimOrderStatus: String, Sendable, CaseIterable {
  /// Waits for its price.
  case resting
  /// Filled, possibly in part.
  case filled
  /// Refused.
  case rejected
  /// Taken back, by us or because its position ended.
  case cancelled
}

/// An order in the books of the simulated venue.
package struct SimOrder: Sendable, Hashable {
  /// The venue's number, counted from 1 within the account.
  package let orderID: Int64
  /// The order as received.
  package let request: OrderRequest
  /// When it was received.
  package let receivedAt: Timestamp
  /// What became of it.
  package var status: SimOrderStatus
  /// Coins filled so far.
  package var filledSize: Quantity
  /// The price of the fill; `nil` = none yet.
  package var averagePrice: Price?
  /// Fees so far, USD.
  package var fee: USD
  /// The reason of a rejection or cancellation; empty otherwise.
  package var reason: String

  /// An order from its parts.
  package init(
    orderID: Int64, request: OrderRequest, receivedAt: Timestamp, status: SimOrderStatus,
    filledSize: Quantity = .zero, averagePrice: Price? = nil, fee: USD = .zero,
    reason: String = ""
  ) {
    self.orderID = orderID
    self.request = request
    self.receivedAt = receivedAt
    self.status = status
    self.filledSize = filledSize
    self.averagePrice = averagePrice
    self.fee = fee
    self.reason = reason
  }

  /// The same as the answer to whoever sent it.
  package var outcome: OrderOutcome {
    switch status {
    case .resting: return .resting(orderID: orderID)
    case .rejected: return .rejected(reason)
    case .filled, .cancelled:
      guard let averagePrice, filledSize > .zero else { return .rejected(reason) }
      return .filled(
        size: filledSize, averagePrice: averagePrice, fee: fee, orderID: orderID)
    }
  }
}

/// The books of one account of the simulated venue, complete enough to go on from.
package struct SimAccount: Sendable, Equatable {
  /// The account.
  package let id: AccountID
  /// Deposits, less what purchases cost, plus what sales brought, less fees, plus funding, USD.
  ///
  /// Equity is this plus Σ signed size · mark, as on Hyperliquid (`totalRawUsd`).
  package var rawUSD: USD
  /// Open positions by coin.
  package var positions: [Coin: SimPosition]
  /// Resting orders by order id, ascending.
  package var resting: [SimOrder]
  /// The number of the next order.
  package var nextOrderID: Int64
  /// The number of the next fill.
  package var nextFillID: Int64
  /// Everything up to this instant has been simulated.
  package var caughtUpTo: Timestamp

  /// Books from their parts; a new account holds only its deposit.
  package init(
    id: AccountID, rawUSD: USD, positions: [Coin: SimPosition] = [:], resting: [SimOrder] = [],
    nextOrderID: Int64 = 1, nextFillID: Int64 = 1, caughtUpTo: Timestamp
  ) {
    self.id = id
    self.rawUSD = rawUSD
    self.positions = positions
    self.resting = resting
    self.nextOrderID = nextOrderID
    self.nextFillID = nextFillID
    self.caughtUpTo = caughtUpTo
  }
}

/// What an account of the simulated venue did in a stretch of time.
package struct SimActivity: Sendable, Equatable {
  /// Its fills, by time and id.
  package let fills: [Fill]
  /// Its funding, by time and coin.
  package let funding: [FundingPayment]
  /// Money moved in and out, by time and id; the opening deposit is the first.
  package let transfers: [AccountTransfer]

  /// An activity from its parts.
  package init(
    fills: [Fill] = [], funding: [FundingPayment] = [], transfers: [AccountTransfer] = []
  ) {
    self.fills = fills
    self.funding = funding
    self.transfers = transfers
  }
}

/// What the simulated venue must write down before it answers.
package struct SimChange: Sendable, Equatable {
  /// The books afterwards.
  package var account: SimAccount
  /// Orders that are new or have another status, by order id.
  package var orders: [SimOrder]
  /// New fills, in time order.
  package var fills: [Fill]
  /// New funding payments, in time order.
  package var funding: [FundingPayment]
  /// Money moved in and out, in order; the opening deposit is the first.
  package var transfers: [AccountTransfer]

  /// A change from its parts.
  package init(
    account: SimAccount, orders: [SimOrder] = [], fills: [Fill] = [],
    funding: [FundingPayment] = [], transfers: [AccountTransfer] = []
  ) {
    self.account = account
    self.orders = orders
    self.fills = fills
    self.funding = funding
    self.transfers = transfers
  }
}
