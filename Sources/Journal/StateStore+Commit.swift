package import Trading

extension StateStore {
  /// Writes changes, and the end of their run if it is given, in one transaction.
  ///
  /// They are booked in this order: transfers, flows, then funding and fills by time, funding
  /// before fills at the same instant, otherwise as given. Transfers that were planned in the same
  /// changes are planned before they are booked.
  ///
  /// - Parameters:
  ///   - changes: What changes.
  ///   - spending: How model calls reserved in this file ended; `nil` = nothing to settle.
  ///   - finish: How the run ended; `nil` = it goes on.
  /// - Throws: ``JournalError/fillBookedTwice(account:id:)`` and its like when the changes
  ///   contradict the record; nothing is changed then.
  package func commit(
    _ changes: StateChanges, spending: SpendingChanges? = nil, finishing finish: RunFinish? = nil
  ) throws(JournalError) {
    try database.write("save the cycle") { session in
      for record in changes.traders {
        try session.save(record, recorded: changes.recorded[record.ledger.trader])
      }
      for intent in changes.intents { try session.save(intent, at: changes.at) }
      try session.savePositions(changes)
      try session.saveAccounts(changes)
      try session.book(changes)
      try session.saveSteering(changes)
      try session.saveRecord(changes)
      try session.saveMetrics(changes)
      var packer = TextPacker()
      for turn in changes.turns ?? [] { try session.save(turn, of: changes, &packer) }
      if let spending { try session.save(spending) }
      try session.saveAlerts(changes)
      try session.saveArena(changes)
      for run in changes.abandonedRuns {
        try session.run(
          "UPDATE runs SET status = 'abandoned' WHERE run = ? AND status = 'running'", [run])
      }
      if let finish { try session.finish(changes.run, cycle: changes.cycle, finish) }
    }
  }
}

extension Session {
  fileprivate func save(_ spending: SpendingChanges) throws {
    for answer in spending.answers { try keep(answer) }
    try settle(spending.settlements, at: spending.at)
  }

  /// A trader's present without its positions, as far as it is not on record.
  fileprivate func save(_ record: TraderRecord, recorded: TraderRecord?) throws {
    let trader = record.ledger.trader
    let era = record.runtime.era
    if recorded?.name != record.name || recorded?.executor != record.executor {
      try run(
        TraderRecord.upsert,
        [trader, record.name, record.executor, record.exchange, record.account])
    }
    if recorded?.runtime.era != era {
      try run(TraderEra.insert, [trader, era.number, era.startedAt, era.configDigest])
    }
    if recorded?.runtime != record.runtime {
      try run(TraderRuntime.upsert, [trader] + record.runtime.values)
    }
    if recorded?.ledger != record.ledger { try run(Ledger.upsert, record.ledger.values) }
    if recorded?.totals != record.totals {
      try run(PerformanceTotals.upsert, [trader] + record.totals.values)
    }
  }

  /// A new intent, or the outcome of one on record.
  ///
  /// What an order is never changes.
  fileprivate func save(_ intent: OrderIntent, at: Timestamp) throws {
    let id = intent.request.clientOrderID
    guard let known = try first(OrderIntent.selectOne, [id], { try OrderIntent(&$0, in: self) })
    else {
      try run(OrderIntent.insert, intent.values)
      for (ordinal, share) in intent.shares.enumerated() {
        try run(OrderShare.insert, [id, ordinal] + share.values)
      }
      try log("created", "", of: intent, at: at)
      if let outcome = intent.outcome { try log(outcome.label, outcome.detail, of: intent, at: at) }
      return
    }
    var expected = known
    expected.outcome = intent.outcome
    guard expected == intent else { throw JournalError.orderChanged(id) }
    guard known.outcome != intent.outcome else { return }
    guard let outcome = intent.outcome else { throw JournalError.orderChanged(id) }
    try run(OrderIntent.setOutcome, OrderOutcome.values(of: outcome) + [id])
    try log(outcome.label, outcome.detail, of: intent, at: at)
  }

  private func log(
    _ what: String, _ detail: String, of intent: OrderIntent, at: Timestamp
  ) throws {
    try run(
      """
      INSERT INTO order_events (client_order_id, run, at_ms, what, detail)
      VALUES (?, ?, ?, ?, ?)
      """, [intent.request.clientOrderID, intent.run, at, what, detail])
  }

  /// Ends the positions of the trades, then makes open positions and lots like the ledgers.
  fileprivate func savePositions(_ changes: StateChanges) throws {
    for trade in changes.trades {
      try run("DELETE FROM lots WHERE position = ?", [trade.position])
      try run(Trade.close, trade.closedPositionValues)
      try run(Trade.insert, trade.values)
      try run(
        """
        INSERT INTO coin_closes (trader, coin, at_ms) VALUES (?, ?, ?)
        ON CONFLICT (trader, coin) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)
        """, [trade.trader, trade.coin, trade.closedAt])
    }
    for record in changes.traders {
      let recorded = changes.recorded[record.ledger.trader]?.ledger.positions ?? []
      try refuseLosses(of: record.ledger, recorded: recorded)
      for position in record.ledger.positions {
        let known = recorded.first { $0.number == position.number }
        if known != position { try save(position, recorded: known) }
      }
    }
  }

  /// Refuses a ledger that lacks an open position without a trade that ended it.
  private func refuseLosses(of ledger: Ledger, recorded: [Position]) throws {
    let held = ledger.positions.map(\.number)
    guard recorded.isEmpty || recorded.map(\.number) != held else { return }
    let open = try rows(
      "SELECT position FROM positions WHERE trader = ? AND status = 'open'", [ledger.trader]
    ) { try $0.next(PositionNumber.self) }
    if let lost = open.filter({ !held.contains($0) }).min() {
      throw JournalError.positionVanished(lost, trader: ledger.trader)
    }
  }

  private func save(_ position: Position, recorded: Position?) throws {
    try run(Position.upsert, position.values)
    guard recorded?.lots != position.lots else { return }
    try run("DELETE FROM lots WHERE position = ?", [position.number])
    for (ordinal, lot) in position.lots.enumerated() {
      try run(
        Lot.insert, [position.number, ordinal, lot.fillID, lot.price, lot.size, lot.openedAt])
    }
  }

  /// What the cycle changed in the arena's own row.
  fileprivate func saveArena(_ changes: StateChanges) throws {
    for (account, at) in changes.watermarks.sorted(by: { $0.key < $1.key }) {
      try run(
        """
        INSERT INTO watermarks (account, at_ms) VALUES (?, ?)
        ON CONFLICT (account) DO UPDATE SET at_ms = excluded.at_ms
        """, [account, at])
    }
    let cycle: CycleNumber? = changes.turns == nil ? nil : changes.cycle
    guard cycle != nil || changes.nextPosition != nil || changes.nextNonce != nil else { return }
    try run(
      """
      UPDATE arena SET cycle = max(cycle, coalesce(?, cycle)),
        next_position = coalesce(?, next_position),
        next_nonce = max(next_nonce, coalesce(?, next_nonce))
      """, [cycle, changes.nextPosition, changes.nextNonce])
    guard self.changes == 1 else {
      throw JournalError.failed(
        operation: "save the cycle", detail: "expected an arena in the state, was none")
    }
  }
}
