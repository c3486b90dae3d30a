package import Market
import Trading

/// Candles of one coin and time frame.
package struct VenueCandles: Sendable, Equatable {
  /// Those that had ended, oldest first.
  package let finished: CandleSeries
  /// The one that had not; `nil` = none was told.
  package let forming: Candle?
}

extension VenueCandles {
  /// Candles of an answer in its order; they must be of the coin and time frame asked for.
  static func rows(
    _ rows: Payload, of coin: Coin, _ timeframe: Timeframe
  ) throws(PayloadProblem) -> [Candle] {
    try rows.each { row throws(PayloadProblem) in
      if let name = row.member("s"), name != .text(coin.name) {
        throw row.expected("s", "\"\(coin)\"", name)
      }
      if let interval = row.member("i"), interval != .text(timeframe.rawValue) {
        throw row.expected("i", "\"\(timeframe)\"", interval)
      }
      let openTime = try row.time("t")
      guard openTime.ms % timeframe.span.ms == 0 else {
        throw row.expected("t", "a multiple of \(timeframe)", row.value["t"])
      }
      guard
        let candle = Candle(
          openTime: openTime, open: try row.price("o"), high: try row.price("h"),
          low: try row.price("l"), close: try row.price("c"), volume: try row.number("v"))
      else {
        throw PayloadProblem(
          "", "expected low ≤ open, close ≤ high and a volume of at least 0 at \(openTime)")
      }
      return candle
    }
  }

  /// The finished and the forming one of candles that ascend by time; what begins after `now` is
  /// left out.
  init(_ candles: [Candle], timeframe: Timeframe, now: Timestamp) {
    var finished = CandleSeries(timeframe: timeframe)
    finished.reserve(candles.count)
    var forming: Candle?
    for candle in candles where candle.openTime <= now {
      if candle.openTime + timeframe.span <= now {
        finished.append(candle)
      } else {
        forming = candle
      }
    }
    self.init(finished: finished, forming: forming)
  }
}
