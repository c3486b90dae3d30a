package import Trading

/// What was said in a turn, as it is on record.
package struct PastConversation: Sendable, Hashable {
  /// The cycle of the turn.
  package let cycle: CycleNumber
  /// What was said.
  package let conversation: Conversation
}

extension StateStore {
  /// Conversations kept of each trader: older ones go, see ``tidyConversations(limit:)``.
  package static let conversationsKept: Int64 = 1000

  /// A trader's newest conversation; `nil` when none is on record.
  package func lastConversation(
    _ trader: TraderID
  ) throws(JournalError) -> PastConversation? {
    try conversation("WHERE c.trader = ? ORDER BY c.cycle DESC LIMIT 1", [trader])
  }

  /// What was said in a turn; `nil` when nothing was, or it is too old.
  package func conversation(
    of trader: TraderID, cycle: CycleNumber
  ) throws(JournalError) -> PastConversation? {
    try conversation("WHERE c.trader = ? AND c.cycle = ?", [trader, cycle])
  }

  private func conversation(
    _ part: String, _ values: [any Column]
  ) throws(JournalError) -> PastConversation? {
    try database.read("read a conversation") { session in
      try session.first(Conversation.select + " " + part, values) {
        PastConversation(cycle: try $0.next(), conversation: try Conversation(&$0))
      }
    }
  }

  /// Whether a trader acted on the answer to a question in an earlier cycle.
  ///
  /// - Parameters:
  ///   - questionDigest: The question, as in ``Trading/Conversation/questionDigest``.
  ///   - trader: The trader.
  ///   - cycle: The present cycle, which does not count: it may be repeated.
  /// - Returns: Whether one of its kept conversations has that question and was acted on: an
  ///   answer that came too late, or never, was not.
  /// - Throws: ``JournalError``.
  package func hasUsed(
    questionDigest: String, trader: TraderID, before cycle: CycleNumber
  ) throws(JournalError) -> Bool {
    try database.read("look a question up") { session in
      let cycles = try session.rows(
        """
        SELECT c.cycle FROM conversations c INDEXED BY conversations_by_number
        JOIN decision_cycles d ON d.trader = c.trader AND d.cycle = c.cycle
        WHERE c.trader = ? AND c.question_digest = ? AND d.failure IS NULL
        """, [trader, questionDigest]
      ) { try $0.next(CycleNumber.self) }
      return cycles.contains { $0 < cycle }
    }
  }

  /// Drops each trader's conversations beyond its newest ``conversationsKept`` and packs texts that
  /// were left loose.
  ///
  /// - Parameter limit: How many are dropped and how many packed at most; the next call goes on.
  /// - Returns: How many were dropped or packed.
  /// - Throws: ``JournalError``.
  @discardableResult
  package func tidyConversations(limit: Int) throws(JournalError) -> Int {
    try database.write("tidy the conversations") { session in
      let dropped = try session.dropConversations(limit: limit)
      return try dropped + session.packConversations(limit: limit)
    }
  }
}

extension Session {
  fileprivate func dropConversations(limit: Int) throws -> Int {
    let traders = try rows("SELECT trader FROM traders ORDER BY trader") {
      try $0.next(TraderID.self)
    }
    var dropped = 0
    for trader in traders where dropped < limit {
      let old = try rows(
        """
        SELECT conversation, system FROM conversations WHERE trader = ?1 AND number <=
          (SELECT max(number) FROM conversations WHERE trader = ?1) - ?2
        ORDER BY number LIMIT ?3
        """, [trader, StateStore.conversationsKept, limit - dropped]
      ) { (try $0.next(Int64.self), try $0.next(Int64?.self)) }
      for (row, system) in old { try forget(conversation: row, system: system) }
      dropped += old.count
    }
    return dropped
  }

  fileprivate func packConversations(limit: Int) throws -> Int {
    let loose = try rows(
      """
      SELECT conversation, user, reply, reasoning FROM conversations
      WHERE is_loose = 1 ORDER BY conversation LIMIT ?
      """, [limit]
    ) { row in
      let number: Int64 = try row.next()
      let texts = [
        try row.next(PackedText.self), try row.next(PackedText.self),
        try row.next(PackedText.self),
      ]
      return (number, texts.map { PackedText(packing: $0.text) })
    }
    for (row, texts) in loose {
      try run(
        """
        UPDATE conversations SET is_loose = 0, user = ?, reply = ?, reasoning = ?
        WHERE conversation = ?
        """, texts + [row])
    }
    return loose.count
  }
}
