import Trading

extension Session {
  /// Reserves calls within the present transaction; see ``SpendingStore``.
  func reserve(
    _ wishes: [CallWish], caps: SpendingCaps, run: RunNumber?, at: Timestamp, expiresAt: Timestamp
  ) throws -> [Result<CallNumber, SpendingRefusal>] {
    var book = DayBook(self)
    let day = CivilDay(at)
    var results: [Result<CallNumber, SpendingRefusal>] = []
    for wish in wishes {
      try wish.validate()
      if caps.isStrict, let refusal = try book.refusal(of: wish, on: day, caps: caps) {
        results.append(.failure(refusal))
        continue
      }
      try book.add(
        Spending(calls: 1, spent: wish.worst),
        to: DayBook.Place(day: day, trader: wish.trader, model: wish.model))
      let values: [any Column] = [run, day, at, expiresAt]
      try self.run(StoredCall.insert, values + wish.values)
      results.append(.success(lastRow))
    }
    try book.save()
    return results
  }

  /// Books settlements within the present transaction; see ``SpendingStore``.
  @discardableResult
  func settle(_ settlements: [CallSettlement], at: Timestamp) throws -> [CallNumber] {
    var book = DayBook(self)
    var settledBefore: [CallNumber] = []
    for settlement in settlements {
      try settlement.validate()
      guard let call = try first(StoredCall.selectOne, [settlement.call], { try StoredCall(&$0) })
      else {
        throw JournalError.failed(
          operation: "settle model calls",
          detail: "expected call \(settlement.call) on record, was none")
      }
      switch call.status {
      case .answered, .failed, .released:
        settledBefore.append(call.number)
        continue
      case .reserved, .abandoned: break
      }
      let booked = settlement.booked
      try run(StoredCall.settle, settlement.values(at: at))
      try book.add(booked.minus(call.booked), to: call.place)
    }
    try book.save()
    return settledBefore
  }

  /// Reserved calls that nobody will settle any more, by number.
  func openCalls(now: Timestamp, liveRun: RunNumber?) throws -> [OpenCall] {
    try rows(OpenCall.select) { try OpenCall(&$0) }.filter { call in
      if let run = call.run, run == liveRun { return false }
      if call.run != nil, liveRun != nil { return true }
      return call.isRunOver || call.expiresAt <= now
    }
  }
}

/// A call as a settlement finds it.
struct StoredCall {
  let number: CallNumber
  let place: DayBook.Place
  let status: CallStatus
  let booked: Spending

  static let insert = """
    INSERT INTO llm_calls (run, day, reserved_at_ms, expires_at_ms, cycle, trader, model, purpose,
      question_digest, worst_tokens, worst_cost, estimate_tokens, estimate_cost, booked_tokens,
      booked_cost, status, prompt_tokens, cached_tokens, completion_tokens, is_estimated,
      latency_ms, answered_by, finish_reason, error)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'reserved', 0, 0, 0, 0, 0.0, '', '', '')
    """
  static let selectOne = """
    SELECT call, day, trader, model, status, booked_tokens, booked_cost
    FROM llm_calls WHERE call = ?
    """
  static let settle = """
    UPDATE llm_calls SET status = ?, booked_tokens = ?, booked_cost = ?, settled_at_ms = ?,
      prompt_tokens = ?, cached_tokens = ?, completion_tokens = ?, is_estimated = ?,
      latency_ms = ?, answered_by = ?, finish_reason = ?, error = ?
    WHERE call = ?
    """
  static let abandon = """
    UPDATE llm_calls SET status = 'abandoned', booked_tokens = estimate_tokens,
      booked_cost = estimate_cost, settled_at_ms = ?, is_estimated = 1,
      error = 'its run died before the call was settled'
    WHERE call = ?
    """

  init(_ row: inout RowReader) throws {
    number = try row.next()
    place = DayBook.Place(day: try row.next(), trader: try row.next(), model: try row.next())
    status = try row.next()
    booked = Spending(
      calls: status == .released ? 0 : 1,
      spent: Spent(tokens: try row.next(), cost: try row.next()))
  }
}

/// A call that is still reserved.
struct OpenCall {
  let call: CallNumber
  let run: RunNumber?
  let isRunOver: Bool
  let expiresAt: Timestamp
  let place: DayBook.Place
  /// What counts for it now.
  let reserved: Spending
  /// What will count once it is abandoned.
  let booked: Spending

  static let select = """
    SELECT c.call, c.run, coalesce(r.status <> 'running', 0), c.expires_at_ms, c.day, c.trader,
      c.model, c.booked_tokens, c.booked_cost, c.estimate_tokens, c.estimate_cost
    FROM llm_calls c LEFT JOIN runs r ON r.run = c.run
    WHERE c.status = 'reserved' ORDER BY c.call
    """

  init(_ row: inout RowReader) throws {
    call = try row.next()
    run = try row.next()
    isRunOver = try row.next()
    expiresAt = try row.next()
    place = DayBook.Place(day: try row.next(), trader: try row.next(), model: try row.next())
    reserved = Spending(
      calls: 1, spent: Spent(tokens: try row.next(), cost: try row.next()))
    booked = Spending(calls: 1, spent: Spent(tokens: try row.next(), cost: try row.next()))
  }
}

extension CallWish {
  /// Throws unless the amounts are such that a day's sum can be kept.
  func validate() throws {
    let isSound = [worst, estimate].allSatisfy { $0.tokens >= 0 && $0.cost >= .zero }
    guard isSound else {
      throw JournalError.failed(
        operation: "reserve model calls",
        detail: "expected amounts of at least 0 for \(trader), were \(worst) and \(estimate)")
    }
  }

  /// The values of its columns and of those with what is booked.
  ///
  /// An estimate above the worst case would let a dead run exceed a cap: it is cut.
  var values: [any Column] {
    [
      cycle, trader, model, purpose, questionDigest, worst.tokens, worst.cost,
      min(estimate.tokens, worst.tokens), min(estimate.cost, worst.cost), worst.tokens, worst.cost,
    ]
  }
}

extension CallSettlement {
  /// What it books.
  var booked: Spending {
    guard status != .released else { return .zero }
    return Spending(calls: 1, spent: Spent(tokens: usage.prompt + usage.completion, cost: cost))
  }

  /// Throws unless it says how the call ended, and with what.
  func validate() throws {
    guard status != .reserved, cost >= .zero,
      !usage.prompt.addingReportingOverflow(usage.completion).overflow
    else {
      throw JournalError.failed(
        operation: "settle model calls",
        detail: "expected the end of call \(call) with a cost of at least 0, was \(status) with "
          + "\(cost) USD, \(usage.prompt) and \(usage.completion) tokens")
    }
  }

  /// The values of a settlement and the call's number.
  func values(at: Timestamp) -> [any Column] {
    let isReleased = status == .released
    let usage = isReleased ? TokenUsage(prompt: 0, completion: 0, isEstimated: false) : usage
    return [
      status, booked.spent.tokens, booked.spent.cost, at, usage.prompt, usage.cachedPrompt,
      usage.completion, usage.isEstimated || status == .abandoned,
      latencyMs.isFinite ? max(0, latencyMs) : 0, answeredBy, finishReason, error, call,
    ]
  }
}
