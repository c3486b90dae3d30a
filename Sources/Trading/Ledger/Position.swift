/// Coins bought or sold at one price in one fill and not yet closed.
package struct Lot: Sendable, Hashable {
  /// The venue's number of the fill that made it.
  package let fillID: Int64
  /// The entry price.
  package let price: Price
  /// Coins still open, above zero.
  package var size: Quantity
  /// When it was opened.
  package let openedAt: Timestamp

  /// A lot from its parts.
  package init(fillID: Int64, price: Price, size: Quantity, openedAt: Timestamp) {
    self.fillID = fillID
    self.price = price
    self.size = size
    self.openedAt = openedAt
  }
}

/// What a position is meant to end by.
package struct ExitPlan: Sendable, Hashable {
  /// Where the loss ends; `nil` = no stop wanted.
  package var stop: Price?
  /// Where the profit is taken; `nil` = no target wanted.
  package var target: Price?
  /// When the idea no longer holds, in words.
  package var invalidation: String

  /// A plan from its parts.
  package init(stop: Price?, target: Price?, invalidation: String = "") {
    self.stop = stop
    self.target = target
    self.invalidation = invalidation
  }
}

/// What the decision behind a position claimed; kept for records and exports.
package struct EntryClaim: Sendable, Hashable {
  /// The cycle it was decided in.
  package var cycle: CycleNumber
  /// Leverage it was opened with.
  package var leverage: Int
  /// 0–100; `nil` = none was given.
  package var confidence: Int?
  /// Loss at the stop, with fees, by our reckoning, USD.
  package var riskUSD: USD
  /// How it is meant to end.
  package var exitPlan: ExitPlan

  /// A claim from its parts.
  package init(
    cycle: CycleNumber, leverage: Int, confidence: Int?, riskUSD: USD, exitPlan: ExitPlan
  ) {
    self.cycle = cycle
    self.leverage = leverage
    self.confidence = confidence
    self.riskUSD = riskUSD
    self.exitPlan = exitPlan
  }
}

/// An open position of one trader in one coin.
package struct Position: Sendable, Hashable {
  /// Its number in the arena, never used again.
  package let number: PositionNumber
  /// Whose it is.
  package let trader: TraderID
  /// The coin.
  package let coin: Coin
  /// Its direction.
  package let side: PositionSide
  /// Open lots, oldest first; never empty.
  package var lots: [Lot]
  /// What its decision claimed.
  package var claim: EntryClaim
  /// When its first lot was opened.
  package let openedAt: Timestamp
  /// The venue's number of the order that opened it.
  package let entryOrderID: Int64
  /// The venue's number of the fill that opened it.
  package let entryFillID: Int64
  /// Coins opened over its life.
  package var openedSize: Quantity
  /// Σ price · size of every entry, USD.
  package var entryNotional: USD
  /// Coins closed over its life.
  package var closedSize: Quantity
  /// Σ price · size of every exit, USD.
  package var exitNotional: USD
  /// Profit realised by its exits, before fees, USD.
  package var realised: USD
  /// Fees of its entries, USD.
  package var entryFees: USD
  /// Fees of its exits, USD.
  package var exitFees: USD
  /// Funding received (negative: paid), USD.
  package var funding: USD
  /// The best price gain so far, as a fraction of the entry price; from candle highs and lows.
  package var peakGain: Double

  /// Coins open.
  package var size: Quantity { lots.reduce(.zero) { $0 + $1.size } }

  /// Coins open, with the sign of the side.
  package var signedSize: SignedQuantity { size.signed(side) }

  /// Σ price · size of the open lots, USD, always positive.
  package var openCost: USD { lots.reduce(.zero) { $0 + $1.price * $1.size } }

  /// Average price of the open lots, for display and distances; exact while there is one lot.
  package var entryPrice: Price {
    guard let first = lots.first else {
      preconditionFailure("expected a position with lots, position \(number) has none")
    }
    guard lots.count > 1 else { return first.price }
    let mantissa = ExactMath.ratio(openCost.mantissa, size.mantissa, .halfEven)
    return Price(mantissa: mantissa) ?? first.price
  }

  /// Profit not yet realised at a mark, USD.
  package func unrealised(at mark: Price) -> USD {
    let value = mark * size
    return side == .long ? value - openCost : openCost - value
  }

  /// Notional at a mark, USD.
  package func notional(at mark: Price) -> USD { mark * size }

  /// The gain of a price over the entry as a fraction, positive when in profit.
  package func gain(at price: Price) -> Double {
    let change = price.double / entryPrice.double - 1
    return side == .long ? change : -change
  }
}

/// A finished position: a round trip from flat to flat.
package struct Trade: Sendable, Hashable {
  /// The number of the position it was.
  package let position: PositionNumber
  /// Whose it was.
  package let trader: TraderID
  /// The coin.
  package let coin: Coin
  /// Its direction.
  package let side: PositionSide
  /// Coins opened and closed.
  package let size: Quantity
  /// Σ price · size of its entries, USD.
  package let entryNotional: USD
  /// Σ price · size of its exits, USD.
  package let exitNotional: USD
  /// Fees of its entries, USD.
  package let entryFees: USD
  /// Fees of its exits, USD.
  package let exitFees: USD
  /// Funding received over its life (negative: paid), USD.
  package let funding: USD
  /// When it was opened.
  package let openedAt: Timestamp
  /// When it became flat.
  package let closedAt: Timestamp
  /// The venue's numbers of the first entry.
  package let entryOrderID: Int64
  /// The venue's number of the first entry's fill.
  package let entryFillID: Int64
  /// The venue's number of the order that ended it.
  package let exitOrderID: Int64
  /// The venue's number of the fill that ended it.
  package let exitFillID: Int64
  /// Why it ended.
  package let exitCause: FillCause
  /// What its decision claimed.
  package let claim: EntryClaim

  /// A round trip from its parts.
  package init(
    position: PositionNumber, trader: TraderID, coin: Coin, side: PositionSide, size: Quantity,
    entryNotional: USD, exitNotional: USD, entryFees: USD, exitFees: USD, funding: USD,
    openedAt: Timestamp, closedAt: Timestamp, entryOrderID: Int64, entryFillID: Int64,
    exitOrderID: Int64, exitFillID: Int64, exitCause: FillCause, claim: EntryClaim
  ) {
    self.position = position
    self.trader = trader
    self.coin = coin
    self.side = side
    self.size = size
    self.entryNotional = entryNotional
    self.exitNotional = exitNotional
    self.entryFees = entryFees
    self.exitFees = exitFees
    self.funding = funding
    self.openedAt = openedAt
    self.closedAt = closedAt
    self.entryOrderID = entryOrderID
    self.entryFillID = entryFillID
    self.exitOrderID = exitOrderID
    self.exitFillID = exitFillID
    self.exitCause = exitCause
    self.claim = claim
  }

  /// The same trade under another number.
  package func numbered(_ position: PositionNumber) -> Trade {
    Trade(
      position: position, trader: trader, coin: coin, side: side, size: size,
      entryNotional: entryNotional, exitNotional: exitNotional, entryFees: entryFees,
      exitFees: exitFees, funding: funding, openedAt: openedAt, closedAt: closedAt,
      entryOrderID: entryOrderID, entryFillID: entryFillID, exitOrderID: exitOrderID,
      exitFillID: exitFillID, exitCause: exitCause, claim: claim)
  }

  /// Profit before fees and funding, USD.
  package var gross: USD {
    side == .long ? exitNotional - entryNotional : entryNotional - exitNotional
  }

  /// Profit after fees, without funding, USD; the net of nof1's files.
  package var net: USD { gross - entryFees - exitFees }

  /// Average entry price.
  package var entryPrice: Price { average(entryNotional) }

  /// Average exit price.
  package var exitPrice: Price { average(exitNotional) }

  private func average(_ notional: USD) -> Price {
    let mantissa = ExactMath.ratio(notional.mantissa, size.mantissa, .halfEven)
    guard let price = Price(mantissa: mantissa) else {
      preconditionFailure("expected a trade price above zero, trade of position \(position)")
    }
    return price
  }
}
