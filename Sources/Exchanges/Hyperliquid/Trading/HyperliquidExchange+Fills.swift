import Trading

/// The venue's executions as ours.
extension HyperliquidExchange {
  /// Executions of perpetuals in the order they happened, each once.
  ///
  /// - Throws: ``ExchangeError/unreadable(exchange:operation:cause:)`` for a fee in anything but
  ///   dollars, which the books could not follow.
  func fills(of rows: [VenueFill]) throws(ExchangeError) -> [Fill] {
    var fills: [Fill] = []
    var seen: Set<Int64> = []
    for row in FillChain.sorted(rows) {
      guard let coin = row.coin else { continue }
      let fill = try fill(of: row, coin)
      if seen.insert(fill.id).inserted { fills.append(fill) }
    }
    return fills
  }

  private func fill(of row: VenueFill, _ coin: Coin) throws(ExchangeError) -> Fill {
    guard row.feeToken.isEmpty || row.feeToken == "USDC" else {
      throw .unreadable(
        exchange: name, operation: "the fills",
        cause: "expected the fee of trade \(row.tradeID) (\(coin)) in USDC, was in "
          + "\(row.feeToken). Choose USDC for fees in the venue's settings")
    }
    let purpose = try purpose(of: row.id)
    return Fill(
      id: VenueFillNumber.of(
        at: row.at, coin: coin, trade: row.tradeID, order: row.orderNumber, side: row.side),
      account: access.account, coin: coin, side: row.side, price: row.price, size: row.size,
      fee: row.fee, isTaker: row.isTaker, at: row.at, orderID: row.orderNumber,
      clientOrderID: purpose == nil ? nil : row.id, cause: cause(of: row, for: purpose))
  }

  private func cause(of row: VenueFill, for purpose: OrderPurpose?) -> FillCause {
    if row.liquidatedUser == access.queryAddress { return .liquidation }
    if row.direction.contains("Auto-Deleveraging") || row.direction.contains("ADL") {
      return .deleveraging
    }
    switch purpose {
    case .stop: return .stop
    case .target: return .target
    case .open, .close, .flatten, nil: return row.isTaker ? .order : .limit
    }
  }

  /// What an order is for; `nil` = it is not ours.
  func purpose(of id: ClientOrderID?) throws(ExchangeError) -> OrderPurpose? {
    guard let id else { return nil }
    return try remembering("the orders") { try memory.purpose(id) }
  }
}
