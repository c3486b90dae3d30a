import Market
import Trading

/// A day of made-up minutes of one coin.
struct SyntheticDay {
  /// The 1,440 candles of a minute.
  let candles: CandleSeries
  /// What was traded before each minute of the day, USD; the last of 1,441 is the whole day.
  let tradedBefore: [Double]
}

/// A coin of the made-up market: the market's path taken up more or less, and a path of its own.
struct SyntheticCoin {
  let instrument: Instrument
  private let traits: SyntheticTraits
  private let path: SyntheticPath
  private let details: SeededNoise
  private let premium: SeededNoise
  private let interest: SeededNoise
  private let maker: MinuteMaker

  init(seed: UInt64, coin: Coin) {
    instrument = BuiltInInstruments.orPlain(coin)
    traits = SyntheticTraits(coin)
    path = SyntheticPath(
      seed: seed, name: coin.name,
      shape: SyntheticPath.Shape(minuteVolatility: traits.ownVolatility, trendReach: 0.004))
    details = SeededNoise(seed: seed, name: "\(coin) details")
    premium = SeededNoise(seed: seed, name: "\(coin) premium")
    interest = SeededNoise(seed: seed, name: "\(coin) interest")
    maker = MinuteMaker(instrument, traits)
  }

  /// The path that all coins share.
  static func market(seed: UInt64) -> SyntheticPath {
    SyntheticPath(
      seed: seed, name: "market",
      shape: SyntheticPath.Shape(minuteVolatility: 0.000_42, trendReach: 0.012))
  }

  /// The minutes of a day, counted from 1970-01-01, given the market's path on it.
  func minutes(of day: Int64, market: SyntheticPath.Day) -> SyntheticDay {
    let own = path.day(day)
    let maker = maker
    let start = day * Span.day.ms
    let shared = market.values.span
    let alone = own.values.span
    var candles = CandleSeries(timeframe: .m1)
    candles.reserve(SyntheticPath.minutes)
    var tradedBefore: [Double] = []
    tradedBefore.reserveCapacity(SyntheticPath.minutes + 1)
    var traded = 0.0
    tradedBefore.append(traded)
    var generator = details.generator(day)
    var open = maker.price(shared[0], alone[0])
    for hour in 0..<24 {
      let deviation = maker.deviation(market.volatility[hour], own.volatility[hour])
      for minute in hour * 60..<hour * 60 + 60 {
        let close = maker.price(shared[minute + 1], alone[minute + 1])
        let made = maker.candle(
          at: Timestamp(ms: start + Int64(minute) * 60_000), from: open, to: close,
          deviation: deviation, bits: generator.next())
        candles.append(made)
        traded += maker.dollars(close) * made.volume
        tradedBefore.append(traded)
        open = close
      }
    }
    return SyntheticDay(candles: candles, tradedBefore: tradedBefore)
  }

  /// The candles of whole hours of a day, as those of its minutes would be, six times as fast.
  func candles(
    _ timeframe: Timeframe, of day: Int64, market: SyntheticPath.Day
  ) -> CandleSeries {
    maker.candles(
      timeframe, on: day, market: market, own: path.day(day), details.generator(day))
  }

  /// The hourly funding rate at a full hour, given the price's change over the eight hours before.
  ///
  /// The venue's formula (fact sheet §8): premium + clamp(0.0001 − premium, ±0.0005), an eighth
  /// each hour, at most 4 %.
  func funding(at hour: Timestamp, recentChange: Double) -> FundingPoint {
    let number = hour.floored(to: .hour).ms / Span.hour.ms
    let premium =
      0.0001 + 0.0005 * self.premium.smooth(number, period: 30)
      + 0.0002 * self.premium.smooth(number, period: 3) + 0.015 * recentChange
    let eightHours = premium + min(max(0.0001 - premium, -0.0005), 0.0005)
    let rate = FundingRate(approximating: min(max(eightHours / 8, -0.04), 0.04))
    return FundingPoint(at: hour, rate: rate ?? .zero)
  }

  /// Coins open at an instant; changes each hour.
  func openInterest(at now: Timestamp) -> Double {
    let hour = now.floored(to: .hour).ms / Span.hour.ms
    let state =
      0.35 * interest.smooth(hour, period: 200) + 0.06 * interest.smooth(hour, period: 11)
    return maker.wholeLots(traits.openInterestUSD / traits.basePrice * portableExp(state))
  }
}
