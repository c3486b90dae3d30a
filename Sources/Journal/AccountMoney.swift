package import Trading

extension Session {
  /// Books of accounts, and movements of money that are planned.
  func saveAccounts(_ changes: StateChanges) throws {
    for books in changes.accounts {
      try run(AccountBooks.upsert, books.values)
      try run("DELETE FROM outside_positions WHERE account = ?", [books.account])
      for (coin, size) in books.outside.sorted(by: { $0.key < $1.key }) {
        try run(AccountBooks.insertOutside, [books.account, coin, size])
      }
    }
    for plan in changes.plannedTransfers {
      let transfer = plan.transfer
      guard try recorded(transfer) == nil else {
        throw JournalError.transferPlannedTwice(account: transfer.account, id: transfer.id)
      }
      try run(PlannedTransfer.insert, plan.values + [changes.run])
    }
    for id in changes.abandonedTransfers {
      try run(
        "UPDATE account_transfers SET status = 'refused' WHERE id = ? AND status = 'planned'",
        [id])
    }
  }

  /// Books a movement of money that the venue reported, planned or not.
  func book(_ transfer: AccountTransfer, booking: Int64, run number: RunNumber) throws {
    guard let known = try recorded(transfer) else {
      try run(
        """
        INSERT INTO account_transfers (account, id, at_ms, amount, reason, run, booking, status)
        VALUES (?, ?, ?, ?, 'at the venue', ?, ?, 'done')
        """, transfer.values + [number, booking])
      return
    }
    guard !known.isDone else {
      throw JournalError.transferBookedTwice(account: transfer.account, id: transfer.id)
    }
    guard known.amount == transfer.amount else {
      throw JournalError.transferChanged(
        account: transfer.account, id: transfer.id, planned: known.amount,
        moved: transfer.amount)
    }
    try run(
      """
      UPDATE account_transfers SET status = 'done', at_ms = ?, booking = ?
      WHERE account = ? AND id = ?
      """, [transfer.at, booking, transfer.account, transfer.id])
  }

  private func recorded(
    _ transfer: AccountTransfer
  ) throws -> (isDone: Bool, amount: USD)? {
    try first(
      "SELECT status = 'done', amount FROM account_transfers WHERE account = ? AND id = ?",
      [transfer.account, transfer.id]
    ) { (isDone: try $0.next(), amount: try $0.next()) }
  }

  /// The books of all accounts, and what is planned for them.
  func loadAccounts(into state: inout ArenaState) throws {
    state.accounts = try accountBooks()
    state.plannedTransfers = try rows(PlannedTransfer.selectOpen) { try PlannedTransfer(&$0) }
    state.openings = Dictionary(
      uniqueKeysWithValues: try rows(Self.selectOpenings) {
        (try $0.next(AccountID.self), try $0.next(Timestamp.self))
      })
  }

  /// When the opening transfers (``TransferID/opening(_:)``) of all accounts were booked.
  ///
  /// One look-up for each account, however many transfers there are.
  static let selectOpenings = """
    SELECT b.account, t.at_ms FROM account_books b CROSS JOIN account_transfers t
    ON t.account = b.account AND t.id = '0.' || b.account WHERE t.status = 'done'
    """

  /// The books of all accounts, by id.
  func accountBooks() throws -> [AccountID: AccountBooks] {
    var outside: [AccountID: [Coin: SignedQuantity]] = [:]
    _ = try rows("SELECT account, coin, size FROM outside_positions") { row in
      let account: AccountID = try row.next()
      let coin: Coin = try row.next()
      outside[account, default: [:]][coin] = try row.next(SignedQuantity.self)
    }
    let books = try rows(AccountBooks.columns.select("")) {
      try AccountBooks(&$0, outside: outside)
    }
    return Dictionary(uniqueKeysWithValues: books.map { ($0.account, $0) })
  }
}

/// A movement of money as it is on record.
package struct TransferRecord: Sendable, Equatable {
  /// The movement; while it is planned, its time is that of the plan.
  package let transfer: AccountTransfer
  /// Whose money it is; `nil` = the account's, given to no trader.
  package let trader: TraderID?
  /// Why, in words; `at the venue` when nof0 did not plan it.
  package let reason: String
  /// When it was planned; `nil` = it was not.
  package let plannedAt: Timestamp?
  /// Whether the venue reported it.
  package let isDone: Bool
}

extension StateStore {
  /// The newest movements of money, planned or done, newest first.
  package func transfers(limit: Int) throws(JournalError) -> [TransferRecord] {
    try database.read("read the transfers") { session in
      try session.rows(
        """
        SELECT account, id, coalesce(at_ms, planned_at_ms), amount, trader, reason,
          planned_at_ms, status = 'done'
        FROM account_transfers ORDER BY transfer DESC LIMIT ?
        """, [limit]
      ) {
        TransferRecord(
          transfer: try AccountTransfer(&$0), trader: try $0.next(), reason: try $0.next(),
          plannedAt: try $0.next(), isDone: try $0.next())
      }
    }
  }

  /// When the opening transfer of an account was booked for; `nil` = it is not booked.
  package func accountOpening(_ account: AccountID) throws(JournalError) -> Timestamp? {
    try database.read("look the opening up") { session in
      try session.first(
        "SELECT at_ms FROM account_transfers WHERE account = ? AND id = ? AND status = 'done'",
        [account, TransferID.opening(account)]
      ) { try $0.next() }
    }
  }

  /// Ids of an account's movements of money that are booked, from an instant on, that one included.
  package func bookedTransfers(
    account: AccountID, since: Timestamp
  ) throws(JournalError) -> Set<TransferID> {
    try database.read("look transfers up") { session in
      Set(
        try session.rows(
          "SELECT id FROM account_transfers WHERE account = ? AND at_ms >= ?", [account, since]
        ) { try $0.next() })
    }
  }
}
