import Trading

extension Conversation {
  static let columns = Columns(
    "conversations",
    """
    trader cycle answered_by prompt_version template_digest question_digest is_cached repairs
    is_loose system user reply reasoning
    """)
  /// Adds a conversation; the trader's newest gets the next number.
  static let insert = """
    INSERT INTO conversations (\(columns.list), number)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
      (SELECT coalesce(max(number), 0) + 1 FROM conversations WHERE trader = ?1))
    """
  /// Whole conversations and their cycles, to be completed.
  static let select = """
    SELECT c.cycle, c.answered_by, t.content, c.user, c.reply, c.reasoning, c.prompt_version,
      c.template_digest, c.question_digest, c.is_cached, c.repairs
    FROM conversations c LEFT JOIN texts t ON t.text = c.system
    """

  /// The conversation of the columns after `cycle`.
  init(_ row: inout RowReader) throws {
    let answeredBy: String = try row.next()
    let system = try row.next(PackedText?.self)?.text ?? ""
    self.init(
      answeredBy: answeredBy, system: system, user: try row.next(PackedText.self).text,
      reply: try row.next(PackedText.self).text, reasoning: try row.next(PackedText.self).text,
      promptVersion: try row.next(), templateDigest: try row.next(),
      questionDigest: try row.next(), isCached: try row.next(),
      repairs: try row.next(String.self).split(separator: "\n").map(String.init))
  }
}

extension Session {
  /// Drops what is on record of a turn's conversation.
  func forgetConversation(of trader: TraderID, cycle: CycleNumber) throws {
    let known = try first(
      "SELECT conversation, system FROM conversations WHERE trader = ? AND cycle = ?",
      [trader, cycle]
    ) { (try $0.next(Int64.self), try $0.next(Int64?.self)) }
    if let (row, system) = known { try forget(conversation: row, system: system) }
  }

  /// Adds what was said in a turn that has no conversation yet.
  func add(
    _ conversation: Conversation, of trader: TraderID, cycle: CycleNumber,
    _ packer: inout TextPacker
  ) throws {
    let hadAllowance = packer.allowance > 0
    let user = packer.pack(conversation.user)
    let reply = packer.pack(conversation.reply)
    let reasoning = packer.pack(conversation.reasoning)
    let isLoose = !hadAllowance || packer.allowance <= 0
    try run(
      Conversation.insert,
      [
        trader, cycle, conversation.answeredBy, conversation.promptVersion,
        conversation.templateDigest, conversation.questionDigest, conversation.isCached,
        conversation.repairs.joined(separator: "\n"), isLoose,
        try systemRow(of: conversation.system, &packer), user, reply, reasoning,
      ])
  }

  /// Drops a conversation, and its system text when no other has the same.
  func forget(conversation row: Int64, system: Int64?) throws {
    try run("DELETE FROM conversations WHERE conversation = ?", [row])
    guard let system else { return }
    try run(
      """
      DELETE FROM texts WHERE text = ?1
        AND NOT EXISTS (SELECT 1 FROM conversations WHERE system = ?1)
      """, [system])
  }

  /// The row of a system text, which is kept once for all conversations; `nil` = it is empty.
  private func systemRow(of text: String, _ packer: inout TextPacker) throws -> Int64? {
    guard !text.isEmpty else { return nil }
    let mark = fingerprint(of: text)
    if let known = packer.systems[mark], known.text == text { return known.row }
    // Kept as it is: it is compared with every conversation of its kind.
    let content = PackedText(loose: text)
    let known = try first(
      "SELECT text FROM texts WHERE fingerprint = ? AND content = ?", [mark, content]
    ) { try $0.next(Int64.self) }
    let row: Int64
    if let known {
      row = known
    } else {
      try run("INSERT INTO texts (fingerprint, content) VALUES (?, ?)", [mark, content])
      row = lastRow
    }
    packer.systems[mark] = (text, row)
    return row
  }

  /// A trader's newest conversations from a cycle on and before another, by cycle.
  func conversations(
    of trader: TraderID, from cycle: CycleNumber, before end: CycleNumber, limit: Int
  ) throws -> [CycleNumber: Conversation] {
    guard limit > 0 else { return [:] }
    let found = try rows(
      Conversation.select
        + " WHERE c.trader = ? AND c.cycle >= ? AND c.cycle < ? ORDER BY c.cycle DESC LIMIT ?",
      [trader, cycle, end, limit]
    ) { (try $0.next(CycleNumber.self), try Conversation(&$0)) }
    return Dictionary(uniqueKeysWithValues: found)
  }

  /// What replicas of a trader decided from a cycle on, by cycle, in order.
  func shadows(
    of trader: TraderID, since cycle: CycleNumber
  ) throws -> [CycleNumber: [ShadowDecision]] {
    var found: [CycleNumber: [ShadowDecision]] = [:]
    _ = try rows(
      ShadowDecision.columns.select(
        "WHERE trader = ? AND cycle >= ? ORDER BY cycle, replica, ordinal"),
      [trader, cycle]
    ) { row in
      row.skip(1)
      let cycle: CycleNumber = try row.next()
      found[cycle, default: []].append(try ShadowDecision(&row))
    }
    return found
  }
}
