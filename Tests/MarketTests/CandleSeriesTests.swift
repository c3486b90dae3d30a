import Market
import Testing
import Trading

@Suite("A candle")
struct CandleTests {
  @Test(arguments: [
    ("1", "2", "0.5", "1.5", 0.0, true),
    ("1", "1", "1", "1", 3.0, true),
    ("3", "2", "0.5", "1.5", 0.0, false),
    ("1", "2", "0.5", "2.5", 0.0, false),
    ("0.4", "2", "0.5", "1.5", 0.0, false),
    ("1", "2", "0.5", "0.4", 0.0, false),
    ("1", "2", "0.5", "1.5", -1.0, false),
    ("1", "2", "0.5", "1.5", Double.nan, false),
    ("1", "2", "0.5", "1.5", Double.infinity, false),
  ])
  func keepsItsPricesBetweenLowAndHigh(
    _ open: String, _ high: String, _ low: String, _ close: String, _ volume: Double, _ isGood: Bool
  ) throws {
    let candle = try Candle(
      openTime: Timestamp(ms: 0), open: #require(Price(open)), high: #require(Price(high)),
      low: #require(Price(low)), close: #require(Price(close)), volume: volume)

    #expect((candle != nil) == isGood)
  }
}

@Suite("A candle series")
struct CandleSeriesTests {
  @Test func refusesACandleThatIsNotLaterOrNotOnTheTimeFrame() throws {
    var series = CandleSeries(timeframe: .m5)

    var taken: [Bool] = []
    for minute in [5, 5, 0, 11, 20] { taken.append(try series.append(candle(atMinute: minute))) }

    #expect(taken == [true, false, false, false, true])
    #expect(series.openTimesMs == [300_000, 1_200_000])
  }

  @Test func countsACandleFromItsEndOn() throws {
    let series = try series(minutes: 0..<3)

    #expect(series.countClosed(by: Timestamp(ms: 59_999)) == 0)
    #expect(series.countClosed(by: Timestamp(ms: 60_000)) == 1)
    #expect(series.countClosed(by: Timestamp(ms: 179_999)) == 2)
    #expect(series.countClosed(by: Timestamp(ms: 180_000)) == 3)
    #expect(series.countOpened(before: Timestamp(ms: 60_000)) == 1)
    #expect(series.countOpened(before: Timestamp(ms: 60_001)) == 2)
  }

  @Test func countsLikeALinearSearch() throws {
    let seed: UInt64 = 20_250_721
    var dice = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let minutes = (0..<40).filter { _ in dice.below(3) > 0 }
      let series = try series(minutes: minutes)
      let instant = Timestamp(ms: Int64(dice.below(2_500_000)))

      let closed = minutes.count { Int64($0 + 1) * 60_000 <= instant.ms }

      #expect(series.countClosed(by: instant) == closed, "seed \(seed)")
    }
  }

  @Test func windowsNeverHoldACandleThatHasNotEnded() throws {
    let series = try series(minutes: 0..<10)

    let window = series.window(endingBy: Timestamp(ms: 5 * 60_000 + 1), limit: 3)

    #expect(window.openTimesMs == [120_000, 180_000, 240_000])
    #expect(series.window(endingBy: Timestamp(ms: 0), limit: 3).isEmpty)
    #expect(series.window(endingBy: Timestamp(ms: 60_000), limit: 3).count == 1)
  }

  @Test func resamplesOpenHighLowCloseAndVolume() throws {
    let series = try series(minutes: 0..<6)

    let longer = try #require(series.resampled(to: .m3))

    // Minute n: open 100+n, high 101+n, low 99+n, close 100.5+n, volume n.
    #expect(longer.count == 2)
    let second = longer[1]
    #expect(second.openTime == Timestamp(ms: 180_000))
    #expect(second.open == Price("103"))
    #expect(second.high == Price("106"))
    #expect(second.low == Price("102"))
    #expect(second.close == Price("105.5"))
    #expect(second.volume == 12)
  }

  @Test func leavesOutGroupsThatAreNotComplete() throws {
    let gapped = try series(minutes: [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12])

    let longer = try #require(gapped.resampled(to: .m3))

    #expect(longer.openTimesMs == [180_000, 540_000])
  }

  @Test func isNotResampledToAShorterOrOddTimeFrame() {
    #expect(CandleSeries(timeframe: .m5).resampled(to: .m3) == nil)
    #expect(CandleSeries(timeframe: .m3).resampled(to: .m5) == nil)
    #expect(CandleSeries(timeframe: .m5).resampled(to: .m5)?.isEmpty == true)
  }

  @Test func takesPartsOfLaterSeriesOnly() throws {
    var series = try series(minutes: 0..<3)
    let later = try self.series(minutes: 3..<8)

    let taken = [
      series.append(later, in: 1..<3), series.append(later, in: 0..<1),
      series.append(later, in: 2..<2), series.append(CandleSeries(timeframe: .m3), in: 0..<0),
    ]

    #expect(taken == [true, false, true, false])
    #expect(series.openTimesMs == [0, 60_000, 120_000, 240_000, 300_000])
    #expect(series.count == 5)
    #expect(series.last?.close == Price("105.5"))
  }

  private func series(minutes: some Sequence<Int>) throws -> CandleSeries {
    var series = CandleSeries(timeframe: .m1)
    for minute in minutes { try series.append(candle(atMinute: minute)) }
    return series
  }

  private func candle(atMinute minute: Int) throws -> Candle {
    func price(_ tenths: Int) throws -> Price {
      try #require(Price(mantissa: Int64(tenths) * exactDecimalScale / 10))
    }
    return try #require(
      Candle(
        openTime: Timestamp(ms: Int64(minute) * 60_000), open: price(1000 + minute * 10),
        high: price(1010 + minute * 10), low: price(990 + minute * 10),
        close: price(1005 + minute * 10), volume: Double(minute)))
  }
}
