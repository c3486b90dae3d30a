/// Average directional index after Wilder (1978), with both directional indicators; 0 to 100.
///
/// Seeded as TA-Lib does: the sums of the first `period` − 1 movements and ranges, smoothed from
/// the next candle on; the index begins with the mean of `period` directional differences. As in
/// TA-Lib, without any true range both directional indicators are 0, and a candle that shows no
/// direction leaves the index as it was.
package struct ADX: Sendable {
  /// Direction and its strength after one candle.
  package struct Value: Sendable, Equatable {
    /// Strength of the rising movement, +DI.
    package let plusDI: Double
    /// Strength of the falling movement, −DI.
    package let minusDI: Double
    /// Strength of the trend in either direction; `nil` until 2 × `period` candles have come.
    package let adx: Double?
  }

  /// The directional indicators after the latest candle; `nil` until `period` + 1 have come.
  package private(set) var value: Value?
  private let period: Int
  private var count = 0
  private var last = (high: 0.0, low: 0.0, close: 0.0)
  private var rising = 0.0
  private var falling = 0.0
  private var range = 0.0
  private var index = 0.0

  /// An index over `period` candles; Wilder used 14.
  ///
  /// `nil` for a period outside 2...100 000, as in TA-Lib.
  package init?(period: Int) {
    guard period >= 2, allowedPeriods.contains(period) else { return nil }
    self.period = period
  }

  /// Candles until the first value of ``Value/adx``.
  package var warmUp: Int { 2 * period }

  /// Candles until the first value of the directional indicators.
  package var directionWarmUp: Int { period + 1 }

  /// Takes in the next candle, finite prices, and returns the new ``value``.
  @discardableResult
  package mutating func update(high: Double, low: Double, close: Double) -> Value? {
    if count <= 2 * period { count += 1 }
    if count > 1 { move(high: high, low: low) }
    last = (high, low, close)
    guard count > period else { return nil }
    let hasRange = !range.isZeroToTALib
    let plusDI = hasRange ? 100 * (rising / range) : 0
    let minusDI = hasRange ? 100 * (falling / range) : 0
    follow(plusDI, minusDI)
    value = Value(plusDI: plusDI, minusDI: minusDI, adx: count < 2 * period ? nil : index)
    return value
  }

  /// One value per candle, oldest first; `nil` until warmed up.
  ///
  /// The columns must be equally long and the period one that the initialiser accepts.
  package static func values(
    highs: [Double], lows: [Double], closes: [Double], period: Int
  ) -> [Value?] {
    requireAligned(closes.count, highs.count, lows.count)
    var adx = requireSettings(ADX(period: period), period)
    var values: [Value?] = []
    values.reserveCapacity(closes.count)
    for index in closes.indices {
      values.append(adx.update(high: highs[index], low: lows[index], close: closes[index]))
    }
    return values
  }

  /// Adds the movement since the last candle to the sums, which forget once they are seeded.
  private mutating func move(high: Double, low: Double) {
    if count > period {
      rising -= rising / Double(period)
      falling -= falling / Double(period)
      range -= range / Double(period)
    }
    let rise = high - last.high
    let fall = last.low - low
    if fall > 0 && fall > rise {
      falling += fall
    } else if rise > 0 && rise > fall {
      rising += rise
    }
    range += trueRange(high: high, low: low, lastClose: last.close)
  }

  /// Takes the difference of the directional indicators into the index.
  private mutating func follow(_ plusDI: Double, _ minusDI: Double) {
    let total = plusDI + minusDI
    let hasDirection = !total.isZeroToTALib
    let difference = hasDirection ? 100 * ((plusDI - minusDI).magnitude / total) : 0
    if count <= 2 * period {
      index += difference
      if count == 2 * period { index /= Double(period) }
    } else if hasDirection {
      index = (index * Double(period - 1) + difference) / Double(period)
    }
  }
}

extension Indicator {
  /// Average directional index of 14 candles.
  package static let adx14 = Indicator(
    key: "adx14", summary: "Average directional index of 14 candles, 0 to 100.", warmUp: 28,
    compute: { standardADX($0).map { $0?.adx } })

  /// Rising directional indicator of 14 candles.
  package static let plusDI14 = Indicator(
    key: "plus_di14", summary: "Rising directional indicator of 14 candles, 0 to 100.",
    warmUp: 15, compute: { standardADX($0).map { $0?.plusDI } })

  /// Falling directional indicator of 14 candles.
  package static let minusDI14 = Indicator(
    key: "minus_di14", summary: "Falling directional indicator of 14 candles, 0 to 100.",
    warmUp: 15, compute: { standardADX($0).map { $0?.minusDI } })
}

private func standardADX(_ input: IndicatorInput) -> [ADX.Value?] {
  ADX.values(highs: input.highs, lows: input.lows, closes: input.closes, period: 14)
}
