/// On-balance volume after Granville: the volume of rising candles minus that of falling ones.
///
/// Counted from the first candle, whose whole volume it begins with, as in TA-Lib; so only its
/// changes mean something. An unchanged close leaves it as it was.
package struct OBV: Sendable {
  /// The balance after the latest candle, in coins; `nil` before the first.
  package private(set) var value: Double?
  private var lastClose = 0.0

  /// A balance without candles.
  package init() {}

  /// Candles until the first value.
  package var warmUp: Int { 1 }

  /// Takes in the next candle, finite numbers, and returns the new ``value``.
  @discardableResult
  package mutating func update(close: Double, volume: Double) -> Double? {
    guard let balance = value else {
      lastClose = close
      value = volume
      return value
    }
    if close > lastClose {
      value = balance + volume
    } else if close < lastClose {
      value = balance - volume
    }
    lastClose = close
    return value
  }

  /// One value per candle, oldest first.
  ///
  /// The columns must be equally long.
  package static func values(closes: [Double], volumes: [Double]) -> [Double?] {
    requireAligned(closes.count, volumes.count)
    var balance = OBV()
    var values: [Double?] = []
    values.reserveCapacity(closes.count)
    for index in closes.indices {
      values.append(balance.update(close: closes[index], volume: volumes[index]))
    }
    return values
  }
}

extension Indicator {
  /// On-balance volume.
  package static let obv = Indicator(
    key: "obv", summary: "On-balance volume in coins, from the first candle on.", warmUp: 1,
    compute: { OBV.values(closes: $0.closes, volumes: $0.volumes) })
}
