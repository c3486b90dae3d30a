package import Trading

/// A fill before it is in the books.
struct SimExecution: Sendable {
  let coin: Coin
  let side: OrderSide
  let price: Price
  let size: Quantity
  /// The fee in basis points of the notional.
  let rate: Bps
  let isTaker: Bool
  /// Leverage of what it opens.
  let leverage: Int
  let cause: FillCause
}

extension SimVenue {
  /// Takes what a book offers within the order's limit, up to a size, in one fill.
  func take(
    _ wanted: Quantity, for order: inout SimOrder, in change: inout SimChange,
    from book: LinearBook, on instrument: Instrument, cause: FillCause, at now: Timestamp
  ) {
    let request = order.request
    let size = book.available(of: wanted, within: request.limitPrice, on: instrument)
    guard size > .zero, let average = book.average(of: size, on: instrument) else { return }
    // Rounding up to the grid never passes a limit on the grid; the bound makes it certain.
    let price =
      request.side == .buy
      ? min(average, request.limitPrice) : max(average, request.limitPrice)
    let fee = self.book(
      SimExecution(
        coin: request.coin, side: request.side, price: price, size: size,
        rate: config.fees.taker, isTaker: true, leverage: request.leverage, cause: cause),
      for: order, in: &change, at: now)
    order.add(size, at: price, fee: fee)
  }

  /// Books a fill: money, position and the record of it.
  ///
  /// The cost and isolated margin of what remains after a reduction are pro rata, rounded half-even
  /// to 1e-8. Neither is part of equity, so no money is lost or made by that.
  ///
  /// Without an order it is the venue's own doing, which gets the next number. Gives the fee, USD.
  @discardableResult
  func book(
    _ execution: SimExecution, for order: SimOrder?, in change: inout SimChange, at now: Timestamp
  ) -> USD {
    let fee = (execution.price * execution.size).applying(execution.rate, .up)
    let signed = execution.size.signed(execution.side)
    change.account.rawUSD -= execution.price * signed + fee
    let held = change.account.positions[execution.coin]
    change.account.positions[execution.coin] = position(held, after: execution)
    let orderID = order?.orderID ?? change.account.nextOrderID
    if order == nil { change.account.nextOrderID += 1 }
    change.fills.append(
      Fill(
        id: change.account.nextFillID, account: change.account.id, coin: execution.coin,
        side: execution.side, price: execution.price, size: execution.size, fee: fee,
        isTaker: execution.isTaker, at: now, orderID: orderID,
        clientOrderID: order?.request.clientOrderID, cause: execution.cause))
    change.account.nextFillID += 1
    return fee
  }

  private func position(_ held: SimPosition?, after execution: SimExecution) -> SimPosition? {
    let signed = execution.size.signed(execution.side)
    guard let held else { return opened(signed, by: execution) }
    let after = held.size + signed
    if after == .zero { return nil }
    if held.size.side == signed.side {
      let added = opened(signed, by: execution)
      return SimPosition(
        size: after, cost: held.cost + added.cost, leverage: execution.leverage,
        isolatedMargin: held.isolatedMargin.map {
          $0 + margin(of: signed, by: execution)
        })
    }
    guard held.size.side == after.side else { return opened(after, by: execution) }
    func share(_ amount: USD) -> USD {
      USD(
        mantissa: ExactMath.scale(
          amount.mantissa, by: after.mantissa, over: held.size.mantissa, .halfEven))
    }
    return SimPosition(
      size: after, cost: share(held.cost), leverage: held.leverage,
      isolatedMargin: held.isolatedMargin.map(share))
  }

  private func opened(_ size: SignedQuantity, by execution: SimExecution) -> SimPosition {
    SimPosition(
      size: size, cost: execution.price * size, leverage: execution.leverage,
      isolatedMargin: config.marginMode == .isolated ? margin(of: size, by: execution) : nil)
  }

  private func margin(of size: SignedQuantity, by execution: SimExecution) -> USD {
    (execution.price * size).magnitude.divided(by: max(1, execution.leverage), .ceiling)
  }
}

extension SimAccount {
  /// The signed size held; zero when flat.
  package func size(of coin: Coin) -> SignedQuantity { positions[coin]?.size ?? .zero }

  /// Coins that prices matter for, sorted: open positions and resting orders.
  var liveCoins: [Coin] {
    Set(positions.keys).union(resting.map(\.request.coin)).sorted()
  }
}

extension SimChange {
  /// Writes an order's present state, and keeps the resting orders in step with it.
  mutating func put(_ order: SimOrder) {
    if let index = orders.firstIndex(where: { $0.orderID == order.orderID }) {
      orders[index] = order
    } else {
      let index = orders.firstIndex { $0.orderID > order.orderID } ?? orders.endIndex
      orders.insert(order, at: index)
    }
    let resting = account.resting.firstIndex { $0.orderID == order.orderID }
    switch (order.status == .resting, resting) {
    case (true, let index?): account.resting[index] = order
    case (true, nil):
      let index = account.resting.firstIndex { $0.orderID > order.orderID }
      account.resting.insert(order, at: index ?? account.resting.endIndex)
    case (false, let index?): account.resting.remove(at: index)
    case (false, nil): break
    }
  }

  /// Ends a resting order without a fill.
  mutating func cancel(_ order: SimOrder, because reason: String) {
    var ended = order
    ended.status = .cancelled
    ended.reason = reason
    put(ended)
  }

  /// Cancels the targets that a filled stop of a trader leaves behind, and vice versa.
  ///
  /// On an account with others they would end what is theirs.
  mutating func settlePair(of filled: SimOrder) {
    let other: OrderPurpose
    switch filled.request.purpose {
    case .stop: other = .target
    case .target: other = .stop
    case .open, .close, .flatten: return
    }
    for order in account.resting
    where order.request.coin == filled.request.coin && order.request.reduceOnly
      && order.request.trader == filled.request.trader && order.request.purpose == other
    {
      cancel(order, because: SimRefusal.siblingFilled)
    }
  }

  /// Cancels the reduce-only orders of a coin that have nothing left to reduce.
  mutating func settleReduceOnly(in coin: Coin) {
    let position = account.size(of: coin)
    for order in account.resting
    where order.request.coin == coin && order.request.reduceOnly
      && order.effectiveSize(position: position) == .zero
    {
      cancel(order, because: SimRefusal.reduceOnlyCancelled)
    }
  }
}
