package import Trading

/// An account's perpetuals as the venue shows them (`clearinghouseState`).
package struct VenueAccount: Sendable, Equatable {
  /// When; where the venue tells none, when the answer was read.
  package let at: Timestamp
  /// Equity: ``rawUSD`` and what the positions are worth at the mark, USD.
  package let equity: USD
  /// Equity less Σ signed size · mark, USD: not cash, negative for a long.
  package let rawUSD: USD
  /// Margin that positions take, USD.
  package let marginUsed: USD
  /// Maintenance margin of positions that share the account's margin, USD.
  package let maintenanceMargin: USD
  /// The part of ``equity`` that shared positions can use, USD.
  package let crossEquity: USD
  /// The part of ``marginUsed`` that shared positions take, USD.
  package let crossMarginUsed: USD
  /// What the venue would pay out, USD; not the free margin.
  package let withdrawable: USD
  /// Open positions with the mark they were valued at, sorted by coin.
  package let positions: [VenuePosition]
  /// Coins whose position has margin of its own.
  package let isolated: Set<Coin>
}

extension VenueAccount {
  init(_ payload: Payload, readAt: Timestamp) throws(PayloadProblem) {
    let cross = try payload.ifPresent("crossMarginSummary") { name throws(PayloadProblem) in
      try payload.inside(name) { row throws(PayloadProblem) in try Summary(row) }
    }
    let whole = try payload.ifPresent("marginSummary") { name throws(PayloadProblem) in
      try payload.inside(name) { row throws(PayloadProblem) in try Summary(row) }
    }
    guard let summary = whole ?? cross else {
      throw payload.expected("marginSummary", "an object", payload.value["marginSummary"])
    }
    let rows = try payload.inside("assetPositions") { rows throws(PayloadProblem) in
      try rows.each { row throws(PayloadProblem) in
        try row.inside("position") { position throws(PayloadProblem) in
          try VenueAccount.position(position)
        }
      }
    }
    let held = rows.compactMap { $0 }.sorted { $0.position.coin < $1.position.coin }
    self.init(
      at: try payload.ifPresent("time", payload.time) ?? readAt, equity: summary.equity,
      rawUSD: summary.rawUSD, marginUsed: summary.marginUsed,
      maintenanceMargin: try payload.ifPresent("crossMaintenanceMarginUsed", payload.money)
        ?? .zero,
      crossEquity: (cross ?? summary).equity, crossMarginUsed: (cross ?? summary).marginUsed,
      withdrawable: try payload.money("withdrawable"), positions: held.map(\.position),
      isolated: Set(held.filter(\.isIsolated).map(\.position.coin)))
  }

  private struct Summary {
    let equity: USD
    let rawUSD: USD
    let marginUsed: USD

    init(_ row: Payload) throws(PayloadProblem) {
      equity = try row.money("accountValue")
      rawUSD = try row.money("totalRawUsd")
      marginUsed = try row.money("totalMarginUsed")
    }
  }

  /// A position; `nil` when flat or in something we cannot trade.
  private static func position(
    _ row: Payload
  ) throws(PayloadProblem) -> (position: VenuePosition, isIsolated: Bool)? {
    guard let coin = try row.coin() else { return nil }
    let size = try row.signedSize("szi")
    guard size != .zero else { return nil }
    let leverage = try row.inside("leverage") { inner throws(PayloadProblem) in
      try Leverage(inner)
    }
    let position = VenuePosition(
      coin: coin, size: size, entryPrice: try row.price("entryPx"), leverage: leverage.value,
      marginUsed: try row.money("marginUsed"), unrealised: try row.money("unrealizedPnl"),
      liquidationPrice: try row.optionalPrice("liquidationPx"), mark: try mark(row, size))
    return (position, leverage.isIsolated)
  }

  /// positionValue / |szi|, half to even.
  private static func mark(_ row: Payload, _ size: SignedQuantity) throws(PayloadProblem) -> Price {
    let value = try row.money("positionValue")
    let quotient = ExactMath.divide(
      Int128(value.mantissa) * Int128(exactDecimalScale), by: Int128(size.magnitude.mantissa),
      .halfEven)
    guard let mantissa = Int64(exactly: quotient), let mark = Price(mantissa: mantissa) else {
      throw row.expected("positionValue", "the worth of \(size) coins", row.value["positionValue"])
    }
    return mark
  }
}
