import Trading

/// What became of an order that was sent.
enum Placed {
  case resting(Int)
  case filled(Int)
  case waiting(String)
  case error(String)
}

extension VenueState {
  /// Sends an order to the engine.
  mutating func place(_ draft: OrderDraft, at instant: Timestamp) -> Placed {
    guard !draft.coin.instrument.isDelisted else {
      return .error("Trading is halted. asset=\(draft.asset)")
    }
    if draft.isWaiting {
      _ = add(draft, at: instant)
      return .waiting("waitingForFill")
    }
    if let size = reducible(draft) {
      guard size > .zero else {
        return reject(
          draft, .reduceOnlyRejected, "Reduce only order would increase position.", at: instant)
      }
    }
    switch draft.kind {
    case .trigger(_, let level, let isStop):
      let price = mark(draft.coin, at: instant)
      if fires(draft.side, at: level, isStop: isStop, mark: price) {
        return reject(draft, .badTriggerPxRejected, "Invalid TP/SL price.", at: instant)
      }
      return .resting(add(draft, at: instant))
    case .limit(let tif): return placeLimit(draft, tif: tif, at: instant)
    }
  }

  /// The most a reduce-only order may trade; `nil` when the order is none.
  func reducible(_ draft: OrderDraft) -> Quantity? {
    guard draft.isReduceOnly else { return nil }
    return reducible(draft.account, draft.coin.coin, draft.side)
  }

  /// How much of a position an order of a side would close.
  func reducible(_ account: VenueAddress, _ coin: Coin, _ side: OrderSide) -> Quantity {
    let size = accounts[account]?.positions[coin]?.size ?? .zero
    guard size.mantissa != 0, (size.mantissa > 0) == (side == .sell) else { return .zero }
    return size.magnitude
  }

  private mutating func placeLimit(
    _ draft: OrderDraft, tif: String, at instant: Timestamp
  ) -> Placed {
    var draft = draft
    let price = mark(draft.coin, at: instant)
    let asked = draft.size
    draft.asked = asked
    if let most = reducible(draft) { draft.size = min(draft.size, most) }
    let closing = reducible(draft.account, draft.coin.coin, draft.side)
    if draft.size > closing,
      min(draft.limit, price) * asked < draft.coin.instrument.minNotional
    {
      return reject(
        draft, .minTradeNtlRejected, "Order must have minimum value of $10.", at: instant)
    }
    let plan = matches(draft.coin, draft.side, draft.size, within: draft.limit, at: instant)
    if draft.size > closing, let problem = marginProblem(draft, plan: plan, mark: price) {
      return reject(draft, .perpMarginRejected, problem, at: instant)
    }
    if tif == "Alo", !plan.isEmpty {
      return reject(
        draft, .badAloPxRejected,
        "Post only order would have immediately matched, bbo was \(bbo(draft.coin, at: instant)).",
        at: instant)
    }
    if tif == "Ioc", plan.isEmpty {
      return reject(
        draft, .iocCancelRejected,
        "Order could not immediately match against any resting orders.", at: instant)
    }
    let index = add(draft, at: instant)
    execute(index, plan, at: instant)
    if tif == "Ioc" || orders[index].remaining == .zero {
      if orders[index].status == .open { become(.filled, index, at: instant) }
      return .filled(index)
    }
    return .resting(index)
  }

  /// Books the matches of an order.
  mutating func execute(
    _ index: Int, _ plan: [DepthLevel], isTaker: Bool = true, force: VenueFill.Force? = nil,
    at instant: Timestamp
  ) {
    for match in plan {
      let order = orders[index]
      guard let coin = listed(order.coin)?.coin else { return }
      orders[index].fill(match.size, at: match.price)
      if orders[index].remaining == .zero { become(.filled, index, at: instant) }
      book(
        Trade(
          account: order.account, coin: coin, side: order.side, size: match.size,
          price: match.price, order: order.number, cloid: order.cloid, isTaker: isTaker,
          force: force, at: instant))
    }
  }

  /// What an order meets in the book within its limit, best price first.
  mutating func matches(
    _ coin: VenueCoin, _ side: OrderSide, _ size: Quantity, within limit: Price?,
    at instant: Timestamp
  ) -> [DepthLevel] {
    var rest = size
    var plan: [DepthLevel] = []
    for level in levels(coin, for: side, at: instant) where rest > .zero {
      if let limit, side == .buy ? level.price > limit : level.price < limit { break }
      let taken = min(rest, level.size)
      plan.append(DepthLevel(price: level.price, size: taken))
      rest = rest.less(taken)
    }
    return plan
  }

  /// Gives a refused order its number, as the venue does once the engine has seen it.
  private mutating func reject(
    _ draft: OrderDraft, _ status: VenueOrder.Status, _ text: String, at instant: Timestamp
  ) -> Placed {
    let index = add(draft, at: instant)
    orders[index].history = []
    become(status, index, at: instant)
    return .error("\(text) asset=\(draft.asset)")
  }

  private mutating func bbo(_ coin: VenueCoin, at instant: Timestamp) -> String {
    let bid = levels(coin, for: .sell, at: instant).first.map { "\($0.price)" } ?? "none"
    let ask = levels(coin, for: .buy, at: instant).first.map { "\($0.price)" } ?? "none"
    return "\(bid)@\(ask)"
  }

  /// Why an order that grows exposure has not the margin; `nil` when it has.
  private mutating func marginProblem(
    _ draft: OrderDraft, plan: [DepthLevel], mark: Price
  ) -> String? {
    guard let account = accounts[draft.account] else { return nil }
    let instrument = draft.coin.instrument
    let leverage = account.leverage(of: instrument)
    let position = account.positions[draft.coin.coin]?.size ?? .zero
    let after = position + draft.size.signed(draft.side)
    let afterValue = (mark * after).magnitude
    if leverage.value > instrument.maxLeverage(forNotional: afterValue) {
      return "Order would cause position to exceed margin tier limit at current leverage."
    }
    // What the trade loses against the mark at once, fee included.
    let loss = plan.reduce(USD.zero) { sum, match in
      let value = match.price * match.size
      return sum + (value - mark * match.size).magnitude + value.applying(fees.taker)
    }
    let marks = marks(at: processed)
    let value = account.value(marks, instruments)
    let needed: USD
    if leverage.isCross {
      let own = instrument.initialMargin(
        notional: (mark * position).magnitude, leverage: leverage.value)
      needed =
        value.crossMargin - own
        + instrument.initialMargin(notional: afterValue, leverage: leverage.value)
    } else {
      let grown = afterValue - (mark * position).magnitude
      needed =
        value.crossMargin
        + instrument.initialMargin(notional: max(.zero, grown), leverage: leverage.value)
    }
    guard value.crossEquity - loss >= needed + held(by: account) else {
      return "Insufficient margin to place order."
    }
    return nil
  }

  /// Margin that resting orders hold.
  func held(by account: VenueAccount) -> USD {
    openOrders(of: account.address).reduce(USD.zero) { sum, index in
      let order = orders[index]
      guard !order.isReduceOnly, !order.isTrigger, let instrument = instruments[order.coin] else {
        return sum
      }
      let leverage = account.leverage(of: instrument).value
      let notional = order.limit * order.remaining
      return sum + instrument.initialMargin(notional: notional, leverage: leverage)
    }
  }
}

/// Whether a trigger fires at a mark price.
func fires(_ side: OrderSide, at level: Price, isStop: Bool, mark: Price) -> Bool {
  (side == .sell) == isStop ? mark <= level : mark >= level
}
