package import Trading

/// How a trader's newest turns ended.
package struct TurnSuccess: Sendable, Equatable {
  /// Turns looked at.
  package let turns: Int
  /// Those that failed.
  package let failures: Int
  /// When it last decided; `nil` = in none of these turns.
  package let decidedAt: Timestamp?

  /// A success from its parts.
  package init(turns: Int, failures: Int, decidedAt: Timestamp?) {
    self.turns = turns
    self.failures = failures
    self.decidedAt = decidedAt
  }
}

/// How long a model's newest answers took.
package struct ModelLatency: Sendable, Equatable {
  /// The model's alias.
  package let model: String
  /// Answers looked at, at least 1.
  package let answers: Int
  /// Their mean, ms.
  package let meanMs: Double

  /// A latency from its parts.
  package init(model: String, answers: Int, meanMs: Double) {
    self.model = model
    self.answers = answers
    self.meanMs = meanMs
  }
}

extension StateStore {
  /// How the newest turns of a trader ended.
  package func turnSuccess(
    of trader: TraderID, newest limit: Int
  ) throws(JournalError) -> TurnSuccess {
    try database.read("read the turns") { session in
      try session.first(
        """
        SELECT count(*), coalesce(sum(failure IS NOT NULL), 0),
          max(CASE WHEN failure IS NULL THEN at_ms END)
        FROM (SELECT failure, at_ms FROM decision_cycles WHERE trader = ?
          ORDER BY cycle DESC LIMIT ?)
        """, [trader, limit]
      ) {
        TurnSuccess(turns: try $0.next(), failures: try $0.next(), decidedAt: try $0.next())
      } ?? TurnSuccess(turns: 0, failures: 0, decidedAt: nil)
    }
  }

  /// When a trader was last enrolled, started, resumed or released; `nil` = not on record.
  package func lastStart(of trader: TraderID) throws(JournalError) -> Timestamp? {
    try database.read("read the traders' events") { session in
      try session.first(
        """
        SELECT at_ms FROM trader_events
        WHERE trader = ? AND what IN ('enrolled', 'start', 'resume') ORDER BY event DESC LIMIT 1
        """, [trader]
      ) { try $0.next() }
    }
  }

  /// How long the newest answers of each model took, by model.
  ///
  /// - Parameters:
  ///   - day: Answers of earlier days do not count.
  ///   - calls: Of how many of the newest calls of all models.
  ///   - answers: At most so many answers of each model.
  /// - Returns: Models with at least one answer.
  /// - Throws: ``JournalError``.
  package func modelLatencies(
    since day: CivilDay, ofNewest calls: Int, answers: Int
  ) throws(JournalError) -> [ModelLatency] {
    try database.read("read the model calls") { session in
      try session.rows(
        """
        SELECT model, count(*), avg(latency_ms) FROM (
          SELECT model, latency_ms, row_number() OVER (PARTITION BY model ORDER BY call DESC) place
          FROM (SELECT call, model, latency_ms, status, day FROM llm_calls
            ORDER BY call DESC LIMIT ?)
          WHERE status = 'answered' AND day >= ?)
        WHERE place <= ? GROUP BY model ORDER BY model
        """, [calls, day, answers]
      ) { ModelLatency(model: try $0.next(), answers: try $0.next(), meanMs: try $0.next()) }
    }
  }
}
