package import Trading

extension StateStore {
  /// Thins out old equity points: all stay for 48 hours, the last of each quarter of an hour for
  /// 30 days, the last of each hour for ever.
  ///
  /// - Parameters:
  ///   - now: The present.
  ///   - limit: How many points, at least 2, are looked at for each trader and age; the next call
  ///     goes on.
  /// - Returns: How many points were dropped.
  /// - Throws: ``JournalError``.
  @discardableResult
  package func thinEquityPoints(now: Timestamp, limit: Int) throws(JournalError) -> Int {
    try database.write("thin out the equity points") { session in
      let traders = try session.rows("SELECT trader FROM performance ORDER BY trader") {
        try $0.next(TraderID.self)
      }
      var dropped = 0
      for trader in traders {
        for (bucket, age) in Self.ages {
          dropped += try session.thin(
            trader, to: bucket, before: (now - age).floored(to: bucket), limit: limit)
        }
      }
      return dropped
    }
  }

  /// How coarse points are kept from which age on.
  private static let ages = [
    (bucket: Span.minutes(15), age: Span.hours(48)), (bucket: Span.hour, age: Span.day * 30),
  ]
}

extension Session {
  /// Keeps the last point of each bucket before `end`, from where the last call stopped.
  fileprivate func thin(
    _ trader: TraderID, to bucket: Span, before end: Timestamp, limit: Int
  ) throws -> Int {
    let begin =
      try first(
        "SELECT done_up_to_ms FROM thinning WHERE trader = ? AND bucket_ms = ?",
        [trader, bucket.ms]
      ) { try $0.next(Timestamp.self) } ?? Timestamp(ms: 0)
    guard begin < end else { return 0 }
    let points = try rows(
      """
      SELECT at_ms FROM equity_points WHERE trader = ? AND at_ms >= ? AND at_ms < ?
      ORDER BY at_ms LIMIT ?
      """, [trader, begin, end, max(limit, 2)]
    ) { try $0.next(Timestamp.self) }
    var dropped = 0
    for (point, next) in zip(points, points.dropFirst())
    where point.floored(to: bucket) == next.floored(to: bucket) {
      try run("DELETE FROM equity_points WHERE trader = ? AND at_ms = ?", [trader, point])
      dropped += 1
    }
    // A full page may end within a bucket: its last point is looked at again.
    let done = points.count < max(limit, 2) ? end : points.last ?? end
    try run(
      """
      INSERT INTO thinning (trader, bucket_ms, done_up_to_ms) VALUES (?, ?, ?)
      ON CONFLICT (trader, bucket_ms) DO UPDATE SET done_up_to_ms = excluded.done_up_to_ms
      """, [trader, bucket.ms, done])
    return dropped
  }
}
