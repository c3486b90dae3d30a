import Trading

extension OrderKind {
  /// The values of `limit_price`, `time_in_force` and `trigger_price`.
  var values: [any Column] {
    switch self {
    case .limit(let price, let lifetime): [price, TimeInForce?.some(lifetime), Price?.none]
    case .trigger(let trigger, let limit): [limit, TimeInForce?.none, Price?.some(trigger)]
    }
  }

  /// The kind of the next three columns.
  init(_ row: inout RowReader) throws {
    let limit: Price = try row.next()
    let lifetime: TimeInForce? = try row.next()
    let trigger: Price? = try row.next()
    switch (lifetime, trigger) {
    case (let lifetime?, nil): self = .limit(limit, lifetime)
    case (nil, let trigger?): self = .trigger(at: trigger, limit: limit)
    case (nil, nil), (.some, .some):
      throw DamagedRow(
        column: "time_in_force", expected: "value here or in trigger_price", was: "both or none")
    }
  }
}

extension OrderOutcome {
  /// The columns of an outcome in `orders`.
  static let columns = """
    outcome outcome_size outcome_price outcome_fee outcome_order_id outcome_text
    """

  /// The values of the columns; all empty for no outcome.
  static func values(of outcome: OrderOutcome?) -> [any Column] {
    let none = String?.none
    return switch outcome {
    case nil: [none, none, none, none, none, none]
    case .filled(let size, let price, let fee, let orderID):
      ["filled", size, price, fee, orderID, none]
    case .resting(let orderID): ["resting", none, none, none, orderID, none]
    case .rejected(let reason): ["rejected", none, none, none, none, reason]
    case .unknown(let reason): ["unknown", none, none, none, none, reason]
    }
  }

  /// The outcome of the next columns; `nil` when they are empty.
  static func ifAny(_ row: inout RowReader) throws -> OrderOutcome? {
    let label: String? = try row.next()
    let size: Quantity? = try row.next()
    let price: Price? = try row.next()
    let fee: USD? = try row.next()
    let orderID: Int64? = try row.next()
    let text: String? = try row.next()
    switch (label, size, price, fee, orderID, text) {
    case (nil, _, _, _, _, _): return nil
    case ("filled", let size?, let price?, let fee, let orderID?, _):
      return .filled(size: size, averagePrice: price, fee: fee, orderID: orderID)
    case ("resting", _, _, _, let orderID?, _): return .resting(orderID: orderID)
    case ("rejected", _, _, _, _, let reason?): return .rejected(reason)
    case ("unknown", _, _, _, _, let reason?): return .unknown(reason)
    case (let label?, _, _, _, _, _):
      throw DamagedRow(column: "outcome", expected: "complete outcome", was: label)
    }
  }

  /// The outcome in words, for the record of events.
  var detail: String {
    switch self {
    case .filled(let size, let price, let fee, let orderID):
      "\(size) at \(price), \(fee.map { "fee \($0), " } ?? "")order \(orderID)"
    case .resting(let orderID): "order \(orderID)"
    case .rejected(let reason), .unknown(let reason): reason
    }
  }
}

extension OrderIntent {
  static let columns = Columns(
    "orders",
    """
    client_order_id arena trader cycle coin purpose generation account side size
    limit_price time_in_force trigger_price reduce_only leverage run decided_at_ms decision_mid
    expires_at_ms nonce \(EntryClaim.columns) \(OrderOutcome.columns) signed_request
    """)
  static let insert = columns.insert
  static let selectOne = columns.select("WHERE client_order_id = ?")
  static let selectOpen = columns.select(
    "WHERE outcome IS NULL OR outcome = 'unknown' ORDER BY nonce")
  static let setOutcome = """
    UPDATE orders SET outcome = ?, outcome_size = ?, outcome_price = ?, outcome_fee = ?,
    outcome_order_id = ?, outcome_text = ? WHERE client_order_id = ?
    """

  /// The values of its columns.
  var values: [any Column] {
    let identity = request.identity
    let order: [any Column] = [
      request.clientOrderID, identity.arena, identity.trader, identity.cycle, identity.coin,
      identity.purpose, identity.generation, request.account, request.side, request.size,
    ]
    let sending: [any Column] = [
      request.reduceOnly, request.leverage, run, decidedAt, decisionMid, expiresAt, nonce,
    ]
    let noClaim: [any Column] = Array(repeating: String?.none, count: 7)
    return order + request.kind.values + sending + (claim?.values ?? noClaim)
      + OrderOutcome.values(of: outcome) + [signedRequest]
  }

  /// The intent of a row, with its shares.
  init(_ row: inout RowReader, in session: Session) throws {
    let id: ClientOrderID = try row.next()
    let identity = OrderIdentity(
      arena: try row.next(), trader: try row.next(), cycle: try row.next(),
      coin: try row.next(), purpose: try row.next(), generation: try row.next())
    let request = OrderRequest(
      clientOrderID: id, identity: identity, account: try row.next(), side: try row.next(),
      size: try row.next(), kind: try OrderKind(&row), reduceOnly: try row.next(),
      leverage: try row.next())
    self.init(
      request: request, run: try row.next(), decidedAt: try row.next(),
      decisionMid: try row.next(), expiresAt: try row.next(), nonce: try row.next(),
      claim: try EntryClaim.ifAny(&row), shares: try session.shares(of: id))
    outcome = try OrderOutcome.ifAny(&row)
    signedRequest = try row.next()
  }
}

extension OrderShare {
  static let columns = Columns(
    "order_shares", "client_order_id ordinal trader size \(EntryClaim.columns)")
  static let insert = columns.insert

  /// The values of the columns after order and ordinal.
  var values: [any Column] { [trader, size] + claim.values }

  /// The share of the columns after order and ordinal.
  init(_ row: inout RowReader) throws {
    self.init(trader: try row.next(), size: try row.next(), claim: try EntryClaim(&row))
  }
}

extension Session {
  /// Whose an order is when several traders share it; empty = all its trader's.
  func shares(of order: ClientOrderID) throws -> [OrderShare] {
    try rows(
      OrderShare.columns.select("WHERE client_order_id = ? ORDER BY ordinal"), [order]
    ) { row in
      row.skip(2)
      return try OrderShare(&row)
    }
  }
}
