/// Why an order exists.
package enum OrderPurpose: String, Sendable, CaseIterable {
  /// Opens or grows a position.
  case open
  /// Reduces or ends a position by decision.
  case close
  /// Ends a losing position at a trigger.
  case stop
  /// Takes the profit at a trigger.
  case target
  /// Ends a position by rule or command.
  case flatten
}

/// How long a limit order lives.
package enum TimeInForce: String, Sendable {
  /// Fills at once as far as it can; the rest is gone.
  case immediateOrCancel = "ioc"
  /// Rests until filled or cancelled.
  case goodTilCancelled = "gtc"
}

/// How an order is priced.
package enum OrderKind: Sendable, Hashable {
  /// Fills at the limit or better.
  case limit(Price, TimeInForce)
  /// Becomes an order that fills at once, within the limit, when the mark reaches the trigger.
  case trigger(at: Price, limit: Price)
}

/// What identifies an order for ever: who, when, what for.
///
/// No clock in it.
package struct OrderIdentity: Sendable, Hashable {
  /// The arena, so that two arenas on one account never collide.
  package let arena: String
  /// The trader.
  package let trader: TraderID
  /// The cycle it was decided in.
  package let cycle: CycleNumber
  /// The coin.
  package let coin: Coin
  /// What for.
  package let purpose: OrderPurpose
  /// 0, and one more for each order of the same cycle, coin and purpose made after the one before
  /// is proven dead.
  package let generation: Int

  /// An identity from its parts.
  package init(
    arena: String, trader: TraderID, cycle: CycleNumber, coin: Coin, purpose: OrderPurpose,
    generation: Int
  ) {
    self.arena = arena
    self.trader = trader
    self.cycle = cycle
    self.coin = coin
    self.purpose = purpose
    self.generation = generation
  }

  /// The text whose SHA-256 begins with the client order id.
  package var text: String {
    "\(arena)|\(trader)|\(cycle)|\(coin)|\(purpose.rawValue)|\(generation)"
  }
}

/// The id we give an order: `0x` and 32 lower-case hex digits, derived from its identity.
package struct ClientOrderID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The id as sent to the venue.
  package let text: String

  /// The id made of the first 16 bytes of a digest of ``OrderIdentity/text``; `nil` when the
  /// digest is shorter.
  package init?(digest: [UInt8]) {
    guard digest.count >= 16 else { return nil }
    // Back-tests make one for each of their orders: no arrays in between.
    func digit(_ value: UInt8) -> UInt8 {
      value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
    text = String(unsafeUninitializedCapacity: 34) { hex in
      hex[0] = UInt8(ascii: "0")
      hex[1] = UInt8(ascii: "x")
      for index in 0..<16 {
        hex[2 * index + 2] = digit(digest[index] >> 4)
        hex[2 * index + 3] = digit(digest[index] & 15)
      }
      return 34
    }
  }

  /// The id of that text; `nil` unless it is `0x` and 32 lower-case hex digits.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 34, bytes.starts(with: [48, 120]),
      bytes.dropFirst(2).allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    self.text = text
  }

  /// The text.
  package var description: String { text }

  /// Whether the left id sorts first.
  package static func < (left: ClientOrderID, right: ClientOrderID) -> Bool {
    left.text < right.text
  }
}

/// An order as it goes to a venue.
package struct OrderRequest: Sendable, Hashable {
  /// Our id of it.
  package let clientOrderID: ClientOrderID
  /// What the id is derived from.
  package let identity: OrderIdentity
  /// The account it is for.
  package let account: AccountID
  /// Buy or sell.
  package let side: OrderSide
  /// Coins, above zero, on the instrument's grid.
  package let size: Quantity
  /// Its price.
  package let kind: OrderKind
  /// Whether it may only shrink a position.
  package let reduceOnly: Bool
  /// Leverage the position should have; only read for entries.
  package let leverage: Int

  /// An order from its parts.
  package init(
    clientOrderID: ClientOrderID, identity: OrderIdentity, account: AccountID, side: OrderSide,
    size: Quantity, kind: OrderKind, reduceOnly: Bool, leverage: Int
  ) {
    self.clientOrderID = clientOrderID
    self.identity = identity
    self.account = account
    self.side = side
    self.size = size
    self.kind = kind
    self.reduceOnly = reduceOnly
    self.leverage = leverage
  }

  /// The coin.
  package var coin: Coin { identity.coin }
  /// The trader.
  package var trader: TraderID { identity.trader }
  /// What it is for.
  package var purpose: OrderPurpose { identity.purpose }

  /// The worst price it may fill at.
  package var limitPrice: Price {
    switch kind {
    case .limit(let price, _): price
    case .trigger(_, let limit): limit
    }
  }
}

/// What became of sending an order.
package enum OrderOutcome: Sendable, Hashable {
  /// It filled, possibly in part; nothing of it rests. A fee of `nil` = not told with the answer:
  /// its fills have it.
  case filled(size: Quantity, averagePrice: Price, fee: USD?, orderID: Int64)
  /// It rests at the venue.
  case resting(orderID: Int64)
  /// The venue said no, or provably never got it. The text is the venue's reason.
  case rejected(String)
  /// Nobody knows: to be looked up, never blindly sent again. The text says what happened.
  case unknown(String)

  /// The word used for it in records: filled, resting, rejected or unknown.
  package var label: String {
    switch self {
    case .filled: "filled"
    case .resting: "resting"
    case .rejected: "rejected"
    case .unknown: "unknown"
    }
  }

  /// Whether the outcome is certain.
  package var isSettled: Bool {
    switch self {
    case .filled, .resting, .rejected: true
    case .unknown: false
    }
  }
}

/// An order request that is, or will be, on record before it is sent.
package struct OrderIntent: Sendable, Hashable {
  /// The order.
  package let request: OrderRequest
  /// The run that made it.
  package let run: RunNumber
  /// When it was decided.
  package let decidedAt: Timestamp
  /// The mid the decision saw, for slippage figures.
  package let decisionMid: Price
  /// From then on the venue must refuse it.
  package let expiresAt: Timestamp
  /// Unique, ascending number of the send (nonce).
  package let nonce: Int64
  /// What the decision behind an entry claimed; `nil` for orders that open nothing.
  package let claim: EntryClaim?
  /// Whose it is when several traders share it, summing up to its size; empty = all its trader's.
  package let shares: [OrderShare]
  /// The exact bytes that send it; `nil` = no venue that needs any, or they could not be made.
  package var signedRequest: [UInt8]?
  /// What the venue said; `nil` = not sent yet, or sent and no answer on record.
  package var outcome: OrderOutcome?

  /// An intent from its parts.
  package init(
    request: OrderRequest, run: RunNumber, decidedAt: Timestamp, decisionMid: Price,
    expiresAt: Timestamp, nonce: Int64, claim: EntryClaim?, shares: [OrderShare] = [],
    signedRequest: [UInt8]? = nil, outcome: OrderOutcome? = nil
  ) {
    self.signedRequest = signedRequest
    self.request = request
    self.run = run
    self.decidedAt = decidedAt
    self.decisionMid = decisionMid
    self.expiresAt = expiresAt
    self.nonce = nonce
    self.claim = claim
    self.shares = shares
    self.outcome = outcome
  }

  /// Whether its outcome is still to be found out.
  package var isOpenQuestion: Bool { !(outcome?.isSettled ?? false) }
}
