import Trading

extension TurnRecord {
  static let columns = Columns("decision_cycles", "trader cycle run at_ms era slot failure")
  static let upsert = columns.upsert(key: "trader", "cycle")
  static let insertIfNew = columns.insert + " ON CONFLICT (trader, cycle) DO NOTHING"
}

extension Decision {
  /// What a decision wants, in the tables that keep some.
  static let columns = """
    action coin leverage position_size_usd entry_price stop_loss take_profit risk_usd confidence
    close_fraction invalidation reasoning malformed_fields
    """

  /// The values of its columns.
  var values: [any Column] {
    [
      action, coin, leverage, positionSize, entryPrice, stopLoss, takeProfit, riskUSD, confidence,
      closeFraction, invalidation, reasoning, malformedFields.joined(separator: "\n"),
    ]
  }

  /// The decision of the next columns.
  init(_ row: inout RowReader) throws {
    let action: DecisionAction = try row.next()
    self.init(action, coin: try row.next())
    leverage = try row.next()
    positionSize = try row.next()
    entryPrice = try row.next()
    stopLoss = try row.next()
    takeProfit = try row.next()
    riskUSD = try row.next()
    confidence = try row.next()
    closeFraction = try row.next()
    invalidation = try row.next()
    reasoning = try row.next()
    malformedFields = try row.next(String.self).split(separator: "\n").map(String.init)
  }

  /// The columns of a decision without its words.
  static let wordlessColumns = """
    action, coin, leverage, position_size_usd, entry_price, stop_loss, take_profit, risk_usd,
    confidence, close_fraction
    """

  /// The decision of the next columns, which are ``wordlessColumns``.
  init(wordless row: inout RowReader) throws {
    let action: DecisionAction = try row.next()
    self.init(action, coin: try row.next())
    leverage = try row.next()
    positionSize = try row.next()
    entryPrice = try row.next()
    stopLoss = try row.next()
    takeProfit = try row.next()
    riskUSD = try row.next()
    confidence = try row.next()
    closeFraction = try row.next()
  }
}

extension DecisionRecord {
  static let columns = Columns(
    "decisions", "trader cycle ordinal \(Decision.columns) verdict client_order_id")
  static let insert = columns.insert
  static let insertNote = Columns(
    "decision_validations", "trader cycle decision ordinal rule note"
  ).insert

  /// The values of its columns.
  func values(cycle: CycleNumber) -> [any Column] {
    [trader, cycle, index] + decision.values + [verdict, order]
  }

  /// The record of the columns after `cycle`.
  init(_ row: inout RowReader, trader: TraderID, notes: [Int: [RuleNote]]) throws {
    let index: Int = try row.next()
    self.init(
      trader: trader, index: index, decision: try Decision(&row), verdict: try row.next(),
      notes: notes[index] ?? [], order: try row.next())
  }
}

extension ShadowDecision {
  static let columns = Columns(
    "shadow_decisions", "trader cycle replica ordinal \(Decision.columns)")
  static let insert = columns.insert

  /// The shadow decision of the columns after `cycle`.
  init(_ row: inout RowReader) throws {
    self.init(
      replica: try row.next(), index: try row.next(), decision: try Decision(&row))
  }
}
