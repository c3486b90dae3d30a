package import Trading

/// An answer that may serve again for the same question.
package struct KeptAnswer: Sendable, Hashable {
  /// SHA-256 of model, parameters and messages in hexadecimal.
  package let questionDigest: String
  /// When it was given, by the wall clock.
  package let at: Timestamp
  /// The model that was asked.
  package let model: ModelAlias
  /// The provider's name of the model that answered.
  package let answeredBy: String
  /// The answer as it came.
  package let reply: String
  /// How the model reasoned; empty when it did not say.
  package let reasoning: String

  /// An answer from its parts.
  package init(
    questionDigest: String, at: Timestamp, model: ModelAlias, answeredBy: String, reply: String,
    reasoning: String
  ) {
    self.questionDigest = questionDigest
    self.at = at
    self.model = model
    self.answeredBy = answeredBy
    self.reply = reply
    self.reasoning = reasoning
  }
}

extension SpendingStore {
  /// The answer kept for a question; `nil` when none was given at `since` or after.
  package func cachedAnswer(
    digest: String, since: Timestamp
  ) throws(JournalError) -> KeptAnswer? {
    try database.read("look an answer up") { session in
      try session.first(
        """
        SELECT question_digest, at_ms, model, answered_by, reply, reasoning FROM llm_answers
        WHERE question_digest = ? AND at_ms >= ?
        """, [digest, since]
      ) { row in
        KeptAnswer(
          questionDigest: try row.next(), at: try row.next(), model: try row.next(),
          answeredBy: try row.next(), reply: try row.next(PackedText.self).text,
          reasoning: try row.next(PackedText.self).text)
      }
    }
  }

  /// Keeps answers for reuse; of two to the same question the newer one stays.
  package func keep(_ answers: [KeptAnswer]) throws(JournalError) {
    guard !answers.isEmpty else { return }
    try database.write("keep answers") { session in
      for answer in answers { try session.keep(answer) }
    }
  }

  /// Drops kept answers that were given before an instant, the oldest first.
  ///
  /// - Parameters:
  ///   - instant: Answers given before this go.
  ///   - limit: At most so many; the next call goes on.
  /// - Returns: How many were dropped.
  /// - Throws: ``JournalError``.
  @discardableResult
  package func dropAnswers(before instant: Timestamp, limit: Int) throws(JournalError) -> Int {
    try database.write("drop old answers") { session in
      try session.run(
        """
        DELETE FROM llm_answers WHERE rowid IN
          (SELECT rowid FROM llm_answers WHERE at_ms < ? ORDER BY at_ms LIMIT ?)
        """, [instant, limit])
      return session.changes
    }
  }

  /// Drops the calls of old days, the oldest first; what the days cost in all stays for ever.
  ///
  /// Reservations stay until they are settled.
  ///
  /// - Parameters:
  ///   - day: Calls of days before this go.
  ///   - limit: At most so many; the next call goes on.
  /// - Returns: How many were dropped.
  /// - Throws: ``JournalError``.
  @discardableResult
  package func dropCalls(before day: CivilDay, limit: Int) throws(JournalError) -> Int {
    try database.write("drop old model calls") { session in
      try session.run("UPDATE llm_days SET has_calls = 0 WHERE day < ? AND has_calls = 1", [day])
      // The newest call stays, for the next one is numbered after it.
      try session.run(
        """
        DELETE FROM llm_calls WHERE call IN (
          SELECT call FROM llm_calls
          WHERE day < ? AND status <> 'reserved' AND call < (SELECT max(call) FROM llm_calls)
          ORDER BY day, reserved_at_ms LIMIT ?)
        """, [day, limit])
      return session.changes
    }
  }
}

extension Session {
  /// Keeps an answer within the present transaction.
  func keep(_ answer: KeptAnswer) throws {
    try run(
      Columns("llm_answers", "question_digest at_ms model answered_by reply reasoning").insert
        + """
         ON CONFLICT (question_digest) DO UPDATE SET at_ms = excluded.at_ms,
          model = excluded.model, answered_by = excluded.answered_by, reply = excluded.reply,
          reasoning = excluded.reasoning
        WHERE excluded.at_ms >= llm_answers.at_ms
        """,
      [
        answer.questionDigest, answer.at, answer.model, answer.answeredBy,
        PackedText(packing: answer.reply), PackedText(packing: answer.reasoning),
      ])
  }
}
