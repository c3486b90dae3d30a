import Market
import Testing
import Trading

@Suite("Gaps of a market")
struct MarketGapTests {
  private static func minutes(_ minutes: [Int64]) -> [Int64] { minutes.map { $0 * 60_000 } }

  private static func words(_ gaps: [MarketGap]) -> [String] {
    gaps.map { "\($0.first.ms / 60_000)-\($0.last.ms / 60_000) \($0.count)" }
  }

  @Test(
    arguments: [
      ([], []), ([3], []), ([3, 4, 5], []), ([3, 5], ["4-4 1"]),
      ([0, 1, 5, 6, 9], ["2-4 3", "7-8 2"]),
    ] as [([Int64], [String])])
  func areBetweenWhatIsThere(present: [Int64], expected: [String]) {
    let gaps = MarketGap.within(Self.minutes(present), every: .minute)

    #expect(Self.words(gaps) == expected)
  }

  @Test(
    arguments: [
      ([], 0, 3, ["0-2 3"]), ([0, 1, 2], 0, 3, []), ([1], 0, 3, ["0-0 1", "2-2 1"]),
      ([-5, 0, 1, 2, 9], 0, 3, []), ([2], 2, 3, []), ([2], 3, 3, []), ([], 3, 2, []),
    ] as [([Int64], Int64, Int64, [String])])
  func areLookedForUpToTheEndsOfAStretch(
    present: [Int64], from: Int64, to: Int64, expected: [String]
  ) {
    let gaps = MarketGap.of(
      Self.minutes(present), from: Timestamp(ms: from * 60_000), to: Timestamp(ms: to * 60_000),
      every: .minute)

    #expect(Self.words(gaps) == expected)
  }
}

@Suite("Volumes of longer candles")
struct LongerVolumeTests {
  private func sum(_ volumes: [Double]) throws -> Double {
    let price = try #require(Price("1"))
    var series = CandleSeries(timeframe: .m1)
    for (minute, volume) in volumes.enumerated() {
      let candle = try #require(
        Candle(
          openTime: Timestamp(ms: Int64(minute) * 60_000), open: price, high: price, low: price,
          close: price, volume: volume))
      series.append(candle)
    }
    return try #require(series.resampled(to: .m3, summingDecimally: true)?.volumes.first)
  }

  // Sums of the decimals by hand; 0.1 + 0.2 + 0.3 is 0.6000000000000001 in doubles.
  @Test(
    arguments: [
      ([0.1, 0.2, 0.3], 0.6), ([1, 2, 3], 6), ([0, 0, 0], 0), ([0.001, 1000.1, 7], 1007.101),
      ([632_744, 1_049_557, 0.5], 1_682_301.5), ([1e-8, 2e-8, 0.7], 0.70000003),
      ([148.86952, 255.17625, 0.07], 404.11577),
    ] as [([Double], Double)])
  func areSummedAsDecimals(volumes: [Double], expected: Double) throws {
    #expect(try sum(volumes) == expected)
  }

  @Test func areSummedAsTheyAreWhereTheyAreNoShortDecimals() throws {
    let volumes = [1.0 / 3, 2.0 / 7, 5.0 / 11]

    #expect(try sum(volumes) == 1.0 / 3 + 2.0 / 7 + 5.0 / 11)
    #expect(try sum([1e300, 1e300, 0.1]) == 2e300)
  }
}
