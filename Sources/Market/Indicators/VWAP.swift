/// Volume-weighted average price since the day began at 00:00 UTC.
///
/// The price of a candle is (high + low + close) / 3.
package struct DailyVWAP: Sendable {
  /// The average after the latest candle; `nil` while its day has no volume.
  package private(set) var value: Double?
  private var day = Int64.min
  private var turnover = 0.0
  private var traded = 0.0

  /// An average without candles.
  package init() {}

  /// Candles until the first value, provided that the first has volume.
  package var warmUp: Int { 1 }

  /// Takes in the next candle and returns the new ``value``.
  ///
  /// `timeMs` is its opening time in milliseconds since 1970; the prices are finite, the volume
  /// is zero or more.
  @discardableResult
  package mutating func update(
    timeMs: Int64, high: Double, low: Double, close: Double, volume: Double
  ) -> Double? {
    let candleDay = utcDay(ofMs: timeMs)
    if candleDay != day {
      day = candleDay
      turnover = 0
      traded = 0
    }
    turnover += typicalPrice(high: high, low: low, close: close) * volume
    traded += volume
    value = traded > 0 ? turnover / traded : nil
    return value
  }

  /// One value per candle, oldest first; `nil` where its day has no volume so far.
  ///
  /// The columns must be equally long.
  package static func values(_ input: IndicatorInput) -> [Double?] {
    var average = DailyVWAP()
    var values: [Double?] = []
    values.reserveCapacity(input.closes.count)
    for index in input.closes.indices {
      values.append(
        average.update(
          timeMs: input.timesMs[index], high: input.highs[index], low: input.lows[index],
          close: input.closes[index], volume: input.volumes[index]))
    }
    return values
  }
}

/// Volume-weighted average price of the last `period` candles.
///
/// The price of a candle is (high + low + close) / 3.
package struct RollingVWAP: Sendable {
  /// The average after the latest candle; `nil` until `period` candles have come, and while those
  /// in the window have no volume.
  package private(set) var value: Double?
  private var turnover: WindowSum
  private var traded: WindowSum

  /// An average over `period` candles; `nil` for a period outside 1...100 000.
  package init?(period: Int) {
    guard allowedPeriods.contains(period) else { return nil }
    turnover = WindowSum(length: period)
    traded = WindowSum(length: period)
  }

  /// Candles until the first value, provided that one of them has volume.
  package var warmUp: Int { traded.length }

  /// Takes in the next candle and returns the new ``value``.
  ///
  /// The prices are finite, the volume is zero or more.
  @discardableResult
  package mutating func update(
    high: Double, low: Double, close: Double, volume: Double
  ) -> Double? {
    turnover.add(typicalPrice(high: high, low: low, close: close) * volume)
    traded.add(volume)
    value = traded.isFull && traded.sum > 0 ? turnover.sum / traded.sum : nil
    return value
  }

  /// One value per candle, oldest first; `nil` until warmed up and where there is no volume.
  ///
  /// The period must be one that the initialiser accepts.
  package static func values(_ input: IndicatorInput, period: Int) -> [Double?] {
    var average = requireSettings(RollingVWAP(period: period), period)
    var values: [Double?] = []
    values.reserveCapacity(input.closes.count)
    for index in input.closes.indices {
      values.append(
        average.update(
          high: input.highs[index], low: input.lows[index], close: input.closes[index],
          volume: input.volumes[index]))
    }
    return values
  }
}

private func typicalPrice(high: Double, low: Double, close: Double) -> Double {
  (high + low + close) / 3
}

/// The days since 1970-01-01 UTC, also before it.
private func utcDay(ofMs timeMs: Int64) -> Int64 {
  let day = timeMs / 86_400_000
  return timeMs % 86_400_000 < 0 ? day - 1 : day
}

extension Indicator {
  /// Volume-weighted average price of the UTC day.
  package static let vwapDay = Indicator(
    key: "vwap_day", summary: "Volume-weighted average price since 00:00 UTC.", warmUp: 1,
    compute: { DailyVWAP.values($0) })

  /// Volume-weighted average price of 20 candles.
  package static let vwapRolling20 = Indicator(
    key: "vwap_roll20", summary: "Volume-weighted average price of 20 candles.", warmUp: 20,
    compute: { RollingVWAP.values($0, period: 20) })
}
