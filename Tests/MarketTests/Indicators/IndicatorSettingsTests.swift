import Market
import Testing

@Suite("Indicators refuse settings without meaning")
struct IndicatorSettingsTests {
  @Test(arguments: [0, -1, .min, 100_001, .max])
  func refusesPeriodsOutOfRange(period: Int) {
    #expect(SMA(period: period) == nil)
    #expect(EMA(period: period) == nil)
    #expect(RSI(period: period) == nil)
    #expect(ATR(period: period) == nil)
    #expect(ADX(period: period) == nil)
    #expect(Bollinger(period: period, width: 2) == nil)
    #expect(RollingVWAP(period: period) == nil)
    #expect(MACD(fast: period, slow: 26, signal: 9) == nil)
    #expect(MACD(fast: 12, slow: period, signal: 9) == nil)
    #expect(MACD(fast: 12, slow: 26, signal: period) == nil)
    #expect(Stochastic(period: period, smoothing: 3, signal: 3) == nil)
    #expect(Stochastic(period: 14, smoothing: period, signal: 3) == nil)
    #expect(Stochastic(period: 14, smoothing: 3, signal: period) == nil)
  }

  @Test func refusesAPeriodOfOneWhereTALibDoes() {
    #expect(RSI(period: 1) == nil)
    #expect(ADX(period: 1) == nil)
  }

  @Test func acceptsTheShortestAndTheLongestPeriod() {
    #expect(SMA(period: 1)?.warmUp == 1)
    #expect(EMA(period: 100_000)?.warmUp == 100_000)
    #expect(RSI(period: 2)?.warmUp == 3)
    #expect(ADX(period: 100_000)?.warmUp == 200_000)
    #expect(Stochastic(period: 1, smoothing: 1, signal: 1)?.warmUp == 1)
  }

  @Test(arguments: [(26, 12), (12, 12)])
  func refusesAFastAverageThatIsNotFaster(fast: Int, slow: Int) {
    #expect(MACD(fast: fast, slow: slow, signal: 9) == nil)
  }

  @Test(arguments: [0, -2, .nan, .infinity])
  func refusesBandsWithoutWidth(width: Double) {
    #expect(Bollinger(period: 20, width: width) == nil)
  }

  @Test func stopsAtSettingsThatWereNotChecked() async {
    await #expect(processExitsWith: .failure) {
      _ = SMA.values(closes: [1, 2, 3], period: 0)
    }
  }

  @Test func stopsAtColumnsOfDifferentLength() async {
    await #expect(processExitsWith: .failure) {
      _ = ATR.values(highs: [2, 3], lows: [1], closes: [1, 2], period: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = IndicatorInput(timesMs: [], highs: [2], lows: [1], closes: [1], volumes: [0])
    }
  }
}
