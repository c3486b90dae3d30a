import Exchanges
import Market
import Testing
import Trading

/// Six coins and what the candles of a normal run cost.
private let names = ["BTC", "ETH", "SOL", "DOGE", "XRP", "kPEPE"]

@Suite("Hyperliquid market data")
struct HyperliquidMarketDataTests {
  private let start = Timestamp(ms: 1_794_585_602_350)  // 2026-11-13T16:00:02.350Z
  private let coins = names.compactMap { Coin($0) }

  private func venue(at now: Timestamp? = nil) -> MarketVenue {
    MarketVenue(names.map { MarketVenue.Listing(name: $0) }, now: now ?? start)
  }

  private var request: SnapshotRequest {
    SnapshotRequest(coins: coins, candles: [.m3: 120, .h4: 60])
  }

  @Test func namesWhatHasNoPriceAndWhy() async throws {
    let venue = MarketVenue(
      [
        .init(name: "BTC"), .init(name: "MATIC", isDelisted: true), .init(name: "kPEPE"),
        .init(name: "THIN", hasMid: false),
      ], now: start)
    let market = try venue.market(.inMemory(retention: nil))
    let asked = ["BTC", "MATIC", "KPEPE", "THIN", "NOWHERE"].compactMap { Coin($0) }

    let snapshot = try await market.snapshot(
      SnapshotRequest(coins: asked, candles: [:]), at: start)

    #expect(snapshot.coins.keys.map(\.name) == ["BTC"])
    let missing = Dictionary(
      uniqueKeysWithValues: snapshot.missing.map { ($0.key.name, $0.value) })
    #expect(
      missing == [
        "MATIC": "MATIC is delisted at Hyperliquid",
        "KPEPE": "Hyperliquid has no coin KPEPE; did you mean kPEPE?",
        "THIN": "THIN has no mid price at Hyperliquid: a side of its order book is empty",
        "NOWHERE": "Hyperliquid has no coin NOWHERE",
      ])
    let instruments = try await market.instruments()
    #expect(try instruments[listedCoin("MATIC")]?.isDelisted == true)
    #expect(try instruments[listedCoin("kPEPE")]?.isDelisted == false)
    let quotes = try await market.quotes(for: asked, at: start)
    #expect(quotes.keys.map(\.name) == ["BTC"])
    #expect(venue.takeAsked().weight == 20)
  }

  @Test func readsPricesOncePerCycle() async throws {
    let venue = venue()
    let market = try venue.market(.inMemory(retention: nil))
    let wish = SnapshotRequest(coins: coins, candles: [:])

    _ = try await market.instruments()
    async let first = market.snapshot(wish, at: start)
    async let second = market.quotes(for: coins, at: start)
    let (snapshot, quotes) = try await (first, second)
    _ = try await market.instruments()
    venue.now = start + .minutes(5)
    let late = try await market.quotes(for: coins, at: start)

    #expect(venue.takeAsked().asked.map(\.type) == ["metaAndAssetCtxs"])
    #expect(snapshot.coins.mapValues(\.quote) == quotes)
    #expect(late == quotes)
    #expect(quotes.values.allSatisfy { $0.asOf == start })
  }

  @Test func readsPricesAnewInTheNextCycle() async throws {
    let venue = venue()
    let market = try venue.market(.inMemory(retention: nil))
    let before = try await market.quotes(for: coins, at: start)
    venue.now = start + .minutes(3)

    let after = try await market.quotes(for: coins, at: venue.now)

    #expect(venue.takeAsked().weight == 40)
    #expect(before != after)
    #expect(after.values.allSatisfy { $0.asOf == start + .minutes(3) })
  }

  @Test func costsAtMostTheBudgetOnAWarmStore() async throws {
    let venue = venue()
    let store = MarketStore.inMemory(retention: nil)
    _ = try await venue.market(store).snapshot(request, at: venue.now)
    #expect(venue.takeAsked().weight <= 20 + 6 * (22 + 20))

    // 480 runs of a process each, every three minutes.
    var worst = 0
    for _ in 0..<480 {
      venue.now = venue.now + .minutes(3)
      let snapshot = try await venue.market(store).snapshot(request, at: venue.now)
      let cost = venue.takeAsked()
      worst = max(worst, cost.weight)
      #expect(snapshot.missing.isEmpty)
      for coin in snapshot.coins.values {
        #expect(coin.candles[.m3]?.count == 120 && coin.candles[.h4]?.count == 60)
        #expect(coin.change1hPct != nil && coin.change4hPct != nil)
      }
    }
    // metaAndAssetCtxs and a request per coin: the four hours are made of the three minutes.
    #expect(worst == 20 + 6 * 20)
    #expect(worst + 10 <= 150)
  }

  @Test func asksForNothingBeforeACandleHasFinished() async throws {
    let venue = venue()
    let store = MarketStore.inMemory(retention: nil)
    venue.now = start + .seconds(10)
    _ = try await venue.market(store).snapshot(request, at: venue.now)
    _ = venue.takeAsked()
    venue.now = start + .seconds(100)

    let snapshot = try await venue.market(store).snapshot(request, at: venue.now)

    #expect(venue.takeAsked().asked.map(\.type) == ["metaAndAssetCtxs"])
    #expect(snapshot.coins[coins[0]]?.candles[.m3]?.count == 120)
  }

  @Test func usesACandleThatJustEndedWithoutKeepingIt() async throws {
    let venue = venue()
    let store = MarketStore.inMemory(retention: nil)
    venue.now = try time("2026-11-13T16:03:00.400Z")

    let market = try venue.market(store)
    let snapshot = try await market.snapshot(request, at: venue.now)
    _ = try await market.snapshot(request, at: venue.now)

    let end = try time("2026-11-13T16:03:00Z")
    let coin = coins[0]
    let candles = try #require(snapshot.coins[coin]?.candles[.m3])
    #expect(candles.closeTime(candles.count - 1) == end)
    #expect(try store.candles(coin, .m3, end - .minutes(3), end).isEmpty)
    #expect(try store.candles(coin, .m3, end - .minutes(6), end).count == 1)
    #expect(venue.takeAsked().asked.count == 1 + 6 * 2)
  }

  @Test func keepsPricesAndStoredCandlesWhenTheVenueHasEnough() async throws {
    let venue = venue()
    let store = MarketStore.inMemory(retention: nil)
    _ = try await venue.market(store).snapshot(request, at: venue.now)
    venue.now = start + .minutes(3)
    _ = venue.takeAsked()
    venue.fail { asked, number in
      asked.type == "candleSnapshot" && number > 3 ? .tooMany : nil
    }

    let snapshot = try await venue.market(store).snapshot(request, at: venue.now)

    #expect(snapshot.missing.isEmpty)
    #expect(snapshot.coins.count == 6)
    let counts = snapshot.coins.values.map { $0.candles[.m3]?.count ?? 0 }
    // The candle that had ended 2.35 s before the first run was used there, but not kept.
    #expect(Set(counts) == [118, 120])
    venue.fail { _, _ in nil }
    venue.now = start + .minutes(6)
    let healed = try await venue.market(store).snapshot(request, at: venue.now)
    #expect(healed.coins.values.allSatisfy { $0.candles[.m3]?.count == 120 })
  }

  @Test(arguments: [MarketVenue.Fault.tooMany, .serverError, .timeOut, .truncated])
  func namesEveryCoinWhenThereAreNoPrices(_ fault: MarketVenue.Fault) async throws {
    let venue = venue()
    venue.fail { asked, _ in asked.type == "metaAndAssetCtxs" ? fault : nil }
    let market = try venue.market(.inMemory(retention: nil))

    let snapshot = try await market.snapshot(request, at: start)

    #expect(snapshot.coins.isEmpty)
    #expect(Set(snapshot.missing.keys) == Set(coins))
    await #expect(throws: MarketDataError.self) {
      try await market.quotes(for: coins, at: start)
    }
  }

  @Test func healsAfterABrokenAnswer() async throws {
    let venue = venue()
    let store = MarketStore.inMemory(retention: nil)
    venue.fail { asked, _ in asked.coin == "ETH" ? .truncated : nil }
    let broken = try await venue.market(store).snapshot(request, at: start)
    venue.fail { _, _ in nil }

    let healed = try await venue.market(store).snapshot(request, at: start)

    #expect(try broken.coins[listedCoin("ETH")]?.candles[.m3]?.isEmpty == true)
    #expect(try healed.coins[listedCoin("ETH")]?.candles[.m3]?.count == 120)
  }

  @Test func doesNotAskAgainForWhatNobodyTraded() async throws {
    let venue = MarketVenue([.init(name: "BTC", quietEvery: 10)], now: start + .seconds(30))
    let store = MarketStore.inMemory(retention: nil)
    let coin = try listedCoin("BTC")
    let wish = SnapshotRequest(coins: [coin], candles: [.m1: 300])
    let first = try await venue.market(store).snapshot(wish, at: venue.now)
    _ = venue.takeAsked()

    let market = try venue.market(store)
    let second = try await market.snapshot(wish, at: venue.now)

    // At most the end of the window, where a quiet minute may still come.
    #expect(venue.takeAsked().asked.count <= 2)
    #expect(first == second)
    _ = try await market.snapshot(wish, at: venue.now)
    #expect(venue.takeAsked().asked.isEmpty)
  }

  @Test func averagesTheOpenInterestOfAllHours() async throws {
    let venue = venue()
    let store = MarketStore.inMemory(retention: .hours(24))
    var seen: [Timestamp: Double] = [:]
    for _ in 0..<90 {
      venue.now = venue.now + .minutes(20)
      let hour = venue.now.floored(to: .hour)
      seen[hour] = Double(MarketVenue.openInterest("BTC", at: venue.now))
      let wish = SnapshotRequest(coins: [coins[1]], candles: [:])
      _ = try await venue.market(store, coins: [coins[0]]).snapshot(wish, at: venue.now)
    }

    let wish = SnapshotRequest(coins: [coins[0]], candles: [:])
    let snapshot = try await venue.market(store).snapshot(wish, at: venue.now)

    // Of each hour the newest, of the last 24.
    let kept = seen.filter { $0.key >= venue.now - .hours(24) }.sorted { $0.key < $1.key }
    let mean = kept.reduce(0) { $0 + $1.value } / Double(kept.count)
    let coin = try #require(snapshot.coins[coins[0]])
    #expect(coin.openInterest == kept.last?.value)
    #expect(abs((coin.openInterestAverage ?? 0) - mean) < 1e-9)
    #expect(coin.funding?.at == venue.now.floored(to: .hour))
    #expect(coin.funding?.rate == FundingRate("0.0000125"))
  }
}
