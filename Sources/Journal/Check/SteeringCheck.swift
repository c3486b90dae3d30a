import Trading

/// Compares what limits, people and shared orders left on record with what they refer to.
struct SteeringCheck {
  /// One sentence for each difference.
  private(set) var findings: [String] = []

  init(_ session: Session) throws {
    try compareShares(session)
    try compareKillSwitches(session)
    try compareConflicts(session)
    try compareAllocation(session)
    _ = try session.rows(TraderEvent.columns.select("")) { try TraderEvent(&$0) }
  }

  /// The shares of an order add up to it.
  private mutating func compareShares(_ session: Session) throws {
    var sums: [(order: ClientOrderID, size: Quantity, shares: Quantity)] = []
    _ = try session.rows(
      """
      SELECT s.client_order_id, o.size, s.size FROM order_shares s JOIN orders o
      USING (client_order_id) ORDER BY s.client_order_id, s.ordinal
      """
    ) { row in
      let order: ClientOrderID = try row.next()
      let size: Quantity = try row.next()
      let share: Quantity = try row.next()
      if let last = sums.last, last.order == order {
        sums[sums.count - 1].shares = last.shares + share
      } else {
        sums.append((order, size, share))
      }
    }
    for sum in sums where sum.shares != sum.size {
      findings.append(
        "Order \(sum.order): expected shares of \(sum.size) together, the record has "
          + "\(sum.shares).")
    }
  }

  /// Kill switches are numbered without gaps and concern traders of their account.
  private mutating func compareKillSwitches(_ session: Session) throws {
    let known = try session.rows(KillSwitch.columns.select("ORDER BY number")) {
      try KillSwitch(&$0)
    }
    for (index, killSwitch) in known.enumerated() where killSwitch.number != Int64(index + 1) {
      findings.append(
        "Kill switch \(index + 1): expected it on record for ever, was none before "
          + "\(killSwitch.number).")
      break
    }
    findings += try session.rows(
      """
      SELECT k.number, k.account, t.trader, t.account FROM kill_switches k
      JOIN traders t USING (trader) WHERE t.account <> k.account ORDER BY k.number
      """
    ) { row in
      let number: Int64 = try row.next()
      let account: AccountID = try row.next()
      let trader: TraderID = try row.next()
      return "Kill switch \(number): expected account \(try row.next(AccountID.self)) of its "
        + "trader \(trader), the record says \(account)."
    }
  }

  /// Clashes name at least one trader, each of their account.
  private mutating func compareConflicts(_ session: Session) throws {
    findings += try session.rows(
      """
      SELECT conflict, cycle FROM conflicts
      WHERE conflict NOT IN (SELECT conflict FROM conflict_traders) ORDER BY conflict
      """
    ) { row in
      let number: Int64 = try row.next()
      return "Conflict \(number) of cycle \(try row.next(CycleNumber.self)): expected a trader "
        + "at least, was none."
    }
    findings += try session.rows(
      """
      SELECT c.conflict, t.trader, t.account, c.account FROM conflicts c
      JOIN conflict_traders USING (conflict) JOIN traders t USING (trader)
      WHERE t.account <> c.account ORDER BY c.conflict, t.trader
      """
    ) { row in
      let number: Int64 = try row.next()
      let trader: TraderID = try row.next()
      let account: AccountID = try row.next()
      return "Conflict \(number): expected account \(account) of its trader \(trader), "
        + "the record says \(try row.next(AccountID.self))."
    }
    _ = try session.rows(ConflictRecord.columns.select("")) { row in
      row.skip(4)
      _ = try ConflictRecord(&row, traders: [])
    }
  }

  /// Money is split among traders that exist or did.
  private mutating func compareAllocation(_ session: Session) throws {
    findings += try session.rows(
      """
      SELECT trader FROM allocation_members
      WHERE trader NOT IN (SELECT trader FROM traders) ORDER BY trader
      """
    ) { "The split of money: expected trader \(try $0.next(TraderID.self)) on record, was none." }
  }
}
