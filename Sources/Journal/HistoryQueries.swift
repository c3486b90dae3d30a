package import Trading

extension StateStore {
  /// The account totals of a trader or the benchmark for the exports, oldest first.
  ///
  /// - Parameters:
  ///   - trader: The trader or the benchmark's id.
  ///   - limitHours: The newest hours that have a row each.
  ///   - thenDaily: Before these, the newest days that have one row each: the day's last point.
  /// - Returns: The totals by time.
  /// - Throws: ``JournalError``.
  package func hourlyTotals(
    _ trader: TraderID, limitHours: Int = 720, thenDaily: Int = 2000
  ) throws(JournalError) -> [PeriodTotal] {
    try database.read("read the totals") { session in
      let hours = try session.rows(
        PeriodTotal.hourly.select("WHERE trader = ? ORDER BY hour DESC LIMIT ?"),
        [trader, limitHours]
      ) { try PeriodTotal(&$0) }
      guard let oldest = hours.last, hours.count == limitHours else { return hours.reversed() }
      let days = try session.rows(
        PeriodTotal.daily.select("WHERE trader = ? AND day < ? ORDER BY day DESC LIMIT ?"),
        [trader, CivilDay(oldest.point.at), thenDaily]
      ) { try PeriodTotal(&$0) }
      return days.reversed() + hours.reversed()
    }
  }

  /// A trader's finished positions, newest first.
  package func recentTrades(
    _ trader: TraderID, limit: Int
  ) throws(JournalError) -> [Trade] {
    try database.read("read the trades") { session in
      try session.rows(
        Trade.columns.select(
          "WHERE trader = ? ORDER BY closed_at_ms DESC, position DESC LIMIT ?"),
        [trader, limit]
      ) { try Trade(&$0) }
    }
  }

  /// Equity points of a trader or the benchmark, oldest first.
  ///
  /// - Parameters:
  ///   - trader: The trader or the benchmark's id.
  ///   - from: The first instant.
  ///   - to: The last instant, included.
  ///   - limit: At most so many; the oldest ones.
  /// - Returns: The points by time.
  /// - Throws: ``JournalError``.
  package func equityPoints(
    _ trader: TraderID, from: Timestamp, to: Timestamp, limit: Int
  ) throws(JournalError) -> [EquityPoint] {
    try database.read("read the equity") { session in
      try session.rows(
        EquityPoint.columns.select(
          "WHERE trader = ? AND at_ms BETWEEN ? AND ? ORDER BY at_ms LIMIT ?"),
        [trader, from, to, limit]
      ) { try EquityPoint(&$0) }
    }
  }

  /// The newest runs with their phases, newest first.
  ///
  /// Runs older than a thousand have no phases.
  package func recentRuns(_ limit: Int) throws(JournalError) -> [RunRecord] {
    try database.read("read the runs") { session in
      try session.rows(
        """
        SELECT run, cycle, at_ms, started_at_ms, finished_at_ms, pid, status, error
        FROM runs ORDER BY run DESC LIMIT ?
        """, [limit]
      ) { row in
        let run: RunNumber = try row.next()
        let phases = try session.rows(
          "SELECT phase, took_ms FROM run_phases WHERE run = ? ORDER BY ordinal", [run]
        ) { PhaseTiming(phase: try $0.next(), tookMs: try $0.next()) }
        return RunRecord(
          run: run, cycle: try row.next(), at: try row.next(), startedAt: try row.next(),
          finishedAt: try row.next(), pid: try row.next(), status: try row.next(),
          error: try row.next(), phases: phases)
      }
    }
  }

  /// Alerts that hold now, oldest first.
  package func openAlerts() throws(JournalError) -> [AlertRecord] {
    try alerts("WHERE resolved_at_ms IS NULL ORDER BY alert", [])
  }

  /// The newest alerts, open or not, newest first.
  package func recentAlerts(_ limit: Int) throws(JournalError) -> [AlertRecord] {
    try alerts("ORDER BY alert DESC LIMIT ?", [limit])
  }

  private func alerts(
    _ part: String, _ values: [any Column]
  ) throws(JournalError) -> [AlertRecord] {
    try database.read("read the alerts") { session in
      try session.rows(
        "SELECT key, severity, trader, message, opened_at_ms, resolved_at_ms FROM alerts " + part,
        values
      ) {
        AlertRecord(
          alert: Alert(
            key: try $0.next(), severity: try $0.next(), trader: try $0.next(),
            message: try $0.next()),
          openedAt: try $0.next(), resolvedAt: try $0.next())
      }
    }
  }

  /// A trader's newest turns with their decisions and notes, newest first.
  package func recentTurns(
    _ trader: TraderID, limit: Int
  ) throws(JournalError) -> [PastTurn] {
    try database.read("read the decisions") { session in
      try session.rows(
        TurnRecord.columns.select("WHERE trader = ? ORDER BY cycle DESC LIMIT ?"),
        [trader, limit]
      ) { row in
        row.skip(1)
        let cycle: CycleNumber = try row.next()
        let run: RunNumber = try row.next()
        let at: Timestamp = try row.next()
        return PastTurn(
          cycle: cycle, run: run, at: at,
          turn: TurnRecord(
            trader: trader, era: try row.next(), slot: try row.next(), failure: try row.next(),
            decisions: try session.decisions(trader, cycle)))
      }
    }
  }

  /// How much is on record.
  ///
  /// Reads whole tables: for people who ask, not for each run.
  package func counts() throws(JournalError) -> RecordCounts {
    try database.read("count the records") { session in
      func count(_ table: String) throws -> Int {
        try session.first("SELECT count(*) FROM \(table)") { try $0.next() } ?? 0
      }
      return RecordCounts(
        runs: try count("runs"), traders: try count("traders"),
        decisions: try count("decisions"), orders: try count("orders"),
        fills: try count("fills"), funding: try count("funding_payments"),
        trades: try count("trades"), equityPoints: try count("equity_points"))
    }
  }
}

extension Session {
  fileprivate func decisions(
    _ trader: TraderID, _ cycle: CycleNumber
  ) throws -> [DecisionRecord] {
    let notes = try rows(
      """
      SELECT decision, rule, note FROM decision_validations WHERE trader = ? AND cycle = ?
      ORDER BY decision, ordinal
      """, [trader, cycle]
    ) { (try $0.next(Int.self), RuleNote(rule: try $0.next(), text: try $0.next())) }
    let notesOf = Dictionary(grouping: notes, by: \.0).mapValues { $0.map(\.1) }
    return try rows(
      DecisionRecord.columns.select("WHERE trader = ? AND cycle = ? ORDER BY ordinal"),
      [trader, cycle]
    ) { row in
      row.skip(2)
      return try DecisionRecord(&row, trader: trader, notes: notesOf)
    }
  }
}
