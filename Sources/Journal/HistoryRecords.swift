package import Trading

extension RunStatus: Column {}

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
