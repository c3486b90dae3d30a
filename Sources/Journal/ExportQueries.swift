package import Trading

/// What statistics need of a decision.
package struct PastDecision: Sendable, Hashable {
  /// What.
  package let action: DecisionAction
  /// 0–100; `nil` = not given.
  package let confidence: Int?
  /// Leverage wanted; `nil` = not given.
  package let leverage: Int?
}

/// A trader's newest decisions.
package struct PastDecisions: Sendable, Hashable {
  /// The decisions, oldest first.
  package let decisions: [PastDecision]
  /// When the oldest of them was taken; `nil` = there are none.
  package let oldestAt: Timestamp?
}

/// The times a new run goes on from.
package struct LastTimes: Sendable, Hashable {
  /// The time of the last run that finished; `nil` before the first.
  package let finished: Timestamp?
  /// The time of the last run, when it did not finish.
  package let unfinished: Timestamp?
}

extension StateStore {
  /// A trader's money movements, oldest first.
  package func flows(_ trader: TraderID) throws(JournalError) -> [CapitalFlow] {
    try database.read("read the flows") { session in
      try session.rows(
        CapitalFlow.columns.select("WHERE trader = ? ORDER BY at_ms, flow"), [trader]
      ) { try CapitalFlow(&$0) }
    }
  }

  /// A trader's newest decisions without their words, as many as `limit`.
  package func recentDecisions(
    _ trader: TraderID, limit: Int
  ) throws(JournalError) -> PastDecisions {
    try database.read("read the decisions") { session in
      var oldest: CycleNumber?
      let found = try session.rows(
        """
        SELECT cycle, action, confidence, leverage FROM decisions
        WHERE trader = ? ORDER BY cycle DESC, ordinal DESC LIMIT ?
        """, [trader, limit]
      ) { row in
        oldest = try row.next()
        return PastDecision(
          action: try row.next(), confidence: try row.next(), leverage: try row.next())
      }
      // Their times are elsewhere; looking each one up took more time than all the rest.
      let at = try oldest.flatMap { cycle in
        try session.first(
          "SELECT at_ms FROM decision_cycles WHERE trader = ? AND cycle = ?", [trader, cycle]
        ) { try $0.next(Timestamp.self) }
      }
      return PastDecisions(decisions: found.reversed(), oldestAt: at)
    }
  }

  /// When a trader was asked to decide, from an instant on, that one included, ascending.
  package func turnTimes(
    _ trader: TraderID, since: Timestamp
  ) throws(JournalError) -> [Timestamp] {
    try database.read("read the turns") { session in
      var times = try session.rows(
        """
        SELECT at_ms FROM decision_cycles WHERE trader = ? ORDER BY cycle DESC LIMIT ?
        """, [trader, Self.countedTurns]
      ) { try $0.next(Timestamp.self) }
      times.removeAll { $0 < since }
      return times.reversed()
    }
  }

  /// Turns that statistics look at, at the most.
  private static let countedTurns = 5000

  /// The last run whose cycle is on record and the time of that; `nil` before the first.
  ///
  /// A run that failed after its cycle was recorded, because the exports could not be written,
  /// counts.
  package func lastRun() throws(JournalError) -> (run: RunNumber, at: Timestamp)? {
    try database.read("read the runs") { session in
      try session.first(
        """
        SELECT run, at_ms FROM runs WHERE status IN ('finished', 'failed') AND cycle IS NOT NULL
        ORDER BY run DESC LIMIT 1
        """
      ) { (run: try $0.next(), at: try $0.next()) }
    }
  }

  /// The times a new run goes on from.
  package func lastTimes() throws(JournalError) -> LastTimes {
    let finished = try lastRun()
    let last = try recentRuns(1).first
    return LastTimes(
      finished: finished?.at, unfinished: last?.status == .running ? last?.at : nil)
  }
}
