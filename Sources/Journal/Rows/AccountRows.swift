import Trading

extension AccountBooks {
  static let columns = Columns(
    "account_books",
    "account unallocated outside_cash units peak_nav day_start_nav last_nav day")
  static let upsert = columns.upsert(key: "account")
  static let insertOutside = Columns("outside_positions", "account coin size").insert

  /// The values of its columns; what is held outside is kept apart.
  var values: [any Column] {
    [account, unallocated, outsideCash, units, peakNAV, dayStartNAV, lastNAV, day]
  }

  /// The books of a row.
  init(_ row: inout RowReader, outside: [AccountID: [Coin: SignedQuantity]]) throws {
    let account: AccountID = try row.next()
    self.init(
      account: account, unallocated: try row.next(), outsideCash: try row.next(),
      outside: outside[account] ?? [:], units: try row.next(), peakNAV: try row.next(),
      dayStartNAV: try row.next(), lastNAV: try row.next(), day: try row.next())
  }
}

extension AccountTransfer {
  static let simColumns = Columns("sim_transfers", "account id at_ms amount")
  static let simInsert = simColumns.insert
  /// Movements on record that the venue reported.
  static let selectDone =
    "SELECT \(simColumns.list) FROM account_transfers WHERE status = 'done'"

  /// The values of its columns.
  var values: [any Column] { [account, id, at, amount] }

  /// The movement of the next columns.
  init(_ row: inout RowReader) throws {
    let account: AccountID = try row.next()
    self.init(id: try row.next(), account: account, at: try row.next(), amount: try row.next())
  }
}

extension PlannedTransfer {
  static let insert = """
    INSERT INTO account_transfers
      (account, id, planned_at_ms, amount, trader, reason, run, status)
    VALUES (?, ?, ?, ?, ?, ?, ?, 'planned')
    """
  static let selectOpen = """
    SELECT account, id, planned_at_ms, amount, trader, reason FROM account_transfers
    WHERE status = 'planned' ORDER BY id, account
    """

  /// The values of its columns.
  var values: [any Column] { transfer.values + [trader, reason] }

  /// The plan of the next columns.
  init(_ row: inout RowReader) throws {
    self.init(
      transfer: try AccountTransfer(&row), trader: try row.next(), reason: try row.next())
  }
}
