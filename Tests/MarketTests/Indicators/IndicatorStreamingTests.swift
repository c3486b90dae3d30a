import Market
import Testing
import Trading

@Suite("Streaming gives what a fresh computation gives")
struct IndicatorStreamingTests {
  /// Guards the tests below: on a flat series they would say nothing.
  @Test func randomSeriesHaveMovesFlatCandlesAndCandlesWithoutVolume() {
    let input = SampleSeries.random(seed: 1, count: 300)

    let flat = zip(input.highs, input.lows).filter { $0 == $1 }.count
    let silent = input.volumes.filter { $0 == 0 }.count

    #expect((10...100).contains(flat))
    #expect((20...120).contains(silent))
    #expect(Set(input.closes).count > 200)
  }

  @Test(arguments: [1, 2, 3] as [UInt64], [2, 3, 7, 20])
  func agreesWithTheDefinitions(seed: UInt64, period: Int) {
    let input = SampleSeries.random(seed: seed, count: 300)
    let (highs, lows, closes) = (input.highs, input.lows, input.closes)
    let naive = NaiveIndicators(input: input)

    let bands = Bollinger.values(closes: closes, period: period, width: 2.5)
    let adx = ADX.values(highs: highs, lows: lows, closes: closes, period: period)
    let stochastic = Stochastic.values(
      highs: highs, lows: lows, closes: closes, period: period, smoothing: 4, signal: 5)
    let atr = ATR.values(highs: highs, lows: lows, closes: closes, period: period)
    let cases: [(String, [Double?], [Double?])] = [
      ("sma", SMA.values(closes: closes, period: period), naive.sma(period)),
      ("ema", EMA.values(closes: closes, period: period), naive.ema(period)),
      ("rsi", RSI.values(closes: closes, period: period), naive.rsi(period)),
      ("atr", atr, naive.atr(period)),
      ("band", bands.map { $0?.upper }, naive.band(period, width: 2.5)),
      ("mean", bands.map { $0?.middle }, naive.sma(period)),
      ("+di", adx.map { $0?.plusDI }, naive.di(period, direction: 1)),
      ("-di", adx.map { $0?.minusDI }, naive.di(period, direction: -1)),
      ("adx", adx.map { $0?.adx }, naive.adx(period)),
      ("%d", stochastic.map { $0?.d }, naive.stochasticD(period, smoothing: 4, signal: 5)),
      ("obv", OBV.values(closes: closes, volumes: input.volumes), naive.obv()),
      ("vwap", RollingVWAP.values(input, period: period), naive.vwap(period)),
      ("day", DailyVWAP.values(input), naive.vwapOfDay()),
    ]

    for (name, was, expected) in cases {
      #expect(firstDifference("seed \(seed), \(name)", was: was, expected: expected) == nil)
    }
  }

  @Test(arguments: [(3, 8, 4), (12, 26, 9), (1, 2, 1)])
  func separatelySeededMACDIsMadeOfItsAverages(fast: Int, slow: Int, signal: Int) {
    let input = SampleSeries.random(seed: 4, count: 200)
    let quick = EMA.values(closes: input.closes, period: fast)
    let slug = EMA.values(closes: input.closes, period: slow)
    let lines = zip(quick, slug).compactMap { quick, slug in
      quick.flatMap { quick in slug.map { quick - $0 } }
    }
    let signals = EMA.values(closes: lines, period: signal)

    let values = MACD.values(
      closes: input.closes, fast: fast, slow: slow, signal: signal, seeding: .separate)

    let expected = [Double?](repeating: nil, count: slow - 1) + signals
    #expect(firstDifference("signal", was: values.map { $0?.signal }, expected: expected) == nil)
  }

  @Test func updatesReturnTheValueTheyLeaveBehind() throws {
    let input = SampleSeries.random(seed: 5, count: 120)
    var ema = try #require(EMA(period: 9))
    var macd = try #require(MACD(fast: 3, slow: 6, signal: 2))
    var adx = try #require(ADX(period: 5))
    var vwap = try #require(RollingVWAP(period: 2))
    let averages = EMA.values(closes: input.closes, period: 9)

    for (index, close) in input.closes.enumerated() {
      let (high, low) = (input.highs[index], input.lows[index])
      #expect(ema.update(close) == ema.value)
      #expect(ema.value == averages[index])
      #expect(macd.update(close) == macd.value)
      #expect(adx.update(high: high, low: low, close: close) == adx.value)
      let volume = input.volumes[index]
      #expect(vwap.update(high: high, low: low, close: close, volume: volume) == vwap.value)
    }
  }

  @Test func aCopyGoesItsOwnWay() throws {
    var original = try #require(SMA(period: 2))
    original.update(1)
    original.update(3)

    var copy = original
    copy.update(101)

    #expect(original.value == 2)
    #expect(copy.value == 52)
    #expect(original.update(5) == 4)
  }
}

@Suite("Long series do not drift")
struct IndicatorStabilityTests {
  /// Price and step of a random walk: the second is hard on sums of squares.
  @Test(arguments: [(100.0, 1.0), (118_000, 0.01), (0.00001, 0.0000001)])
  func windowsStayExactOver150000Candles(price: Double, step: Double) throws {
    let seed: UInt64 = 77
    let input = SampleSeries.random(seed: seed, count: 150_000, price: price, step: step)
    let bands = Bollinger.values(closes: input.closes, period: 20, width: 2)
    let means = SMA.values(closes: input.closes, period: 50)
    let vwaps = RollingVWAP.values(input, period: 20)

    for last in stride(from: 100, to: 150_000, by: 997) {
      let tail = IndicatorInput(
        timesMs: Array(input.timesMs[(last - 99)...last]),
        highs: Array(input.highs[(last - 99)...last]), lows: Array(input.lows[(last - 99)...last]),
        closes: Array(input.closes[(last - 99)...last]),
        volumes: Array(input.volumes[(last - 99)...last]))
      let fresh = NaiveIndicators(input: tail)
      let mean = try #require(means[last])
      let expectedMean = try #require(fresh.sma(50)[99])
      #expect((mean - expectedMean).magnitude <= 1e-14 * price * 10, "seed \(seed), row \(last)")
      let band = try #require(bands[last])
      let upper = try #require(fresh.band(20, width: 2)[99])
      // The width must be right to 1e-9, but for the rounding of the band itself.
      let allowed = 1e-9 * (upper - band.middle) + 1e-14 * price
      #expect((band.upper - upper).magnitude <= allowed, "seed \(seed), row \(last)")
      let vwap = try #require(vwaps[last])
      let expectedVWAP = try #require(fresh.vwap(20)[99])
      #expect((vwap - expectedVWAP).magnitude <= 1e-14 * price * 10, "seed \(seed), row \(last)")
    }
  }

  @Test func aHugePriceLeavesNoTraceAfterItsWindow() throws {
    var average = try #require(SMA(period: 3))
    var bands = try #require(Bollinger(period: 3, width: 2))

    for close in [1, 1e18, 0.25, 0.25, 0.25] {
      average.update(close)
      bands.update(close)
    }

    #expect(average.value == 0.25)
    #expect(bands.value?.upper == 0.25)
    #expect(bands.value?.middle == 0.25)
    #expect(bands.value?.lower == 0.25)
  }
}
