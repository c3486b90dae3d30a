import Analytics
import Journal
import Trading

/// What the files of a cycle show of its traders, read from the state.
struct ExportReading: Sendable {
  /// The traders by id, removed ones among them.
  let traders: [TraderView]
  /// The benchmark; `nil` = there is none.
  let benchmark: BenchmarkView?
  /// What the next run need not read again.
  let memory: ExportMemory
}

extension Cycle {
  /// Reads what the files of a cycle show of its traders.
  ///
  /// Between the commit of a cycle and its files nothing of this changes, so that it can be read
  /// while the records are written. Each trader is read in one piece, and the journal may use the
  /// state between two of them.
  ///
  /// - Parameter work: The cycle, committed, with the figures of every trader.
  /// - Returns: `nil` when nothing is to be published.
  /// - Throws: ``JournalError`` when the state cannot be read.
  func readForExport(_ work: CycleWork) throws -> ExportReading? {
    guard options.publishes, let folder = ports.exports else { return nil }
    let store = ports.store
    var memory = folder.memory ?? ExportMemory(at: work.now)
    memory.begin(at: work.now)
    var bills: [TraderID: [ModelCost]] = [:]
    let benchmark: BenchmarkView? = try store.snapshot { store in
      if !(try memory.fits(work.state, store)) { memory = ExportMemory(at: work.now) }
      bills = try costs(work, &memory)
      return try benchmarkView(work, &memory)
    }
    var traders: [TraderView] = []
    for record in work.state.traders.values.sorted(by: { $0.ledger.trader < $1.ledger.trader }) {
      let view: TraderView = try store.snapshot { _ in
        try traderView(record, work, costs: bills[record.ledger.trader] ?? [], &memory)
      }
      traders.append(view)
    }
    return ExportReading(traders: traders, benchmark: benchmark, memory: memory)
  }
}
