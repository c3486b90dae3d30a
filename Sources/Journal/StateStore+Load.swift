package import Trading

extension StateStore {
  /// Everything a cycle must know of the past.
  ///
  /// The cost does not grow with history.
  ///
  /// - Parameters:
  ///   - now: The time of the cycle; openings within the hour before it are counted.
  ///   - run: The present run, which is not among the unfinished ones; `nil` = none began.
  /// - Returns: The state.
  /// - Throws: ``JournalError``.
  package func loadState(
    now: Timestamp, run: RunNumber? = nil
  ) throws(JournalError) -> ArenaState {
    try database.read("load the state") { session in
      guard var state = try session.arena() else {
        throw JournalError.failed(
          operation: "load the state", detail: "expected an arena in it, was none")
      }
      state.traders = try session.traders(now: now)
      state.openIntents = try session.rows(OrderIntent.selectOpen) {
        try OrderIntent(&$0, in: session)
      }
      state.watermarks = Dictionary(
        uniqueKeysWithValues: try session.rows("SELECT account, at_ms FROM watermarks") {
          (try $0.next(AccountID.self), try $0.next(Timestamp.self))
        })
      state.benchmark = try session.first(Benchmark.columns.select("")) { try Benchmark(&$0) }
      if let benchmark = state.benchmark {
        let totals = try session.first(PerformanceTotals.selectOne, [benchmark.id]) { row in
          row.skip(1)
          return try PerformanceTotals(&row)
        }
        state.benchmarkTotals = totals ?? PerformanceTotals()
      }
      state.lastFinishedAt = try session.first(
        """
        SELECT at_ms FROM runs WHERE status IN ('finished', 'failed') AND cycle IS NOT NULL
        ORDER BY run DESC LIMIT 1
        """
      ) { try $0.next() }
      state.unfinishedRuns = try session.rows(
        "SELECT run, at_ms FROM runs WHERE status = 'running' AND run <> ? ORDER BY run",
        [run ?? 0]
      ) { UnfinishedRun(run: try $0.next(), at: try $0.next()) }
      try session.loadAccounts(into: &state)
      try session.loadSteering(into: &state)
      return state
    }
  }
}

extension Session {
  /// The arena's own row; `nil` before it was prepared.
  fileprivate func arena() throws -> ArenaState? {
    try first("SELECT id, cycle, next_position, next_nonce FROM arena") {
      ArenaState(
        arena: try $0.next(), cycle: try $0.next(), nextPosition: try $0.next(),
        nextNonce: try $0.next())
    }
  }

  fileprivate func traders(now: Timestamp) throws -> [TraderID: TraderRecord] {
    let positions = Dictionary(grouping: try openPositions(), by: \.trader)
    let closes = Dictionary(
      grouping: try rows("SELECT trader, coin, at_ms FROM coin_closes") {
        (try $0.next(TraderID.self), try $0.next(Coin.self), try $0.next(Timestamp.self))
      }, by: \.0
    ).mapValues { Dictionary(uniqueKeysWithValues: $0.map { ($0.1, $0.2) }) }
    let opens = Dictionary(
      grouping: try rows(
        """
        SELECT trader, opened_at_ms FROM positions WHERE opened_at_ms > ?
        ORDER BY opened_at_ms, position
        """, [now - .hour]
      ) { (try $0.next(TraderID.self), try $0.next(Timestamp.self)) }, by: \.0
    ).mapValues { $0.map(\.1) }
    let records = try rows(TraderRecord.selectAll) {
      try TraderRecord(&$0, positions: positions, lastCloses: closes, recentOpens: opens)
    }
    return Dictionary(uniqueKeysWithValues: records.map { ($0.ledger.trader, $0) })
  }

  /// All open positions with their lots.
  func openPositions() throws -> [Position] {
    let lots = try rows(
      """
      SELECT position, fill_id, price, size, opened_at_ms FROM lots ORDER BY position, ordinal
      """
    ) { (try $0.next(PositionNumber.self), try Lot(&$0)) }
    let lotsOf = Dictionary(grouping: lots, by: \.0).mapValues { $0.map(\.1) }
    let open = try rows(Position.selectOpen) { try Position.stored(&$0, lots: lotsOf) }
    return open.sorted { $0.number < $1.number }
  }
}
