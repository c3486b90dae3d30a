import Trading

extension SimAccount {
  static let columns = Columns(
    "sim_accounts", "account raw_usd next_order_id next_fill_id caught_up_to_ms")
  static let upsert = columns.upsert(key: "account")

  /// The values of its own columns.
  var values: [any Column] { [id, rawUSD, nextOrderID, nextFillID, caughtUpTo] }

  /// The account of a row.
  init(_ row: inout RowReader, positions: [Coin: SimPosition], resting: [SimOrder]) throws {
    let id: AccountID = try row.next()
    let rawUSD: USD = try row.next()
    self.init(
      id: id, rawUSD: rawUSD, positions: positions, resting: resting,
      nextOrderID: try row.next(), nextFillID: try row.next(), caughtUpTo: try row.next())
  }
}

extension SimPosition {
  static let columns = Columns(
    "sim_positions", "account coin size cost leverage isolated_margin")
  static let insert = columns.insert

  /// The values of the columns after account and coin.
  var values: [any Column] { [size, cost, leverage, isolatedMargin] }

  /// The position of the columns after account and coin.
  init(_ row: inout RowReader) throws {
    self.init(
      size: try row.next(), cost: try row.next(), leverage: try row.next(),
      isolatedMargin: try row.next())
  }
}

extension SimOrder {
  /// Resting orders of an account; left to choose, SQLite walks through all it ever had.
  static let selectResting = columns.select(
    """
    INDEXED BY sim_orders_resting WHERE account = ? AND status = 'resting' ORDER BY order_id
    """)

  static let columns = Columns(
    "sim_orders",
    """
    account order_id client_order_id arena trader cycle coin purpose generation side size
    limit_price time_in_force trigger_price reduce_only leverage received_at_ms status
    filled_size average_price fee reason
    """)
  static let upsert = columns.upsert(key: "account", "order_id")

  /// The values of its columns.
  var values: [any Column] {
    let identity = request.identity
    let order: [any Column] = [
      request.account, orderID, request.clientOrderID, identity.arena, identity.trader,
      identity.cycle, identity.coin, identity.purpose, identity.generation, request.side,
      request.size,
    ]
    let state: [any Column] = [
      request.reduceOnly, request.leverage, receivedAt, status, filledSize, averagePrice, fee,
      reason,
    ]
    return order + request.kind.values + state
  }

  /// The order of a row.
  init(_ row: inout RowReader) throws {
    let account: AccountID = try row.next()
    let orderID: Int64 = try row.next()
    let id: ClientOrderID = try row.next()
    let identity = OrderIdentity(
      arena: try row.next(), trader: try row.next(), cycle: try row.next(),
      coin: try row.next(), purpose: try row.next(), generation: try row.next())
    let request = OrderRequest(
      clientOrderID: id, identity: identity, account: account, side: try row.next(),
      size: try row.next(), kind: try OrderKind(&row), reduceOnly: try row.next(),
      leverage: try row.next())
    self.init(
      orderID: orderID, request: request, receivedAt: try row.next(), status: try row.next(),
      filledSize: try row.next(), averagePrice: try row.next(), fee: try row.next(),
      reason: try row.next())
  }
}
