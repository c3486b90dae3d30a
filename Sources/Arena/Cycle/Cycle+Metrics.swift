import Analytics
import Journal
import Trading

extension Cycle {
  /// Takes what the next transaction writes into the running aggregates, so that the record and
  /// what is reckoned from it are on disk together, whichever phase commits and whatever happens
  /// afterwards.
  ///
  /// - Parameters:
  ///   - work: Its changes are taken in, each once: they must be committed next.
  ///   - equityBefore: The equity of a trader at the last point of the last hour that was over at
  ///     an instant; `nil` = there is none.
  /// - Returns: The aggregates that changed, encoded.
  /// - Throws: `JournalError` when the record cannot be read.
  func fold(
    _ work: inout CycleWork,
    equityBefore: (TraderID, Timestamp) throws(JournalError) -> USD?
  ) throws -> [TraderID: [UInt8]] {
    var changed: Set<TraderID> = []
    func fold(_ trader: TraderID, _ body: (inout TraderMetrics) throws -> Void) rethrows {
      guard let inception = inception(of: trader, work) else { return }
      try body(&work.metrics[trader, default: TraderMetrics(inception: inception)])
      changed.insert(trader)
    }
    let changes = work.changes
    for trade in changes.trades {
      let equity = try equityBefore(trade.trader, trade.openedAt)
      fold(trade.trader) { $0.fold(trade, equityAtEntry: equity) }
    }
    for booked in changes.fills {
      guard let trader = booked.trader else { continue }
      let intent = try intent(of: booked.fill, work)
      fold(trader) {
        $0.fold(
          booked.fill, of: intent?.request.purpose, decisionMid: intent?.decisionMid)
      }
    }
    for booked in changes.funding {
      guard let trader = booked.trader else { continue }
      fold(trader) { $0.fold(booked.payment) }
    }
    for turn in changes.turns ?? [] { fold(turn.trader) { $0.fold(turn, at: changes.at) } }
    for point in changes.equityPoints { fold(point.trader) { $0.fold(point) } }
    return Dictionary(
      uniqueKeysWithValues: changed.compactMap { id in
        work.metrics[id].map { (id, $0.encoded) }
      })
  }

  /// When the record of a trader or of the benchmark began; `nil` = neither knows it.
  private func inception(of trader: TraderID, _ work: CycleWork) -> Timestamp? {
    if let benchmark = work.state.benchmark, benchmark.id == trader { return benchmark.boughtAt }
    return work.state.traders[trader]?.runtime.inceptionAt
  }
}
