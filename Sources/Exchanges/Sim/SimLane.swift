import Market
import Trading

/// One coin's candles and funding on their way through a replay.
///
/// `lowBand` and `highBand` are the prices nobody has to look at a candle between: no order of the
/// coin is reached there, and no margin can run out.
struct SimLane: Sendable {
  let coin: Coin
  let instrument: Instrument
  private let openTimesMs: [Int64]
  private let opens: [Int64]
  private let highs: [Int64]
  private let lows: [Int64]
  private let closes: [Int64]
  private let spanMs: Int64
  private let funding: [FundingPoint]
  private let count: Int
  private var next = 0
  private var nextPayment = 0

  /// When the next candle ends, ms since 1970; `Int64.max` = there is none.
  private(set) var candleAtMs = Int64.max
  /// When the next funding is due, ms since 1970; `Int64.max` = never.
  private(set) var fundingAtMs = Int64.max
  /// The last known price, steps of 1e-8; 0 = none yet.
  var price: Int64
  /// Candles whose low is above this, and whose high is below ``highBand``, change only the price.
  var lowBand = Int64.max
  /// See ``lowBand``.
  var highBand = Int64.min

  /// The part of a replay after one instant and up to another, both measured at candle ends.
  init(
    coin: Coin, instrument: Instrument, replay: MarketReplay?, price: Price?,
    after start: Timestamp, through end: Timestamp
  ) {
    let series = replay?.candles ?? CandleSeries(timeframe: .m1)
    self.coin = coin
    self.instrument = instrument
    openTimesMs = series.openTimesMs
    opens = series.opens
    highs = series.highs
    lows = series.lows
    closes = series.closes
    spanMs = series.timeframe.span.ms
    funding = (replay?.funding ?? []).filter { $0.at > start && $0.at <= end }
    count = series.countClosed(by: end)
    next = min(count, series.countClosed(by: start))
    self.price = price?.mantissa ?? (next < count ? opens[next] : 0)
    advanceClock()
  }

  /// The candle that is next, if anything in it may matter; otherwise takes its close as the price.
  mutating func passQuietly() -> Bool {
    guard lows[next] > lowBand, highs[next] < highBand else { return false }
    price = closes[next]
    next += 1
    candleAtMs = next < count ? openTimesMs[next] + spanMs : .max
    return true
  }

  /// Takes the next candle out, for a close look.
  mutating func takeCandle() -> SimCandle {
    defer {
      next += 1
      advanceClock()
    }
    return SimCandle(
      openTime: Timestamp(ms: openTimesMs[next]), endTime: Timestamp(ms: candleAtMs),
      open: opens[next], high: highs[next], low: lows[next], close: closes[next])
  }

  /// Takes the next funding rate out.
  mutating func takeFunding() -> FundingPoint {
    defer {
      nextPayment += 1
      advanceClock()
    }
    return funding[nextPayment]
  }

  private mutating func advanceClock() {
    candleAtMs = next < count ? openTimesMs[next] + spanMs : .max
    fundingAtMs = nextPayment < funding.count ? funding[nextPayment].at.ms : .max
  }
}

/// One candle in steps of 1e-8.
struct SimCandle: Sendable {
  let openTime: Timestamp
  let endTime: Timestamp
  let open: Int64
  let high: Int64
  let low: Int64
  let close: Int64

  /// The far end of it.
  func extreme(_ direction: SimDirection) -> Int64 { direction == .falling ? low : high }
}
