import Exchanges
import Foundation
import Market
import Testing
import Trading

/// Where the real candles for development lie; they are not part of the repository.
private let realDirectory: String = {
  let shared =
    ProcessInfo.processInfo.environment["NOF0_SHARED"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../../shared"
  return shared + "/data/candles/hyperliquid"
}()

@Suite(
  "Real recorded market data",
  .enabled(
    if: FileManager.default.fileExists(atPath: realDirectory),
    "set NOF0_SHARED to the directory that holds data/candles/hyperliquid"))
struct RecordedMarketDataRealTests {
  @Test func looksSaneInSixCoinsAtOnce() async throws {
    let market = try market()
    let names = ["BTC", "ETH", "SOL", "BNB", "XRP", "DOGE"]
    let request = SnapshotRequest(coins: try names.map(listedCoin), candles: [.m3: 100, .h4: 100])
    let at = try time("2025-07-21T12:00Z")

    let snapshot = try await market.snapshot(request, at: at)

    #expect(snapshot.missing.isEmpty)
    for name in names {
      let known = try #require(try snapshot.coins[listedCoin(name)])
      #expect(known.quote.asOf == at)
      #expect(known.funding?.at == at)
      #expect(try abs(#require(known.change1hPct)) < 5)
      #expect(try abs(#require(known.change4hPct)) < 10)
      #expect(try #require(known.dayVolumeUSD) > 1e6)
      #expect(known.candles[.m3]?.count == 100)
      #expect(known.candles[.h4]?.count == 100)
      #expect(known.candles[.m3]?.closeTime(99) == at)
      #expect(known.candles[.m3]?.last?.close == known.quote.mid)
    }
    // zcat BTC-1m.csv.gz | grep 1753099140000 (the minute that ended at noon).
    #expect(try snapshot.coins[listedCoin("BTC")]?.quote.mid == Price("118148"))
  }

  /// All do but 36 of BNB.
  ///
  /// There the venue's own candles disagree: after minutes without a trade its three-minute candle
  /// opens at the first trade, its one-minute candle at the last close. Counted apart with a few
  /// lines of Python over the same files.
  @Test(arguments: [("BTC", 0), ("ETH", 0), ("SOL", 0), ("BNB", 36), ("XRP", 0), ("DOGE", 0)])
  func minutesMakeTheRecordedThreeMinutes(_ name: String, _ known: Int) async throws {
    let end = try time("2025-07-26T04:51Z")
    let request = SnapshotRequest(coins: [try listedCoin(name)], candles: [.m1: 6600, .m3: 2200])

    let candles = try #require(
      try await market().snapshot(request, at: end).coins[listedCoin(name)]?.candles)
    let made = try #require(candles[.m1]?.resampled(to: .m3))
    let recorded = try #require(candles[.m3])

    let rows = Dictionary(
      uniqueKeysWithValues: (0..<recorded.count).map { (recorded[$0].openTime, recorded[$0]) })
    let differing = (0..<made.count).count { index in
      guard let row = rows[made[index].openTime] else { return true }
      let own = made[index]
      return (own.open, own.high, own.low, own.close) != (row.open, row.high, row.low, row.close)
        || abs(own.volume - row.volume) > 1e-6 * max(1, row.volume)
    }
    #expect(made.count > 2100)
    #expect(differing == known, "\(differing) of \(made.count) candles of \(name) differ")
  }

  private func market() throws -> RecordedMarketData {
    try RecordedMarketData(
      id: #require(ProviderID("recorded")), directory: realDirectory, coins: nil, knownUntil: nil)
  }
}
