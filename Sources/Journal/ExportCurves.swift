package import Trading

/// A trader's decisions of one hour, counted.
package struct CountedHour: Sendable, Hashable {
  /// Hours since 1970.
  package let hour: Int64
  /// Decisions, one for each coin and turn.
  package let decisions: Int
  /// Those that opened something.
  package let entries: Int
  /// Those that a rule refused.
  package let refused: Int
}

/// The net profit of a finished position.
package struct ClosedNet: Sendable, Hashable {
  /// The position.
  package let position: PositionNumber
  /// When it was closed.
  package let closedAt: Timestamp
  /// Gross less fees, USD.
  package let net: USD
}

extension StateStore {
  /// The account totals of a trader or the benchmark from an hour of its record on, oldest first.
  package func hourlyTotals(
    _ trader: TraderID, fromHour hour: Int64
  ) throws(JournalError) -> [PeriodTotal] {
    try database.read("read the totals") { session in
      try session.rows(
        PeriodTotal.hourly.select("WHERE trader = ? AND hour >= ? ORDER BY hour"), [trader, hour]
      ) { try PeriodTotal(&$0) }
    }
  }

  /// The account totals of a trader or the benchmark from an instant on, oldest first.
  package func hourlyTotals(
    _ trader: TraderID, from begin: Timestamp
  ) throws(JournalError) -> [PeriodTotal] {
    try database.read("read the totals") { session in
      try session.rows(
        PeriodTotal.hourly.select("WHERE trader = ? AND at_ms >= ? ORDER BY hour"),
        [trader, begin]
      ) { try PeriodTotal(&$0) }
    }
  }

  /// The last account total of each UTC day, oldest first, of those before `end`.
  ///
  /// Walks over every hour of that time: for what is made once, not for each run.
  package func lastTotalsOfDays(
    _ trader: TraderID, from begin: Timestamp, before end: Timestamp
  ) throws(JournalError) -> [PeriodTotal] {
    try database.read("read the totals") { session in
      // Of a group with one max(), SQLite takes the other columns from the row of that maximum.
      try session.rows(
        """
        SELECT trader, max(at_ms), equity, nav, cash, unrealised, margin_used, hour, sharpe
        FROM hourly_totals WHERE trader = ? AND at_ms >= ? AND at_ms < ?
        GROUP BY at_ms / 86400000 ORDER BY 2
        """, [trader, begin, end]
      ) { try PeriodTotal(&$0) }
    }
  }

  /// What a trader decided in each hour, ascending; hours without a turn are left out.
  ///
  /// - Parameters:
  ///   - trader: The trader.
  ///   - cycles: Turns of these cycles count.
  ///   - since: Turns before this instant do not.
  /// - Returns: The hours.
  /// - Throws: ``JournalError``.
  package func decisionHours(
    _ trader: TraderID, cycles: Range<CycleNumber>, since: Timestamp
  ) throws(JournalError) -> [CountedHour] {
    try database.read("count the decisions") { session in
      try session.rows(
        """
        SELECT c.at_ms / 3600000, count(d.ordinal),
          coalesce(sum(d.action IN ('buy_to_enter', 'sell_to_enter')
            AND d.verdict IN ('accepted', 'clamped')), 0),
          coalesce(sum(d.verdict = 'rejected'), 0)
        FROM decision_cycles c
          LEFT JOIN decisions d ON d.trader = c.trader AND d.cycle = c.cycle
        WHERE c.trader = ? AND c.cycle >= ? AND c.cycle < ? AND c.at_ms >= ?
        GROUP BY 1 ORDER BY 1
        """, [trader, cycles.lowerBound, cycles.upperBound, since]
      ) { row in
        CountedHour(
          hour: try row.next(), decisions: try row.next(), entries: try row.next(),
          refused: try row.next())
      }
    }
  }

  /// The net profits of the newest positions that a trader finished, oldest first.
  ///
  /// - Parameters:
  ///   - trader: The trader.
  ///   - last: Only those closed after it, or at the same time with a greater number.
  ///   - limit: At most so many.
  /// - Returns: The profits.
  /// - Throws: ``JournalError``.
  package func netsOfTrades(
    _ trader: TraderID, after last: (at: Timestamp, position: PositionNumber), limit: Int
  ) throws(JournalError) -> [ClosedNet] {
    try database.read("read the trades") { session in
      try session.rows(
        """
        SELECT position, closed_at_ms, side, entry_notional, exit_notional, entry_fees, exit_fees
        FROM trades WHERE trader = ? AND (closed_at_ms, position) > (?, ?)
        ORDER BY closed_at_ms DESC, position DESC LIMIT ?
        """, [trader, last.at, last.position, limit]
      ) { row in
        let position: PositionNumber = try row.next()
        let closedAt: Timestamp = try row.next()
        let side: PositionSide = try row.next()
        let entry: USD = try row.next()
        let exit: USD = try row.next()
        let fees = try row.next(USD.self) + row.next(USD.self)
        let gross = side == .long ? exit - entry : entry - exit
        return ClosedNet(position: position, closedAt: closedAt, net: gross - fees)
      }.reversed()
    }
  }
}
