/// Exponential moving average: each close counts 2 / (period + 1), the past the rest.
///
/// Seeded as TA-Lib does, with the simple average of the first `period` closes.
package struct EMA: Sendable {
  /// Candles until the first value: the period.
  package let warmUp: Int
  private let weight: Double
  private var count = 0
  private var seed = 0.0
  private var average = 0.0

  /// An average over about `period` closes; `nil` for a period outside 1...100 000.
  package init?(period: Int) {
    guard allowedPeriods.contains(period) else { return nil }
    warmUp = period
    weight = 2 / (Double(period) + 1)
  }

  /// The average after the latest close; `nil` until `period` closes have come.
  package var value: Double? { count < warmUp ? nil : average }

  /// Takes in the next close, a finite number, and returns the new ``value``.
  @discardableResult
  package mutating func update(_ close: Double) -> Double? {
    guard count < warmUp else {
      average += (close - average) * weight
      return average
    }
    count += 1
    seed += close
    average = seed / Double(warmUp)
    return value
  }

  /// One value per close, oldest first; `nil` until warmed up.
  ///
  /// The period must be one that the initialiser accepts.
  package static func values(closes: [Double], period: Int) -> [Double?] {
    var average = requireSettings(EMA(period: period), period)
    var values: [Double?] = []
    values.reserveCapacity(closes.count)
    for close in closes { values.append(average.update(close)) }
    return values
  }
}

extension Indicator {
  /// Exponential moving average of 20 closes.
  package static let ema20 = Indicator(
    key: "ema20", summary: "Exponential moving average of 20 closes.", warmUp: 20,
    compute: { EMA.values(closes: $0.closes, period: 20) })

  /// Exponential moving average of 50 closes.
  package static let ema50 = Indicator(
    key: "ema50", summary: "Exponential moving average of 50 closes.", warmUp: 50,
    compute: { EMA.values(closes: $0.closes, period: 50) })
}
