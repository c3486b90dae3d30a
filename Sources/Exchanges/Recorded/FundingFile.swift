import Market
import Trading

/// A CSV file of funding rates: `timestamp_ms,funding_rate`, a fraction per hour.
///
/// The venue stamps a rate a little after the full hour it is charged at; the time is taken back
/// to that hour. Of several rates of one hour the first counts.
enum FundingFile {
  static let header = "timestamp_ms,funding_rate"

  /// The rates of a file at or before `end` (`nil` = all), by the time the venue stamped them.
  static func read(_ path: String, until end: Timestamp?) throws(MarketDataError) -> [FundingPoint]
  {
    let bytes = try MarketFile.contents(of: path)
    let result = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(MarketDataError) in
        try parse(CSVLines(buffer, path: path), until: end)
      }
    }
    return try result.get()
  }

  private static func parse(
    _ source: CSVLines, until end: Timestamp?
  ) throws(MarketDataError) -> [FundingPoint] {
    var lines = source
    try lines.expect(header: header)
    var points: [FundingPoint] = []
    points.reserveCapacity(lines.estimatedLines)
    var previous: Timestamp?
    while lines.advance() {
      var start = lines.line.lowerBound
      let stamp = try lines.time(&start)
      if let previous, stamp.ms < previous.ms {
        throw lines.malformed("expected a time not before \(previous), was \(stamp)")
      }
      previous = stamp
      let field = lines.field(from: &start)
      guard let fraction = CSVNumber.double(field),
        let rate = FundingRate(approximating: fraction)
      else {
        throw lines.refused(field, expected: "a funding rate as a fraction from -1 to 1")
      }
      try lines.expectEnd(after: start)
      let hour = stamp.floored(to: .hour)
      if let end, hour.ms > end.ms { continue }
      if hour.ms != points.last?.at.ms { points.append(FundingPoint(at: hour, rate: rate)) }
    }
    return points
  }
}
