import Synchronization
package import Trading

/// Taking back resting orders.
extension HyperliquidExchange {
  /// Cancels the venue accepts in one action (fact sheet §4).
  static let mostCancels = 200

  /// Takes back orders by our ids; what no longer rests, or never did, is left as it is.
  package func cancel(
    _ orders: [ClientOrderID], of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) {
    try own(account)
    guard !orders.isEmpty else { return }
    guard !access.isDry else { throw refused(Self.operation, "dry run: not sent") }
    let cancels = try await cancels(of: orders)
    guard !cancels.isEmpty else { return }
    try doubtResting()
    for start in stride(from: 0, to: cancels.count, by: Self.mostCancels) {
      try await send(Array(cancels[start..<min(start + Self.mostCancels, cancels.count)]))
    }
  }

  private static let operation = "taking back orders"

  /// Each order with the number of its asset; those the venue does not know are left out.
  private func cancels(of orders: [ClientOrderID]) async throws(ExchangeError) -> [CancelByID] {
    let universe = try await learnedUniverse()
    var cancels: [CancelByID] = []
    var seen: Set<ClientOrderID> = []
    for id in orders where seen.insert(id).inserted {
      guard let coin = try await coin(of: id) else { continue }
      guard let asset = universe[coin] else {
        throw refused(Self.operation, "the venue has no coin \(coin) (order \(id))")
      }
      cancels.append(CancelByID(asset: asset.index, id: id))
    }
    return cancels
  }

  /// The coin of an order of ours; `nil` = the venue does not know the order.
  private func coin(of id: ClientOrderID) async throws(ExchangeError) -> Coin? {
    if let known = course.withLock({ $0.coins[id] }) { return known }
    let status = try await asking(Self.operation) { () async throws(InfoError) in
      try await info.orderStatus(access.queryAddress, id)
    }
    return status?.order.coin
  }

  private func send(_ cancels: [CancelByID]) async throws(ExchangeError) {
    switch try await perform(.cancelByCloid(cancels), Self.operation) {
    case .statuses(let words):
      guard words.count == cancels.count || words.count == 1 else {
        throw .unreadable(
          exchange: name, operation: Self.operation,
          cause: "expected \(cancels.count) statuses, was \(words.count)")
      }
      try judge(words, for: cancels.count)
    case .done: return
    case .refused(let reason):
      if VenueRefusal(reason).doubtsStanding { doubtStanding() }
      throw refused(Self.operation, reason)
    case .duplicateNonce:
      throw .unreachable(
        exchange: name, operation: Self.operation, cause: "its number was used before")
    case .notSent(let reason), .unknown(let reason):
      throw .unreachable(exchange: name, operation: Self.operation, cause: reason)
    }
  }

  /// One word for each cancel, or one error for all of them.
  private func judge(_ words: [OrderStatusWord], for count: Int) throws(ExchangeError) {
    for word in words {
      switch word {
      case .success where words.count == count: continue
      case .error(let reason) where VenueRefusal(reason) == .noSuchOrder && words.count == count:
        continue
      case .error(let reason): throw refused(Self.operation, reason)
      case .success, .filled, .resting, .waiting:
        throw .unreadable(
          exchange: name, operation: Self.operation,
          cause: "expected \"success\" or an error for each of \(count), was \(words)")
      }
    }
  }
}
