package import Market
package import Trading

extension MarketStore {
  /// Finished candles that begin in `from ..< to`, oldest first: those kept and, where one of them
  /// is missing, those made exactly of shorter ones that are all kept.
  ///
  /// Longer parts are preferred to shorter ones.
  package func builtCandles(
    _ coin: Coin, _ timeframe: Timeframe, from: Timestamp, to: Timestamp
  ) throws -> CandleSeries {
    let span = timeframe.span
    let first = (from + span - Span(ms: 1)).floored(to: span)
    let end = (to + span - Span(ms: 1)).floored(to: span)
    var result = try candles(coin, timeframe, first, end)
    for shorter in Timeframe.allCases.reversed()
    where shorter < timeframe && span.ms % shorter.span.ms == 0 {
      let parts = try candles(coin, shorter, first, end)
      guard let made = parts.resampled(to: timeframe, summingDecimally: true), !made.isEmpty
      else { continue }
      result = made.overlaid(by: result)
    }
    return result
  }
}
