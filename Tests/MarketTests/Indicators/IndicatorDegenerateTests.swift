import Market
import Testing

/// What TA-Lib answers where a formula divides by zero.
@Suite("Degenerate candles have defined answers")
struct IndicatorDegenerateTests {
  @Test func aFlatPriceHasNoStrengthDirectionRangeOrPlace() throws {
    let input = SampleSeries.dots([Double](repeating: 0.1, count: 100))

    func last(_ indicator: Indicator) -> Double? { indicator.compute(input).last ?? nil }

    for zero: Indicator in [
      .rsi7, .rsi14, .atr3, .atr14, .adx14, .plusDI14, .minusDI14, .stochasticFastK,
      .stochasticFastD, .stochasticSlowK, .stochasticSlowD, .macdHistogram,
    ] {
      let value = try #require(last(zero), "\(zero.key)")
      #expect(value.magnitude < 1e-15, "\(zero.key)")
    }
    // Not even the deviation is rounded: the three bands are one.
    #expect(last(.bollingerUpper) == last(.bollingerLower))
    let price = try #require(last(.ema20))
    #expect((price - 0.1).magnitude < 1e-15)
  }

  @Test func onlyGainsAre100AndOnlyLosses0() {
    let rising = (1...20).map(Double.init)

    #expect(RSI.values(closes: rising, period: 14).last == 100)
    #expect(RSI.values(closes: rising.reversed(), period: 14).last == 0)
  }

  @Test func aFlatPriceAfterAMoveKeepsItsStrengthUntilItHasFaded() {
    // Gain 1, then 0: the ratio stays 100 while Wilder's average, halved each candle at period 2,
    // is 0.5, 0.25, … ; 2^-47 is the first below 1e-14, in row 48.
    let closes = [1.0, 2.0] + [Double](repeating: 2, count: 60)

    let values = RSI.values(closes: closes, period: 2)

    #expect(values[47] == 100)
    #expect(values[48] == 0)
  }

  @Test func candlesWithoutDirectionLeaveTheIndexAlone() throws {
    // Each candle reaches as far up as down beyond the last: neither direction moves.
    let spans = (1...40).map(Double.init)
    var adx = try #require(ADX(period: 3))

    for span in spans { adx.update(high: 100 + span, low: 100 - span, close: 100) }

    #expect(adx.value?.plusDI == 0)
    #expect(adx.value?.minusDI == 0)
    #expect(adx.value?.adx == 0)
  }

  @Test func directionEndsWhenTheRangeHasFaded() throws {
    // Two steps up by 1: movements and ranges sum to 1 + 1/2; flat candles halve both, so +DI
    // stays 100 until the range of 1.5 × 2^-n is below 1e-14, for the first time at n = 48.
    var adx = try #require(ADX(period: 2))
    for price in [100.0, 101, 102] { adx.update(high: price, low: price, close: price) }

    let values = (1...48).map { _ in adx.update(high: 102, low: 102, close: 102) }

    #expect(values[46]?.plusDI == 100)
    #expect(values[47]?.plusDI == 0)
    #expect(values[47]?.adx == 100)
  }

  @Test func theIndexOutlivesAFadedDirection() throws {
    // Straight up: +DI only, so the index is 100. Then inside and outside bars in turn: +DI is
    // halved each candle, still the only one, until TA-Lib takes it for zero.
    var adx = try #require(ADX(period: 2))
    for step in 1...10 {
      let price = 100 + Double(step)
      adx.update(high: price, low: price - 1, close: price)
    }

    for turn in 0..<200 {
      let span = turn % 2 == 0 ? 1.0 : 5.0
      adx.update(high: 110 + span, low: 110 - span, close: 110)
    }

    let value = try #require(adx.value)
    #expect(value.plusDI < 1e-14)
    #expect(value.adx == 100)
  }

  @Test func anOscillatorWithinNoRangeIsZeroThenRecovers() throws {
    var fast = try #require(Stochastic(period: 2, smoothing: 1, signal: 1))

    fast.update(high: 5, low: 5, close: 5)
    #expect(fast.update(high: 5, low: 5, close: 5)?.k == 0)
    // Lowest low 5, highest high 9, close 8: three quarters of the way.
    #expect(fast.update(high: 9, low: 5, close: 8)?.k == 75)
    #expect(fast.value?.d == 75)
  }

  @Test func withoutVolumeThereIsNoWeightedPrice() throws {
    var day = DailyVWAP()
    var rolling = try #require(RollingVWAP(period: 2))
    let volumes = [0, 0, 4, 0, 0, 0.0]

    let days = volumes.map { day.update(timeMs: 0, high: 12, low: 9, close: 9, volume: $0) }
    let rolls = volumes.map { rolling.update(high: 12, low: 9, close: 9, volume: $0) }

    #expect(days == [nil, nil, 10, 10, 10, 10])
    #expect(rolls == [nil, nil, 10, 10, nil, nil])
  }

  @Test(arguments: [0, 19_783, -3] as [Int64])
  func aNewDayForgetsTheLast(day: Int64) {
    var vwap = DailyVWAP()
    let midnight = day * 86_400_000

    #expect(vwap.update(timeMs: midnight - 1, high: 1, low: 1, close: 1, volume: 5) == 1)
    #expect(vwap.update(timeMs: midnight, high: 3, low: 3, close: 3, volume: 0) == nil)
    #expect(vwap.update(timeMs: midnight + 1, high: 3, low: 3, close: 3, volume: 1) == 3)
    #expect(vwap.update(timeMs: midnight + 86_399_999, high: 6, low: 6, close: 6, volume: 2) == 5)
    #expect(vwap.update(timeMs: midnight + 86_400_000, high: 8, low: 8, close: 8, volume: 1) == 8)
  }

  @Test func unchangedClosesLeaveTheBalanceAlone() {
    let balance = OBV.values(closes: [5, 5, 6, 6, 4], volumes: [3, 7, 2, 9, 4])

    #expect(balance == [3, 3, 5, 5, 1])
  }

  @Test(arguments: [
    [0.0], [1, 1e12], [1e-12, 0], [1, 1, 1, 1, 1e9], [5, -5], [0.1, 0.1, 0.3], [1e100, 1e-100],
  ])
  func noSeriesGivesAnythingButNumbers(pattern: [Double]) {
    let closes = (0..<200).map { pattern[$0 % pattern.count] }

    for volume in [0.0, 1e-300, 1e12] {
      let input = SampleSeries.dots(closes, volume: volume)
      for indicator in Indicator.all {
        let values = indicator.compute(input).compactMap(\.self)
        #expect(values.allSatisfy { $0.isFinite }, "\(indicator.key), volume \(volume)")
      }
    }
  }
}
