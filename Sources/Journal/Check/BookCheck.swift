import Trading

/// Compares the books on record with those computed anew from the events.
struct BookCheck {
  /// One sentence for each difference.
  private(set) var findings: [String] = []
  /// The ledgers on record, by the account that carries their positions.
  private(set) var ledgersByAccount: [AccountID: [Ledger]] = [:]

  init(_ session: Session) throws {
    let positions = Dictionary(grouping: try session.openPositions(), by: \.trader)
    let records = try session.rows(TraderRecord.selectAll) {
      try TraderRecord(&$0, positions: positions, lastCloses: [:], recentOpens: [:])
    }
    for record in records {
      ledgersByAccount[record.account, default: []].append(record.ledger)
      let trader = record.ledger.trader
      let replay = BookReplay(trader: trader, events: try session.events(of: trader))
      findings += replay.findings
      compare(record, with: replay)
      try compareTrades(session, of: trader, with: replay)
    }
    findings += try Self.closedPositions(session)
  }

  private mutating func compare(_ record: TraderRecord, with replay: BookReplay) {
    let trader = record.ledger.trader.name
    findings += differences(
      trader, expected: replay.ledger.facts, actual: record.ledger.facts, source: "its events")
    if replay.knowsUnits, replay.flows > 0 {
      findings += differences(
        trader, expected: [("units", replay.ledger.units.description)],
        actual: [("units", record.ledger.units.description)],
        source: replay.flows == 1 ? "its first flow" : "its flows")
    }
    for position in replay.ledger.positions {
      guard let stored = record.ledger.positions.first(where: { $0.number == position.number })
      else { continue }
      findings += differences(
        "Position \(position.number) of \(trader)", expected: position.facts,
        actual: stored.facts, source: "its events")
    }
    var totals = PerformanceTotals()
    for trade in replay.trades { totals.fold(trade) }
    findings += differences(
      "Performance of \(trader)", expected: totals.tradeFacts, actual: record.totals.tradeFacts,
      source: "its events")
  }

  private mutating func compareTrades(
    _ session: Session, of trader: TraderID, with replay: BookReplay
  ) throws {
    let stored = try session.rows(Trade.columns.select("WHERE trader = ?"), [trader]) {
      try Trade(&$0)
    }
    let byNumber = Dictionary(uniqueKeysWithValues: stored.map { ($0.position, $0) })
    for trade in replay.trades {
      let place = "Trade of position \(trade.position) of \(trader)"
      guard let known = byNumber[trade.position] else {
        findings.append("\(place): expected it on record from its events, was none.")
        continue
      }
      findings += differences(
        place, expected: trade.facts, actual: known.facts, source: "its events")
    }
    let computed = Set(replay.trades.map(\.position))
    for trade in stored where !computed.contains(trade.position) {
      findings.append(
        "Trade of position \(trade.position) of \(trader): expected none from its events, "
          + "the record has one.")
    }
  }

  /// A closed position and its trade must tell the same.
  private static func closedPositions(_ session: Session) throws -> [String] {
    try session.rows(
      """
      SELECT p.position, p.status, t.position IS NOT NULL
      FROM positions p LEFT JOIN trades t USING (position)
      WHERE (p.status = 'closed') <> (t.position IS NOT NULL) OR t.trader <> p.trader
        OR t.coin <> p.coin OR t.side <> p.side OR t.size <> p.opened_size
        OR t.size <> p.closed_size OR t.entry_notional <> p.entry_notional
        OR t.exit_notional <> p.exit_notional OR t.entry_fees <> p.entry_fees
        OR t.exit_fees <> p.exit_fees OR t.funding <> p.funding
        OR t.opened_at_ms <> p.opened_at_ms OR t.closed_at_ms <> p.closed_at_ms
      ORDER BY p.position
      """
    ) { row in
      let number: PositionNumber = try row.next()
      let status: String = try row.next()
      let hasTrade: Bool = try row.next()
      return "Position \(number) is \(status) and "
        + (hasTrade ? "its trade on record is another, expected them to agree." : "has no trade.")
    }
  }
}

extension Session {
  /// Everything that changed a trader's books, in booking order.
  fileprivate func events(of trader: TraderID) throws -> [BookedEvent] {
    let flows = try rows(CapitalFlow.columns.select("WHERE trader = ?"), [trader]) { row in
      let flow = try CapitalFlow(&row)
      row.skip(1)
      return (try row.next(Int64.self), BookedEvent.flow(flow))
    }
    let funding = try rows(
      FundingPayment.columns.select("WHERE trader = ?"), [trader]
    ) { row in
      let booked = try BookedFunding(&row)
      row.skip(1)
      return (try row.next(Int64.self), BookedEvent.funding(booked))
    }
    let fills = try rows(Fill.columns.select("WHERE trader = ?"), [trader]) { row in
      let booked = try BookedFill(&row)
      row.skip(1)
      return (try row.next(Int64.self), BookedEvent.fill(booked))
    }
    return (flows + funding + fills).sorted { $0.0 < $1.0 }.map(\.1)
  }
}
