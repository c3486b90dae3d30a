import Market
import Testing

/// Golden/indicators*.csv are made by TA-Lib; Golden/make_indicators.py tells how.
@Suite("Indicators agree with TA-Lib on the golden series")
struct IndicatorGoldenTests {
  @Test(arguments: ["", "_flat"])
  func everyIndicatorHasAGoldenColumnItAgreesWith(series: String) throws {
    let input = try IndicatorFiles.golden("candles\(series).csv").candles()
    let golden = try IndicatorFiles.golden("indicators\(series).csv")

    let differences = try Indicator.all.compactMap {
      firstDifference($0.key, was: $0.compute(input), expected: try golden.column($0.key))
    }

    #expect(differences.isEmpty)
  }

  @Test func everyGoldenColumnIsTested() throws {
    let golden = try IndicatorFiles.golden("indicators.csv")
    let plain = ["macd_plain", "macd_plain_signal", "macd_plain_hist"]

    let keys = Indicator.all.map(\.key)

    #expect((keys + plain + ["timestamp_ms"]).sorted() == golden.columns.keys.sorted())
  }

  @Test func separatelySeededMACDAgreesOnceItHasASignal() throws {
    let input = try IndicatorFiles.golden("candles.csv").candles()
    let golden = try IndicatorFiles.golden("indicators.csv")

    let values = MACD.values(
      closes: input.closes, fast: 12, slow: 26, signal: 9, seeding: .separate)

    // The column of the line begins eight rows before the signal; our lines begin together.
    let line = try golden.column("macd_plain").enumerated().map { $0 < 33 ? nil : $1 }
    #expect(firstDifference("line", was: values.map { $0?.line }, expected: line) == nil)
    let signal = try golden.column("macd_plain_signal")
    #expect(firstDifference("signal", was: values.map { $0?.signal }, expected: signal) == nil)
    let histogram = try golden.column("macd_plain_hist")
    #expect(firstDifference("hist", was: values.map { $0?.histogram }, expected: histogram) == nil)
  }
}
