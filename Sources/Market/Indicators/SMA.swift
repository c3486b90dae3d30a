/// Simple moving average: the mean of the last `period` closing prices.
package struct SMA: Sendable {
  private var window: WindowSum
  /// The mean after the latest close; `nil` until `period` closes have come.
  package private(set) var value: Double?

  /// An average over `period` closes; `nil` for a period outside 1...100 000.
  package init?(period: Int) {
    guard allowedPeriods.contains(period) else { return nil }
    window = WindowSum(length: period)
  }

  /// Candles until the first value.
  package var warmUp: Int { window.length }

  /// Takes in the next close, a finite number, and returns the new ``value``.
  @discardableResult
  package mutating func update(_ close: Double) -> Double? {
    window.add(close)
    if window.isFull { value = window.sum / Double(window.length) }
    return value
  }

  /// One value per close, oldest first; `nil` until warmed up.
  ///
  /// The period must be one that the initialiser accepts.
  package static func values(closes: [Double], period: Int) -> [Double?] {
    var average = requireSettings(SMA(period: period), period)
    var values: [Double?] = []
    values.reserveCapacity(closes.count)
    for close in closes { values.append(average.update(close)) }
    return values
  }
}

extension Indicator {
  /// Simple moving average of 20 closes.
  package static let sma20 = Indicator(
    key: "sma20", summary: "Simple moving average of 20 closes.", warmUp: 20,
    compute: { SMA.values(closes: $0.closes, period: 20) })

  /// Simple moving average of 50 closes.
  package static let sma50 = Indicator(
    key: "sma50", summary: "Simple moving average of 50 closes.", warmUp: 50,
    compute: { SMA.values(closes: $0.closes, period: 50) })
}
