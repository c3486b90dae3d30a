import Trading

extension SchemaStep {
  /// Opens the books of the accounts that databases of version 5 have.
  ///
  /// Their money came with the flows of their traders, all of it given to these at once: each flow
  /// becomes a movement of money that is done, at the simulated venue too, and nothing is left
  /// unallocated. A statement here names its columns, because later steps may add some.
  static func openAccounts(_ session: Session) throws {
    var units: [AccountID: Int64] = [:]
    _ = try session.rows(
      """
      SELECT t.account, l.units FROM traders t LEFT JOIN ledgers l USING (trader)
      """
    ) { row in
      let account: AccountID = try row.next()
      units[account, default: 0] += try row.next(Factor?.self)?.mantissa ?? 0
    }
    for account in units.keys.sorted() {
      try session.run(
        """
        INSERT INTO account_books (account, unallocated, outside_cash, units, peak_nav)
        VALUES (?, '0', '0', ?, '0')
        """, [account, Factor(mantissa: units[account] ?? 0)])
    }
    try moveFlows(session)
    try moveDeposits(session)
  }

  /// Makes a movement of each flow; the first of an account is its opening deposit.
  private static func moveFlows(_ session: Session) throws {
    let flows = try session.rows(
      """
      SELECT t.account, f.trader, f.at_ms, f.amount, f.reason, f.run,
        EXISTS (SELECT 1 FROM sim_accounts s WHERE s.account = t.account)
      FROM capital_flows f JOIN traders t USING (trader)
      WHERE f.amount <> '0' ORDER BY t.account, f.booking
      """
    ) { row in
      let account: AccountID = try row.next()
      let values: [any Column] = [
        try row.next(TraderID.self), try row.next(Timestamp.self), try row.next(USD.self),
        try row.next(String.self), try row.next(RunNumber.self),
      ]
      return (account: account, values: values, isSimulated: try row.next(Bool.self))
    }
    var seen: [AccountID: Int] = [:]
    for (account, values, isSimulated) in flows {
      let place = seen[account, default: 0]
      seen[account] = place + 1
      let opening = TransferID.opening(account)
      let id = place == 0 ? opening : TransferID("\(opening).\(place)")
      try session.run(
        """
        INSERT INTO account_transfers (account, id, trader, at_ms, amount, reason, run, status)
        VALUES (?, ?, ?, ?, ?, ?, ?, 'done')
        """, [account, id] + values)
      if isSimulated {
        try session.run(
          "INSERT INTO sim_transfers (account, id, at_ms, amount) VALUES (?, ?, ?, ?)",
          [account, id, values[1], values[2]])
      }
    }
  }

  /// Deposits of simulated accounts that were opened just before a crash, without a trader yet.
  private static func moveDeposits(_ session: Session) throws {
    let accounts = try session.rows(
      """
      SELECT account, caught_up_to_ms, raw_usd FROM sim_accounts s
      WHERE raw_usd <> '0'
        AND NOT EXISTS (SELECT 1 FROM sim_transfers x WHERE x.account = s.account)
        AND NOT EXISTS (SELECT 1 FROM sim_fills x WHERE x.account = s.account)
        AND NOT EXISTS (SELECT 1 FROM sim_funding x WHERE x.account = s.account)
      ORDER BY account
      """
    ) { (try $0.next(AccountID.self), try $0.next(Timestamp.self), try $0.next(USD.self)) }
    for (account, at, amount) in accounts {
      try session.run(
        "INSERT INTO sim_transfers (account, id, at_ms, amount) VALUES (?, ?, ?, ?)",
        [account, TransferID.opening(account), at, amount])
    }
  }
}
