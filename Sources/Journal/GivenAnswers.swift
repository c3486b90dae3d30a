/// What a model, a program or a server answered to a question, as it is on record.
package struct GivenAnswer: Sendable, Hashable {
  /// The question, as in ``Trading/Conversation/questionDigest``.
  package let questionDigest: String
  /// Who answered.
  package let answeredBy: String
  /// The answer as it came; never empty.
  package let reply: String
  /// How it reasoned; empty when it did not say.
  package let reasoning: String
}

extension StateStore {
  /// Every answer on record, that of the oldest turn first.
  package func givenAnswers() throws(JournalError) -> [GivenAnswer] {
    let sources = [
      """
      SELECT question_digest, answered_by, reply, reasoning FROM conversations
      ORDER BY cycle, trader
      """,
      "SELECT question_digest, answered_by, reply, reasoning FROM llm_answers ORDER BY at_ms",
    ]
    return try database.read("read the answers") { session in
      try sources.flatMap { source in
        try session.rows(source) { row in
          GivenAnswer(
            questionDigest: try row.next(), answeredBy: try row.next(),
            reply: try row.next(PackedText.self).text,
            reasoning: try row.next(PackedText.self).text)
        }
      }.filter { !$0.reply.isEmpty }
    }
  }
}
