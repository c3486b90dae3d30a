import Exchanges
import Executor
import Market
import Trading

/// The candles of all coins of a back-test, side by side: one row per coin, one column per cycle.
struct StreamGrid {
  /// The coins, sorted.
  let coins: [Coin]
  /// How each is traded, in the same order.
  let instruments: [Instrument]
  /// How many cycles there are.
  let count: Int
  /// The length of the candles.
  let timeframe: Timeframe
  /// Closes at each cycle, coin after coin, steps of 1e-8 USD.
  let closes: [Int64]
  /// Opens of the candle that begins at each cycle; 0 = there is none.
  let opens: [Int64]
  /// The candles of each coin as they were recorded.
  let series: [CandleSeries]
  /// The index of the candle that ends at the first cycle, by coin.
  let offsets: [Int]

  /// Lays the candles of coins out.
  ///
  /// - Throws: ``StreamObstacle`` when they do not fit one grid; ``MarketDataError``.
  init(
    _ market: RecordedMarketData, coins: [Coin], start: Timestamp, step: Span, count: Int
  ) throws {
    var instruments: [Instrument] = []
    var series: [CandleSeries] = []
    var offsets: [Int] = []
    var closes: [Int64] = []
    var opens: [Int64] = []
    closes.reserveCapacity(coins.count * count)
    opens.reserveCapacity(coins.count * count)
    for coin in coins {
      guard let tape = try market.tape(of: coin), let instrument = market.instrument(of: coin)
      else { throw StreamObstacle("\(coin) has no candles") }
      let candles = tape.candles
      guard candles.timeframe.span == step else {
        throw StreamObstacle(
          "the shortest candles of \(coin) are \(candles.timeframe) long, the step is \(step)")
      }
      guard tape.funding.isEmpty else { throw StreamObstacle("\(coin) has funding") }
      guard let first = candles.openTimesMs.first, let last = candles.openTimesMs.last,
        (last - first) / step.ms == Int64(candles.count - 1)
      else { throw StreamObstacle("the candles of \(coin) have gaps") }
      let offset = Int((start.ms - step.ms - first) / step.ms)
      guard start.ms - step.ms >= first, (start.ms - first) % step.ms == 0,
        offset + count <= candles.count
      else { throw StreamObstacle("the candles of \(coin) do not cover the whole time") }
      closes += candles.closes[offset..<(offset + count)]
      opens += candles.opens[(offset + 1)..<min(offset + 1 + count, candles.count)]
      if offset + count == candles.count { opens.append(0) }
      instruments.append(instrument)
      series.append(candles)
      offsets.append(offset)
    }
    guard let timeframe = series.first?.timeframe else {
      throw StreamObstacle("there are no coins")
    }
    self.coins = coins
    self.instruments = instruments
    self.series = series
    self.offsets = offsets
    self.count = count
    self.timeframe = timeframe
    self.closes = closes
    self.opens = opens
  }
}

/// Why the quick way through the candles cannot be taken.
struct StreamObstacle: Error, CustomStringConvertible {
  /// Why, in words.
  let description: String

  init(_ description: String) { self.description = description }
}
