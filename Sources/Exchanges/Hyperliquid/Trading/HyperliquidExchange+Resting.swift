import Synchronization
import Trading

/// The account's resting orders, read in full only when they may have changed.
extension HyperliquidExchange {
  /// As many orders are asked for one by one; the full list costs as much as ten of them.
  static let mostAskedSingly = 4

  /// The orders that rest, sorted by the venue's number.
  ///
  /// While those of ours that rested last time still rest, orders that are not ours are left out.
  func restingOrders() async throws(ExchangeError) -> [RestingOrder] {
    let orders: [VenueOrder]
    if let known = try await restingAsBefore() {
      orders = known
    } else {
      orders = try await allResting()
    }
    return try orders.map { order throws(ExchangeError) in
      try resting(order)
    }.sorted { $0.orderID < $1.orderID }
  }

  /// Takes down that the resting orders are not certain any more, before something is sent.
  func doubtResting() throws(ExchangeError) {
    course.withLock { $0.hasActed = true }
    try remembering("the resting orders") { try memory.keepResting(access.account, nil) }
  }

  /// Our orders when all that rested still do; `nil` = the full list is needed.
  private func restingAsBefore() async throws(ExchangeError) -> [VenueOrder]? {
    guard !course.withLock({ $0.hasActed }) else { return nil }
    let ids = try remembering("the resting orders") { try memory.resting(access.account) }
    guard let ids, ids.count <= Self.mostAskedSingly else { return nil }
    var orders: [VenueOrder] = []
    for id in ids {
      let status = try await asking("an order") { () async throws(InfoError) in
        try await info.orderStatus(access.queryAddress, id)
      }
      guard let status, status.isOpen else { return nil }
      orders.append(status.order)
    }
    return orders
  }

  private func allResting() async throws(ExchangeError) -> [VenueOrder] {
    let orders = try await listed()
    var ours: [ClientOrderID] = []
    for order in orders {
      if let id = order.id, try purpose(of: id) != nil { ours.append(id) }
    }
    try remembering("the resting orders") {
      try memory.keepResting(access.account, ours.sorted())
    }
    course.withLock { $0.hasActed = false }
    return orders
  }

  /// The full list; read again while an order is missing that this process was told rests, as it
  /// would be placed a second time.
  private func listed() async throws(ExchangeError) -> [VenueOrder] {
    let told = course.withLock { $0.toldResting }
    var looks = 1
    while true {
      let rows = try await asking("the open orders") { () async throws(InfoError) in
        try await info.frontendOpenOrders(access.queryAddress)
      }
      // Children are listed twice: by themselves and below their parent.
      var seen: Set<Int64> = []
      let orders = rows.filter { seen.insert($0.number).inserted }
      let isBehind = !told.isSubset(of: seen)
      guard isBehind, looks < Self.mostLooks, await info.budget.pause(Self.lookPause) else {
        course.withLock { $0.toldResting.subtract(told) }
        return orders
      }
      looks += 1
    }
  }

  private func resting(_ order: VenueOrder) throws(ExchangeError) -> RestingOrder {
    let purpose = try purpose(of: order.id)
    let id = purpose == nil ? nil : order.id
    if let id { course.withLock { $0.coins[id] = order.coin } }
    let kind: OrderKind =
      if let trigger = order.trigger, order.isTrigger {
        .trigger(at: trigger, limit: order.limit)
      } else {
        .limit(order.limit, .goodTilCancelled)
      }
    return RestingOrder(
      orderID: order.number, clientOrderID: id, coin: order.coin, side: order.side,
      size: order.size, kind: kind, reduceOnly: order.reduceOnly, purpose: purpose)
  }
}
