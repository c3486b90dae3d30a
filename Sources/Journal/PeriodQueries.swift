package import Trading

/// Something that was booked to a trader, as reports sum it up.
package enum PeriodBooking: Sendable, Equatable {
  /// Money put in or taken out.
  case flow(CapitalFlow)
  /// The fee of a fill, USD.
  case fee(TraderID, USD)
  /// Funding received, USD.
  case funding(TraderID, USD)

  /// Whose books it is in.
  package var trader: TraderID {
    switch self {
    case .flow(let flow): flow.trader
    case .fee(let trader, _), .funding(let trader, _): trader
    }
  }
}

/// What was booked by one run.
package struct RunBooking: Sendable, Equatable {
  /// The run.
  package let run: RunNumber
  /// What was booked.
  package let booking: PeriodBooking
}

// Periods are of runs: an equity point of a time holds what the runs up to that time have booked,
// whatever the venue says when it happened. Runs and bookings are numbered in order, so the first
// ones of a period are found by halving, without an index by time.
extension StateStore {
  /// The name of the arena; empty = none.
  package func arenaName() throws(JournalError) -> String {
    try database.read("read the arena") { session in
      try session.first("SELECT name FROM arena") { try $0.next(String.self) } ?? ""
    }
  }

  /// The last run whose cycle has a time that is not after an instant; 0 = there is none.
  package func lastRun(notAfter at: Timestamp) throws(JournalError) -> RunNumber {
    try database.read("look for a run") { session in
      try session.last(of: "runs", key: "run", reading: "at_ms") {
        try $0.next(Timestamp.self) <= at
      }
    }
  }

  /// The last equity point of a trader or the benchmark that is not after an instant.
  ///
  /// `nil` = its record begins later.
  package func lastPoint(
    of trader: TraderID, notAfter at: Timestamp
  ) throws(JournalError) -> EquityPoint? {
    try database.read("read the equity") { session in
      try session.first(
        EquityPoint.columns.select(
          "WHERE trader = ? AND at_ms <= ? ORDER BY at_ms DESC LIMIT 1"), [trader, at]
      ) { try EquityPoint(&$0) }
    }
  }

  /// Shows the equity points of a trader after an instant and up to another, oldest first.
  package func points(
    of trader: TraderID, after: Timestamp, through: Timestamp, _ body: (EquityPoint) -> Void
  ) throws(JournalError) {
    try database.read("read the equity") { session in
      _ = try session.rows(
        EquityPoint.columns.select(
          "WHERE trader = ? AND at_ms > ? AND at_ms <= ? ORDER BY at_ms"),
        [trader, after, through]
      ) { body(try EquityPoint(&$0)) }
    }
  }

  /// The NAV at the ends of equally long parts of a stretch of time, oldest first; parts without a
  /// point are left out.
  package func navCurve(
    of trader: TraderID, after: Timestamp, through: Timestamp, parts: Int
  ) throws(JournalError) -> [USD] {
    let length = max(1, (through - after).ms / Int64(max(1, parts)))
    return try database.read("read the equity") { session in
      // Beside max() SQLite gives the other columns of the same row.
      try session.rows(
        """
        SELECT nav, max(at_ms) FROM equity_points WHERE trader = ? AND at_ms > ? AND at_ms <= ?
        GROUP BY (at_ms - ? - 1) / ? ORDER BY 2
        """, [trader, after, through, after, length]
      ) { try $0.next(USD.self) }
    }
  }

  /// Shows the flows, fees and funding of traders that runs after one and up to another booked,
  /// each kind in booking order.
  package func bookings(
    after: RunNumber, through: RunNumber, _ body: (RunBooking) -> Void
  ) throws(JournalError) {
    try database.read("read the books") { session in
      try session.booked("capital_flows", CapitalFlow.columns.list, after, through) { row in
        let flow = try CapitalFlow(&row)
        body(RunBooking(run: try row.next(), booking: .flow(flow)))
      }
      try session.booked("fills", "run, trader, fee", after, through) { row in
        let run: RunNumber = try row.next()
        guard let trader = try row.next(TraderID?.self) else { return }
        body(RunBooking(run: run, booking: .fee(trader, try row.next())))
      }
      try session.booked("funding_payments", "run, trader, amount", after, through) { row in
        let run: RunNumber = try row.next()
        guard let trader = try row.next(TraderID?.self) else { return }
        body(RunBooking(run: run, booking: .funding(trader, try row.next())))
      }
    }
  }

  /// The money movements of a trader that runs after one booked, oldest first.
  package func flows(
    _ trader: TraderID, after run: RunNumber
  ) throws(JournalError) -> [CapitalFlow] {
    try database.read("read the flows") { session in
      try session.rows(
        CapitalFlow.columns.select("WHERE trader = ? AND run > ? ORDER BY flow"), [trader, run]
      ) { try CapitalFlow(&$0) }
    }
  }

  /// Shows the positions that ended after an instant and up to another, in the order of their
  /// ends.
  package func tradesEnded(
    after: Timestamp, through: Timestamp, _ body: (Trade) -> Void
  ) throws(JournalError) {
    try database.read("read the trades") { session in
      _ = try session.rows(
        Trade.columns.select(
          "WHERE closed_at_ms > ? AND closed_at_ms <= ? ORDER BY closed_at_ms, position"),
        [after, through]
      ) { body(try Trade(&$0)) }
    }
  }

  /// The wall clock at the beginning of the first run after one, and at the end of the last run up
  /// to another; `nil` = there are none.
  package func wallClock(
    after: RunNumber, through: RunNumber
  ) throws(JournalError) -> (from: Timestamp, to: Timestamp)? {
    try database.read("read the runs") { session in
      let from = try session.first(
        "SELECT started_at_ms FROM runs WHERE run > ? AND run <= ? ORDER BY run LIMIT 1",
        [after, through]
      ) { try $0.next(Timestamp.self) }
      let to = try session.first(
        """
        SELECT coalesce(finished_at_ms, started_at_ms) FROM runs WHERE run > ? AND run <= ?
        ORDER BY run DESC LIMIT 1
        """, [after, through]
      ) { try $0.next(Timestamp.self) }
      return from.flatMap { from in to.map { (from, max(from, $0)) } }
    }
  }

  /// What each trader spent on each model between two instants of the wall clock, both included,
  /// by trader and model.
  ///
  /// Whole UTC days come from their totals, and so do days whose calls are no longer on record.
  package func modelUse(
    from: Timestamp, to: Timestamp
  ) throws(JournalError) -> [ModelUse] {
    let (first, last) = (CivilDay(from), CivilDay(to))
    var sums: [ModelPlace: (calls: Int, spent: Spent)] = [:]
    try database.read("read the spending") { session in
      _ = try session.rows(
        """
        SELECT trader, model, calls, tokens, cost FROM llm_trader_days t
        WHERE day BETWEEN ?1 AND ?2 AND (day NOT IN (?1, ?2)
          OR NOT EXISTS (SELECT 1 FROM llm_calls c WHERE c.day = t.day))
        UNION ALL
        SELECT trader, model, 1, booked_tokens, booked_cost FROM llm_calls
        WHERE day IN (?1, ?2) AND reserved_at_ms BETWEEN ?3 AND ?4 AND status <> 'released'
        """, [first, last, from, to]
      ) { row in
        let place = ModelPlace(trader: try row.next(), model: try row.next())
        var sum = sums[place] ?? (0, Spent(tokens: 0, cost: .zero))
        sum.calls += try row.next(Int.self)
        let tokens = sum.spent.tokens + (try row.next(Int.self))
        sum.spent = Spent(tokens: tokens, cost: sum.spent.cost + (try row.next()))
        sums[place] = sum
      }
    }
    return sums.sorted { $0.key < $1.key }.filter { $0.value.calls > 0 }.map { place, sum in
      ModelUse(trader: place.trader, model: place.model, calls: sum.calls, spent: sum.spent)
    }
  }

  /// How many alerts were opened after an instant and up to another, by severity, and the newest
  /// of them, newest first.
  package func alertsOpened(
    after: Timestamp, through: Timestamp, limit: Int
  ) throws(JournalError) -> (counts: [AlertSeverity: Int], newest: [AlertRecord]) {
    try database.read("read the alerts") { session in
      var counts: [AlertSeverity: Int] = [:]
      _ = try session.rows(
        """
        SELECT severity, count(*) FROM alerts WHERE opened_at_ms > ? AND opened_at_ms <= ?
        GROUP BY severity
        """, [after, through]
      ) { counts[try $0.next()] = try $0.next(Int.self) }
      let newest = try session.rows(
        """
        SELECT alert, key, severity, trader, message, value, threshold, opened_at_ms,
          coalesce(told_at_ms, opened_at_ms), resolved_at_ms
        FROM alerts WHERE opened_at_ms > ? AND opened_at_ms <= ?
        ORDER BY opened_at_ms DESC, alert DESC LIMIT ?
        """, [after, through, limit]
      ) {
        AlertRecord(
          number: try $0.next(),
          alert: Alert(
            key: try $0.next(), severity: try $0.next(), trader: try $0.next(),
            message: try $0.next(), value: try $0.next(), threshold: try $0.next()),
          openedAt: try $0.next(), toldAt: try $0.next(), resolvedAt: try $0.next())
      }
      return (counts, newest)
    }
  }

  /// The kill switches that fired after an instant and up to another, oldest first, at most as
  /// many as `limit`.
  ///
  /// Reads all there ever were: they are few.
  package func killSwitches(
    firedAfter after: Timestamp, through: Timestamp, limit: Int
  ) throws(JournalError) -> [KillSwitch] {
    try database.read("read the kill switches") { session in
      try session.rows(
        KillSwitch.columns.select(
          "WHERE fired_at_ms > ? AND fired_at_ms <= ? ORDER BY number LIMIT ?"),
        [after, through, limit]
      ) { try KillSwitch(&$0) }
    }
  }
}

/// Whose calls to which model.
private struct ModelPlace: Hashable, Comparable {
  let trader: TraderID
  let model: ModelAlias

  static func < (left: Self, right: Self) -> Bool {
    (left.trader, left.model) < (right.trader, right.model)
  }
}

extension Session {
  /// The greatest key of a table for which a claim holds; 0 = for none.
  ///
  /// The claim must hold for all rows up to some key and for none after it; it is asked about as
  /// many rows as the greatest key has bits.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - key: A column of whole numbers above zero that is unique and indexed.
  ///   - column: What the claim looks at.
  ///   - isBefore: The claim, about the column.
  /// - Returns: The key, or a number between it and the next one.
  /// - Throws: What SQLite or the claim throws.
  fileprivate func last(
    of table: String, key: String, reading column: String,
    _ isBefore: (inout RowReader) throws -> Bool
  ) throws -> Int64 {
    let query =
      "SELECT \(key), \(column) FROM \(table) WHERE \(key) <= ? ORDER BY \(key) DESC LIMIT 1"
    let greatest = try first("SELECT max(\(key)) FROM \(table)") { try $0.next(Int64?.self) }
    var low: Int64 = 0
    var high = (greatest ?? nil) ?? 0
    while low < high {
      let middle = low + (high - low + 1) / 2
      let row = try first(query, [middle]) { row in
        (key: try row.next(Int64.self), isBefore: try isBefore(&row))
      }
      if let row, !row.isBefore { high = row.key - 1 } else { low = middle }
    }
    return low
  }

  /// Shows the rows of a table of bookings that runs after one and up to another made, in order.
  fileprivate func booked(
    _ table: String, _ columns: String, _ after: RunNumber, _ through: RunNumber,
    _ body: (inout RowReader) throws -> Void
  ) throws {
    func end(of run: RunNumber) throws -> Int64 {
      try last(of: table, key: "booking", reading: "run") {
        try $0.next(RunNumber.self) <= run
      }
    }
    _ = try rows(
      "SELECT \(columns) FROM \(table) WHERE booking > ? AND booking <= ? ORDER BY booking",
      [try end(of: after), try end(of: through)], body)
  }
}
