import Market
import Trading

/// Series of candles made up for tests, all from a seed or by hand.
enum SampleSeries {
  /// A random walk around `price`, with wicks, some flat candles and some without volume.
  static func random(seed: UInt64, count: Int, price: Double = 100, step: Double = 1)
    -> IndicatorInput
  {
    var generator = SeededGenerator(seed: seed)
    var highs: [Double] = []
    var lows: [Double] = []
    var closes: [Double] = []
    var volumes: [Double] = []
    var last = price
    for _ in 0..<count {
      let isFlat = generator.unit() < 0.125
      let close = isFlat ? last : max(price / 10, last + (generator.unit() - 0.5) * step)
      highs.append(max(close, last) + (isFlat ? 0 : generator.unit() * step))
      lows.append(min(close, last) - (isFlat ? 0 : generator.unit() * step))
      closes.append(close)
      volumes.append(generator.unit() < 0.2 ? 0 : generator.unit() * 50)
      last = close
    }
    return IndicatorInput(
      timesMs: times(count), highs: highs, lows: lows, closes: closes, volumes: volumes)
  }

  /// Candles whose four prices are all the same.
  static func dots(_ closes: [Double], volume: Double = 1) -> IndicatorInput {
    IndicatorInput(
      timesMs: times(closes.count), highs: closes, lows: closes, closes: closes,
      volumes: closes.map { _ in volume })
  }

  /// Opening times every 15 minutes from 2025-03-14T10:00Z on.
  static func times(_ count: Int) -> [Int64] {
    (0..<Int64(count)).map { 1_741_946_400_000 + $0 * 900_000 }
  }
}
