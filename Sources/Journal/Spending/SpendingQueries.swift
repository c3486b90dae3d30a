package import Trading

/// What a trader spent on a model in a stretch of time.
package struct ModelUse: Sendable, Hashable {
  /// The trader.
  package let trader: TraderID
  /// The model.
  package let model: ModelAlias
  /// Calls, those never sent not counted.
  package let calls: Int
  /// What they consumed; reservations with their worst case.
  package let spent: Spent
}

/// A model call as it is on record.
package struct CallRecord: Sendable, Hashable {
  /// Its number.
  package let call: CallNumber
  /// The run that made it; `nil` = a dry run.
  package let run: RunNumber?
  /// The cycle it was for.
  package let cycle: CycleNumber
  /// The trader it was for.
  package let trader: TraderID
  /// The model that was asked.
  package let model: ModelAlias
  /// What it was for.
  package let purpose: CallPurpose
  /// SHA-256 of model, parameters and messages in hexadecimal.
  package let questionDigest: String
  /// When it was reserved.
  package let reservedAt: Timestamp
  /// When it was settled; `nil` = it is not.
  package let settledAt: Timestamp?
  /// How it ended.
  package let status: CallStatus
  /// What counts as spent for it: the worst case while it is reserved.
  package let booked: Spent
  /// What it consumed; zero while nobody knows, and for abandoned calls.
  package let usage: TokenUsage
  /// Milliseconds from sending to the end; 0 when it has none.
  package let latencyMs: Double
  /// The provider's name of the model that answered; empty when none did.
  package let answeredBy: String
  /// Why the model stopped; empty when it did not say.
  package let finishReason: String
  /// What went wrong; empty when nothing did.
  package let error: String
}

extension SpendingStore {
  /// What was spent in a day, reservations counted with their worst case.
  package func day(_ day: CivilDay) throws(JournalError) -> DaySpending {
    try database.read("read the spending") { session in
      let total = try session.first(
        "SELECT calls, tokens, cost FROM llm_days WHERE day = ?", [day]
      ) { try Spending(&$0) }
      var traders: [TraderID: Spending] = [:]
      _ = try session.rows(
        "SELECT trader, calls, tokens, cost FROM llm_trader_days WHERE day = ?", [day]
      ) { row in
        let trader: TraderID = try row.next()
        traders[trader] = try (traders[trader] ?? .zero).plus(try Spending(&row))
      }
      return DaySpending(
        arena: total?.spent ?? .zero,
        traders: traders.mapValues(\.spent).filter { $0.value != .zero }, calls: total?.calls ?? 0)
    }
  }

  /// What each trader spent on each model in whole days, both included; by trader and model.
  ///
  /// Reads the running totals: its cost does not depend on the number of calls.
  package func use(
    from first: CivilDay, through last: CivilDay
  ) throws(JournalError) -> [ModelUse] {
    try use(
      """
      SELECT trader, model, calls, tokens, cost FROM llm_trader_days
      WHERE day BETWEEN ? AND ?
      """, [first, last])
  }

  /// What each trader spent on each model from an instant on, that one included; by trader and
  /// model.
  ///
  /// Reads every call of that time: for hours, not for months.
  package func use(since: Timestamp) throws(JournalError) -> [ModelUse] {
    try use(
      """
      SELECT trader, model, 1, booked_tokens, booked_cost FROM llm_calls
      WHERE day >= ? AND reserved_at_ms >= ? AND status <> 'released'
      """, [CivilDay(since), since])
  }

  private func use(
    _ query: String, _ values: [any Column]
  ) throws(JournalError) -> [ModelUse] {
    let anyDay = CivilDay(number: 0)
    let sums = try database.read("read the spending") { session in
      var sums: [DayBook.Place: Spending] = [:]
      _ = try session.rows(query, values) { row in
        let place = DayBook.Place(day: anyDay, trader: try row.next(), model: try row.next())
        sums[place] = try (sums[place] ?? .zero).plus(try Spending(&row))
      }
      return sums
    }
    return sums.sorted { $0.key < $1.key }.filter { $0.value != .zero }.map { place, total in
      ModelUse(
        trader: place.trader, model: place.model, calls: total.calls, spent: total.spent)
    }
  }

  /// When the first call from an instant on was made; `nil` when there was none.
  package func firstCall(since: Timestamp) throws(JournalError) -> Timestamp? {
    try database.read("read the model calls") { session in
      try session.first(
        """
        SELECT min(reserved_at_ms) FROM llm_calls
        WHERE day >= ? AND reserved_at_ms >= ? AND status <> 'released'
        """, [CivilDay(since), since]
      ) { try $0.next(Timestamp?.self) } ?? nil
    }
  }

  /// The newest calls, newest first.
  package func latestCalls(_ limit: Int) throws(JournalError) -> [CallRecord] {
    try database.read("read the model calls") { session in
      try session.rows(
        """
        SELECT call, run, cycle, trader, model, purpose, question_digest, reserved_at_ms,
          settled_at_ms, status, booked_tokens, booked_cost, prompt_tokens, cached_tokens,
          completion_tokens, is_estimated, latency_ms, answered_by, finish_reason, error
        FROM llm_calls ORDER BY call DESC LIMIT ?
        """, [limit]
      ) { try CallRecord(&$0) }
    }
  }
}

extension CallRecord {
  fileprivate init(_ row: inout RowReader) throws {
    call = try row.next()
    run = try row.next()
    cycle = try row.next()
    trader = try row.next()
    model = try row.next()
    purpose = try row.next()
    questionDigest = try row.next()
    reservedAt = try row.next()
    settledAt = try row.next()
    status = try row.next()
    booked = Spent(tokens: try row.next(), cost: try row.next())
    let prompt: Int = try row.next()
    let cached: Int = try row.next()
    usage = TokenUsage(
      prompt: prompt, cachedPrompt: cached, completion: try row.next(),
      isEstimated: try row.next())
    latencyMs = try row.next()
    answeredBy = try row.next()
    finishReason = try row.next()
    error = try row.next()
  }
}
