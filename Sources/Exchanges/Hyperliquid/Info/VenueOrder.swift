package import Trading

/// An order as the venue shows it.
package struct VenueOrder: Sendable, Hashable {
  /// The venue's number.
  package let number: Int64
  /// The id given by whoever sent it; `nil` = none, or not of the form of ours.
  package let id: ClientOrderID?
  /// The coin.
  package let coin: Coin
  /// Buy or sell.
  package let side: OrderSide
  /// Coins still to fill; may be zero.
  package let size: Quantity
  /// Coins it began with.
  package let originalSize: Quantity
  /// Its limit.
  package let limit: Price
  /// Where it triggers; `nil` = it does not.
  package let trigger: Price?
  /// Whether it waits for ``trigger``.
  package let isTrigger: Bool
  /// The venue's words: `Limit`, `Stop Market`, `Take Profit Market`.
  package let orderType: String
  /// Whether it may only shrink a position.
  package let reduceOnly: Bool
  /// When it was made.
  package let at: Timestamp

  /// The order as one that rests.
  package func resting(purpose: OrderPurpose?) -> RestingOrder {
    let kind: OrderKind =
      if isTrigger, let trigger { .trigger(at: trigger, limit: limit) } else {
        .limit(limit, .goodTilCancelled)
      }
    return RestingOrder(
      orderID: number, clientOrderID: id, coin: coin, side: side, size: size, kind: kind,
      reduceOnly: reduceOnly, purpose: purpose)
  }
}

extension VenueOrder {
  /// The order; `nil` when it is in something we cannot trade.
  static func read(_ row: Payload) throws(PayloadProblem) -> VenueOrder? {
    guard let coin = try row.coin() else { return nil }
    let isTrigger = try row.flag("isTrigger")
    let trigger = try row.optionalPrice("triggerPx")
    if isTrigger, trigger == nil {
      throw row.expected("triggerPx", "a price above zero", row.value["triggerPx"])
    }
    let size = try row.size("sz")
    return VenueOrder(
      number: try row.whole("oid"), id: row.clientOrderID, coin: coin, side: try row.side("side"),
      size: size, originalSize: try row.ifPresent("origSz", row.size) ?? size,
      limit: try row.price("limitPx"), trigger: trigger, isTrigger: isTrigger,
      orderType: try row.ifPresent("orderType", row.text) ?? "Limit",
      reduceOnly: try row.flag("reduceOnly"), at: try row.time("timestamp"))
  }

  /// Open orders, each once, sorted by number.
  ///
  /// Children of a resting order appear beside it and inside it.
  static func rows(_ payload: Payload) throws(PayloadProblem) -> [VenueOrder] {
    var orders: [Int64: VenueOrder] = [:]
    try collect(payload, into: &orders)
    return orders.values.sorted { $0.number < $1.number }
  }

  private static func collect(
    _ rows: Payload, into orders: inout [Int64: VenueOrder]
  ) throws(PayloadProblem) {
    var nested: [JSONValue] = []
    let found = try rows.each { row throws(PayloadProblem) in
      if let children = row.member("children"), children != .array([]) { nested.append(children) }
      return try read(row)
    }
    for order in found.compactMap({ $0 }) where orders[order.number] == nil {
      orders[order.number] = order
    }
    for children in nested {
      do throws(PayloadProblem) { try collect(Payload(children), into: &orders) } catch {
        throw error.inside("children")
      }
    }
  }
}
