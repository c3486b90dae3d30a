import Market
import Testing

/// The shared references hold the first and the last 500 rows of indicators that TA-Lib 0.6
/// computed on full series of real candles.
@Suite(
  "Indicators agree with the shared references",
  .enabled(if: IndicatorFiles.hasSharedIndicators, "no shared data beside the package"))
struct IndicatorReferenceTests {
  @Test(arguments: ["BTC-5m", "ETH-4h"])
  func agreesOnTheFullSeries(market: String) throws {
    let input = try IndicatorFiles.sharedCandles(market)
    let reference = try IndicatorFiles.sharedIndicators(market)
    let rows = try reference.column("row").compactMap { $0.map { Int($0) } }

    let differences = try Indicator.all.compactMap { indicator in
      let values = indicator.compute(input)
      return firstDifference(
        indicator.key, was: rows.map { values[$0] }, expected: try reference.column(indicator.key))
    }

    #expect(rows.count == 1000)
    #expect(differences.isEmpty)
  }

  @Test(arguments: ["BTC-5m", "ETH-4h"])
  func separatelySeededMACDAgrees(market: String) throws {
    let input = try IndicatorFiles.sharedCandles(market)
    let reference = try IndicatorFiles.sharedIndicators(market)
    let rows = try reference.column("row").compactMap { $0.map { Int($0) } }

    let values = MACD.values(
      closes: input.closes, fast: 12, slow: 26, signal: 9, seeding: .separate)

    let signal = try reference.column("macd_plain_signal")
    let signals = rows.map { values[$0]?.signal }
    #expect(firstDifference("signal", was: signals, expected: signal) == nil)
    let line = try reference.column("macd_plain").enumerated().map { $0 < 33 ? nil : $1 }
    #expect(firstDifference("line", was: rows.map { values[$0]?.line }, expected: line) == nil)
  }
}
