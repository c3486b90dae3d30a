/// The present of one trader.
package struct TraderRecord: Sendable, Equatable {
  /// Its name and other words for exports that outlive the configuration.
  package var name: String
  /// The word for what decides, for example `ema_cross`.
  package var executor: String
  /// The exchange provider; never changes.
  package var exchange: ProviderID
  /// The account that carries its positions; never changes.
  package var account: AccountID
  /// What it remembers.
  package var runtime: TraderRuntime
  /// Its books.
  package var ledger: Ledger
  /// Running totals of its record.
  package var totals: PerformanceTotals
  /// When it last closed a position, by coin; for the cooldown.
  package var lastCloses: [Coin: Timestamp]
  /// When it opened positions within the last hour, ascending.
  package var recentOpens: [Timestamp]

  /// A present from its parts.
  package init(
    name: String, executor: String, exchange: ProviderID, account: AccountID,
    runtime: TraderRuntime, ledger: Ledger, totals: PerformanceTotals = PerformanceTotals(),
    lastCloses: [Coin: Timestamp] = [:], recentOpens: [Timestamp] = []
  ) {
    self.name = name
    self.executor = executor
    self.exchange = exchange
    self.account = account
    self.runtime = runtime
    self.ledger = ledger
    self.totals = totals
    self.lastCloses = lastCloses
    self.recentOpens = recentOpens
  }
}

/// Everything a cycle must know of the past.
///
/// Its size does not grow with history.
package struct ArenaState: Sendable, Equatable {
  /// The arena's id, made once when the database was.
  package var arena: String
  /// The last cycle that was planned; 0 before the first.
  package var cycle: CycleNumber
  /// The number the next position gets.
  package var nextPosition: PositionNumber
  /// The number the next send gets; each is used once.
  package var nextNonce: Int64
  /// Every trader there ever was, by id.
  package var traders: [TraderID: TraderRecord]
  /// Orders whose outcome is not on record yet, in the order they were made.
  package var openIntents: [OrderIntent]
  /// Up to when each account's fills and funding are booked.
  package var watermarks: [AccountID: Timestamp]
  /// The benchmark; `nil` before it was bought.
  package var benchmark: Benchmark?
  /// The running totals of the benchmark's record.
  package var benchmarkTotals: PerformanceTotals
  /// The time of the last run that finished; `nil` before the first.
  package var lastFinishedAt: Timestamp?
  /// Runs that began and never finished, with their times, ascending.
  package var unfinishedRuns: [UnfinishedRun]
  /// The books of every account, by id.
  package var accounts: [AccountID: AccountBooks] = [:]
  /// Movements of money that were planned and not yet reported by the venue, by id.
  package var plannedTransfers: [PlannedTransfer] = []
  /// When the opening transfer of each account happened; accounts without one are missing.
  package var openings: [AccountID: Timestamp] = [:]
  /// Kill switches that hold, by number.
  package var killSwitches: [KillSwitch] = []
  /// The number the next kill switch gets.
  package var nextKillSwitch: Int64 = 1
  /// When money was last split anew; `nil` = never.
  package var allocation: AllocationRecord?

  /// A state from its parts.
  package init(
    arena: String, cycle: CycleNumber = 0, nextPosition: PositionNumber = 1,
    nextNonce: Int64 = 1, traders: [TraderID: TraderRecord] = [:],
    openIntents: [OrderIntent] = [], watermarks: [AccountID: Timestamp] = [:],
    benchmark: Benchmark? = nil, benchmarkTotals: PerformanceTotals = PerformanceTotals(),
    lastFinishedAt: Timestamp? = nil, unfinishedRuns: [UnfinishedRun] = []
  ) {
    self.arena = arena
    self.cycle = cycle
    self.nextPosition = nextPosition
    self.nextNonce = nextNonce
    self.traders = traders
    self.openIntents = openIntents
    self.watermarks = watermarks
    self.benchmark = benchmark
    self.benchmarkTotals = benchmarkTotals
    self.lastFinishedAt = lastFinishedAt
    self.unfinishedRuns = unfinishedRuns
  }
}

/// A run that began and never finished.
package struct UnfinishedRun: Sendable, Hashable {
  /// Its number.
  package let run: RunNumber
  /// The time of its cycle.
  package let at: Timestamp

  /// An unfinished run from its parts.
  package init(run: RunNumber, at: Timestamp) {
    self.run = run
    self.at = at
  }
}
