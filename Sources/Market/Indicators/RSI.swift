/// Relative strength index after Wilder (1978), from 0 to 100.
///
/// Gains and losses are averaged after Wilder, seeded with the mean of the first `period` changes.
/// Without gains and losses, as at a flat price, TA-Lib answers 0, and so does this.
package struct RSI: Sendable {
  /// The index after the latest close; `nil` until `period` + 1 closes have come.
  package private(set) var value: Double?
  private let period: Int
  private var count = 0
  private var lastClose = 0.0
  private var gain = 0.0
  private var loss = 0.0

  /// An index over `period` changes; Wilder used 14.
  ///
  /// `nil` for a period outside 2...100 000, as in TA-Lib.
  package init?(period: Int) {
    guard period >= 2, allowedPeriods.contains(period) else { return nil }
    self.period = period
  }

  /// Candles until the first value.
  package var warmUp: Int { period + 1 }

  /// Takes in the next close, a finite number, and returns the new ``value``.
  @discardableResult
  package mutating func update(_ close: Double) -> Double? {
    let change = close - lastClose
    lastClose = close
    if count > period {
      smooth(change)
    } else {
      seed(change)
    }
    return value
  }

  /// One value per close, oldest first; `nil` until warmed up.
  ///
  /// The period must be one that the initialiser accepts.
  package static func values(closes: [Double], period: Int) -> [Double?] {
    var index = requireSettings(RSI(period: period), period)
    var values: [Double?] = []
    values.reserveCapacity(closes.count)
    for close in closes { values.append(index.update(close)) }
    return values
  }

  private mutating func seed(_ change: Double) {
    count += 1
    guard count > 1 else { return }
    gain += max(change, 0)
    loss += max(-change, 0)
    guard count > period else { return }
    gain /= Double(period)
    loss /= Double(period)
    value = index
  }

  private mutating func smooth(_ change: Double) {
    let past = Double(period - 1)
    gain = (gain * past + max(change, 0)) / Double(period)
    loss = (loss * past + max(-change, 0)) / Double(period)
    value = index
  }

  private var index: Double {
    let total = gain + loss
    return total.isZeroToTALib ? 0 : 100 * (gain / total)
  }
}

extension Indicator {
  /// Relative strength index of 7 candles.
  package static let rsi7 = Indicator(
    key: "rsi7", summary: "Relative strength index of 7 candles, 0 to 100.", warmUp: 8,
    compute: { RSI.values(closes: $0.closes, period: 7) })

  /// Relative strength index of 14 candles.
  package static let rsi14 = Indicator(
    key: "rsi14", summary: "Relative strength index of 14 candles, 0 to 100.", warmUp: 15,
    compute: { RSI.values(closes: $0.closes, period: 14) })
}
