import Trading

extension VenueState {
  /// Lets happen what the market does until the venue's time: minute by minute funding, then
  /// orders, triggers and liquidations.
  mutating func settle() { settle(to: clock.now) }

  mutating func settle(to now: Timestamp) {
    var next = processed.floored(to: .minute) + .minute
    while next <= now {
      processed = next
      if next.floored(to: .hour) == next { payFunding(at: next) }
      check(at: next)
      next = next + .minute
    }
    processed = max(processed, now)
  }

  /// Looks at every account at the marks of an instant.
  mutating func check(at instant: Timestamp) {
    let busy = accounts.values.contains { !$0.held.isEmpty } || !open.isEmpty
    guard busy else { return }
    let marks = marks(at: instant)
    for (account, time) in scheduled.sorted(by: { $0.key < $1.key }) where time <= instant {
      scheduled[account] = nil
      cancelAll(of: account, .scheduledCancel, at: instant)
    }
    for index in open where orders[index].isOpen {
      let order = orders[index]
      guard !order.isWaiting, let mark = marks[order.coin] else { continue }
      switch order.kind {
      case .limit: crossRest(index, mark: mark, at: instant)
      case .trigger(let isMarket, let level, let isStop):
        if order.status == .triggered {
          crossRest(index, mark: mark, at: instant)
        } else if fires(order.side, at: level, isStop: isStop, mark: mark) {
          fire(index, isMarket: isMarket, at: instant)
        }
      }
    }
    for address in accounts.keys.sorted() { liquidate(address, marks, at: instant) }
  }

  /// Fills a resting order at its own price when the market has come to it.
  private mutating func crossRest(_ index: Int, mark: Price, at instant: Timestamp) {
    let order = orders[index]
    guard order.side == .buy ? mark <= order.limit : mark >= order.limit else { return }
    var size = order.remaining
    if order.isReduceOnly { size = min(size, reducible(order.account, order.coin, order.side)) }
    guard size > .zero else {
      become(.reduceOnlyCanceled, index, at: instant)
      return
    }
    execute(index, [DepthLevel(price: order.limit, size: size)], isTaker: false, at: instant)
    finish(index, at: instant)
  }

  /// Turns a trigger into what it was waiting to be.
  mutating func fire(_ index: Int, isMarket: Bool, at instant: Timestamp) {
    become(.triggered, index, at: instant)
    let order = orders[index]
    guard let coin = listed(order.coin)?.coin else { return }
    var size = order.grouping == .positionTpsl ? .zero : order.remaining
    if order.isReduceOnly || order.grouping == .positionTpsl {
      let most = reducible(order.account, order.coin, order.side)
      size = order.grouping == .positionTpsl ? most : min(size, most)
    }
    guard size > .zero else {
      become(.reduceOnlyCanceled, index, at: instant)
      return
    }
    orders[index].remaining = size
    let limit = isMarket && !boundsMarketTriggers ? nil : order.limit
    let plan = matches(coin, order.side, size, within: limit, at: instant)
    if !plan.isEmpty { endSiblings(of: index, at: instant) }
    execute(index, plan, at: instant)
    if orders[index].isOpen, isMarket {
      become(plan.isEmpty ? .marketOrderNoLiquidityRejected : .filled, index, at: instant)
      open.removeAll { $0 == index }
    }
  }

  /// What follows a fill: siblings of a trigger end, children of an entry wake.
  mutating func finish(_ index: Int, at instant: Timestamp) {
    let order = orders[index]
    guard order.group != 0, order.filled > .zero else { return }
    if case .trigger = order.kind {
      endSiblings(of: index, at: instant)
      return
    }
    guard order.remaining == .zero else { return }
    for other in open where orders[other].group == order.group { orders[other].isWaiting = false }
  }

  /// One order of a pair trades: the other ends.
  private mutating func endSiblings(of index: Int, at instant: Timestamp) {
    let group = orders[index].group
    guard group != 0 else { return }
    for other in open where other != index && orders[other].group == group {
      guard case .trigger = orders[other].kind else { continue }
      become(.siblingFilledCanceled, other, at: instant)
    }
  }

  /// Ends what still waits for a parent that will never be filled completely.
  mutating func abandonChildren(of group: Int, at instant: Timestamp) {
    guard group != 0 else { return }
    for other in open where orders[other].group == group && orders[other].isWaiting {
      become(.canceled, other, at: instant)
    }
  }

  /// Cancels all orders of an account.
  mutating func cancelAll(
    of account: VenueAddress, _ status: VenueOrder.Status, at instant: Timestamp
  ) {
    for index in openOrders(of: account) { become(status, index, at: instant) }
  }

  private mutating func payFunding(at hour: Timestamp) {
    for address in accounts.keys.sorted() {
      guard var account = accounts[address] else { continue }
      for (coin, held) in account.held {
        guard let listed = listed(coin)?.coin else { continue }
        var position = held
        let rate = path.fundingRate(coin, at: hour)
        let amount = micro(rate.payment(size: position.size, oracle: mark(listed, at: hour)))
        if let own = position.isolatedRaw {
          position.isolatedRaw = own + amount
        } else {
          account.rawUSD += amount
        }
        position.paidEver -= amount
        position.paidSinceOpen -= amount
        position.paidSinceChange -= amount
        account.positions[coin] = position
        account.fundings.append(
          VenueFundingPayment(
            at: hour, coin: coin, amount: amount, size: position.size, rate: rate,
            serial: nextSerial()))
      }
      accounts[address] = account
    }
  }
}
