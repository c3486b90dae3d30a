import Trading

extension Fill {
  private static let names = """
    account fill_id coin side price size fee is_taker at_ms order_id client_order_id cause
    """
  static let columns = Columns("fills", names + " trader position part run booking")
  static let insert = columns.insert
  static let simColumns = Columns("sim_fills", names)
  static let simInsert = simColumns.insert

  /// The values of the columns that both books share.
  var values: [any Column] {
    [
      account, id, coin, side, price, size, fee, isTaker, at, orderID, clientOrderID, cause,
    ]
  }

  /// The fill of the next columns.
  init(_ row: inout RowReader) throws {
    let account: AccountID = try row.next()
    let id: Int64 = try row.next()
    self.init(
      id: id, account: account, coin: try row.next(), side: try row.next(),
      price: try row.next(), size: try row.next(), fee: try row.next(),
      isTaker: try row.next(), at: try row.next(), orderID: try row.next(),
      clientOrderID: try row.next(), cause: try row.next())
  }
}

extension FundingPayment {
  private static let names = "account coin at_ms size rate amount"
  static let columns = Columns("funding_payments", names + " trader part run booking")
  static let insert = columns.insert
  static let simColumns = Columns("sim_funding", names)
  static let simInsert = simColumns.insert

  /// The values of the columns that both books share.
  var values: [any Column] { [account, coin, at, size, rate, amount] }

  /// The payment of the next columns.
  init(_ row: inout RowReader) throws {
    self.init(
      account: try row.next(), coin: try row.next(), at: try row.next(), size: try row.next(),
      rate: try row.next(), amount: try row.next())
  }
}

extension BookedFill {
  /// The part of a fill of the next columns, up to `part`.
  init(_ row: inout RowReader) throws {
    self.init(
      fill: try Fill(&row), trader: try row.next(), position: try row.next(),
      part: try row.next())
  }
}

extension BookedFunding {
  /// The part of a payment of the next columns, up to `part`.
  init(_ row: inout RowReader) throws {
    self.init(
      payment: try FundingPayment(&row), trader: try row.next(), part: try row.next())
  }
}

extension CapitalFlow {
  static let columns = Columns("capital_flows", "trader at_ms amount reason equity run booking")
  static let insert = columns.insert

  /// The values of its own columns.
  var values: [any Column] { [trader, at, amount, reason, equity] }

  /// The flow of the next columns.
  init(_ row: inout RowReader) throws {
    self.init(
      trader: try row.next(), at: try row.next(), amount: try row.next(),
      reason: try row.next(), equity: try row.next())
  }
}
