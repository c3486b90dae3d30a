import Trading

/// Why an action is refused as a whole.
struct ActionRefusal: Error {
  let text: String
}

extension VenueState {
  /// Executes an action; the `response` of the answer.
  mutating func perform(
    _ action: JSONValue, type: String, for account: VenueAddress, fault: VenueFault?,
    at now: Timestamp
  ) -> Result<JSONValue, ActionRefusal> {
    let done = Result<JSONValue, ActionRefusal>.success(members(["type": .text("default")]))
    switch type {
    case "order":
      if case .book(let depth)? = fault { requestDepth = depth }
      defer { requestDepth = nil }
      return .success(order(action, for: account, fault: fault, at: now))
    case "cancel", "cancelByCloid":
      return .success(cancel(action["cancels"]?.elements ?? [], for: account, at: now))
    case "batchModify":
      let modifies = action["modifies"]?.elements ?? []
      let statuses = modifies.map { modify($0, for: account, at: now) }
      return .success(Self.statuses("order", statuses))
    case "modify":
      let status = modify(action, for: account, at: now)
      if let text = status["error"]?.text { return .failure(ActionRefusal(text: text)) }
      return done
    case "updateLeverage":
      return updateLeverage(action, for: account, at: now).map { .failure($0) } ?? done
    case "updateIsolatedMargin":
      return updateMargin(action, for: account, at: now).map { .failure($0) } ?? done
    case "scheduleCancel":
      return schedule(action["time"]?.whole, for: account, at: now).map { .failure($0) } ?? done
    default: return done
    }
  }

  static func statuses(_ type: String, _ statuses: [JSONValue]) -> JSONValue {
    members(["type": .text(type), "data": members(["statuses": .array(statuses)])])
  }

  // MARK: Cancel and modify

  private mutating func cancel(
    _ cancels: [JSONValue], for account: VenueAddress, at now: Timestamp
  ) -> JSONValue {
    let statuses = cancels.map { cancel -> JSONValue in
      let asset = cancel["a"]?.whole ?? cancel["asset"]?.whole ?? -1
      let wanted = cancel["o"] ?? cancel["cloid"] ?? .null
      guard let index = openOrder(wanted, of: account),
        orders[index].coin == coin(at: asset)?.coin
      else {
        return Self.error("Order was never placed, already canceled, or filled. asset=\(asset)")
      }
      end(index, at: now)
      return .text("success")
    }
    return Self.statuses("cancel", statuses)
  }

  /// Cancels an order and what waits for it.
  mutating func end(_ index: Int, at now: Timestamp) {
    become(.canceled, index, at: now)
    if case .limit = orders[index].kind { abandonChildren(of: orders[index].group, at: now) }
  }

  /// The open order of a number or client's name.
  private func openOrder(_ wanted: JSONValue, of account: VenueAddress) -> Int? {
    if let cloid = wanted.text {
      return open.last { orders[$0].account == account && orders[$0].cloid == cloid }
    }
    guard let number = wanted.whole, let index = index(ofOrder: Int64(number)),
      orders[index].account == account, orders[index].isOpen
    else { return nil }
    return index
  }

  private mutating func modify(
    _ modify: JSONValue, for account: VenueAddress, at now: Timestamp
  ) -> JSONValue {
    guard let old = openOrder(modify["oid"] ?? .null, of: account),
      let request = OrderRequest(modify["order"] ?? .null)
    else { return Self.error("Cannot modify canceled or filled order") }
    switch draft(request, for: account, at: now) {
    case .failure(let refusal): return Self.error(refusal.text)
    case .success(let draft):
      end(old, at: now)
      // In two steps: the numbers of the answer are those after the placing.
      let placed = place(draft, at: now)
      return status(of: placed, fault: nil)
    }
  }

  // MARK: Leverage and margin

  private mutating func updateLeverage(
    _ action: JSONValue, for account: VenueAddress, at now: Timestamp
  ) -> ActionRefusal? {
    guard let asset = action["asset"]?.whole, let listed = coin(at: asset),
      let leverage = action["leverage"]?.whole, let isCross = action["isCross"]?.flag,
      var books = accounts[account], !listed.instrument.isDelisted,
      (1...listed.instrument.maxLeverage).contains(leverage)
    else { return ActionRefusal(text: "Invalid leverage value") }
    let old = books.leverage(of: listed.instrument)
    let position = books.positions[listed.coin] ?? VenuePosition()
    let isHeld = position.size.mantissa != 0
    if isHeld, old.isCross != isCross {
      return ActionRefusal(text: "Cannot switch leverage type with open position.")
    }
    books.leverages[listed.coin] = VenueLeverage(value: leverage, isCross: isCross)
    if isHeld, leverage < old.value {
      let value = books.value(marks(at: now), instruments)
      if isCross, value.crossEquity < value.crossMargin {
        return ActionRefusal(
          text: "Cross position does not have sufficient margin available to decrease leverage. "
            + "To decrease leverage, deposit more collateral.")
      }
      let worth = position.value(at: mark(listed, at: now))
      if let own = position.isolatedRaw,
        own + worth
          < listed.instrument.initialMargin(notional: worth.magnitude, leverage: leverage)
      {
        return ActionRefusal(
          text: "Isolated position does not have sufficient margin available to decrease "
            + "leverage. To decrease leverage, add margin to the position.")
      }
    }
    accounts[account] = books
    return nil
  }

  private mutating func updateMargin(
    _ action: JSONValue, for account: VenueAddress, at now: Timestamp
  ) -> ActionRefusal? {
    guard let asset = action["asset"]?.whole, let listed = coin(at: asset),
      let millionths = action["ntli"]?.whole, var books = accounts[account],
      var position = books.positions[listed.coin], let own = position.isolatedRaw
    else { return ActionRefusal(text: "No isolated position to change the margin of.") }
    let amount = USD(mantissa: Int64(millionths) * 100)
    position.isolatedRaw = own + amount
    books.rawUSD -= amount
    books.positions[listed.coin] = position
    let value = books.value(marks(at: now), instruments)
    let worth = position.value(at: mark(listed, at: now))
    let leverage = books.leverage(of: listed.instrument).value
    let needed = listed.instrument.initialMargin(notional: worth.magnitude, leverage: leverage)
    guard value.crossEquity >= value.crossMargin, own + amount + worth >= needed else {
      return ActionRefusal(text: "Insufficient margin to change the position's margin.")
    }
    accounts[account] = books
    return nil
  }

  private mutating func schedule(
    _ time: Int?, for account: VenueAddress, at now: Timestamp
  ) -> ActionRefusal? {
    let volume = accounts[account]?.volume ?? .zero
    guard volume >= USD(whole: 1_000_000) else {
      return ActionRefusal(
        text: "Cannot set scheduled cancel time until enough volume traded. "
          + "Required: $1000000. Traded: $\(micro(volume)).")
    }
    if let time, Int64(time) < now.ms + 5000 {
      return ActionRefusal(
        text: "Scheduled cancel time too early, must be at least 5 seconds from now.")
    }
    scheduled[account] = time.map { Timestamp(ms: Int64($0)) }
    return nil
  }

  static func error(_ text: String) -> JSONValue { members(["error": .text(text)]) }
}
