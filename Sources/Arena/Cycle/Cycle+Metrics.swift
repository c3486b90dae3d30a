import Analytics
import Journal
import Trading

extension Cycle {
  /// Loads the running aggregates of every trader there ever was and the benchmark.
  ///
  /// Those that are missing, as in a state of an older version, cannot be read, or are of another
  /// risk-free rate are made anew from the record, which takes a second for a year of a trader.
  func loadMetrics(_ work: inout CycleWork) throws {
    let kept = try ports.store.metrics()
    var traders = Set(work.state.traders.keys)
    if let benchmark = work.state.benchmark { traders.insert(benchmark.id) }
    for trader in traders.sorted() {
      guard let inception = inception(of: trader, work) else { continue }
      if let stored = kept[trader],
        // What cannot be read is made anew.
        let metrics = try? TraderMetrics(decoding: stored.aggregate),
        metrics.riskFree == config.export.riskFree, metrics.inception == inception
      {
        work.metrics[trader] = metrics
      } else {
        work.metrics[trader] = try StateRebuild.metrics(
          of: trader, since: inception, ports.store, riskFree: config.export.riskFree)
        work.remadeMetrics.insert(trader)
      }
    }
  }

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
    var changed = work.remadeMetrics
    work.remadeMetrics = []
    func fold(_ trader: TraderID, _ body: (inout TraderMetrics) throws -> Void) rethrows {
      guard let inception = inception(of: trader, work) else { return }
      let none = TraderMetrics(inception: inception, riskFree: config.export.riskFree)
      try body(&work.metrics[trader, default: none])
      changed.insert(trader)
    }
    let changes = work.changes
    // In the order in which the record gives them.
    let trades = changes.trades.sorted { ($0.closedAt, $0.position) < ($1.closedAt, $1.position) }
    for trade in trades {
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
