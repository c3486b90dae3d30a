package import Trading

/// What model calls may cost, cost and have cost, on top of an open database.
///
/// Every change is one transaction that shuts other writers out while it compares with the caps,
/// so several processes may use the same file. What counts as spent of a day is, for each call
/// reserved on it: the worst case until it is settled, then what it consumed; the estimate when
/// nobody learns that.
package struct SpendingStore: Sendable {
  /// The database it keeps everything in.
  package let database: JournalDatabase

  /// The spending in an open database; it may be another connection than that of the state.
  package init(_ database: JournalDatabase) { self.database = database }

  /// Reserves the worst case of calls that are about to be made.
  ///
  /// The wishes are served in order: each gets what the ones before it left. With caps that are
  /// not strict all are admitted.
  ///
  /// - Parameters:
  ///   - wishes: The calls, the most important first.
  ///   - caps: What may be spent in the UTC day of `at`.
  ///   - run: The run that makes them, on record; `nil` for a dry run, which has no row.
  ///   - at: The wall clock.
  ///   - expiresAt: When the call is certainly over; of a dry run nothing else tells.
  /// - Returns: One result per wish, in their order: the call's number, or why not.
  /// - Throws: ``JournalError``; nothing is reserved then.
  package func reserve(
    _ wishes: [CallWish], caps: SpendingCaps, run: RunNumber?, at: Timestamp, expiresAt: Timestamp
  ) throws(JournalError) -> [Result<CallNumber, SpendingRefusal>] {
    guard !wishes.isEmpty else { return [] }
    return try database.write("reserve model calls") { session in
      try session.reserve(wishes, caps: caps, run: run, at: at, expiresAt: expiresAt)
    }
  }

  /// Books what calls consumed in place of what was reserved, and keeps answers for reuse.
  ///
  /// The first settlement of a call stands, except that one whose run had seemed dead replaces the
  /// estimate. All of them or none are booked.
  ///
  /// - Parameters:
  ///   - settlements: What became of the calls.
  ///   - answers: Answers to keep.
  ///   - at: The wall clock.
  /// - Returns: The calls that were settled already and stay as they were.
  /// - Throws: ``JournalError``, also for a call that is not on record.
  @discardableResult
  package func settle(
    _ settlements: [CallSettlement], keeping answers: [KeptAnswer] = [], at: Timestamp
  ) throws(JournalError) -> [CallNumber] {
    guard !settlements.isEmpty || !answers.isEmpty else { return [] }
    return try database.write("settle model calls") { session in
      for answer in answers { try session.keep(answer) }
      return try session.settle(settlements, at: at)
    }
  }

  /// Settles calls first and reserves others then, in one transaction: for a call that is asked
  /// again.
  package func settle(
    _ settlements: [CallSettlement], thenReserve wishes: [CallWish], caps: SpendingCaps,
    run: RunNumber?, at: Timestamp, expiresAt: Timestamp
  ) throws(JournalError) -> [Result<CallNumber, SpendingRefusal>] {
    try database.write("settle and reserve model calls") { session in
      try session.settle(settlements, at: at)
      return try session.reserve(wishes, caps: caps, run: run, at: at, expiresAt: expiresAt)
    }
  }

  /// Books the estimate of calls that nobody will settle any more.
  ///
  /// These are: calls of runs that are over; calls of any other run than the present one when
  /// there is one, for it holds the lock; calls of others whose time is up.
  ///
  /// - Parameters:
  ///   - now: The wall clock.
  ///   - liveRun: The present run, which holds the lock and whose calls stay; `nil` for a dry run.
  /// - Returns: The calls abandoned, by number.
  /// - Throws: ``JournalError``.
  @discardableResult
  package func settleAbandoned(
    now: Timestamp, liveRun: RunNumber?
  ) throws(JournalError) -> [AbandonedCall] {
    let isAny = try database.read("look for open model calls") { session in
      try !session.openCalls(now: now, liveRun: liveRun).isEmpty
    }
    guard isAny else { return [] }
    return try database.write("settle model calls of dead runs") { session in
      var book = DayBook(session)
      let calls = try session.openCalls(now: now, liveRun: liveRun)
      for call in calls {
        try session.run(StoredCall.abandon, [now, call.call])
        try book.add(call.booked.minus(call.reserved), to: call.place)
      }
      try book.save()
      return calls.map {
        AbandonedCall(
          call: $0.call, trader: $0.place.trader, model: $0.place.model, run: $0.run,
          booked: $0.booked.spent)
      }
    }
  }
}

/// A call whose run died, with its estimate booked.
package struct AbandonedCall: Sendable, Hashable {
  /// The call.
  package let call: CallNumber
  /// The trader it was for.
  package let trader: TraderID
  /// The model that was asked.
  package let model: ModelAlias
  /// The run that made it; `nil` = a dry run.
  package let run: RunNumber?
  /// What was booked.
  package let booked: Spent
}

/// How calls ended and the answers worth keeping, to be written with the changes of a cycle.
package struct SpendingChanges: Sendable, Equatable {
  /// What became of calls.
  package var settlements: [CallSettlement]
  /// Answers to keep for reuse.
  package var answers: [KeptAnswer]
  /// The wall clock.
  package var at: Timestamp

  /// Changes from their parts.
  package init(settlements: [CallSettlement], answers: [KeptAnswer] = [], at: Timestamp) {
    self.settlements = settlements
    self.answers = answers
    self.at = at
  }
}
