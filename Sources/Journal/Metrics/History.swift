package import Trading

extension StateStore {
  /// Shows all that the aggregates of a trader or the benchmark are made of, in time order.
  ///
  /// At the same instant funding comes first, then fills, trades, turns and points; trades of one
  /// instant come by their positions. Memory does not grow with history.
  package func history(
    of trader: TraderID, _ body: (HistoryItem) throws -> Void
  ) throws(JournalError) {
    try database.read("read the history") { session in
      var lanes = try session.lanes(of: trader)
      var lastPoint: Timestamp?
      while true {
        var next: (lane: Int, item: HistoryItem)?
        for (lane, item) in lanes.map(\.head).enumerated() {
          guard let item else { continue }
          if let first = next?.item, (first.at, first.rank) <= (item.at, item.rank) { continue }
          next = (lane, item)
        }
        guard let next else { return }
        try lanes[next.lane].advance()
        // A point may be the last of its hour and of its day.
        if case .point(let point) = next.item {
          if lastPoint == point.at { continue }
          lastPoint = point.at
        }
        try body(next.item)
      }
    }
  }
}

extension Session {
  /// Rows of each table that are held at once.
  private static let pageSize = 500

  fileprivate func lanes(of trader: TraderID) throws -> [HistoryLane] {
    [
      try funding(of: trader), try fills(of: trader), try trades(of: trader),
      try turns(of: trader), try hourlyPoints(of: trader), try dailyPoints(of: trader),
    ]
  }

  private func funding(of trader: TraderID) throws -> HistoryLane {
    var done: [any Column] = [Int64.min, "", "", -1]
    return try HistoryLane {
      try rows(Self.nextFunding, [trader] + done + [Self.pageSize]) { row in
        let booked = try BookedFunding(&row)
        let payment = booked.payment
        done = [payment.at, payment.account, payment.coin, booked.part]
        return .funding(payment)
      }
    }
  }

  static let nextFunding = FundingPayment.columns.select(
    """
    WHERE trader = ? AND (at_ms, account, coin, part) > (?, ?, ?, ?)
    ORDER BY at_ms, account, coin, part LIMIT ?
    """)

  private func fills(of trader: TraderID) throws -> HistoryLane {
    var done: [any Column] = [Int64.min, "", Int64.min, -1]
    return try HistoryLane {
      try rows(Self.nextFills, [trader] + done + [Self.pageSize]) { row in
        let booked = try BookedFill(&row)
        row.skip(2)
        let fill = booked.fill
        done = [fill.at, fill.account, fill.id, booked.part]
        return .fill(fill, purpose: try row.next(), decisionMid: try row.next())
      }
    }
  }

  static let nextFills = """
    SELECT \(Fill.columns.list(of: "f")), o.purpose, o.decision_mid
    FROM fills f LEFT JOIN orders o USING (client_order_id)
    WHERE f.trader = ? AND (f.at_ms, f.account, f.fill_id, f.part) > (?, ?, ?, ?)
    ORDER BY f.at_ms, f.account, f.fill_id, f.part LIMIT ?
    """

  private func trades(of trader: TraderID) throws -> HistoryLane {
    var done: [any Column] = [Int64.min, Int64.min]
    return try HistoryLane {
      try rows(Self.nextTrades, [trader] + done + [Self.pageSize]) { row in
        let trade = try Trade(&row)
        done = [trade.closedAt, trade.position]
        return .trade(trade, equityAtEntry: try row.next())
      }
    }
  }

  static let nextTrades = """
    SELECT \(Trade.columns.list(of: "t")), (
      SELECT h.equity FROM hourly_totals h WHERE h.trader = t.trader
        AND h.hour < (t.opened_at_ms - r.inception_at_ms) / 3600000
      ORDER BY h.hour DESC LIMIT 1)
    FROM trades t LEFT JOIN trader_runtime r USING (trader)
    WHERE t.trader = ? AND (t.closed_at_ms, t.position) > (?, ?)
    ORDER BY t.closed_at_ms, t.position LIMIT ?
    """

  private func turns(of trader: TraderID) throws -> HistoryLane {
    var done: CycleNumber = 0
    return try HistoryLane {
      let heads = try rows(
        TurnRecord.columns.select("WHERE trader = ? AND cycle > ? ORDER BY cycle LIMIT ?"),
        [trader, done, Self.pageSize]
      ) { row in
        row.skip(1)
        let cycle: CycleNumber = try row.next()
        row.skip(1)
        return (
          cycle: cycle, at: try row.next(Timestamp.self), era: try row.next(Int.self),
          slot: try row.next(Int64.self), failure: try row.next(String?.self)
        )
      }
      guard let newest = heads.last else { return [] }
      let decisions = try decisions(of: trader, after: done, upTo: newest.cycle)
      done = newest.cycle
      return heads.map { head in
        let turn = TurnRecord(
          trader: trader, era: head.era, slot: head.slot, failure: head.failure,
          decisions: decisions[head.cycle] ?? [])
        return .turn(turn, cycle: head.cycle, at: head.at)
      }
    }
  }

  /// Decisions without their words.
  private func decisions(
    of trader: TraderID, after first: CycleNumber, upTo last: CycleNumber
  ) throws -> [CycleNumber: [DecisionRecord]] {
    let columns = DecisionRecord.columns.names.map {
      ["invalidation", "reasoning", "malformed_fields"].contains($0) ? "''" : $0
    }
    var found: [CycleNumber: [DecisionRecord]] = [:]
    _ = try rows(
      """
      SELECT \(columns.joined(separator: ", ")) FROM decisions
      WHERE trader = ? AND cycle > ? AND cycle <= ? ORDER BY cycle, ordinal
      """, [trader, first, last]
    ) { row in
      row.skip(1)
      let cycle: CycleNumber = try row.next()
      found[cycle, default: []].append(try DecisionRecord(&row, trader: trader, notes: [:]))
    }
    return found
  }

  private func hourlyPoints(of trader: TraderID) throws -> HistoryLane {
    var done: Int64 = -1
    return try HistoryLane {
      try rows(
        PeriodTotal.hourly.select("WHERE trader = ? AND hour > ? ORDER BY hour LIMIT ?"),
        [trader, done, Self.pageSize]
      ) { row in
        let total = try PeriodTotal(&row)
        done = total.hour
        return .point(total.point)
      }
    }
  }

  private func dailyPoints(of trader: TraderID) throws -> HistoryLane {
    var done = Int64.min
    return try HistoryLane {
      try rows(
        PeriodTotal.daily.select("WHERE trader = ? AND day > ? ORDER BY day LIMIT ?"),
        [trader, done, Self.pageSize]
      ) { row in
        let total = try PeriodTotal(&row)
        done = CivilDay(total.point.at).number
        return .point(total.point)
      }
    }
  }
}
