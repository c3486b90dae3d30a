/// Average true range after Wilder (1978), in the unit of the price.
///
/// The first candle only gives its close; the mean of the next `period` true ranges is the seed.
package struct ATR: Sendable {
  /// The average after the latest candle; `nil` until `period` + 1 candles have come.
  package private(set) var value: Double?
  private let period: Int
  private var count = 0
  private var lastClose = 0.0
  private var average = 0.0

  /// An average over `period` true ranges; Wilder used 14.
  ///
  /// `nil` for a period outside 1...100 000.
  package init?(period: Int) {
    guard allowedPeriods.contains(period) else { return nil }
    self.period = period
  }

  /// Candles until the first value.
  package var warmUp: Int { period + 1 }

  /// Takes in the next candle, finite prices, and returns the new ``value``.
  @discardableResult
  package mutating func update(high: Double, low: Double, close: Double) -> Double? {
    let range = trueRange(high: high, low: low, lastClose: lastClose)
    lastClose = close
    if count > period {
      average = (average * Double(period - 1) + range) / Double(period)
      value = average
    } else {
      seed(range)
    }
    return value
  }

  /// One value per candle, oldest first; `nil` until warmed up.
  ///
  /// The columns must be equally long and the period one that the initialiser accepts.
  package static func values(
    highs: [Double], lows: [Double], closes: [Double], period: Int
  ) -> [Double?] {
    requireAligned(closes.count, highs.count, lows.count)
    var average = requireSettings(ATR(period: period), period)
    var values: [Double?] = []
    values.reserveCapacity(closes.count)
    for index in closes.indices {
      values.append(average.update(high: highs[index], low: lows[index], close: closes[index]))
    }
    return values
  }

  private mutating func seed(_ range: Double) {
    count += 1
    guard count > 1 else { return }
    average += range
    guard count > period else { return }
    average /= Double(period)
    value = average
  }
}

/// Wilder's true range: the longest of high − low and the distances of both from the last close.
func trueRange(high: Double, low: Double, lastClose: Double) -> Double {
  max(high - low, (high - lastClose).magnitude, (low - lastClose).magnitude)
}

extension Indicator {
  /// Average true range of 3 candles.
  package static let atr3 = Indicator(
    key: "atr3", summary: "Average true range of 3 candles, in USD.", warmUp: 4,
    compute: { ATR.values(highs: $0.highs, lows: $0.lows, closes: $0.closes, period: 3) })

  /// Average true range of 14 candles.
  package static let atr14 = Indicator(
    key: "atr14", summary: "Average true range of 14 candles, in USD.", warmUp: 15,
    compute: { ATR.values(highs: $0.highs, lows: $0.lows, closes: $0.closes, period: 14) })
}
