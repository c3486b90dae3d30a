import Market
import Trading

/// A candle as the venue reports it.
struct VenueCandle {
  let start: Timestamp
  let end: Timestamp
  let open: Price
  let close: Price
  let high: Price
  let low: Price
}

extension PricePath {
  /// The candles from the one that contains `from` on, the one still forming included.
  ///
  /// A candle opens at the price of the minute before it and closes at its last one, so that
  /// nothing is known before it happens.
  ///
  /// - Returns: Ascending; at most the 5000 before `now`.
  mutating func candles(
    _ coin: VenueCoin, _ timeframe: Timeframe, from: Timestamp, to: Timestamp, now: Timestamp
  ) -> [VenueCandle] {
    let span = timeframe.span
    let last = now.floored(to: span)
    let earliest = last - span * 4999
    var start = max(from.floored(to: span), earliest)
    var found: [VenueCandle] = []
    while start <= min(to, now) {
      found.append(candle(coin, start, start + span, now: now))
      start = start + span
    }
    return found
  }

  private mutating func candle(
    _ coin: VenueCoin, _ start: Timestamp, _ end: Timestamp, now: Timestamp
  ) -> VenueCandle {
    let open = price(coin, at: start - Span(ms: 1))
    var high = open
    var low = open
    var close = open
    var minute = start
    while minute < end, minute <= now {
      close = price(coin, at: min(now, minute + Span(ms: 59_999)))
      high = max(high, close)
      low = min(low, close)
      minute = minute + .minute
    }
    return VenueCandle(
      start: start, end: end - Span(ms: 1), open: open, close: close, high: high, low: low)
  }
}
