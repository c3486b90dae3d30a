package import Trading

/// What one unit was worth at the end of a UTC day.
package struct DailyNAV: Sendable, Hashable {
  /// The day.
  package let day: CivilDay
  /// The NAV at the day's last point, USD.
  package let nav: USD
}

/// What one unit was worth at the end of an hour.
package struct HourlyNAV: Sendable, Hashable {
  /// The hour, counted from 1970.
  package let hour: Int64
  /// The NAV at the hour's last point on record, USD.
  package let nav: USD
}

extension StateStore {
  /// What was computed from the returns last.
  ///
  /// - Parameter source: The digest of what it is to be made from.
  /// - Returns: The statistics, encoded; `nil` = none were made from that.
  /// - Throws: ``JournalError``.
  package func statistics(madeFrom source: String) throws(JournalError) -> [UInt8]? {
    try database.read("read the statistics") { session in
      try session.first(
        "SELECT statistics FROM arena_statistics WHERE made_from = ?", [source]
      ) { try $0.next() }
    }
  }

  /// What was computed last, from whatever returns there were then; `nil` = nothing yet.
  package func latestStatistics() throws(JournalError) -> [UInt8]? {
    try database.read("read the statistics") { session in
      try session.first("SELECT statistics FROM arena_statistics") { try $0.next() }
    }
  }

  /// Keeps statistics in the place of those before.
  package func keepStatistics(
    _ statistics: [UInt8], madeFrom source: String
  ) throws(JournalError) {
    try database.write("keep the statistics") { session in
      try session.run(
        """
        INSERT INTO arena_statistics (one, made_from, statistics) VALUES (1, ?, ?)
        ON CONFLICT (one) DO UPDATE SET made_from = excluded.made_from,
          statistics = excluded.statistics
        """, [source, statistics])
    }
  }

  /// The NAVs of the newest days of every trader and the benchmark, oldest first.
  ///
  /// The last day of each is not over unless time went on without points.
  package func dailyNAVs(limit: Int) throws(JournalError) -> [TraderID: [DailyNAV]] {
    try database.read("read the NAVs") { session in
      try session.eachSubject { trader in
        try session.rows(
          "SELECT day, nav FROM daily_totals WHERE trader = ? ORDER BY day DESC LIMIT ?",
          [trader, limit]
        ) { DailyNAV(day: try $0.next(), nav: try $0.next()) }.reversed()
      }
    }
  }

  /// The NAVs of the newest hours of every trader and the benchmark, oldest first.
  ///
  /// Hours are those of UTC, so that traders can be compared; of each the last point counts, which
  /// is kept for ever.
  package func hourlyNAVs(limit: Int) throws(JournalError) -> [TraderID: [HourlyNAV]] {
    try database.read("read the NAVs") { session in
      try session.eachSubject { trader in
        try session.rows(Session.hourEnds, [trader, limit]) { row in
          HourlyNAV(
            hour: try row.next(Timestamp.self).ms / Span.hour.ms, nav: try row.next())
        }.sorted { $0.hour < $1.hour }
      }
    }
  }

  /// A trader's equity at the last hourly total of an hour that was over at an instant.
  ///
  /// Hours are those since its record began.
  ///
  /// - Returns: The equity, raw USD; `nil` = no hour was over then.
  /// - Throws: ``JournalError``.
  package func equityBefore(
    _ trader: TraderID, hourOf at: Timestamp
  ) throws(JournalError) -> USD? {
    try database.read("read the equity") { session in
      try session.first(Session.equityBefore, [trader, at]) { try $0.next() }
    }
  }
}

extension Session {
  /// Jumps from the last point of an hour to that of the hour before it: totals are of hours since
  /// inception, which two traders need not have in common.
  static let hourEnds = """
    WITH RECURSIVE ends (at_ms) AS (
      SELECT max(at_ms) FROM equity_points WHERE trader = ?1
      UNION ALL
      SELECT (
        SELECT max(at_ms) FROM equity_points
        WHERE trader = ?1 AND at_ms < ends.at_ms - ends.at_ms % 3600000
      ) FROM ends WHERE ends.at_ms IS NOT NULL LIMIT ?2
    )
    SELECT points.at_ms, points.nav
    FROM ends CROSS JOIN equity_points points ON points.trader = ?1 AND points.at_ms = ends.at_ms
    """

  static let equityBefore = """
    SELECT equity FROM hourly_totals WHERE trader = ?1 AND hour <
      (?2 - (SELECT inception_at_ms FROM trader_runtime WHERE trader = ?1)) / 3600000
    ORDER BY hour DESC LIMIT 1
    """

  /// A value for each trader that has a record, and the benchmark.
  fileprivate func eachSubject<Value>(
    _ value: (TraderID) throws -> Value
  ) throws -> [TraderID: Value] {
    let subjects = try rows("SELECT trader FROM performance ORDER BY trader") {
      try $0.next(TraderID.self)
    }
    return Dictionary(uniqueKeysWithValues: try subjects.map { ($0, try value($0)) })
  }
}
