package import Trading

/// A decision without its words, for statistics.
package struct PastDecision: Sendable, Hashable {
  /// When.
  package let at: Timestamp
  /// About which coin; `nil` for a hold that names none.
  package let coin: Coin?
  /// What.
  package let action: DecisionAction
  /// 0–100; `nil` = not given.
  package let confidence: Int?
  /// Leverage wanted; `nil` = not given.
  package let leverage: Int?
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
        "SELECT at_ms, amount, reason FROM capital_flows WHERE trader = ? ORDER BY flow", [trader]
      ) {
        CapitalFlow(
          trader: trader, at: try $0.next(), amount: try $0.next(), reason: try $0.next())
      }
    }
  }

  /// A trader's newest decisions without their words, newest first.
  package func recentDecisions(
    _ trader: TraderID, limit: Int
  ) throws(JournalError) -> [PastDecision] {
    try database.read("read the decisions") { session in
      try session.rows(
        """
        SELECT c.at_ms, d.coin, d.action, d.confidence, d.leverage
        FROM decisions d JOIN decision_cycles c USING (trader, cycle)
        WHERE d.trader = ? ORDER BY d.cycle DESC, d.ordinal DESC LIMIT ?
        """, [trader, limit]
      ) {
        PastDecision(
          at: try $0.next(), coin: try $0.next(), action: try $0.next(),
          confidence: try $0.next(), leverage: try $0.next())
      }
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
