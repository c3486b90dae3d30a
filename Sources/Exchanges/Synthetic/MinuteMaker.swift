import Market
import Trading

/// Makes the candle of a minute; without references, as it works 1,440 times a day and coin.
struct MinuteMaker {
  private let traits: SyntheticTraits
  private let grid: PriceGrid
  private let lotsPerCoin: Double
  private let minuteVolumeUSD: Double
  private let typicalVolatility: Double

  init(_ instrument: Instrument, _ traits: SyntheticTraits) {
    self.traits = traits
    grid = PriceGrid(instrument)
    lotsPerCoin = Double(ExactMath.powerOfTen(instrument.sizeDecimals))
    minuteVolumeUSD = traits.dayVolumeUSD / Double(SyntheticPath.minutes)
    typicalVolatility = traits.typicalVolatility
  }

  /// The deviation of a minute's change, given those of the market and of the coin's own path.
  func deviation(_ market: Double, _ own: Double) -> Double {
    let shared = traits.beta * market
    return (shared * shared + own * own).squareRoot()
  }

  /// The price at values of the market's path and of the coin's own.
  func price(_ market: Double, _ own: Double) -> Price { grid.rounded(value(market, own)) }

  /// The extremes of a stretch of time before rounding, USD, and the coins traded in it.
  struct Stretch {
    var lowest: Double
    var highest: Double
    var volume: Double
  }

  /// A minute between two prices, USD; high and low come from three instants within it.
  @inline(__always)
  func minute(
    from first: Double, to last: Double, deviation: Double, bits: UInt64
  ) -> Stretch {
    let change = last - first
    var lowest = min(first, last)
    var highest = max(first, last)
    for quarter in 1...3 {
      let sixteen = Double(bits >> UInt64(16 * quarter) & 0xFFFF) / 65_536 - 0.5
      let price = first + change * (Double(quarter) / 4) + first * deviation * 1.6 * sixteen
      lowest = min(lowest, price)
      highest = max(highest, price)
    }
    let moved = min(abs(change) / (first * deviation), 5)
    let mood = 0.4 + 1.2 * (Double(bits & 0xFFFF) / 65_536)
    let volumeUSD =
      minuteVolumeUSD * (0.4 + 0.75 * moved) * mood * (deviation / typicalVolatility)
    return Stretch(lowest: lowest, highest: highest, volume: wholeLots(volumeUSD / first))
  }

  /// The candle of a minute between two prices.
  func candle(
    at openTime: Timestamp, from open: Price, to close: Price, deviation: Double, bits: UInt64
  ) -> Candle {
    let made = minute(
      from: dollars(open), to: dollars(close), deviation: deviation, bits: bits)
    return candle(at: openTime, from: open, to: close, made)
  }

  /// A candle of one minute or many.
  func candle(
    at openTime: Timestamp, from open: Price, to close: Price, _ made: Stretch
  ) -> Candle {
    let candle = Candle(
      openTime: openTime, open: open, high: grid.rounded(made.highest),
      low: grid.rounded(made.lowest), close: close, volume: made.volume)
    guard let candle else { preconditionFailure("expected a valid candle at \(openTime)") }
    return candle
  }

  /// Candles of whole hours that make up a day, as those of its minutes would be.
  ///
  /// A candle's high and low are rounded once: the rounded greatest is the greatest rounded.
  func candles(
    _ timeframe: Timeframe, on day: Int64, market: SyntheticPath.Day, own: SyntheticPath.Day,
    _ details: SeededGenerator
  ) -> CandleSeries {
    let shared = market.values.span
    let alone = own.values.span
    let hours = Int(timeframe.span.ms / Span.hour.ms)
    var series = CandleSeries(timeframe: timeframe)
    series.reserve(24 / hours)
    var generator = details
    var open = price(shared[0], alone[0])
    var last = dollars(open)
    var band = grid.band(of: last)
    for start in stride(from: 0, to: 24, by: hours) {
      var whole = Stretch(lowest: last, highest: last, volume: 0)
      var mantissa = open.mantissa
      for hour in start..<start + hours {
        let deviation = self.deviation(market.volatility[hour], own.volatility[hour])
        for minute in hour * 60..<hour * 60 + 60 {
          let close = value(shared[minute + 1], alone[minute + 1])
          if !band.holds(close) { band = grid.band(of: close) }
          mantissa = band.mantissa(close)
          let next = dollars(mantissa)
          let made = self.minute(
            from: last, to: next, deviation: deviation, bits: generator.next())
          whole.lowest = min(whole.lowest, made.lowest)
          whole.highest = max(whole.highest, made.highest)
          whole.volume += made.volume
          last = next
        }
      }
      guard let close = Price(mantissa: mantissa) else {
        preconditionFailure("expected a price, was \(mantissa) steps of 1e-8")
      }
      let openTime = Timestamp(ms: day * Span.day.ms + Int64(start) * Span.hour.ms)
      series.append(candle(at: openTime, from: open, to: close, whole))
      open = close
    }
    return series
  }

  @inline(__always)
  private func value(_ market: Double, _ own: Double) -> Double {
    traits.basePrice * portableExp(traits.beta * market + own)
  }

  /// A price as a floating-point number.
  func dollars(_ price: Price) -> Double { dollars(price.mantissa) }

  private func dollars(_ mantissa: Int64) -> Double {
    Double(mantissa) / Double(exactDecimalScale)
  }

  /// A number of coins rounded down to what the venue can trade.
  func wholeLots(_ coins: Double) -> Double {
    Double(Int64(coins * lotsPerCoin)) / lotsPerCoin
  }
}
