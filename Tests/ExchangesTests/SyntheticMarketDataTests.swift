import Exchanges
import Market
import Testing
import Trading

@Suite("Synthetic market data")
struct SyntheticMarketDataTests {
  private static let names = ["BTC", "ETH", "SOL", "BNB", "XRP", "DOGE", "HYPE"]
  private let day = Timestamp(ms: 1_753_056_000_000)  // 2025-07-21

  @Test func namesCoinsThatItDoesNotHave() async throws {
    let request = SnapshotRequest(coins: [try listedCoin("PEPE")], candles: [:])

    let snapshot = try await market().snapshot(request, at: day)

    #expect(
      try snapshot.missing
        == [listedCoin("PEPE"): "PEPE is not among the coins of the synthetic market synthetic"])
  }

  /// The digests were written down when the market was first made, from this test's own output:
  /// they change only when made-up prices change, and then every simulated run does.
  @Test(arguments: [
    ("BTC", "2025-07-21", "bf1fc467c166c7d0"), ("DOGE", "2025-07-21", "87bb2c9f8f450d3d"),
    ("HYPE", "2099-12-31", "dec85e2e6bc80979"),
    ("ETH", "2020-02-29", "df59d2e09cafc08f"),
  ])
  func isTheSameToTheBitEverywhere(_ name: String, _ day: String, _ digest: String) async throws {
    let start = try time(day)

    let replay = try await replay(market(), name, after: start, through: start + .day)

    var text = ""
    for index in 0..<replay.candles.count {
      let row = replay.candles[index]
      text += "\(row.openTime.ms) \(row.open) \(row.high) \(row.low) \(row.close) \(row.volume)\n"
    }
    for point in replay.funding { text += "\(point.at.ms) \(point.rate)\n" }
    #expect(String(stableHash(text), radix: 16) == digest)
  }

  @Test func doesNotDependOnWhatWasAskedBefore() async throws {
    let used = try market()
    for offset in [400, -3, 0, 90, 1, -1] as [Int64] {
      _ = try await used.snapshot(request(), at: day + .hours(24 * offset + 5))
    }
    let alone = try SyntheticMarketData(
      id: #require(ProviderID("synthetic")), seed: 7, coins: [listedCoin("SOL")])

    let now = day + .hours(7) + .minutes(23)
    let old = try await used.snapshot(request(), at: now)

    let fresh = try await market().snapshot(request(), at: now)
    #expect(fresh == old)
    let sol = try listedCoin("SOL")
    let single = try await alone.snapshot(
      SnapshotRequest(coins: [sol], candles: request().candles), at: now)
    #expect(single.coins[sol] == old.coins[sol])
  }

  @Test(arguments: [Timeframe.h1, .h4, .d1])
  func makesLongCandlesAsItsMinutesWould(_ timeframe: Timeframe) async throws {
    let days: Int64 = 12
    let wanted = try SnapshotRequest(
      coins: request().coins,
      candles: [timeframe: Int(days * Span.day.ms / timeframe.span.ms)])
    for start in [day, try time("2020-02-20"), try time("2099-12-20")] {
      let snapshot = try await market().snapshot(wanted, at: start + .hours(24 * days))

      for coin in wanted.coins {
        let minutes = try await replay(
          market(), coin.name, after: start, through: start + .hours(24 * days))
        let resampled = minutes.candles.resampled(to: timeframe)
        #expect(snapshot.coins[coin]?.candles[timeframe] == resampled)
      }
    }
  }

  @Test func isAnotherMarketWithAnotherSeed() async throws {
    let first = try await replay(market(seed: 1), "BTC", after: day, through: day + .day)
    let second = try await replay(market(seed: 2), "BTC", after: day, through: day + .day)

    #expect(first != second)
  }

  @Test func neverLooksAhead() async throws {
    let seed: UInt64 = 99
    var dice = SeededGenerator(seed: seed)
    let market = try market()
    let wanted = try request()
    for _ in 0..<30 {
      let now = day + Span(ms: Int64(dice.below(200_000_000)))

      let snapshot = try await market.snapshot(wanted, at: now)

      // MarketSnapshot refuses later data; what is there must also be as fresh as can be.
      for coin in snapshot.coins.values {
        #expect(coin.quote.asOf == now.floored(to: .minute), "seed \(seed)")
        for (timeframe, candles) in coin.candles {
          #expect(candles.count == wanted.candles[timeframe])
          #expect(candles.closeTime(candles.count - 1) == now.floored(to: timeframe.span))
        }
      }
    }
  }

  @Test func replaysPartsAsTheWhole() async throws {
    let market = try market()
    let middle = day + .hours(23) + .minutes(17) + Span(ms: 400)
    let end = day + .hours(50)

    let whole = try await replay(market, "SOL", after: day, through: end)
    let first = try await replay(market, "SOL", after: day, through: middle)
    let second = try await replay(market, "SOL", after: middle, through: end)

    var joined = first.candles
    joined.append(second.candles, in: 0..<second.candles.count)
    #expect(joined == whole.candles)
    #expect(whole.candles.count == 3000)
    #expect(first.funding + second.funding == whole.funding)
    #expect(whole.funding.count == 50)
    #expect(whole.gaps.isEmpty)
  }

  @Test func makesLongerCandlesOfItsMinutes() async throws {
    let now = day + .hours(40)
    let minutes = try await replay(market(), "XRP", after: day, through: now).candles

    for timeframe in Timeframe.allCases where timeframe != .d1 {
      let count = Int(Span.hours(40).ms / timeframe.span.ms)
      let request = SnapshotRequest(coins: [try listedCoin("XRP")], candles: [timeframe: count])

      let snapshot = try await market().snapshot(request, at: now)

      #expect(
        try snapshot.coins[listedCoin("XRP")]?.candles[timeframe]
          == minutes.resampled(to: timeframe))
    }
  }

  @Test(arguments: names)
  func staysOnTheGridWithoutJumps(_ name: String) async throws {
    let market = try market()
    let instrument = try #require(try await market.instruments()[listedCoin(name)])

    let candles = try await replay(market, name, after: day, through: day + .hours(72)).candles

    var jumps = 0
    for index in 0..<candles.count {
      let candle = candles[index]
      for price in [candle.open, candle.high, candle.low, candle.close]
      where !instrument.accepts(price) {
        Issue.record("\(price) of \(candle.openTime) is off the grid")
      }
      if index > 0, candles.closes[index - 1] != candles.opens[index] { jumps += 1 }
      // Eight usual deviations of the liveliest coin.
      #expect(abs(candle.close.changePct(from: candle.open)) < 1.2)
    }
    #expect(jumps == 0)
  }

  private func market(seed: UInt64 = 7) throws -> SyntheticMarketData {
    try SyntheticMarketData(
      id: #require(ProviderID("synthetic")), seed: seed, coins: Self.names.map(listedCoin))
  }

  private func request() throws -> SnapshotRequest {
    SnapshotRequest(
      coins: try [listedCoin("BTC"), listedCoin("SOL"), listedCoin("HYPE")],
      candles: [.m1: 7, .m3: 20, .h4: 9])
  }

  private func replay(
    _ market: SyntheticMarketData, _ name: String, after start: Timestamp, through end: Timestamp
  ) async throws -> MarketReplay {
    try #require(
      try await market.replay(of: [listedCoin(name)], after: start, through: end)[listedCoin(name)])
  }
}
