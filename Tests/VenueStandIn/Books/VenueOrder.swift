package import Trading

/// An order that got a number, whatever became of it.
package struct VenueOrder: Sendable, Hashable {
  /// Whose.
  package let account: VenueAddress
  /// The venue's number.
  package let number: Int64
  /// The client's name; `nil` = none.
  package let cloid: String?
  /// The coin.
  package let coin: Coin
  /// Its side.
  package let side: OrderSide
  /// The limit.
  package let limit: Price
  /// The size asked for.
  package let originalSize: Quantity
  /// What is still open.
  package internal(set) var remaining: Quantity
  /// What was filled.
  package internal(set) var filled = Quantity.zero
  /// Σ price · size of what was filled, USD.
  package internal(set) var filledValue = USD.zero
  /// Whether it may only shrink the position.
  package let isReduceOnly: Bool
  /// How it executes.
  package let kind: Kind
  /// The group it came in.
  package let grouping: Grouping
  /// When it came.
  package let placedAt: Timestamp
  /// What it is now.
  package internal(set) var status: Status
  /// Since when.
  package internal(set) var statusAt: Timestamp
  /// All it was, oldest first, the present included.
  package internal(set) var history: [Step] = []
  /// Orders of one group share it; 0 = none.
  var group = 0
  /// Whether it waits for its parent to fill.
  var isWaiting = false

  /// How an order executes.
  package enum Kind: Sendable, Hashable {
    /// A limit order: `Gtc`, `Ioc` or `Alo`.
    case limit(tif: String)
    /// A stop or target that waits for the mark price.
    case trigger(isMarket: Bool, at: Price, isStop: Bool)
  }

  /// How the orders of an action belong together.
  package enum Grouping: String, Sendable, Hashable {
    /// They do not.
    case na
    /// An entry with its stop and target, of fixed size.
    case normalTpsl
    /// Stop and target of the whole position.
    case positionTpsl
  }

  /// What an order is, in the venue's words.
  package enum Status: String, Sendable, Hashable {
    /// It rests or waits.
    case open
    /// All of it, or all that could be, was traded.
    case filled
    /// Somebody cancelled it.
    case canceled
    /// Its trigger fired; it is executing or rests as a limit order.
    case triggered
    /// Nothing to trade with inside of its limit.
    case iocCancelRejected
    /// Its position was gone.
    case reduceOnlyCanceled
    /// The other order of its pair was filled.
    case siblingFilledCanceled
    /// The account was liquidated.
    case liquidatedCanceled
    /// The margin did not suffice when it was to trade.
    case marginCanceled
    /// Below the minimum.
    case minTradeNtlRejected
    /// Not enough margin.
    case perpMarginRejected
    /// It would have grown the position.
    case reduceOnlyRejected
    /// It would have taken liquidity.
    case badAloPxRejected
    /// It would have fired at once.
    case badTriggerPxRejected
    /// Its trigger fired into an empty book.
    case marketOrderNoLiquidityRejected
    /// The scheduled cancellation.
    case scheduledCancel
  }

  /// A status and since when.
  package struct Step: Sendable, Hashable {
    /// The status.
    package let status: Status
    /// Since when.
    package let at: Timestamp
  }

  /// Whether it may still trade.
  package var isOpen: Bool { status == .open || (status == .triggered && remaining > .zero) }

  /// Whether it waits for the mark price.
  package var isTrigger: Bool {
    if case .trigger = kind { status == .open } else { false }
  }

  mutating func become(_ next: Status, at instant: Timestamp) {
    status = next
    statusAt = instant
    history.append(Step(status: next, at: instant))
  }

  mutating func fill(_ size: Quantity, at price: Price) {
    remaining = remaining.less(size)
    filled = filled + size
    filledValue += price * size
  }
}
