package import Trading

extension StateStore {
  /// The books of an account of the simulated venue; `nil` when it has none yet.
  package func simAccount(_ account: AccountID) throws(JournalError) -> SimAccount? {
    try database.read("load the simulated venue") { try $0.simAccount(account) }
  }

  /// Writes what the simulated venue did, in one transaction.
  ///
  /// Resting orders are those of the changes whose status says so.
  package func saveSim(_ changes: [SimChange]) throws(JournalError) {
    guard !changes.isEmpty else { return }
    try database.write("save the simulated venue") { session in
      for change in changes { try session.save(change) }
    }
  }

  /// An order the simulated venue received; `nil` when it never did.
  package func simOrder(
    account: AccountID, clientOrderID: ClientOrderID
  ) throws(JournalError) -> SimOrder? {
    try database.read("look a simulated order up") { session in
      try session.first(
        SimOrder.columns.select("WHERE account = ? AND client_order_id = ?"),
        [account, clientOrderID]
      ) { try SimOrder(&$0) }
    }
  }

  /// Whether the simulated venue moved money of an account under an id.
  package func simHasTransfer(
    account: AccountID, id: TransferID
  ) throws(JournalError) -> Bool {
    try database.read("look a simulated transfer up") { session in
      try session.first(
        "SELECT 1 FROM sim_transfers WHERE account = ? AND id = ?", [account, id]
      ) { _ in true } ?? false
    }
  }

  /// What an account of the simulated venue did from an instant on, that one included.
  package func simActivity(
    account: AccountID, since: Timestamp
  ) throws(JournalError) -> SimActivity {
    try database.read("load the simulated venue") { session in
      let part = "WHERE account = ? AND at_ms >= ? ORDER BY at_ms"
      return SimActivity(
        fills: try session.rows(
          Fill.simColumns.select(part + ", fill_id"), [account, since]
        ) { try Fill(&$0) },
        funding: try session.rows(
          FundingPayment.simColumns.select(part + ", coin"), [account, since]
        ) { try FundingPayment(&$0) },
        transfers: try session.rows(
          AccountTransfer.simColumns.select(part + ", id"), [account, since]
        ) { try AccountTransfer(&$0) })
    }
  }
}

extension Session {
  func simAccount(_ account: AccountID) throws -> SimAccount? {
    let positions = try rows(
      SimPosition.columns.select("WHERE account = ?"), [account]
    ) { row in
      row.skip(1)
      return (try row.next(Coin.self), try SimPosition(&row))
    }
    let resting = try rows(
      SimOrder.selectResting, [account]
    ) { try SimOrder(&$0) }
    return try first(SimAccount.columns.select("WHERE account = ?"), [account]) {
      try SimAccount(
        &$0, positions: Dictionary(uniqueKeysWithValues: positions), resting: resting)
    }
  }

  fileprivate func save(_ change: SimChange) throws {
    let account = change.account
    try run(SimAccount.upsert, account.values)
    try run("DELETE FROM sim_positions WHERE account = ?", [account.id])
    for (coin, position) in account.positions.sorted(by: { $0.key < $1.key }) {
      try run(SimPosition.insert, [account.id, coin] + position.values)
    }
    for order in change.orders { try run(SimOrder.upsert, order.values) }
    for fill in change.fills { try run(Fill.simInsert, fill.values) }
    for payment in change.funding { try run(FundingPayment.simInsert, payment.values) }
    for transfer in change.transfers { try run(AccountTransfer.simInsert, transfer.values) }
  }
}
