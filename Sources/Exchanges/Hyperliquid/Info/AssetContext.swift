package import Trading

/// Prices, funding and open interest of one coin.
package struct AssetContext: Sendable, Hashable {
  /// The hourly rate of the present hour.
  package let funding: FundingRate
  /// Coins open at the venue.
  package let openInterest: Double
  /// Traded in 24 hours, USD.
  package let dayVolumeUSD: Double
  /// The mark 24 hours ago; `nil` = not told.
  package let previousDay: Price?
  /// The premium over the oracle as a fraction; `nil` = not told.
  package let premium: Double?
  /// The price from outside the venue.
  package let oracle: Price
  /// The price positions are valued at.
  package let mark: Price
  /// Middle of best bid and ask; `nil` = the book is empty.
  package let mid: Price?
  /// What a sale of the impact size would get; `nil` = not told.
  package let impactBid: Price?
  /// What a purchase of the impact size would pay; `nil` = not told.
  package let impactAsk: Price?
}

extension AssetContext {
  /// The context; `nil` when the venue quotes no mark or oracle price (no market).
  static func read(_ row: Payload) throws(PayloadProblem) -> AssetContext? {
    guard row.has("markPx"), row.has("oraclePx") else {
      throw row.expected("markPx", "mark and oracle prices", row.value["markPx"])
    }
    guard let mark = try row.optionalPrice("markPx"), let oracle = try row.optionalPrice("oraclePx")
    else { return nil }
    let impact = try impactPrices(row)
    return AssetContext(
      funding: try row.rate("funding"), openInterest: try row.number("openInterest"),
      dayVolumeUSD: try row.ifPresent("dayNtlVlm", row.number) ?? 0,
      previousDay: try row.optionalPrice("prevDayPx"),
      premium: try row.ifPresent("premium", row.number), oracle: oracle, mark: mark,
      mid: try row.optionalPrice("midPx"), impactBid: impact.bid, impactAsk: impact.ask)
  }

  private static func impactPrices(
    _ row: Payload
  ) throws(PayloadProblem) -> (bid: Price?, ask: Price?) {
    guard let pair = row.member("impactPxs") else { return (nil, nil) }
    guard let prices = pair.elements, prices.count == 2,
      let bid = Payload.steps(prices[0], decimals: exactDecimalDigits),
      let ask = Payload.steps(prices[1], decimals: exactDecimalDigits)
    else { throw row.expected("impactPxs", "two prices", pair) }
    return (Price(mantissa: bid), Price(mantissa: ask))
  }
}
