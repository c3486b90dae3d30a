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
        SELECT run, cycle, at_ms, started_at_ms, finished_at_ms, pid, status, error,
          failure
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
          error: try row.next(), failure: try row.next(), phases: phases)
      }
    }
  }

  /// Alerts that hold now, oldest first.
  package func openAlerts() throws(JournalError) -> [AlertRecord] {
    // In SQL, the order would make SQLite walk through all alerts there ever were.
    try alerts("INDEXED BY alerts_open WHERE resolved_at_ms IS NULL", []).sorted {
      $0.number < $1.number
    }
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
        """
        SELECT alert, key, severity, trader, message, value, threshold, opened_at_ms,
          coalesce(told_at_ms, opened_at_ms), resolved_at_ms FROM alerts
        """ + " " + part, values
      ) {
        AlertRecord(
          number: try $0.next(),
          alert: Alert(
            key: try $0.next(), severity: try $0.next(), trader: try $0.next(),
            message: try $0.next(), value: try $0.next(), threshold: try $0.next()),
          openedAt: try $0.next(), toldAt: try $0.next(), resolvedAt: try $0.next())
      }
    }
  }

  /// A trader's newest turns with their decisions and notes, newest first.
  ///
  /// - Parameters:
  ///   - trader: The trader.
  ///   - limit: At most so many turns.
  ///   - conversations: At most so many, of the newest turns that have one, come with what was
  ///     said, and all with what replicas decided; 0 = without both. Unpacking one takes 0.05 ms.
  ///   - first: Only turns of this cycle and later ones.
  ///   - end: Only turns of cycles before this one.
  /// - Returns: The turns, newest first.
  /// - Throws: ``JournalError``.
  package func recentTurns(
    _ trader: TraderID, limit: Int, conversations: Int = 0, from first: CycleNumber = .min,
    before end: CycleNumber = .max
  ) throws(JournalError) -> [PastTurn] {
    try database.read("read the decisions") { session in
      var failures: [CycleNumber: String] = [:]
      let heads = try session.rows(
        TurnRecord.columns.select(
          "WHERE trader = ? AND cycle >= ? AND cycle < ? ORDER BY cycle DESC LIMIT ?"),
        [trader, first, end, limit]
      ) { row in
        row.skip(1)
        let head = TurnHead(
          cycle: try row.next(), run: try row.next(), at: try row.next(), era: try row.next(),
          slot: try row.next())
        failures[head.cycle] = try row.next(String?.self)
        return head
      }
      guard let oldest = heads.last else { return [] }
      let decisions = try session.decisions(of: trader, since: oldest.cycle)
      let said = try session.conversations(
        of: trader, from: oldest.cycle, before: end, limit: conversations)
      let shadows =
        conversations > 0 ? try session.shadows(of: trader, since: oldest.cycle) : [:]
      return heads.map { head in
        PastTurn(
          cycle: head.cycle, run: head.run, at: head.at,
          turn: TurnRecord(
            trader: trader, era: head.era, slot: head.slot, failure: failures[head.cycle],
            decisions: decisions[head.cycle] ?? [], conversation: said[head.cycle],
            shadows: shadows[head.cycle] ?? []))
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

/// A turn without its decisions.
private struct TurnHead {
  let cycle: CycleNumber
  let run: RunNumber
  let at: Timestamp
  let era: Int
  let slot: Int64
}

extension Session {
  /// A trader's decisions from a cycle on, by cycle, in the order they were given.
  fileprivate func decisions(
    of trader: TraderID, since cycle: CycleNumber
  ) throws -> [CycleNumber: [DecisionRecord]] {
    var notes: [CycleNumber: [Int: [RuleNote]]] = [:]
    _ = try rows(
      """
      SELECT cycle, decision, rule, note FROM decision_validations
      WHERE trader = ? AND cycle >= ? ORDER BY cycle, decision, ordinal
      """, [trader, cycle]
    ) { row in
      let cycle: CycleNumber = try row.next()
      let decision: Int = try row.next()
      notes[cycle, default: [:]][decision, default: []].append(
        RuleNote(rule: try row.next(), text: try row.next()))
    }
    var found: [CycleNumber: [DecisionRecord]] = [:]
    _ = try rows(
      DecisionRecord.columns.select("WHERE trader = ? AND cycle >= ? ORDER BY cycle, ordinal"),
      [trader, cycle]
    ) { row in
      row.skip(1)
      let cycle: CycleNumber = try row.next()
      found[cycle, default: []].append(
        try DecisionRecord(&row, trader: trader, notes: notes[cycle] ?? [:]))
    }
    return found
  }
}
