package import Trading

extension StateStore {
  /// Shows all that the aggregates of a trader or the benchmark are made of, in time order.
  ///
  /// At the same instant funding comes first, then fills, trades, turns and points; trades of one
  /// instant come by the orders that ended them, then by their positions. Memory does not grow
  /// with history.
  package func history(
    of trader: TraderID, _ body: (HistoryItem) throws -> Void
  ) throws(JournalError) {
    try database.read("read the history") { session in
      var lanes = try session.lanes(of: trader)
      var lastPoint: Timestamp?
      while true {
        // Whole items are not looked at: copying each lane's one for every item took as long as
        // reading them.
        var first: (lane: Int, place: HistoryPlace)?
        for lane in lanes.indices {
          guard let place = lanes[lane].place else { continue }
          if let first, first.place <= place { continue }
          first = (lane, place)
        }
        guard let first, let item = try lanes[first.lane].next() else { return }
        // A point may be the last of its hour and of its day.
        if case .point(let point) = item {
          if lastPoint == point.at { continue }
          lastPoint = point.at
        }
        try body(item)
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
    var done: [any Column] = [Int64.min, Int64.min, Int64.min]
    return try HistoryLane {
      try rows(Self.nextTrades, [trader] + done + [Self.pageSize]) { row in
        let trade = try Trade(&row)
        done = [trade.closedAt, trade.exitOrderID, trade.position]
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
    WHERE t.trader = ? AND (t.closed_at_ms, t.exit_order_id, t.position) > (?, ?, ?)
    ORDER BY t.closed_at_ms, t.exit_order_id, t.position LIMIT ?
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
      var decisions = try decisions(of: trader, after: done, upTo: newest.cycle)[...]
      done = newest.cycle
      return heads.map { head in
        let own = decisions.prefix { $0.cycle == head.cycle }
        decisions = decisions.dropFirst(own.count)
        let turn = TurnRecord(
          trader: trader, era: head.era, slot: head.slot, failure: head.failure,
          decisions: own.map(\.record))
        return .turn(turn, cycle: head.cycle, at: head.at)
      }
    }
  }

  /// Decisions without their words, by cycle and place.
  private func decisions(
    of trader: TraderID, after first: CycleNumber, upTo last: CycleNumber
  ) throws -> [(cycle: CycleNumber, record: DecisionRecord)] {
    try rows(Self.wordlessDecisions, [trader, first, last]) { row in
      let cycle: CycleNumber = try row.next()
      let index: Int = try row.next()
      return (
        cycle,
        DecisionRecord(
          trader: trader, index: index, decision: try Decision(wordless: &row),
          verdict: try row.next(), notes: [], order: try row.next())
      )
    }
  }

  private static let wordlessDecisions = """
    SELECT cycle, ordinal, \(Decision.wordlessColumns), verdict, client_order_id FROM decisions
    WHERE trader = ? AND cycle > ? AND cycle <= ? ORDER BY cycle, ordinal
    """

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
