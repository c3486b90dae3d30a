import Market
import Testing

@Suite("Indicators are absent until warmed up, then present")
struct IndicatorWarmUpTests {
  @Test func everyIndicatorBeginsWhenItSays() {
    var input = SampleSeries.random(seed: 6, count: 120)
    input = IndicatorInput(
      timesMs: input.timesMs, highs: input.highs, lows: input.lows, closes: input.closes,
      volumes: input.volumes.map { $0 + 1 })

    for indicator in Indicator.all {
      let values = indicator.compute(input)
      #expect(values.count == 120)
      #expect(values.firstIndex { $0 != nil } == indicator.warmUp - 1, "\(indicator.key)")
      #expect(values.dropFirst(indicator.warmUp - 1).allSatisfy { $0 != nil }, "\(indicator.key)")
    }
  }

  @Test func everySeriesTooShortHasNoValues() {
    for indicator in Indicator.all {
      let input = SampleSeries.random(seed: 7, count: indicator.warmUp - 1)
      #expect(indicator.compute(input) == [Double?](repeating: nil, count: indicator.warmUp - 1))
    }
  }

  @Test func keysAreUniqueAndSummariesSentences() {
    #expect(Set(Indicator.all.map(\.key)).count == Indicator.all.count)
    #expect(Indicator.all.allSatisfy { $0.summary.hasSuffix(".") && $0.warmUp >= 1 })
  }

  @Test(arguments: [2, 3, 5, 14, 21])
  func everyFormulaBeginsWhenItSays(period: Int) throws {
    let input = SampleSeries.dots((0..<100).map { 100 + Double($0 * $0 % 17) })
    let (highs, lows, closes) = (input.highs, input.lows, input.closes)

    let sma = SMA.values(closes: closes, period: period)
    let ema = EMA.values(closes: closes, period: period)
    let rsi = RSI.values(closes: closes, period: period)
    let atr = ATR.values(highs: highs, lows: lows, closes: closes, period: period)
    let adx = ADX.values(highs: highs, lows: lows, closes: closes, period: period)
    let bands = Bollinger.values(closes: closes, period: period, width: 1)
    let macd = MACD.values(closes: closes, fast: 1, slow: period, signal: 4)
    let vwap = RollingVWAP.values(input, period: period)

    #expect(sma.firstIndex { $0 != nil } == (try warmUp(SMA(period: period)?.warmUp)))
    #expect(ema.firstIndex { $0 != nil } == (try warmUp(EMA(period: period)?.warmUp)))
    #expect(rsi.firstIndex { $0 != nil } == (try warmUp(RSI(period: period)?.warmUp)))
    #expect(atr.firstIndex { $0 != nil } == (try warmUp(ATR(period: period)?.warmUp)))
    #expect(adx.firstIndex { $0 != nil } == (try warmUp(ADX(period: period)?.directionWarmUp)))
    #expect(adx.firstIndex { $0?.adx != nil } == (try warmUp(ADX(period: period)?.warmUp)))
    #expect(
      bands.firstIndex { $0 != nil } == (try warmUp(Bollinger(period: period, width: 1)?.warmUp)))
    #expect(
      macd.firstIndex { $0 != nil }
        == (try warmUp(MACD(fast: 1, slow: period, signal: 4)?.warmUp)))
    #expect(vwap.firstIndex { $0 != nil } == (try warmUp(RollingVWAP(period: period)?.warmUp)))
  }

  @Test func stochasticBeginsWhenItSays() throws {
    let input = SampleSeries.random(seed: 8, count: 40)
    let oscillator = try #require(Stochastic(period: 5, smoothing: 3, signal: 4))

    let values = Stochastic.values(
      highs: input.highs, lows: input.lows, closes: input.closes, period: 5, smoothing: 3,
      signal: 4)

    // Row 4 has the first place, row 6 the first %K, row 9 the first %D.
    #expect(values.firstIndex { $0 != nil } == 9)
    #expect(oscillator.warmUp == 10)
  }

  private func warmUp(_ candles: Int?) throws -> Int {
    try #require(candles) - 1
  }
}
