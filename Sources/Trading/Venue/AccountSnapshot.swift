/// A position as the venue shows it.
package struct VenuePosition: Sendable, Hashable {
  /// The coin.
  package let coin: Coin
  /// Signed size, not zero.
  package let size: SignedQuantity
  /// Average entry price, rounded as the venue rounds it.
  package let entryPrice: Price
  /// Leverage it was opened with.
  package let leverage: Int
  /// Margin it takes, USD.
  package let marginUsed: USD
  /// Profit not yet realised, USD.
  package let unrealised: USD
  /// Where the venue would liquidate it; `nil` = nowhere above zero.
  package let liquidationPrice: Price?
  /// The mark it was valued at; `nil` = that of the market snapshot.
  package let mark: Price?

  /// A position from its parts.
  package init(
    coin: Coin, size: SignedQuantity, entryPrice: Price, leverage: Int, marginUsed: USD,
    unrealised: USD, liquidationPrice: Price?, mark: Price? = nil
  ) {
    self.mark = mark
    self.coin = coin
    self.size = size
    self.entryPrice = entryPrice
    self.leverage = leverage
    self.marginUsed = marginUsed
    self.unrealised = unrealised
    self.liquidationPrice = liquidationPrice
  }
}

/// An order that rests at a venue.
package struct RestingOrder: Sendable, Hashable {
  /// The venue's number.
  package let orderID: Int64
  /// Our id; `nil` = not ours.
  package let clientOrderID: ClientOrderID?
  /// The coin.
  package let coin: Coin
  /// Buy or sell.
  package let side: OrderSide
  /// Coins still to fill.
  package let size: Quantity
  /// Its price.
  package let kind: OrderKind
  /// Whether it may only shrink a position.
  package let reduceOnly: Bool
  /// What it is for; `nil` = not ours, or not known.
  package let purpose: OrderPurpose?

  /// A resting order from its parts.
  package init(
    orderID: Int64, clientOrderID: ClientOrderID?, coin: Coin, side: OrderSide, size: Quantity,
    kind: OrderKind, reduceOnly: Bool, purpose: OrderPurpose?
  ) {
    self.orderID = orderID
    self.clientOrderID = clientOrderID
    self.coin = coin
    self.side = side
    self.size = size
    self.kind = kind
    self.reduceOnly = reduceOnly
    self.purpose = purpose
  }
}

/// An account as the venue shows it at one time.
package struct AccountSnapshot: Sendable, Equatable {
  /// The account.
  package let account: AccountID
  /// When.
  package let at: Timestamp
  /// Cash plus unrealised profit, USD.
  package let equity: USD
  /// Margin that positions take, USD.
  package let marginUsed: USD
  /// Maintenance margin, USD.
  package let maintenanceMargin: USD
  /// Open positions, sorted by coin.
  package let positions: [VenuePosition]
  /// Resting orders, sorted by order id.
  package let orders: [RestingOrder]
  /// Whether positions need margin; only a simulated venue can do without.
  package let needsMargin: Bool

  /// A snapshot from its parts.
  package init(
    account: AccountID, at: Timestamp, equity: USD, marginUsed: USD, maintenanceMargin: USD,
    positions: [VenuePosition], orders: [RestingOrder], needsMargin: Bool = true
  ) {
    self.needsMargin = needsMargin
    self.account = account
    self.at = at
    self.equity = equity
    self.marginUsed = marginUsed
    self.maintenanceMargin = maintenanceMargin
    self.positions = positions
    self.orders = orders
  }

  /// What can still become margin, USD, never negative; a billion where nothing needs any.
  package var free: USD {
    needsMargin ? max(.zero, equity - marginUsed) : USD(whole: 1_000_000_000)
  }

  /// The position in a coin; `nil` when flat.
  package func position(in coin: Coin) -> VenuePosition? { positions.first { $0.coin == coin } }
}

/// What an account did since it was last asked, and how it is now.
package struct AccountReport: Sendable, Equatable {
  /// How it is now.
  package let snapshot: AccountSnapshot
  /// Fills since then, in the order they happened.
  package let fills: [Fill]
  /// Funding since then, by time and coin.
  package let funding: [FundingPayment]
  /// Money moved into and out of the account since then, by time and id.
  package let transfers: [AccountTransfer]
  /// Stretches since then for which the venue had no market data, in words; empty = none.
  package let gaps: [String]

  /// A report from its parts.
  package init(
    snapshot: AccountSnapshot, fills: [Fill], funding: [FundingPayment],
    transfers: [AccountTransfer] = [], gaps: [String] = []
  ) {
    self.snapshot = snapshot
    self.fills = fills
    self.funding = funding
    self.transfers = transfers
    self.gaps = gaps
  }
}
