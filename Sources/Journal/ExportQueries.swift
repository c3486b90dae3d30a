package import Trading

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
