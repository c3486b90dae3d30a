import Trading

extension Session {
  /// Equity points with their hourly and daily totals, and the benchmark.
  func saveRecord(_ changes: StateChanges) throws {
    if let benchmark = changes.benchmark { try run(Benchmark.upsert, benchmark.values) }
    guard changes.benchmarkTotals != nil || !changes.equityPoints.isEmpty else { return }
    let benchmark = try first(Benchmark.columns.select("")) { try Benchmark(&$0) }
    if let totals = changes.benchmarkTotals {
      guard let benchmark else {
        throw JournalError.failed(
          operation: "save the cycle", detail: "expected a benchmark with its totals, was none")
      }
      try run(PerformanceTotals.upsert, [benchmark.id] + totals.values)
    }
    let records = Dictionary(changes.traders.map { ($0.ledger.trader, $0) }) { first, _ in first }
    for point in changes.equityPoints {
      try run(EquityPoint.upsert, point.values)
      let subject = try recordSubject(
        of: point.trader, among: records, in: changes, benchmark: benchmark)
      guard let inception = subject.inception, point.at >= inception else { continue }
      let hour = (point.at - inception).ms / Span.hour.ms
      let total = PeriodTotal(point: point, hour: hour, sharpe: subject.sharpe)
      try run(PeriodTotal.upsertHourly, total.values)
      try run(PeriodTotal.upsertDaily, total.values + [CivilDay(point.at)])
    }
  }

  /// When the record of a trader or the benchmark began, and its Sharpe ratio now.
  private func recordSubject(
    of trader: TraderID, among records: [TraderID: TraderRecord], in changes: StateChanges,
    benchmark: Benchmark?
  ) throws -> (inception: Timestamp?, sharpe: Double?) {
    if let record = records[trader] {
      return (record.runtime.inceptionAt, record.totals.sharpe)
    }
    let inception =
      benchmark?.id == trader
      ? benchmark?.boughtAt
      : try first("SELECT inception_at_ms FROM trader_runtime WHERE trader = ?", [trader]) {
        try $0.next(Timestamp.self)
      }
    if benchmark?.id == trader, let totals = changes.benchmarkTotals {
      return (inception, totals.sharpe)
    }
    let totals = try first(PerformanceTotals.selectOne, [trader]) { row in
      row.skip(1)
      return try PerformanceTotals(&row)
    }
    return (inception, totals?.sharpe)
  }

  /// One trader's turn; saving it again replaces what was decided and said.
  func save(
    _ turn: TurnRecord, of changes: StateChanges, _ packer: inout TextPacker
  ) throws {
    let cycle = changes.cycle
    let trader = turn.trader
    let values: [any Column] = [
      trader, cycle, changes.run, changes.at, turn.era, turn.slot, turn.failure,
    ]
    try run(TurnRecord.insertIfNew, values)
    if self.changes == 0 {
      try run(TurnRecord.upsert, values)
      try run("DELETE FROM decisions WHERE trader = ? AND cycle = ?", [trader, cycle])
      try run("DELETE FROM shadow_decisions WHERE trader = ? AND cycle = ?", [trader, cycle])
      try forgetConversation(of: trader, cycle: cycle)
    }
    for decision in turn.decisions {
      try run(DecisionRecord.insert, decision.values(cycle: cycle))
      for (ordinal, note) in decision.notes.enumerated() {
        try run(
          DecisionRecord.insertNote,
          [turn.trader, cycle, decision.index, ordinal, note.rule, note.text])
      }
    }
    if let said = turn.conversation { try add(said, of: trader, cycle: cycle, &packer) }
    for shadow in turn.shadows {
      let key: [any Column] = [trader, cycle, shadow.replica, shadow.index]
      try run(ShadowDecision.insert, key + shadow.decision.values)
    }
  }
}
