import Synchronization
package import Trading

/// Finding out what became of an order.
extension HyperliquidExchange {
  /// How far before an order's own time its fills are looked for.
  private static let margin = Span.minute
  /// How far back fills are looked for when the venue does not know the order.
  private static let hindsight = Span.day

  /// What became of an order, by its status and its fills.
  ///
  /// A status that says filled while no fill can be seen yet is `unknown`.
  package func lookUp(
    _ order: ClientOrderID, of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) -> OrderLookup {
    try own(account)
    let found = try await asking("an order") { () async throws(InfoError) in
      try await info.orderStatus(access.queryAddress, order)
    }
    guard let found else { return try await lookUpFills(of: order) }
    course.withLock { $0.coins[order] = found.order.coin }
    if found.isOpen {
      // It may have come to rest after the orders were last read.
      try doubtResting()
      return .found(.resting(orderID: found.order.number))
    }
    if found.isRejected { return .found(.rejected(found.status)) }
    let rows = try await fills(since: found.order.at - Self.margin)
    let executions = try fills(of: rows.filter { $0.orderNumber == found.order.number })
    let shown = executions.reduce(Quantity.zero) { $0 + $1.size }
    let order = found.order
    let done = found.isFilled ? order.originalSize : order.originalSize.less(order.size)
    // Orders that only reduce shrink with their position, so in the end what is shown counts.
    let isLate = clock.now - found.at > Self.margin
    guard shown >= done || isLate && (shown > .zero || !found.isFilled) else {
      return .found(
        .unknown("the venue says that \(done) filled, and shows fills of \(shown) yet"))
    }
    return .found(Self.filled(by: executions) ?? .rejected(found.status))
  }

  /// The order is not known; a fill that carries its id is proof enough that it was there.
  private func lookUpFills(of order: ClientOrderID) async throws(ExchangeError) -> OrderLookup {
    let rows = try await fills(since: clock.now - Self.hindsight)
    let executions = try fills(of: rows.filter { $0.id == order })
    return Self.filled(by: executions).map { .found($0) } ?? .absent
  }

  private func fills(since: Timestamp) async throws(ExchangeError) -> [VenueFill] {
    try await asking("the fills of an order") { () async throws(InfoError) in
      try await info.fillsByTime(access.queryAddress, from: since, to: nil)
    }
  }

  /// The sum of executions; `nil` when there are none.
  private static func filled(by fills: [Fill]) -> OrderOutcome? {
    guard let last = fills.last else { return nil }
    let size = fills.reduce(Quantity.zero) { $0 + $1.size }
    let notional = fills.reduce(USD.zero) { $0 + $1.notional }
    guard size > .zero,
      let average = Price(
        mantissa: ExactMath.ratio(notional.mantissa, size.mantissa, .halfEven))
    else { return nil }
    return .filled(
      size: size, averagePrice: average, fee: fills.reduce(USD.zero) { $0 + $1.fee },
      orderID: last.orderID)
  }
}
