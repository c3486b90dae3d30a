/// A fill, or the part of one that is one trader's, as booked: whose it became and what it did.
package struct BookedFill: Sendable, Hashable {
  /// The execution; of a fill that several share, this part of its size and fee.
  package let fill: Fill
  /// The trader it was booked to; `nil` = nobody's, held outside of nof0.
  package let trader: TraderID?
  /// The position it opened, changed or closed (the last one, when it did two of these).
  package let position: PositionNumber?
  /// Which part of the venue's fill it is, counted from 0.
  package let part: Int

  /// A booked fill from its parts.
  package init(fill: Fill, trader: TraderID?, position: PositionNumber?, part: Int = 0) {
    self.fill = fill
    self.trader = trader
    self.position = position
    self.part = part
  }
}

/// A funding payment, or the part of one that is one trader's, as booked.
package struct BookedFunding: Sendable, Hashable {
  /// The payment; of one that several share, this part of its size and amount.
  package let payment: FundingPayment
  /// The trader it was booked to; `nil` = nobody's, held outside of nof0.
  package let trader: TraderID?
  /// Which part of the venue's payment it is, counted from 0.
  package let part: Int

  /// A booked payment from its parts.
  package init(payment: FundingPayment, trader: TraderID?, part: Int = 0) {
    self.payment = payment
    self.trader = trader
    self.part = part
  }
}

/// How a decision was received.
package enum AdmissionVerdict: String, Sendable, CaseIterable {
  /// As it was.
  case accepted
  /// In a smaller form.
  case clamped
  /// Not at all.
  case rejected
  /// Nothing was asked for.
  case held
}

/// One decision and what became of it.
package struct DecisionRecord: Sendable, Equatable {
  /// The trader.
  package let trader: TraderID
  /// Its place in the executor's answer, from 0.
  package let index: Int
  /// What was decided.
  package let decision: Decision
  /// How it was received.
  package let verdict: AdmissionVerdict
  /// The rules that changed or refused it.
  package let notes: [RuleNote]
  /// The order it became; `nil` = none.
  package let order: ClientOrderID?

  /// A record from its parts.
  package init(
    trader: TraderID, index: Int, decision: Decision, verdict: AdmissionVerdict,
    notes: [RuleNote], order: ClientOrderID?
  ) {
    self.trader = trader
    self.index = index
    self.decision = decision
    self.verdict = verdict
    self.notes = notes
    self.order = order
  }
}

/// One trader's turn in one cycle.
package struct TurnRecord: Sendable, Equatable {
  /// The trader.
  package let trader: TraderID
  /// Its era's number.
  package let era: Int
  /// The slot it decided for.
  package let slot: Int64
  /// Why it decided nothing; `nil` when it decided.
  package let failure: String?
  /// Its decisions in the executor's order; empty for a failure.
  package let decisions: [DecisionRecord]
  /// What was said; `nil` for executors inside the program, and when nobody was asked.
  package let conversation: Conversation?
  /// What the replicas decided, by replica and index.
  package let shadows: [ShadowDecision]

  /// A turn from its parts.
  package init(
    trader: TraderID, era: Int, slot: Int64, failure: String?, decisions: [DecisionRecord],
    conversation: Conversation? = nil, shadows: [ShadowDecision] = []
  ) {
    self.trader = trader
    self.era = era
    self.slot = slot
    self.failure = failure
    self.decisions = decisions
    self.conversation = conversation
    self.shadows = shadows
  }
}

/// What one transaction changes.
///
/// Empty parts change nothing.
package struct StateChanges: Sendable, Equatable {
  /// The cycle these belong to.
  package var cycle: CycleNumber
  /// The run that makes them.
  package var run: RunNumber
  /// The time of the cycle.
  package var at: Timestamp
  /// Traders whose record, positions and lots are now like this.
  package var traders: [TraderRecord] = []
  /// What is on record of these traders, where that is known: what did not change since is not
  /// written again.
  package var recorded: [TraderID: TraderRecord] = [:]
  /// Turns taken; with the first of these the cycle counts as planned.
  package var turns: [TurnRecord]?
  /// Intents that are new, or whose outcome changed.
  package var intents: [OrderIntent] = []
  /// Fills booked.
  package var fills: [BookedFill] = []
  /// Funding booked.
  package var funding: [BookedFunding] = []
  /// Positions that ended.
  package var trades: [Trade] = []
  /// Flows booked.
  package var flows: [CapitalFlow] = []
  /// Accounts whose books are now like this.
  package var accounts: [AccountBooks] = []
  /// Movements of money at venues that are planned now; on record before the venue is told.
  package var plannedTransfers: [PlannedTransfer] = []
  /// Movements of money that the venue reported, planned or not; booked with this commit.
  package var transfers: [AccountTransfer] = []
  /// Planned movements that the venue refused.
  package var abandonedTransfers: [TransferID] = []
  /// When money was split anew; `nil` = it was not.
  package var allocation: AllocationRecord?
  /// Kill switches that fired, or were reset.
  package var killSwitches: [KillSwitch] = []
  /// Clashes between traders of one account.
  package var conflicts: [ConflictRecord] = []
  /// What changed whether traders take part.
  package var events: [TraderEvent] = []
  /// Equity points; one per trader and instant, a later one replaces.
  package var equityPoints: [EquityPoint] = []
  /// Running aggregates that are now like this, encoded, of traders and the benchmark.
  package var metrics: [TraderID: [UInt8]] = [:]
  /// New watermarks.
  package var watermarks: [AccountID: Timestamp] = [:]
  /// The benchmark, when it was bought.
  package var benchmark: Benchmark?
  /// The running totals of the benchmark's record; `nil` = unchanged.
  package var benchmarkTotals: PerformanceTotals?
  /// The number the next position gets; `nil` = unchanged.
  package var nextPosition: PositionNumber?
  /// The number the next send gets; `nil` = unchanged.
  package var nextNonce: Int64?
  /// Alerts that hold now; those already open stay open.
  package var openAlerts: [Alert] = []
  /// Keys of alerts that no longer hold.
  package var resolvedAlerts: [String] = []
  /// Who is told of the alerts; their messages are queued in the same commit.
  package var alertRouting = AlertRouting()
  /// Whether every open alert that is due for it is told again; an alert that is named above is
  /// anyway.
  package var repeatsAlerts = false
  /// Runs that were found unfinished and are now settled.
  package var abandonedRuns: [RunNumber] = []

  /// No changes yet.
  package init(cycle: CycleNumber, run: RunNumber, at: Timestamp) {
    self.cycle = cycle
    self.run = run
    self.at = at
  }
}
