package import Market
package import Trading

/// What one coin looked like at each of a regular row of instants, column by column.
///
/// One object, as who looks at it does so for every instant: handing out seven arrays each time
/// cost more than looking.
package final class RecordedCourse: Sendable {
  /// The price at each instant, steps of 1e-8 USD.
  package let prices: [Int64]
  /// The open of the candle that begins at each instant; 0 = there is none.
  package let opens: [Int64]
  /// The lowest price since the instant before.
  package let lows: [Int64]
  /// The highest price since the instant before.
  package let highs: [Int64]
  /// Whether a funding hour lies between the instant before and each one.
  package let hasFunding: [Bool]
  /// Change of the price within an hour, per cent; not a number = not known.
  package let changes1h: [Double]
  /// Change of the price within four hours, per cent; not a number = not known.
  package let changes4h: [Double]

  fileprivate init(_ columns: Columns) {
    prices = columns.prices
    opens = columns.opens
    lows = columns.lows
    highs = columns.highs
    hasFunding = columns.hasFunding
    changes1h = columns.changes1h
    changes4h = columns.changes4h
  }

  /// The same in memory of its own, for another processor: two that count the references of one
  /// object wait for each other.
  package init(copying other: RecordedCourse) {
    func copy<Value>(_ values: [Value]) -> [Value] {
      values.withUnsafeBufferPointer { Array($0) }
    }
    prices = copy(other.prices)
    opens = copy(other.opens)
    lows = copy(other.lows)
    highs = copy(other.highs)
    hasFunding = copy(other.hasFunding)
    changes1h = copy(other.changes1h)
    changes4h = copy(other.changes4h)
  }

  /// The columns while they are filled.
  fileprivate struct Columns {
    var prices: [Int64] = []
    var opens: [Int64] = []
    var lows: [Int64] = []
    var highs: [Int64] = []
    var hasFunding: [Bool] = []
    var changes1h: [Double] = []
    var changes4h: [Double] = []
  }
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
    var course = RecordedCourse.Columns()
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
    return RecordedCourse(course)
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
    guard let first = sources.first,
      sources.dropFirst().allSatisfy({ Self.has(first, asManyAs: $0, limit, from: start) })
    else { return nil }
    return first
  }

  /// Whether a window of one source is at no instant shorter than that of another.
  private static func has(
    _ source: CandleSeries, asManyAs other: CandleSeries, _ limit: Int, from start: Timestamp
  ) -> Bool {
    for index in 0..<min(limit, other.count) {
      let now = max(start, other.closeTime(index))
      guard source.countClosed(by: now) >= min(limit, other.countClosed(by: now)) else {
        return false
      }
    }
    return true
  }
}
