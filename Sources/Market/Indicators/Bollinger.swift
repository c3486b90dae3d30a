/// Bollinger bands: the mean of the last closes and so many standard deviations around it.
///
/// The deviation is that of the population (divided by the period), as Bollinger and TA-Lib have
/// it. Equal closes give three equal bands.
package struct Bollinger: Sendable {
  /// The bands after one candle, in the unit of the price.
  package struct Value: Sendable, Equatable {
    /// Mean plus the width.
    package let upper: Double
    /// Mean of the closes.
    package let middle: Double
    /// Mean minus the width.
    package let lower: Double
  }

  /// Candles until the first value: the period.
  package let warmUp: Int
  /// The bands after the latest close; `nil` until `period` closes have come.
  package private(set) var value: Value?
  private let width: Double
  private var window: WindowSpread

  /// Bands over `period` closes, `width` standard deviations away; 20 and 2 are usual.
  ///
  /// `nil` for a period outside 1...100 000 or a width that is not finite and above zero.
  package init?(period: Int, width: Double) {
    guard allowedPeriods.contains(period), width > 0, width.isFinite else { return nil }
    warmUp = period
    self.width = width
    window = WindowSpread(length: period)
  }

  /// Takes in the next close, a finite number, and returns the new ``value``.
  @discardableResult
  package mutating func update(_ close: Double) -> Value? {
    window.add(close)
    guard window.isFull else { return nil }
    let distance = width * window.variance.squareRoot()
    let middle = window.mean
    value = Value(upper: middle + distance, middle: middle, lower: middle - distance)
    return value
  }

  /// One value per close, oldest first; `nil` until warmed up.
  ///
  /// Period and width must be ones that the initialiser accepts.
  package static func values(closes: [Double], period: Int, width: Double) -> [Value?] {
    var bands = requireSettings(Bollinger(period: period, width: width), period)
    var values: [Value?] = []
    values.reserveCapacity(closes.count)
    for close in closes { values.append(bands.update(close)) }
    return values
  }
}

extension Indicator {
  /// Upper Bollinger band of 20 closes.
  package static let bollingerUpper = Indicator(
    key: "bb_upper", summary: "Upper Bollinger band: 20 closes, 2 deviations.", warmUp: 20,
    compute: { standardBands($0).map { $0?.upper } })

  /// Middle Bollinger band of 20 closes.
  package static let bollingerMiddle = Indicator(
    key: "bb_mid", summary: "Middle Bollinger band: the mean of 20 closes.", warmUp: 20,
    compute: { standardBands($0).map { $0?.middle } })

  /// Lower Bollinger band of 20 closes.
  package static let bollingerLower = Indicator(
    key: "bb_lower", summary: "Lower Bollinger band: 20 closes, 2 deviations.", warmUp: 20,
    compute: { standardBands($0).map { $0?.lower } })
}

private func standardBands(_ input: IndicatorInput) -> [Bollinger.Value?] {
  Bollinger.values(closes: input.closes, period: 20, width: 2)
}
