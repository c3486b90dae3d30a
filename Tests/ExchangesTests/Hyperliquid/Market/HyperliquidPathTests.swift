import Exchanges
import Market
import Testing
import Trading

@Suite("Paths of Hyperliquid prices")
struct HyperliquidPathTests {
  private let now = Timestamp(ms: 1_794_585_730_000)  // 2026-11-13T16:02:10Z
  private let names = ["BTC", "ETH"]

  private func venue() -> MarketVenue {
    MarketVenue(names.map { MarketVenue.Listing(name: $0) }, now: now)
  }

  private var coins: [Coin] { names.compactMap { Coin($0) } }

  @Test func asksNothingWhereNothingFinished() async throws {
    let venue = venue()
    let market = try venue.market(.inMemory(retention: nil))

    let replay = try await market.replay(of: coins, after: now - .seconds(9), through: now)
    let backwards = try await market.replay(of: coins, after: now, through: now - .day)

    #expect(replay[coins[0]]?.candles.isEmpty == true)
    #expect(replay[coins[0]]?.gaps == [])
    #expect(replay == backwards)
    #expect(venue.takeAsked().asked.isEmpty)
  }

  @Test func hasTheMinuteThatEndsAtTheEndAndNotTheOneAtTheStart() async throws {
    let venue = venue()
    let market = try venue.market(.inMemory(retention: nil))
    let start = try time("2026-11-13T15:59:00Z")
    let end = try time("2026-11-13T16:02:00Z")

    let replay = try await market.replay(of: coins, after: start, through: end)

    let minutes = try #require(replay[coins[0]])
    #expect(
      minutes.candles.openTimesMs
        == [0, 1, 2].map { start.ms + $0 * 60_000 })
    #expect(try minutes.funding.map(\.at) == [time("2026-11-13T16:00:00Z")])
    #expect(minutes.gaps.isEmpty)
  }

  @Test(arguments: [
    (Span.day * 2, "1m"), (Span.day * 3, "1m"), (Span.day * 4, "3m"), (Span.day * 10, "3m"),
    (Span.day * 11, "5m"), (Span.day * 18, "15m"), (Span.day * 60, "30m"),
  ])
  func takesTheFinestCandlesTheVenueStillHas(_ gap: Span, _ frame: String) async throws {
    let venue = venue()
    let market = try venue.market(.inMemory(retention: nil))
    let start = now - gap

    let replay = try await market.replay(of: [coins[0]], after: start, through: now)

    let candles = try #require(replay[coins[0]]?.candles)
    #expect(candles.timeframe.rawValue == frame)
    let span = candles.timeframe.span
    let expected = (now.floored(to: span) - start.floored(to: span)).ms / span.ms
    #expect(candles.count == Int(expected))
    #expect(replay[coins[0]]?.funding.count == Int(gap.ms / Span.hour.ms))
    #expect(replay[coins[0]]?.gaps == [])
  }

  @Test func asksForAPathOnce() async throws {
    let venue = venue()
    let store = MarketStore.inMemory(retention: nil)
    let market = try venue.market(store)
    let first = try await market.replay(of: coins, after: now - .minutes(50), through: now)
    _ = venue.takeAsked()

    let again = try await market.replay(of: coins, after: now - .minutes(50), through: now)
    let inAnotherProcess = try await venue.market(store)
      .replay(of: coins, after: now - .minutes(50), through: now)

    #expect(again == first)
    #expect(inAnotherProcess == first)
    // Rates are asked for again by another process: those kept may be a snapshot's estimates.
    let types = venue.takeAsked().asked.map(\.type).sorted()
    #expect(types == ["fundingHistory", "fundingHistory", "metaAndAssetCtxs"])
  }

  @Test func saysWhatIsMissing() async throws {
    let listed = try time("2026-11-13T15:30:00Z")
    let venue = MarketVenue([.init(name: "NEW", listedAt: listed)], now: now)
    let market = try venue.market(.inMemory(retention: nil))
    let coin = try listedCoin("NEW")

    let replay = try await market.replay(
      of: [coin], after: listed - .minutes(20), through: now)

    #expect(
      replay[coin]?.gaps == [
        "NEW 1m candles missing: 20, ending 2026-11-13T15:11:00Z to 2026-11-13T15:30:00Z"
      ])
  }

  @Test func throwsRatherThanHideHalfAPath() async throws {
    let venue = venue()
    let market = try venue.market(.inMemory(retention: nil))
    venue.fail { asked, _ in asked.coin == "ETH" ? .timeOut : nil }

    await #expect(throws: MarketDataError.self) {
      try await market.replay(of: coins, after: now - .minutes(50), through: now)
    }

    venue.fail { _, _ in nil }
    venue.now = venue.now + .minutes(1)
    let replay = try await market.replay(of: coins, after: now - .minutes(50), through: now)
    #expect(replay[coins[1]]?.candles.count == 50)
  }

  @Test func chargesAnHourThatIsNotPublishedYetAtThePresentRate() async throws {
    let venue = venue()
    let market = try venue.market(.inMemory(retention: nil))
    venue.fail { asked, _ in asked.type == "fundingHistory" ? .late : nil }

    let replay = try await market.replay(of: [coins[0]], after: now - .minutes(90), through: now)

    let path = try #require(replay[coins[0]])
    #expect(path.funding.map { "\($0.at) \($0.rate)" }.last == "2026-11-13T16:00:00Z 0.0000125")
    #expect(path.funding.count == 2)
    #expect(
      path.gaps == [
        "BTC funding of 2026-11-13T16:00:00Z is not published yet: "
          + "the present rate 0.0000125 counts"
      ])
  }

  @Test func leavesUnknownCoinsOut() async throws {
    let venue = venue()
    let market = try venue.market(.inMemory(retention: nil))

    let replay = try await market.replay(
      of: [listedCoin("NOPE")], after: now - .hour, through: now)

    #expect(replay.isEmpty)
  }

  /// Paper trading asks for the marks of a past instant first: the close that had ended then, not
  /// the price of today; and then for the path since.
  @Test func answersThePastFromCandles() async throws {
    let venue = venue()
    let store = MarketStore.inMemory(retention: nil)
    let market = try venue.market(store)
    let past = try time("2026-11-13T15:20:00Z")

    let quotes = try await market.quotes(for: coins, at: past)
    let cost = venue.takeAsked()
    _ = try await market.replay(of: coins, after: past, through: now)

    for coin in coins {
      let quote = try #require(quotes[coin])
      let candle = try #require(
        venue.candle(coin.name, .m1, opening: (past - .minute).ms))
      #expect(quote.asOf == past)
      #expect(quote.mark == Price(MarketVenue.text(hundredths: candle.close)))
    }
    #expect(cost.asked.filter { $0.type == "candleSnapshot" }.count == 2)
    // The path came along with the prices.
    let types = venue.takeAsked().asked.map(\.type)
    #expect(types == ["fundingHistory", "fundingHistory"])
  }
}
