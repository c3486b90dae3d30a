package import Trading

/// What became of a run.
package enum RunStatus: String, Sendable, CaseIterable {
  /// It began; it is at work, or was killed.
  case running
  /// It ended as it should.
  case finished
  /// It was killed, and a later run settled what it left open.
  case abandoned
  /// It ended with an error.
  case failed
}

extension RunStatus: Column {}

/// A run as it is on record.
package struct RunRecord: Sendable, Equatable {
  /// Its number.
  package let run: RunNumber
  /// The cycle it planned or repeated; `nil` = none, or not ended.
  package let cycle: CycleNumber?
  /// The time of its cycle.
  package let at: Timestamp
  /// The wall clock when it began.
  package let startedAt: Timestamp
  /// The wall clock when it ended; `nil` = it did not.
  package let finishedAt: Timestamp?
  /// The process.
  package let pid: Int32
  /// What became of it.
  package let status: RunStatus
  /// Why it failed, in words; `nil` when it did not.
  package let error: String?
  /// Its phases in order; empty for old runs.
  package let phases: [PhaseTiming]
}

/// An alert as it is on record.
package struct AlertRecord: Sendable, Equatable {
  /// The alert.
  package let alert: Alert
  /// Since when it held.
  package let openedAt: Timestamp
  /// When it no longer did; `nil` = it does.
  package let resolvedAt: Timestamp?
}

/// A turn as it is on record.
package struct PastTurn: Sendable, Equatable {
  /// The cycle it belongs to.
  package let cycle: CycleNumber
  /// The run that took it.
  package let run: RunNumber
  /// The time of the cycle.
  package let at: Timestamp
  /// The turn.
  package let turn: TurnRecord
}

/// How many rows the tables that grow have.
package struct RecordCounts: Sendable, Equatable {
  /// Runs.
  package let runs: Int
  /// Traders.
  package let traders: Int
  /// Decisions.
  package let decisions: Int
  /// Order intents.
  package let orders: Int
  /// Booked fills.
  package let fills: Int
  /// Booked funding payments.
  package let funding: Int
  /// Finished positions.
  package let trades: Int
  /// Equity points.
  package let equityPoints: Int
}
