import Trading

/// The way of the price through one candle of one coin, and what it meets.
struct SimCandlePath {
  let candle: SimCandle
  private let lane: Int
  private let lanes: [SimLane]
  private let venue: SimVenue
  private var price: Int64
  private(set) var change: SimChange

  init(candle: SimCandle, lane: Int, lanes: [SimLane], venue: SimVenue, change: SimChange) {
    self.candle = candle
    self.lane = lane
    self.lanes = lanes
    self.venue = venue
    self.change = change
    price = candle.open
  }

  private var coin: Coin { lanes[lane].coin }
  private var instrument: Instrument { lanes[lane].instrument }
  private var held: SignedQuantity { change.account.size(of: coin) }

  /// The way the price hurts the position; down when flat.
  private var adverse: SimDirection { held.side == .short ? .rising : .falling }

  /// Plays the whole candle.
  mutating func walk() {
    let atOpen = adverse
    go(atOpen, to: candle.open)
    go(atOpen.opposite, to: candle.open)
    let first = adverse
    go(first, to: candle.extreme(first))
    go(first.opposite, to: candle.extreme(first.opposite))
  }

  /// Moves the price, meeting everything on the way.
  ///
  /// Every meeting ends an order, turns a trigger into a limit order that waits on the other side,
  /// or ends a position, so the loop ends.
  private mutating func go(_ direction: SimDirection, to target: Int64) {
    while true {
      let order = nearestOrder(direction, to: target)
      let liquidation = liquidationLevel(direction, to: target)
      if let level = liquidation, !comes(order?.level?.price, before: level, direction) {
        move(direction, to: level.mantissa)
        liquidate()
      } else if let order, let level = order.level {
        meet(order, at: level)
      } else {
        price = target
        return
      }
    }
  }

  /// Whether an order's level is met no later than the liquidation price.
  private func comes(
    _ level: Price?, before liquidation: Price, _ direction: SimDirection
  ) -> Bool {
    guard let level else { return false }
    return direction == .falling ? level >= liquidation : level <= liquidation
  }

  /// Moves the price to a level, unless it is already past it.
  private mutating func move(_ direction: SimDirection, to level: Int64) {
    price = direction == .falling ? min(price, level) : max(price, level)
  }

  private func nearestOrder(_ direction: SimDirection, to target: Int64) -> SimOrder? {
    guard let goal = Price(mantissa: target) else { return nil }
    var nearest: (order: SimOrder, level: Price)?
    for order in change.account.resting where order.request.coin == coin && counts(order) {
      guard let level = order.level, level.direction == direction, level.isReached(by: goal)
      else { continue }
      guard let best = nearest else {
        nearest = (order, level.price)
        continue
      }
      let isNearer =
        direction == .falling ? level.price > best.level : level.price < best.level
      if isNearer { nearest = (order, level.price) }
    }
    return nearest?.order
  }

  /// Whether the candle may touch the order: any but targets and limits received after it began.
  private func counts(_ order: SimOrder) -> Bool {
    if order.receivedAt <= candle.openTime || order.isTriggered { return true }
    switch order.request.kind {
    case .limit: return false
    case .trigger: return order.request.purpose != .target
    }
  }

  // MARK: Orders

  private mutating func meet(_ order: SimOrder, at level: SimLevel) {
    let isLate = order.receivedAt > candle.openTime
    if isLate {
      price = level.price.mantissa
    } else {
      move(level.direction, to: level.price.mantissa)
    }
    switch order.request.kind {
    case .trigger(_, let limit):
      if order.isTriggered {
        fill(order, at: limit, isTaker: true, cause: cause(of: order))
      } else {
        fire(order)
      }
    case .limit(let limit, _):
      fill(order, at: limit, isTaker: false, cause: .limit)
    }
  }

  private func cause(of order: SimOrder) -> FillCause {
    order.request.purpose == .target ? .target : .stop
  }

  /// Fills a resting limit order whole, at its limit.
  private mutating func fill(
    _ order: SimOrder, at limit: Price, isTaker: Bool, cause: FillCause
  ) {
    var order = order
    let size = order.effectiveSize(position: held)
    guard fits(order, size, at: limit) else {
      change.cancel(order, because: SimRefusal.marginCancelled)
      return
    }
    let fee = venue.book(
      SimExecution(
        coin: coin, side: order.request.side, price: limit, size: size,
        rate: isTaker ? venue.config.fees.taker : venue.config.fees.maker, isTaker: isTaker,
        leverage: order.request.leverage, cause: cause),
      for: order, in: &change, at: candle.endTime)
    order.add(size, at: limit, fee: fee)
    finish(order)
  }

  /// Fires a trigger: what fits its limit fills around the present price, the rest rests there.
  private mutating func fire(_ order: SimOrder) {
    var order = order
    let size = order.effectiveSize(position: held)
    guard let mid = Price(mantissa: price), fits(order, size, at: mid) else {
      change.cancel(order, because: SimRefusal.marginCancelled)
      return
    }
    venue.take(
      size, for: &order, in: &change,
      from: venue.book(for: order.request.side, mid: mid, depth: nil), on: instrument,
      cause: cause(of: order), at: candle.endTime)
    if order.effectiveSize(position: held) > .zero {
      order.reason = SimOrder.triggeredNote
      change.put(order)
      change.settleReduceOnly(in: coin)
    } else {
      finish(order)
    }
  }

  private mutating func finish(_ order: SimOrder) {
    var order = order
    order.status = .filled
    order.reason = ""
    change.put(order)
    change.settlePair(of: order)
    change.settleReduceOnly(in: coin)
  }

  /// Whether a resting order still fits the margin; always, if it only reduces.
  private func fits(_ order: SimOrder, _ size: Quantity, at price: Price) -> Bool {
    guard !order.request.reduceOnly, venue.grows(held, by: order.request) else { return true }
    return venue.affords(
      order.request, size, at: price, in: change.account, marks: marks(at: self.price)) ?? false
  }

  // MARK: Liquidation

  private func marks(at price: Int64) -> [Coin: Price] {
    var marks = lanes.marks
    marks[coin] = Price(mantissa: price)
    return marks
  }

  /// Where the price runs out of margin on its way; `nil` = nowhere.
  private func liquidationLevel(_ direction: SimDirection, to target: Int64) -> Price? {
    guard held != .zero, direction == adverse,
      let available = venue.available(
        to: coin, in: change.account, marks: marks(at: target)),
      available < .zero
    else { return nil }
    let exact = venue.liquidationPrice(
      of: coin, in: change.account, marks: marks(at: price))
    // Equity is short at the target, so the exact price is not beyond it but for a rounding.
    guard let exact, let goal = Price(mantissa: target) else { return Price(mantissa: target) }
    return direction == .falling ? max(exact, goal) : min(exact, goal)
  }

  /// Ends the position at the present price; a cross position takes all others with it, and every
  /// order but those of isolated positions.
  private mutating func liquidate() {
    let isIsolated = change.account.positions[coin]?.isolatedMargin != nil
    let marks = marks(at: price)
    for lane in lanes {
      guard let position = change.account.positions[lane.coin], let mark = marks[lane.coin],
        let side = position.size.side,
        isIsolated ? lane.coin == coin : position.isolatedMargin == nil
      else { continue }
      let worse = lane.instrument.rounded(mark, side == .long ? .floor : .ceiling) ?? mark
      venue.book(
        SimExecution(
          coin: lane.coin, side: side.closing, price: worse, size: position.size.magnitude,
          rate: venue.config.liquidationFeeBps, isTaker: true, leverage: position.leverage,
          cause: .liquidation),
        for: nil, in: &change, at: candle.endTime)
    }
    let held = change.account.positions
    for order in change.account.resting
    where isIsolated
      ? order.request.coin == coin : held[order.request.coin]?.isolatedMargin == nil
    {
      change.cancel(order, because: SimRefusal.liquidatedCancelled)
    }
  }
}
