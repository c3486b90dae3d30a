import Trading

extension EntryClaim {
  /// The seven columns of a claim, the same in every table that has one.
  static let columns = """
    claim_cycle claim_leverage claim_confidence claim_risk_usd claim_stop claim_target
    claim_invalidation
    """

  /// The values of its columns.
  var values: [any Column] {
    [
      cycle, leverage, confidence, riskUSD, exitPlan.stop, exitPlan.target, exitPlan.invalidation,
    ]
  }

  /// The claim of the next columns.
  init(_ row: inout RowReader) throws {
    self.init(
      cycle: try row.next(), leverage: try row.next(), confidence: try row.next(),
      riskUSD: try row.next(),
      exitPlan: ExitPlan(
        stop: try row.next(), target: try row.next(), invalidation: try row.next()))
  }

  /// The claim of the next columns; `nil` when they are empty.
  static func ifAny(_ row: inout RowReader) throws -> EntryClaim? {
    var ahead = row
    let cycle: CycleNumber? = try ahead.next()
    guard cycle != nil else {
      row.skip(7)
      return nil
    }
    return try EntryClaim(&row)
  }
}
