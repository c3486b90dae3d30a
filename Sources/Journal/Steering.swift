import Trading

extension Session {
  /// Kill switches, clashes, events of traders and the split of money.
  func saveSteering(_ changes: StateChanges) throws {
    for killSwitch in changes.killSwitches { try save(killSwitch) }
    try saveConflicts(changes)
    for event in changes.events { try run(TraderEvent.insert, event.values + [changes.run]) }
    if let allocation = changes.allocation { try save(allocation) }
  }

  /// A new kill switch, or the reset of one on record; nothing else of it ever changes.
  private func save(_ killSwitch: KillSwitch) throws {
    let number = killSwitch.number
    let known = try first(KillSwitch.selectOne, [number]) { try KillSwitch(&$0) }
    guard let known else { return try run(KillSwitch.insert, killSwitch.values) }
    guard known != killSwitch else { return }
    var expected = known
    expected.resetAt = killSwitch.resetAt
    expected.resetBy = killSwitch.resetBy
    guard expected == killSwitch, known.isActive else {
      throw JournalError.killSwitchChanged(number)
    }
    try run(
      "UPDATE kill_switches SET reset_at_ms = ?, reset_by = ? WHERE number = ?",
      [killSwitch.resetAt, killSwitch.resetBy, number])
  }

  private func saveConflicts(_ changes: StateChanges) throws {
    guard !changes.conflicts.isEmpty else { return }
    let last = try first("SELECT max(ordinal) FROM conflicts WHERE run = ?", [changes.run]) {
      try $0.next(Int?.self)
    }
    var ordinal = ((last ?? nil) ?? -1) + 1
    for conflict in changes.conflicts {
      try run(
        ConflictRecord.insert,
        [changes.cycle, changes.run, changes.at, ordinal] + conflict.values)
      let number = lastRow
      for (place, trader) in conflict.traders.enumerated() {
        try run(ConflictRecord.insertTrader, [number, place, trader])
      }
      ordinal += 1
    }
  }

  private func save(_ allocation: AllocationRecord) throws {
    try run(AllocationRecord.upsert, [1, allocation.at, allocation.isPending])
    try run("DELETE FROM allocation_members")
    for values in allocation.memberValues { try run(AllocationRecord.insertMember, values) }
  }

  /// Kill switches that hold, and the last split of money.
  func loadSteering(into state: inout ArenaState) throws {
    state.killSwitches = try rows(KillSwitch.selectActive) { try KillSwitch(&$0) }
    let last = try first("SELECT max(number) FROM kill_switches") { try $0.next(Int64?.self) }
    state.nextKillSwitch = ((last ?? nil) ?? 0) + 1
    state.allocation = try allocation()
  }

  private func allocation() throws -> AllocationRecord? {
    let record = try first("SELECT at_ms, is_pending FROM allocation") {
      AllocationRecord(
        at: try $0.next(), sharpes: [:], members: [], isPending: try $0.next())
    }
    guard var record else { return nil }
    _ = try rows(
      "SELECT trader, is_member, sharpe FROM allocation_members ORDER BY trader"
    ) { row in
      let trader: TraderID = try row.next()
      if try row.next(Bool.self) { record.members.append(trader) }
      record.sharpes[trader] = try row.next(Double?.self)
    }
    return record
  }
}
