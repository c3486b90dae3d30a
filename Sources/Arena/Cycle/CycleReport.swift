package import Trading

/// One trader's line of a cycle.
package struct TraderLine: Sendable, Equatable {
  /// The trader.
  package let trader: TraderID
  /// Whether it takes part.
  package let status: TraderStatus
  /// Whether it was asked in this cycle.
  package let wasDue: Bool
  /// Why it decided nothing although asked; `nil` when it decided or was not asked.
  package let failure: String?
  /// Its decisions and what became of them.
  package let decisions: [DecisionRecord]
  /// Its fills of this cycle, those between the cycles included, in time order.
  package let fills: [Fill]
  /// Orders of this cycle that the venue refused or whose outcome is unknown, in words.
  package let troubles: [String]
  /// Equity, USD; `nil` when a mark is missing.
  package let equity: USD?
  /// Return on the NAV since inception, in per cent; `nil` when a mark is missing.
  package let returnPct: Double?
  /// Open positions.
  package let openPositions: Int
  /// What was said; `nil` for executors inside the program, and when nobody was asked.
  package let conversation: Conversation?
  /// The model calls that were made for it, in order.
  package let calls: [CallSettlement]

  /// A line from its parts.
  package init(
    trader: TraderID, status: TraderStatus, wasDue: Bool, failure: String?,
    decisions: [DecisionRecord], fills: [Fill], troubles: [String], equity: USD?,
    returnPct: Double?, openPositions: Int, conversation: Conversation? = nil,
    calls: [CallSettlement] = []
  ) {
    self.trader = trader
    self.status = status
    self.wasDue = wasDue
    self.failure = failure
    self.decisions = decisions
    self.fills = fills
    self.troubles = troubles
    self.equity = equity
    self.returnPct = returnPct
    self.openPositions = openPositions
    self.conversation = conversation
    self.calls = calls
  }
}

/// What one cycle did, for the person or program that started it.
package struct CycleReport: Sendable, Equatable {
  /// The run's number.
  package let run: RunNumber
  /// The cycle's number.
  package let cycle: CycleNumber
  /// The time of the cycle.
  package let at: Timestamp
  /// Whether prices were made up.
  package let isSynthetic: Bool
  /// Whether nothing was sent or kept.
  package let isDryRun: Bool
  /// One line per configured trader, by equity, highest first.
  package let lines: [TraderLine]
  /// The benchmark's return in per cent; `nil` before it was bought.
  package let benchmarkPct: Double?
  /// Things the operator should know, in words.
  package let notices: [String]
  /// Orders for real venues that a dry run made and did not send, in order.
  package let withheld: [OrderIntent]
  /// Clashes between traders of one account.
  package let conflicts: [ConflictRecord]
  /// Alerts that hold.
  package let alerts: [Alert]
  /// How long the phases took.
  package let phases: [PhaseTiming]
  /// The export generation written; `nil` = none.
  package let generation: Int64?

  /// A report from its parts.
  package init(
    run: RunNumber, cycle: CycleNumber, at: Timestamp, isSynthetic: Bool, isDryRun: Bool,
    lines: [TraderLine], benchmarkPct: Double?, notices: [String],
    conflicts: [ConflictRecord] = [], alerts: [Alert],
    phases: [PhaseTiming], generation: Int64?, withheld: [OrderIntent] = []
  ) {
    self.withheld = withheld
    self.run = run
    self.cycle = cycle
    self.at = at
    self.isSynthetic = isSynthetic
    self.isDryRun = isDryRun
    self.lines = lines
    self.benchmarkPct = benchmarkPct
    self.notices = notices
    self.conflicts = conflicts
    self.alerts = alerts
    self.phases = phases
    self.generation = generation
  }

  /// Whether some trader was asked and failed.
  package var someTraderFailed: Bool { lines.contains { $0.failure != nil } }
}
