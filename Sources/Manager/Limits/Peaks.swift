package import Market
package import Trading

/// Finds the best price a position has seen between runs.
package enum Peaks {
  /// The best price of the candles that began when the position was open: the highest high of a
  /// long, the lowest low of a short; `nil` = there is no such candle.
  ///
  /// A candle that began before the position may have its extreme before it, too, and is not
  /// counted.
  package static func observing(_ position: Position, candles: CandleSeries) -> Price? {
    let range = candles.countOpened(before: position.openedAt)..<candles.count
    switch position.side {
    case .long: return candles.highs[range].max().flatMap(Price.init(mantissa:))
    case .short: return candles.lows[range].min().flatMap(Price.init(mantissa:))
    }
  }
}
