import Trading

extension TurnRecord {
  static let columns = Columns("decision_cycles", "trader cycle run at_ms era slot failure")
  static let upsert = columns.upsert(key: "trader", "cycle")
}

extension DecisionRecord {
  static let columns = Columns(
    "decisions",
    """
    trader cycle ordinal action coin leverage position_size_usd entry_price stop_loss
    take_profit risk_usd confidence close_fraction invalidation reasoning malformed_fields
    verdict client_order_id
    """)
  static let insert = columns.insert
  static let insertNote = Columns(
    "decision_validations", "trader cycle decision ordinal rule note"
  ).insert

  /// The values of its columns.
  func values(cycle: CycleNumber) -> [any Column] {
    [
      trader, cycle, index, decision.action, decision.coin, decision.leverage,
      decision.positionSize, decision.entryPrice, decision.stopLoss, decision.takeProfit,
      decision.riskUSD, decision.confidence, decision.closeFraction, decision.invalidation,
      decision.reasoning, decision.malformedFields.joined(separator: "\n"), verdict, order,
    ]
  }

  /// The record of the columns after `cycle`.
  init(_ row: inout RowReader, trader: TraderID, notes: [Int: [RuleNote]]) throws {
    let index: Int = try row.next()
    let action: DecisionAction = try row.next()
    var decision = Decision(action, coin: try row.next())
    decision.leverage = try row.next()
    decision.positionSize = try row.next()
    decision.entryPrice = try row.next()
    decision.stopLoss = try row.next()
    decision.takeProfit = try row.next()
    decision.riskUSD = try row.next()
    decision.confidence = try row.next()
    decision.closeFraction = try row.next()
    decision.invalidation = try row.next()
    decision.reasoning = try row.next()
    decision.malformedFields = try row.next(String.self).split(separator: "\n").map(String.init)
    self.init(
      trader: trader, index: index, decision: decision, verdict: try row.next(),
      notes: notes[index] ?? [], order: try row.next())
  }
}
