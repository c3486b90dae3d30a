import Trading

/// Compares the totals of model calls with the calls themselves.
struct SpendingCheck {
  /// One sentence for each difference.
  private(set) var findings: [String] = []

  init(_ session: Session) throws {
    try compareCalls(session)
    try compareTraders(session)
    try compareDays(session)
    try findLeftReservations(session)
    try compareTexts(session)
  }

  /// What a call booked must follow from how it ended.
  private mutating func compareCalls(_ session: Session) throws {
    findings += try session.rows(
      """
      SELECT call, status, booked_tokens, booked_cost,
        CASE status WHEN 'reserved' THEN worst_tokens WHEN 'released' THEN 0
          ELSE prompt_tokens + completion_tokens END AS tokens
      FROM llm_calls WHERE (status <> 'abandoned' AND booked_tokens <> tokens)
        OR (status = 'reserved' AND booked_cost <> worst_cost)
        OR (status = 'released' AND booked_cost <> '0')
      ORDER BY call
      """
    ) { row in
      let call: CallNumber = try row.next()
      let status: String = try row.next()
      let tokens: Int = try row.next()
      let cost: USD = try row.next()
      return "Model call \(call), \(status): expected \(try row.next(Int.self)) tokens and their "
        + "cost booked, the record says \(tokens) tokens and \(cost) USD."
    }
  }

  /// Each trader's days must be the sums of its calls.
  private mutating func compareTraders(_ session: Session) throws {
    var expected: [DayBook.Place: Spending] = [:]
    _ = try session.rows(
      """
      SELECT day, trader, model, status <> 'released', booked_tokens, booked_cost FROM llm_calls
      WHERE day NOT IN (SELECT day FROM llm_days WHERE has_calls = 0)
      """
    ) { row in
      let place = try DayBook.Place(&row)
      expected[place] = try (expected[place] ?? .zero).plus(try Spending(&row))
    }
    var actual: [DayBook.Place: Spending] = [:]
    _ = try session.rows(
      """
      SELECT day, trader, model, calls, tokens, cost FROM llm_trader_days
      WHERE day NOT IN (SELECT day FROM llm_days WHERE has_calls = 0)
      """
    ) { row in
      let place = try DayBook.Place(&row)
      actual[place] = try Spending(&row)
    }
    compare(expected, actual, from: "its calls") {
      "Spending of \($0.trader) on \($0.model) on \($0.day)"
    }
  }

  /// Each day must be the sum of its traders.
  private mutating func compareDays(_ session: Session) throws {
    var expected: [CivilDay: Spending] = [:]
    _ = try session.rows("SELECT day, calls, tokens, cost FROM llm_trader_days") { row in
      let day: CivilDay = try row.next()
      expected[day] = try (expected[day] ?? .zero).plus(try Spending(&row))
    }
    var actual: [CivilDay: Spending] = [:]
    _ = try session.rows("SELECT day, calls, tokens, cost FROM llm_days") { row in
      let day: CivilDay = try row.next()
      actual[day] = try Spending(&row)
    }
    compare(expected, actual, from: "its traders") { "Spending on \($0)" }
  }

  private mutating func compare<Key: Hashable & Comparable>(
    _ expected: [Key: Spending], _ actual: [Key: Spending], from source: String,
    place: (Key) -> String
  ) {
    for key in Set(expected.keys).union(actual.keys).sorted() {
      let known = actual[key] ?? .zero
      let sum = expected[key] ?? .zero
      guard known != sum else { continue }
      findings.append(
        "\(place(key)): expected \(sum) from \(source), the record says \(known).")
    }
  }

  /// A run settles its calls before it ends, and whoever finds it dead does.
  private mutating func findLeftReservations(_ session: Session) throws {
    findings += try session.rows(
      """
      SELECT c.call, r.run, r.status FROM llm_calls c JOIN runs r USING (run)
      WHERE c.status = 'reserved' AND r.status IN ('finished', 'abandoned') ORDER BY c.call
      """
    ) { row in
      let call: CallNumber = try row.next()
      let run: RunNumber = try row.next()
      return "Model call \(call): expected it settled, its run \(run) is "
        + "\(try row.next(String.self)) and it is still reserved; the next `nof0 run` settles it."
    }
  }

  /// Every text can be unpacked, and system texts are in use.
  private mutating func compareTexts(_ session: Session) throws {
    _ = try session.rows(Conversation.select) { row in
      row.skip(1)
      _ = try Conversation(&row)
    }
    _ = try session.rows("SELECT reply, reasoning FROM llm_answers") { row in
      _ = try row.next(PackedText.self)
      _ = try row.next(PackedText.self)
    }
    findings += try session.rows(
      """
      SELECT text FROM texts WHERE text NOT IN
        (SELECT system FROM conversations WHERE system IS NOT NULL) ORDER BY text
      """
    ) { "Text \(try $0.next(Int64.self)): expected a conversation that has it, was none." }
  }
}

extension DayBook.Place {
  /// The place of the next columns `day`, `trader` and `model`.
  fileprivate init(_ row: inout RowReader) throws {
    self.init(day: try row.next(), trader: try row.next(), model: try row.next())
  }
}
