import Exchanges
import Market
import Testing
import Trading

@Suite("Recorded market data")
struct RecordedMarketDataTests {
  /// Lives as long as the test: files are read late.
  private let folder: RecordedFolder

  init() throws { folder = try RecordedFolder() }

  @Test func namesCoinsThatItDoesNotKnow() async throws {
    let market = try filled().open()
    let request = SnapshotRequest(
      coins: [try listedCoin("BTC"), try listedCoin("ETH")], candles: [:])

    let early = try await market.snapshot(request, at: time("2025-07-21T12:00:59Z"))

    #expect(early.coins.isEmpty)
    #expect(
      try early.missing == [
        listedCoin("BTC"): "no candle of BTC in \(folder.path) had ended by 2025-07-21T12:00:59Z",
        listedCoin("ETH"): "no ETH-INTERVAL.csv or .csv.gz in \(folder.path)",
      ])
    #expect(try await market.quotes(for: [listedCoin("ETH")], at: time("2025-07-22")).isEmpty)
  }

  @Test func quotesTheLastCloseThatWasKnown() async throws {
    let market = try filled().open()

    func close(at text: String) async throws -> String? {
      let quote = try await market.quotes(for: [listedCoin("BTC")], at: time(text))[
        listedCoin("BTC")]
      return quote.map { "\($0.mid) as of \($0.asOf)" }
    }

    #expect(try await close(at: "2025-07-21T12:00:59Z") == nil)
    #expect(try await close(at: "2025-07-21T12:01:00Z") == "101 as of 2025-07-21T12:01:00Z")
    #expect(try await close(at: "2025-07-21T12:02:59Z") == "102 as of 2025-07-21T12:02:00Z")
    #expect(try await close(at: "2025-07-22T00:00:00Z") == "106 as of 2025-07-21T12:07:00Z")
  }

  @Test func takesACoarserFileWhereTheFinestHasNothing() async throws {
    try filled()
    try folder.candles(
      """
      2025-07-21T11:50Z 90 95 85 91 1
      2025-07-21T11:55Z 91 99 91 98 1
      2025-07-21T12:00Z 98 110 98 105 1
      """, to: "BTC-5m.csv")
    let market = try folder.open()

    let quote = try await market.quotes(for: [listedCoin("BTC")], at: time("2025-07-21T12:00Z"))

    #expect(try quote[listedCoin("BTC")]?.mid == Price("98"))
    let before = try await replay(market, "2025-07-21T11:50Z", "2025-07-21T12:00Z")
    #expect(before.candles.timeframe == .m5)
    #expect(before.candles.count == 2)
    let after = try await replay(market, "2025-07-21T12:00Z", "2025-07-21T12:03Z")
    #expect(after.candles.timeframe == .m1)
  }

  @Test func replaysWhatEndedInTheTimeAndNamesGaps() async throws {
    // Minutes 12:00, 12:01, 12:02 and 12:06; funding at 12:00 (48 ms late, twice) and 14:00.
    let market = try filled().open()

    let replay = try await replay(market, "2025-07-21T11:58:30Z", "2025-07-21T14:00Z")

    #expect(replay.candles.closes.map { $0 / exactDecimalScale } == [101, 102, 103, 106])
    #expect(
      replay.funding == [
        FundingPoint(
          at: try time("2025-07-21T12:00Z"), rate: try #require(FundingRate("0.0000125"))),
        FundingPoint(
          at: try time("2025-07-21T14:00Z"), rate: try #require(FundingRate("-0.0002365296"))),
      ])
    #expect(
      replay.gaps == [
        "BTC 1m candles missing: 2, ending 2025-07-21T11:59:00Z to 2025-07-21T12:00:00Z",
        "BTC 1m candles missing: 3, ending 2025-07-21T12:04:00Z to 2025-07-21T12:06:00Z",
        "BTC 1m candles missing: 113, ending 2025-07-21T12:08:00Z to 2025-07-21T14:00:00Z",
        "BTC funding hours missing: 1, ending 2025-07-21T13:00:00Z",
      ])
  }

  @Test func replaysPartsAsTheWhole() async throws {
    let market = try filled().open()

    let whole = try await replay(market, "2025-07-21T11:00Z", "2025-07-21T15:00Z")
    let first = try await replay(market, "2025-07-21T11:00Z", "2025-07-21T12:02Z")
    let second = try await replay(market, "2025-07-21T12:02Z", "2025-07-21T15:00Z")

    var joined = first.candles
    joined.append(second.candles, in: 0..<second.candles.count)
    #expect(joined == whole.candles)
    #expect(first.funding + second.funding == whole.funding)
    let nothing = try await replay(market, "2025-07-21T12:02Z", "2025-07-21T12:02:59Z")
    #expect(nothing.candles.isEmpty && nothing.funding.isEmpty && nothing.gaps.isEmpty)
  }

  @Test func fillsASnapshotFromWhatWasKnown() async throws {
    // Closes 1, 2, 3, … at the end of each hour from 2025-07-20T01:00Z on; volume 10.
    let rows = (0..<40).map { hour in
      "\(Timestamp(ms: 1_752_969_600_000 + Int64(hour) * 3_600_000)) \(hour + 1) \(hour + 1) "
        + "\(hour + 1) \(hour + 1) 10"
    }
    try folder.candles(rows.joined(separator: "\n"), to: "BTC-1h.csv")
    let market = try folder.open()
    let request = SnapshotRequest(coins: [try listedCoin("BTC")], candles: [.h1: 3, .h4: 5])

    let at = try time("2025-07-21T06:30Z")
    let snapshot = try #require(try await market.snapshot(request, at: at).coins[listedCoin("BTC")])

    // At 06:30 the 30th hour had ended; 24 hours of volume: 10 · (7 + 8 + … + 30) = 4440.
    #expect(snapshot.quote.mid == Price("30"))
    #expect(snapshot.dayVolumeUSD == 4440)
    #expect(try abs(#require(snapshot.change1hPct) - 100.0 / 29) < 1e-9)
    #expect(try abs(#require(snapshot.change4hPct) - 400.0 / 26) < 1e-9)
    #expect(snapshot.candles[.h1]?.closesDouble == [28, 29, 30])
    #expect(snapshot.candles[.h4]?.closesDouble == [12, 16, 20, 24, 28])
    #expect(snapshot.funding == nil && snapshot.openInterest == nil)
    #expect(market.firstCycleAt == (try time("2025-07-20T05:00Z")))
    let young = try #require(
      try await market.snapshot(request, at: time("2025-07-20T02:00Z")).coins[listedCoin("BTC")])
    #expect(young.dayVolumeUSD == nil && young.change4hPct == nil && young.change1hPct == 100)
  }

  @Test func seesTheSameWithAndWithoutLaterData() async throws {
    try filled()
    let whole = try folder.open()
    let request = SnapshotRequest(coins: [try listedCoin("BTC")], candles: [.m1: 5, .m3: 5])

    for minutes in 1...10 {
      let now = try time("2025-07-21T12:00Z") + .minutes(Int64(minutes))
      let cut = try folder.open(knownUntil: now)

      #expect(try await cut.snapshot(request, at: now) == whole.snapshot(request, at: now))
      let later = now + .hours(5)
      #expect(
        try await cut.quotes(for: [listedCoin("BTC")], at: later)[listedCoin("BTC")]?.asOf ?? now
          <= now)
    }
  }

  /// Minutes 12:00, 12:01, 12:02 and 12:06 with closes 101, 102, 103, 106, and some funding.
  @discardableResult
  private func filled() throws -> RecordedFolder {
    try folder.candles(
      """
      2025-07-21T12:00Z 100 102 99 101 1
      2025-07-21T12:01Z 101 103 100 102 2
      2025-07-21T12:02Z 102 104 101 103 0
      2025-07-21T12:06Z 105 107 104 106 4
      """, to: "BTC-1m.csv")
    try folder.write(
      """
      timestamp_ms,funding_rate
      1753099200048,1.25e-05
      1753099200099,0.9
      1753106400001,-0.0002365296
      """, to: "BTC-funding-1h.csv")
    return folder
  }

  private func replay(
    _ market: RecordedMarketData, _ start: String, _ end: String
  ) async throws -> MarketReplay {
    let replays = try await market.replay(
      of: [listedCoin("BTC")], after: time(start), through: time(end))
    return try #require(try replays[listedCoin("BTC")])
  }
}
