/// What a booked fill did to the positions of a trader.
package enum LedgerEvent: Sendable, Hashable {
  /// A new position began.
  case opened(Position)
  /// An open position grew or shrank.
  case changed(Position)
  /// A position became flat.
  case closed(Trade)
}

/// The books of one trader: what it was given, earned, paid and holds.
///
/// Exact.
///
/// Conservation: equity = flows + realised + funding − fees + Σ unrealised, always. The venue keeps
/// its own books; ``Conservation`` compares the two.
package struct Ledger: Sendable, Equatable {
  /// Whose books these are.
  package let trader: TraderID
  /// Money put in less money taken out, USD.
  package private(set) var flows: USD
  /// Units of the unitised net asset value; a unit is worth 1 USD at inception.
  package private(set) var units: Factor
  /// Profit realised since inception, before fees and funding, USD.
  package private(set) var realised: USD
  /// Fees since inception, USD.
  package private(set) var fees: USD
  /// Funding received since inception (negative: paid), USD.
  package private(set) var funding: USD
  /// Open positions, sorted by coin; at most one per coin.
  package private(set) var positions: [Position]

  /// Books with nothing in them.
  package init(trader: TraderID) {
    self.init(
      trader: trader, flows: .zero, units: .zero, realised: .zero, fees: .zero, funding: .zero,
      positions: [])
  }

  /// Books as read back from storage; positions in any order.
  package init(
    trader: TraderID, flows: USD, units: Factor, realised: USD, fees: USD, funding: USD,
    positions: [Position]
  ) {
    self.trader = trader
    self.flows = flows
    self.units = units
    self.realised = realised
    self.fees = fees
    self.funding = funding
    self.positions = positions.sorted { $0.coin < $1.coin }
  }

  /// Money that is not in open positions' profit, USD: flows + realised + funding − fees.
  package var cash: USD { flows + realised + funding - fees }

  /// The open position in a coin; `nil` when flat.
  package func position(in coin: Coin) -> Position? { positions.first { $0.coin == coin } }

  /// Profit not yet realised, USD; `nil` when a mark is missing.
  package func unrealised(marks: [Coin: Price]) -> USD? {
    var total = USD.zero
    for position in positions {
      guard let mark = marks[position.coin] else { return nil }
      total += position.unrealised(at: mark)
    }
    return total
  }

  /// Cash plus unrealised profit, USD; `nil` when a mark is missing.
  package func equity(marks: [Coin: Price]) -> USD? {
    unrealised(marks: marks).map { cash + $0 }
  }

  /// Cash less what the open positions cost, USD: equity less Σ signed size · mark, at any marks.
  package var rawUSD: USD {
    positions.reduce(cash) { raw, position in
      position.side == .long ? raw - position.openCost : raw + position.openCost
    }
  }

  /// The value of what 10,000 USD at inception became, flows taken out; `nil` before the first
  /// flow.
  package func nav(equity: USD, base: USD) -> USD? {
    guard units > .zero else { return nil }
    return USD(
      mantissa: ExactMath.scale(
        equity.mantissa, by: base.mantissa, over: units.mantissa, .halfEven))
  }

  // MARK: Booking

  /// Puts money in (or takes it out, when negative) at the present equity, buying units.
  ///
  /// - Returns: `false`, with nothing changed, when there is no equity left to price units by.
  @discardableResult
  package mutating func book(flow: USD, equity: USD) -> Bool {
    if units == .zero {
      units = Factor(mantissa: flow.mantissa)
    } else {
      guard equity > .zero else { return false }
      let bought = ExactMath.scale(
        flow.mantissa, by: units.mantissa, over: equity.mantissa, .halfEven)
      units = Factor(mantissa: units.mantissa + bought)
    }
    flows += flow
    return true
  }

  /// Books an hour's funding to the position in its coin, if it is still open.
  package mutating func book(_ payment: FundingPayment) {
    funding += payment.amount
    guard let index = positions.firstIndex(where: { $0.coin == payment.coin }) else { return }
    positions[index].funding += payment.amount
  }

  /// Books a fill: closes lots oldest first, then opens with what is left.
  ///
  /// The fee of a fill that closes and opens at once is split by size, the rounding going to the
  /// opening part.
  ///
  /// - Parameters:
  ///   - fill: The execution.
  ///   - claim: What the decision behind it claimed; used when it opens or grows a position.
  ///   - nextPosition: The number a new position gets; counted on when used.
  /// - Returns: What happened to positions, in order; never empty.
  package mutating func book(
    _ fill: Fill, claim: EntryClaim, nextPosition: inout PositionNumber
  ) -> [LedgerEvent] {
    fees += fill.fee
    var events: [LedgerEvent] = []
    var rest = fill.size
    var restFee = fill.fee
    if let index = positions.firstIndex(where: { $0.coin == fill.coin }),
      positions[index].side.closing == fill.side
    {
      let closing = min(rest, positions[index].size)
      let closingFee =
        closing == rest
        ? restFee
        : USD(
          mantissa: ExactMath.scale(
            restFee.mantissa, by: closing.mantissa, over: rest.mantissa, .halfEven))
      events.append(close(closing, of: index, by: fill, fee: closingFee))
      rest = rest.less(closing)
      restFee -= closingFee
    }
    if rest > .zero {
      events.append(
        open(rest, by: fill, fee: restFee, claim: claim, nextPosition: &nextPosition))
    }
    return events
  }

  /// Replaces the exit plan of the position in a coin; nothing happens when flat.
  package mutating func setExitPlan(_ plan: ExitPlan, for coin: Coin) {
    guard let index = positions.firstIndex(where: { $0.coin == coin }) else { return }
    positions[index].claim.exitPlan = plan
  }

  /// Raises the peak gain of the position in a coin to that of a price, if it is better.
  package mutating func observe(_ price: Price, for coin: Coin) {
    guard let index = positions.firstIndex(where: { $0.coin == coin }) else { return }
    positions[index].peakGain = max(positions[index].peakGain, positions[index].gain(at: price))
  }

  private mutating func close(
    _ size: Quantity, of index: Int, by fill: Fill, fee: USD
  ) -> LedgerEvent {
    var position = positions[index]
    let best = position.bestPrice
    var rest = size
    var cost = USD.zero
    while rest > .zero, let lot = position.lots.first {
      let taken = min(rest, lot.size)
      cost += lot.price * taken
      rest = rest.less(taken)
      if taken == lot.size {
        position.lots.removeFirst()
      } else {
        position.lots[0].size = lot.size.less(taken)
      }
    }
    let proceeds = fill.price * size
    let profit = position.side == .long ? proceeds - cost : cost - proceeds
    realised += profit
    position.realised += profit
    position.closedSize = position.closedSize + size
    position.exitNotional += proceeds
    position.exitFees += fee
    guard position.lots.isEmpty else {
      position.lowerPeak(toThatOf: best)
      positions[index] = position
      return .changed(position)
    }
    positions.remove(at: index)
    return .closed(position.finished(by: fill))
  }

  private mutating func open(
    _ size: Quantity, by fill: Fill, fee: USD, claim: EntryClaim,
    nextPosition: inout PositionNumber
  ) -> LedgerEvent {
    let lot = Lot(fillID: fill.id, price: fill.price, size: size, openedAt: fill.at)
    if let index = positions.firstIndex(where: { $0.coin == fill.coin }) {
      let best = positions[index].bestPrice
      positions[index].lots.append(lot)
      positions[index].lowerPeak(toThatOf: best)
      positions[index].openedSize = positions[index].openedSize + size
      positions[index].entryNotional += fill.price * size
      positions[index].entryFees += fee
      positions[index].claim = claim
      return .changed(positions[index])
    }
    let position = Position(
      number: nextPosition, trader: trader, coin: fill.coin,
      side: fill.side == .buy ? .long : .short, lots: [lot], claim: claim, openedAt: fill.at,
      entryOrderID: fill.orderID, entryFillID: fill.id, openedSize: size,
      entryNotional: fill.price * size, closedSize: .zero, exitNotional: .zero, realised: .zero,
      entryFees: fee, exitFees: .zero, funding: .zero, peakGain: 0)
    nextPosition += 1
    positions.append(position)
    positions.sort { $0.coin < $1.coin }
    return .opened(position)
  }
}

extension Position {
  /// The best price it has seen.
  fileprivate var bestPrice: Double {
    entryPrice.double * (side == .long ? 1 + peakGain : 1 - peakGain)
  }

  /// After its average entry has changed: it never gained more than the best price would bring it
  /// now, nor more than it did.
  fileprivate mutating func lowerPeak(toThatOf best: Double) {
    let change = best / entryPrice.double - 1
    peakGain = min(peakGain, max(0, side == .long ? change : -change))
  }

  /// The round trip this position was, once its last lot is closed by `fill`.
  fileprivate func finished(by fill: Fill) -> Trade {
    Trade(
      position: number, trader: trader, coin: coin, side: side, size: closedSize,
      entryNotional: entryNotional, exitNotional: exitNotional, entryFees: entryFees,
      exitFees: exitFees, funding: funding, openedAt: openedAt, closedAt: fill.at,
      entryOrderID: entryOrderID, entryFillID: entryFillID, exitOrderID: fill.orderID,
      exitFillID: fill.id, exitCause: fill.cause, claim: claim)
  }
}
