import Trading

extension VenueState {
  /// The books of an account as `clearinghouseState` shows them.
  mutating func clearinghouse(_ account: VenueAccount) -> JSONValue {
    let marks = marks(at: processed)
    var value = account.value(marks, instruments)
    let positions = account.held.compactMap { row in
      position(row.coin, row.position, account, value, marks)
    }
    if account.abstraction == "unifiedAccount" {
      // The money is in the spot balance; here is only what backs the positions.
      let hidden = value.equity - value.margin
      value.equity -= hidden
      value.crossEquity -= hidden
      value.rawUSD -= hidden
    }
    let tenth = value.notional.divided(by: 10)
    let free = value.crossEquity - max(value.crossMargin + held(by: account), tenth)
    let crossRaw = account.held.reduce(value.rawUSD) { $0 - ($1.position.isolatedRaw ?? .zero) }
    return members([
      "marginSummary": summary(
        value.equity, value.notional, value.rawUSD, value.margin),
      "crossMarginSummary": summary(
        value.crossEquity, value.crossNotional, crossRaw, value.crossMargin),
      "crossMaintenanceMarginUsed": wire(micro(value.crossMaintenance)),
      "withdrawable": wire(micro(max(.zero, free))),
      "assetPositions": .array(positions),
      "time": whole(clock.now.ms),
    ])
  }

  private func summary(_ equity: USD, _ notional: USD, _ raw: USD, _ margin: USD) -> JSONValue {
    members([
      "accountValue": wire(micro(equity)), "totalNtlPos": wire(micro(notional)),
      "totalRawUsd": wire(micro(raw)), "totalMarginUsed": wire(micro(margin)),
    ])
  }

  private func position(
    _ coin: Coin, _ position: VenuePosition, _ account: VenueAccount, _ sum: AccountValue,
    _ marks: [Coin: Price]
  ) -> JSONValue? {
    guard let mark = marks[coin], let instrument = instruments[coin], let entry = position.entry
    else { return nil }
    let leverage = account.leverage(of: instrument)
    let value = position.value(at: mark)
    let notional = value.magnitude
    let own = position.isolatedRaw
    let pnl = value - position.cost
    let margin =
      own.map { $0 + value }
      ?? instrument.initialMargin(notional: notional, leverage: leverage.value)
    let available =
      own.map { $0 + value - instrument.maintenanceMargin(notional: notional) }
      ?? (sum.crossEquity - sum.crossMaintenance)
    let liquidation = instrument.liquidationPrice(
      size: position.size, mark: mark, available: available)
    var level = [
      JSONMember("type", .text(leverage.isCross ? "cross" : "isolated")),
      JSONMember("value", .number(leverage.value)),
    ]
    if let own { level.append(JSONMember("rawUsd", wire(micro(own)))) }
    let base = position.cost.magnitude.divided(by: leverage.value)
    let earned =
      base == .zero ? 0 : ExactMath.ratio(pnl.mantissa, base.mantissa, .halfEven)
    return members([
      "type": .text("oneWay"),
      "position": members([
        "coin": .text(coin.name), "szi": wire(position.size), "leverage": .object(level),
        "entryPx": wire(instrument.shown(entry)), "positionValue": wire(micro(notional)),
        "unrealizedPnl": wire(micro(pnl)), "returnOnEquity": wire(USD(mantissa: earned)),
        "liquidationPx": liquidation.map { wire($0) } ?? .null,
        "marginUsed": wire(micro(margin)), "maxLeverage": .number(instrument.maxLeverage),
        "cumFunding": members([
          "allTime": wire(position.paidEver), "sinceOpen": wire(position.paidSinceOpen),
          "sinceChange": wire(position.paidSinceChange),
        ]),
      ]),
    ])
  }
}

extension Instrument {
  /// An average price as the venue shows it: on the instrument's decimals.
  fileprivate func shown(_ price: Price) -> Price {
    let step = ExactMath.powerOfTen(exactDecimalDigits - priceDecimals)
    return Price(mantissa: ExactMath.quantize(price.mantissa, to: step, .halfEven)) ?? price
  }
}
