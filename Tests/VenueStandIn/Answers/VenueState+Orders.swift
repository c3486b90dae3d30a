import Trading

/// An order as it was sent; its schema is checked already.
struct OrderRequest {
  let asset: Int
  let side: OrderSide
  let price: String
  let size: String
  let isReduceOnly: Bool
  let tif: String?
  let trigger: (isMarket: Bool, at: String, isStop: Bool)?
  let cloid: String?

  init?(_ value: JSONValue) {
    guard let asset = value["a"]?.whole, let isBuy = value["b"]?.flag,
      let price = value["p"]?.text, let size = value["s"]?.text,
      let isReduceOnly = value["r"]?.flag, let type = value["t"]
    else { return nil }
    self.asset = asset
    side = isBuy ? .buy : .sell
    self.price = price
    self.size = size
    self.isReduceOnly = isReduceOnly
    tif = type["limit"]?["tif"]?.text
    if let trigger = type["trigger"], let isMarket = trigger["isMarket"]?.flag,
      let at = trigger["triggerPx"]?.text, let kind = trigger["tpsl"]?.text
    {
      self.trigger = (isMarket, at, kind == "sl")
    } else {
      trigger = nil
    }
    cloid = value["c"]?.text
  }
}

extension VenueState {
  /// Executes an order action; its `response`.
  mutating func order(
    _ action: JSONValue, for account: VenueAddress, fault: VenueFault?, at now: Timestamp
  ) -> JSONValue {
    let requests = (action["orders"]?.elements ?? []).compactMap { OrderRequest($0) }
    let grouping = VenueOrder.Grouping(rawValue: action["grouping"]?.text ?? "na") ?? .na
    guard !requests.isEmpty else {
      return Self.statuses("order", [Self.error("Batch of orders is empty.")])
    }
    var drafts: [OrderDraft] = []
    for (index, request) in requests.enumerated() {
      let isChild = grouping == .positionTpsl || (grouping == .normalTpsl && index > 0)
      if isChild, !request.isReduceOnly || request.trigger == nil {
        let text = "TP/SL orders must be reduce only. asset=\(request.asset)"
        return Self.statuses("order", [Self.error(text)])
      }
      switch draft(request, for: account, at: now) {
      case .success(let draft): drafts.append(draft)
      // A pure function of the payload: one error for all.
      case .failure(let refusal): return Self.statuses("order", [Self.error(refusal.text)])
      }
    }
    groups += 1
    var statuses: [JSONValue] = []
    var parent: Placed?
    for (index, draft) in drafts.enumerated() {
      var draft = draft
      draft.grouping = grouping
      draft.group = grouping == .na ? 0 : groups
      draft.isWaiting = grouping == .normalTpsl && index > 0
      if draft.isWaiting, case .error? = parent {
        statuses.append(Self.error("Parent order was rejected. asset=\(draft.asset)"))
        continue
      }
      let placed = place(draft, at: now)
      if grouping == .normalTpsl, index == 0 { parent = placed }
      statuses.append(status(of: placed, fault: fault))
    }
    if let parent { settleGroup(parent, at: now) }
    return Self.statuses("order", statuses)
  }

  /// Wakes or ends the children of an entry that came with them.
  private mutating func settleGroup(_ parent: Placed, at now: Timestamp) {
    guard case .filled(let index) = parent else { return }
    finish(index, at: now)
    if orders[index].remaining > .zero { abandonChildren(of: orders[index].group, at: now) }
  }

  /// The status of a placed order in the answer.
  func status(of placed: Placed, fault: VenueFault?) -> JSONValue {
    switch placed {
    case .error(let text): return Self.error(text)
    case .waiting(let word): return .text(word)
    case .resting(let index):
      if fault == .bareStrings, orders[index].isTrigger { return .text("waitingForTrigger") }
      return members(["resting": numbered(orders[index], [])])
    case .filled(let index):
      let order = orders[index]
      let average = ExactMath.ratio(
        order.filledValue.mantissa, order.filled.mantissa, .halfEven)
      let price = Price(mantissa: average) ?? order.limit
      return members([
        "filled": numbered(
          order, [JSONMember("totalSz", wire(order.filled)), JSONMember("avgPx", wire(price))])
      ])
    }
  }

  private func numbered(_ order: VenueOrder, _ first: [JSONMember]) -> JSONValue {
    let name = order.cloid.map { [JSONMember("cloid", .text($0))] } ?? []
    return .object(first + [JSONMember("oid", whole(order.number))] + name)
  }

  /// Checks what depends on the payload alone.
  mutating func draft(
    _ request: OrderRequest, for account: VenueAddress, at now: Timestamp
  ) -> Result<OrderDraft, ActionRefusal> {
    func refused(_ text: String) -> Result<OrderDraft, ActionRefusal> {
      .failure(ActionRefusal(text: "\(text) asset=\(request.asset)"))
    }
    guard let listed = coin(at: request.asset) else { return refused("Order has invalid asset.") }
    let instrument = listed.instrument
    guard let limit = Price(request.price) else { return refused("Order has invalid price.") }
    guard let size = Quantity(request.size) else { return refused("Order has invalid size.") }
    guard size > .zero else { return refused("Order has zero size.") }
    guard instrument.accepts(size) else { return refused("Order has invalid size.") }
    guard instrument.accepts(limit) else {
      return refused("Price must be divisible by tick size.")
    }
    var kind = VenueOrder.Kind.limit(tif: request.tif ?? "Gtc")
    var reference = mark(listed, at: now)
    var farthest: Int64 = 80
    if let trigger = request.trigger {
      guard let level = Price(trigger.at), instrument.accepts(level) else {
        return refused("Invalid TP/SL price.")
      }
      kind = .trigger(isMarket: trigger.isMarket, at: level, isStop: trigger.isStop)
      reference = level
      farthest = 95
    }
    let distance = Int128(abs(limit.mantissa - reference.mantissa)) * 100
    guard distance <= Int128(reference.mantissa) * Int128(farthest) else {
      return refused("Order price cannot be more than \(farthest)% away from the reference price")
    }
    return .success(
      OrderDraft(
        account: account, coin: listed, asset: request.asset, side: request.side, limit: limit,
        size: size, isReduceOnly: request.isReduceOnly, kind: kind, cloid: request.cloid))
  }
}
