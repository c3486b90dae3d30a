import Trading

extension VenueState {
  /// A fill as JSON.
  func fill(_ fill: VenueFill) -> JSONValue {
    var rows: [JSONMember] = [
      JSONMember("coin", .text(fill.coin.name)), JSONMember("px", wire(fill.price)),
      JSONMember("sz", wire(fill.size)), JSONMember("side", side(fill.side)),
      JSONMember("time", whole(fill.at.ms)),
      JSONMember("startPosition", wire(fill.startPosition)),
      JSONMember("dir", .text(fill.direction)), JSONMember("closedPnl", wire(fill.closedPnl)),
      JSONMember("hash", hash(fill.tradeID, 3)), JSONMember("oid", whole(fill.orderNumber)),
      JSONMember("crossed", .flag(fill.isTaker)), JSONMember("fee", wire(fill.fee)),
      JSONMember("tid", whole(fill.tradeID)),
    ]
    if let cloid = fill.cloid { rows.append(JSONMember("cloid", .text(cloid))) }
    switch fill.force {
    case .liquidation(let mark):
      rows.append(liquidation(fill.account, mark: mark, method: "market"))
    case .backstop(let mark):
      rows.append(liquidation(fill.account, mark: mark, method: "backstop"))
    case .deleveraging, nil: break
    }
    rows.append(JSONMember("feeToken", .text("USDC")))
    rows.append(JSONMember("twapId", .null))
    return .object(rows)
  }

  private func liquidation(_ user: VenueAddress, mark: Price, method: String) -> JSONMember {
    JSONMember(
      "liquidation",
      members([
        "liquidatedUser": .text(user.description), "markPx": wire(mark),
        "method": .text(method),
      ]))
  }

  /// An order as `openOrders` shows it: triggers look like limit orders.
  func plain(_ order: VenueOrder) -> JSONValue {
    var rows = [
      JSONMember("coin", .text(order.coin.name)), JSONMember("side", side(order.side)),
      JSONMember("limitPx", wire(order.limit)), JSONMember("sz", wire(order.remaining)),
      JSONMember("oid", whole(order.number)),
      JSONMember("timestamp", whole(order.placedAt.ms)),
      JSONMember("origSz", wire(order.originalSize)),
    ]
    if let cloid = order.cloid { rows.append(JSONMember("cloid", .text(cloid))) }
    if order.isReduceOnly { rows.append(JSONMember("reduceOnly", .flag(true))) }
    return .object(rows)
  }

  /// An order as `frontendOpenOrders` shows it, its waiting children nested in it.
  func frontend(_ order: VenueOrder, isNested: Bool = false) -> JSONValue {
    var type = "Limit"
    var tif: JSONValue = .null
    var trigger: JSONValue = .text("0.0")
    var condition = "N/A"
    var isTrigger = false
    switch order.kind {
    case .limit(let word): tif = .text(word)
    case .trigger(let isMarket, let at, let isStop):
      type = "\(isStop ? "Stop" : "Take Profit") \(isMarket ? "Market" : "Limit")"
      trigger = wire(at)
      isTrigger = true
      let falls = (order.side == .sell) == isStop
      condition = "Price \(falls ? "below" : "above") \(at)"
    }
    var children: [JSONValue] = []
    if order.group != 0, !isNested, case .limit = order.kind {
      children = open.map { orders[$0] }
        .filter { $0.group == order.group && $0.isWaiting }
        .map { frontend($0, isNested: true) }
    }
    return members([
      "coin": .text(order.coin.name), "side": side(order.side), "limitPx": wire(order.limit),
      "sz": wire(order.remaining), "oid": whole(order.number),
      "timestamp": whole(order.placedAt.ms), "triggerCondition": .text(condition),
      "isTrigger": .flag(isTrigger), "triggerPx": trigger, "children": .array(children),
      "isPositionTpsl": .flag(order.grouping == .positionTpsl),
      "reduceOnly": .flag(order.isReduceOnly), "orderType": .text(type),
      "origSz": wire(order.originalSize), "tif": tif,
      "cloid": order.cloid.map { .text($0) } ?? .null,
    ])
  }

  /// The newest order of a client's name that can be found, after a modify the old one.
  func orderStatus(_ wanted: JSONValue, of user: VenueAddress) -> JSONValue {
    var found: VenueOrder?
    if let cloid = wanted.text {
      found = orders.last { $0.account == user && $0.cloid == cloid }
    } else if let number = wanted.whole, let index = index(ofOrder: Int64(number)),
      orders[index].account == user
    {
      found = orders[index]
    }
    guard let order = found else { return members(["status": .text("unknownOid")]) }
    return members([
      "status": .text("order"),
      "order": members([
        "order": frontend(order), "status": .text(order.status.rawValue),
        "statusTimestamp": whole(order.statusAt.ms),
      ]),
    ])
  }

  /// The last 2000 statuses of an account's orders, newest first.
  func historical(_ user: VenueAddress) -> JSONValue {
    let rows = orders.filter { $0.account == user }.flatMap { order in
      order.history.enumerated().map { (order: order, step: $0.element, place: $0.offset) }
    }
    let newest = rows.sorted {
      ($0.step.at, $0.order.number, $0.place) > ($1.step.at, $1.order.number, $1.place)
    }
    return .array(
      newest.prefix(2000).map { row in
        members([
          "order": frontend(row.order), "status": .text(row.step.status.rawValue),
          "statusTimestamp": whole(row.step.at.ms),
        ])
      })
  }

  private func side(_ side: OrderSide) -> JSONValue { .text(side == .buy ? "B" : "A") }
}
