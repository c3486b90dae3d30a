package import Market
package import Trading

/// What one coin looked like at each of a regular row of instants, column by column.
package struct RecordedCourse: Sendable {
  /// The price at each instant, steps of 1e-8 USD.
  package internal(set) var prices: [Int64] = []
  /// The open of the candle that begins at each instant; 0 = there is none.
  package internal(set) var opens: [Int64] = []
  /// The lowest price since the instant before.
  package internal(set) var lows: [Int64] = []
  /// The highest price since the instant before.
  package internal(set) var highs: [Int64] = []
  /// Whether a funding hour lies between the instant before and each one.
  package internal(set) var hasFunding: [Bool] = []
  /// Change of the price within an hour, per cent; not a number = not known.
  package internal(set) var changes1h: [Double] = []
  /// Change of the price within four hours, per cent; not a number = not known.
  package internal(set) var changes4h: [Double] = []
}

extension RecordedMarketData {
  /// What a coin looked like at `count` instants from `start` on.
  ///
  /// - Returns: `nil` when the coin has no candles, or its shortest ones do not cover all of the
  ///   time without a gap: then longer candles would speak for some instants.
  /// - Throws: ``MarketDataError`` when a file cannot be read.
  package func course(
    of coin: Coin, from start: Timestamp, step: Span, count: Int
  ) throws(MarketDataError) -> RecordedCourse? {
    try withFiles(of: coin) { files throws(MarketDataError) in
      try files.course(from: start, step: step, count: count)
    } ?? nil
  }

  /// What happened in a coin between two instants; `nil` = it has no candles.
  package func replay(
    of coin: Coin, after start: Timestamp, through end: Timestamp
  ) throws(MarketDataError) -> MarketReplay? {
    try withFiles(of: coin) { files throws(MarketDataError) in
      try files.replay(after: start, through: end)
    }
  }

  /// All candles that windows of a time frame are cut from, when it is the same ones from an
  /// instant on; `nil` = it is not, or the coin has none.
  package func candles(
    of coin: Coin, _ timeframe: Timeframe, windowsOf limit: Int, from start: Timestamp
  ) throws(MarketDataError) -> CandleSeries? {
    try withFiles(of: coin) { files throws(MarketDataError) in
      try files.source(of: timeframe, windowsOf: limit, from: start)
    } ?? nil
  }
}

extension RecordedCoin {
  fileprivate mutating func course(
    from start: Timestamp, step: Span, count: Int
  ) throws(MarketDataError) -> RecordedCourse? {
    let finest = try tape()
    let candles = finest.candles
    let span = candles.timeframe.span
    let end = start + step * Int64(count - 1)
    let first = candles.countClosed(by: start - step)
    let last = candles.countClosed(by: end)
    guard step.ms % span.ms == 0, start.ms % span.ms == 0, first > 0, last > 0,
      candles.closeTime(last - 1) == end, candles.closeTime(first - 1) == start - step,
      Int64(last - first) == (step.ms / span.ms) * Int64(count)
    else { return nil }
    let each = Int(step.ms / span.ms)
    var course = RecordedCourse()
    for index in 0..<count {
      let now = start + step * Int64(index)
      let range = (first + index * each)..<(first + (index + 1) * each)
      let price = candles.closes[range.upperBound - 1]
      course.prices.append(price)
      course.lows.append(candles.lows[range].min() ?? price)
      course.highs.append(candles.highs[range].max() ?? price)
      course.opens.append(try nextOpen(at: now)?.mantissa ?? 0)
      course.changes1h.append(try change(to: price, since: now - .hour))
      course.changes4h.append(try change(to: price, since: now - .hours(4)))
    }
    course.hasFunding = Self.hours(of: finest.funding, from: start, step: step, count: count)
    return course
  }

  private mutating func change(
    to price: Int64, since instant: Timestamp
  ) throws(MarketDataError) -> Double {
    guard let before = try close(endingAt: instant), let now = Price(mantissa: price) else {
      return .nan
    }
    return now.changePct(from: before)
  }

  private static func hours(
    of funding: [FundingPoint], from start: Timestamp, step: Span, count: Int
  ) -> [Bool] {
    var isDue = [Bool](repeating: false, count: count)
    for point in funding where point.at > start - step {
      let sinceMs: Int64 = point.at.ms - start.ms + step.ms - 1
      let index = Int(sinceMs / step.ms)
      if isDue.indices.contains(index) { isDue[index] = true }
    }
    return isDue
  }

  fileprivate mutating func source(
    of timeframe: Timeframe, windowsOf limit: Int, from start: Timestamp
  ) throws(MarketDataError) -> CandleSeries? {
    let sources = try sources(of: timeframe)
    for series in sources where series.window(endingBy: start, limit: limit).count >= limit {
      return series
    }
    return sources.count == 1 ? sources[0] : nil
  }
}
