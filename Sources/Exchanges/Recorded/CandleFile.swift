import Market
import Trading

/// A CSV file of candles: `timestamp_ms,open,high,low,close,volume`.
enum CandleFile {
  static let header = "timestamp_ms,open,high,low,close,volume"

  /// The candles of a file that ended by `end` (`nil` = all).
  static func read(
    _ path: String, timeframe: Timeframe, endingBy end: Timestamp?
  ) throws(MarketDataError) -> CandleSeries {
    let bytes = try MarketFile.contents(of: path)
    let result = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(MarketDataError) in
        try parse(CSVLines(buffer, path: path), timeframe: timeframe, endingBy: end)
      }
    }
    return try result.get()
  }

  /// When the first candle of a file begins, reading only the head of the file.
  static func firstOpen(_ path: String, timeframe: Timeframe) throws(MarketDataError) -> Timestamp {
    let bytes = try MarketFile.contents(of: path, limit: 1024)
    let result = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(MarketDataError) in
        var lines = CSVLines(buffer, path: path)
        try lines.expect(header: header)
        guard lines.advance() else { throw noCandle(lines) }
        return try candle(lines, every: timeframe.span, after: nil).openTime
      }
    }
    return try result.get()
  }

  private static func parse(
    _ source: CSVLines, timeframe: Timeframe, endingBy end: Timestamp?
  ) throws(MarketDataError) -> CandleSeries {
    var lines = source
    try lines.expect(header: header)
    var series = CandleSeries(timeframe: timeframe)
    series.reserve(lines.estimatedLines)
    var previous: Timestamp?
    let span = timeframe.span
    let lastOpenMs = end.map { $0.ms - span.ms } ?? .max
    while lines.advance() {
      let candle = try candle(lines, every: span, after: previous)
      previous = candle.openTime
      if candle.openTime.ms > lastOpenMs { continue }
      series.append(candle)
    }
    guard previous != nil else { throw noCandle(lines) }
    return series
  }

  private static func candle(
    _ lines: borrowing CSVLines, every step: Span, after previous: Timestamp?
  ) throws(MarketDataError) -> Candle {
    var start = lines.line.lowerBound
    let openTime = try lines.time(&start)
    guard openTime.ms % step.ms == 0 else {
      throw lines.malformed("expected a time that is a multiple of \(step), was \(openTime)")
    }
    if let previous, openTime.ms <= previous.ms {
      throw lines.malformed("expected a time after \(previous), was \(openTime)")
    }
    let open = try price("open", lines, &start)
    let high = try price("high", lines, &start)
    let low = try price("low", lines, &start)
    let close = try price("close", lines, &start)
    let field = lines.field(from: &start)
    guard let volume = CSVNumber.double(field), volume >= 0 else {
      throw lines.refused(field, expected: "volume as a number of coins of at least 0")
    }
    try lines.expectEnd(after: start)
    guard
      let candle = Candle(
        openTime: openTime, open: open, high: high, low: low, close: close, volume: volume)
    else {
      throw lines.malformed(
        "expected low ≤ open, close ≤ high, was open \(open), high \(high), low \(low), "
          + "close \(close)")
    }
    return candle
  }

  @inline(__always)
  private static func price(
    _ name: StaticString, _ lines: borrowing CSVLines, _ start: inout Int
  ) throws(MarketDataError) -> Price {
    let field = lines.field(from: &start)
    guard let mantissa = CSVNumber.price(field), let price = Price(mantissa: mantissa) else {
      throw lines.refused(
        field, expected: "\(name) as a number above zero with at most 8 decimals")
    }
    return price
  }

  private static func noCandle(_ lines: CSVLines) -> MarketDataError {
    .malformed(
      path: lines.path, line: 2, cause: "expected at least one candle, was the end of the file")
  }
}

extension CSVLines {
  /// The field that holds a time.
  @inline(__always)
  func time(_ start: inout Int) throws(MarketDataError) -> Timestamp {
    let field = field(from: &start)
    guard let ms = CSVNumber.whole(field) else {
      throw refused(field, expected: "a time in ms since 1970")
    }
    return Timestamp(ms: ms)
  }
}
