import Market
import Trading

extension VenueState {
  /// Answers a question about the market; `nil` = HTTP 422.
  mutating func market(_ question: InfoQuestion) -> JSONValue? {
    switch question.type {
    case "meta": return meta()
    case "metaAndAssetCtxs":
      return .array([meta(), .array(coins.map { context($0) })])
    case "allMids":
      return .object(coins.map { JSONMember($0.coin.name, wire(mark($0, at: processed))) })
    case "l2Book": return book(question.body["coin"]?.text ?? "")
    case "candleSnapshot": return candles(question.body["req"] ?? .null)
    case "fundingHistory": return fundingHistory(question)
    default: return nil
    }
  }

  private func meta() -> JSONValue {
    let universe = coins.map { coin in
      let delisted = coin.instrument.isDelisted ? [JSONMember("isDelisted", .flag(true))] : []
      return JSONValue.object(
        [
          JSONMember("szDecimals", .number(coin.instrument.sizeDecimals)),
          JSONMember("name", .text(coin.coin.name)),
          JSONMember("maxLeverage", .number(coin.instrument.maxLeverage)),
          JSONMember("marginTableId", .number(coin.tableID)),
        ] + delisted)
    }
    var tables: [Int: JSONValue] = [:]
    for coin in coins where tables[coin.tableID] == nil {
      let tiers = coin.instrument.tiers.map {
        members([
          "lowerBound": wire($0.lowerBound), "maxLeverage": .number($0.maxLeverage),
        ])
      }
      let text = tiers.count > 1 ? "tiered \(coin.instrument.maxLeverage)x" : ""
      tables[coin.tableID] = members([
        "description": .text(text), "marginTiers": .array(tiers),
      ])
    }
    let rows = tables.sorted { $0.key < $1.key }.map { row in
      JSONValue.array([.number(row.key), row.value])
    }
    return members([
      "universe": .array(universe), "marginTables": .array(rows), "collateralToken": .number(0),
    ])
  }

  private mutating func context(_ coin: VenueCoin) -> JSONValue {
    let mark = mark(coin, at: processed)
    let before = path.price(coin, at: processed - .day)
    let isGone = coin.instrument.isDelisted
    let nextHour = processed.floored(to: .hour) + .hour
    let bid = levels(coin, for: .sell, at: processed).first.map { wire($0.price) }
    let ask = levels(coin, for: .buy, at: processed).first.map { wire($0.price) }
    let impact: JSONValue =
      if let bid, let ask, !isGone { .array([bid, ask]) } else { .null }
    // Open interest that moves a little from hour to hour.
    let hours = processed.ms / Span.hour.ms % 24
    let interest = coin.instrument.roundedDown(
      USD(whole: 50_000_000 + 100_000 * hours).buys(at: mark))
    return members([
      "funding": .text(
        isGone ? "0.0" : path.fundingRate(coin.coin, at: nextHour).description),
      "openInterest": wire(isGone ? .zero : interest), "prevDayPx": wire(before),
      "dayNtlVlm": .text(isGone ? "0.0" : "123456789.25"),
      "premium": isGone ? .null : .text("-0.00031774"), "oraclePx": wire(mark),
      "markPx": wire(mark), "midPx": isGone ? .null : wire(mark), "impactPxs": impact,
      "dayBaseVlm": wire(isGone ? .zero : interest),
    ])
  }

  private mutating func book(_ name: String) -> JSONValue? {
    guard let coin = Coin(name), let listed = listed(coin)?.coin else { return nil }
    let sides = [OrderSide.sell, .buy].map { side in
      JSONValue.array(
        levels(listed, for: side, at: processed).map {
          members(["px": wire($0.price), "sz": wire($0.size), "n": .number(3)])
        })
    }
    return members([
      "coin": .text(name), "time": whole(clock.now.ms), "levels": .array(sides),
    ])
  }

  private mutating func candles(_ request: JSONValue) -> JSONValue? {
    guard let coin = Coin(request["coin"]?.text ?? ""), let listed = listed(coin)?.coin,
      let timeframe = Timeframe(rawValue: request["interval"]?.text ?? ""),
      let start = request["startTime"]?.whole, let end = request["endTime"]?.whole
    else { return nil }
    let found = path.candles(
      listed, timeframe, from: Timestamp(ms: Int64(start)), to: Timestamp(ms: Int64(end)),
      now: clock.now)
    return .array(
      found.map { candle in
        var noise = SeededGenerator(seeds: stableHash(coin.name), UInt64(candle.start.ms))
        let volume = listed.instrument.roundedDown(
          USD(whole: Int64(100_000 + noise.below(900_000))).buys(at: candle.close))
        return members([
          "t": whole(candle.start.ms), "T": whole(candle.end.ms), "s": .text(coin.name),
          "i": .text(timeframe.rawValue), "o": wire(candle.open), "c": wire(candle.close),
          "h": wire(candle.high), "l": wire(candle.low), "v": wire(volume),
          "n": .number(100 + noise.below(900)),
        ])
      })
  }

  private func fundingHistory(_ question: InfoQuestion) -> JSONValue? {
    guard let coin = Coin(question.body["coin"]?.text ?? ""), listed(coin) != nil else {
      return nil
    }
    let end = min(question.end, processed)
    var hour = question.start.floored(to: .hour)
    var rows: [JSONValue] = []
    while hour <= end, rows.count < 500 {
      // The venue stamps them some milliseconds after the hour.
      let at = hour + Span(ms: 15 + hour.ms / Span.hour.ms % 31)
      if at >= question.start, at <= end {
        rows.append(
          members([
            "coin": .text(coin.name),
            "fundingRate": .text(path.fundingRate(coin, at: hour).description),
            "premium": .text("-0.0001875303"), "time": whole(at.ms),
          ]))
      }
      hour = hour + .hour
    }
    return .array(rows)
  }
}
