import Market
import Testing
import Trading

@Suite("A market snapshot")
struct MarketSnapshotTests {
  private let now = Timestamp(ms: 1_753_099_200_000)

  @Test func refusesAPriceFromTheFuture() throws {
    let error = #expect(throws: LookAheadError.self) {
      try snapshot(quoteAt: now + Span(ms: 1))
    }

    #expect(
      error?.description
        == "market data of BTC is as of 2025-07-21T12:00:00.001Z, after the decision time "
        + "2025-07-21T12:00:00Z; the market provider must only return what was known then")
  }

  @Test func refusesAFundingRateFromTheFuture() {
    #expect(throws: LookAheadError.self) { try snapshot(quoteAt: now, fundingAt: now + .hour) }
  }

  @Test func refusesACandleThatHasNotEnded() {
    #expect(throws: LookAheadError.self) { try snapshot(quoteAt: now, candleAt: now) }
    #expect(throws: Never.self) { try snapshot(quoteAt: now, candleAt: now - .minutes(5)) }
  }

  @Test func knowsMarksAndAges() throws {
    let snapshot = try snapshot(quoteAt: now - .minutes(3))

    let coin = try #require(Coin("BTC"))
    #expect(snapshot.age(of: coin) == .minutes(3))
    #expect(snapshot.marks == [coin: try #require(Price("100"))])
    #expect(try snapshot.age(of: #require(Coin("ETH"))) == nil)
  }

  @discardableResult
  private func snapshot(
    quoteAt: Timestamp, fundingAt: Timestamp? = nil, candleAt: Timestamp? = nil
  ) throws -> MarketSnapshot {
    let coin = try #require(Coin("BTC"))
    let price = try #require(Price("100"))
    var candles = CandleSeries(timeframe: .m5)
    if let candleAt {
      try candles.append(
        #require(
          Candle(openTime: candleAt, open: price, high: price, low: price, close: price, volume: 0))
      )
    }
    let instrument = try #require(
      Instrument(
        coin: coin, sizeDecimals: 5, tiers: [MarginTier(lowerBound: .zero, maxLeverage: 40)]))
    return try MarketSnapshot(
      at: now, source: #require(ProviderID("test")),
      coins: [
        CoinSnapshot(
          instrument: instrument,
          quote: Quote(coin: coin, asOf: quoteAt, mid: price, mark: price, oracle: price),
          funding: fundingAt.map { FundingPoint(at: $0, rate: .zero) },
          candles: candleAt == nil ? [:] : [.m5: candles])
      ])
  }
}
