import Trading

extension Position {
  static let columns = Columns(
    "positions",
    """
    position trader coin side opened_at_ms entry_order_id entry_fill_id opened_size
    entry_notional closed_size exit_notional realised entry_fees exit_fees funding peak_gain
    \(EntryClaim.columns) status closed_at_ms
    """)

  /// Makes the row of an open position equal to it.
  static let upsert = columns.upsert(key: "position")

  /// Open positions, in no order: asked for one, SQLite walks through all there ever were.
  static let selectOpen = columns.select(
    "INDEXED BY positions_open WHERE status = 'open'")

  /// The values of its columns while it is open.
  var values: [any Column] {
    let life: [any Column] = [
      number, trader, coin, side, openedAt, entryOrderID, entryFillID, openedSize, entryNotional,
      closedSize, exitNotional, realised, entryFees, exitFees, funding, peakGain,
    ]
    return life + claim.values + ["open", Timestamp?.none]
  }

  /// The position of a row, with its lots.
  ///
  /// Only a ledger can make a position, so one books the entry and the rest is set to the row.
  static func stored(
    _ row: inout RowReader, lots: [PositionNumber: [Lot]]
  ) throws -> Position {
    let number: PositionNumber = try row.next()
    let trader: TraderID = try row.next()
    let coin: Coin = try row.next()
    let side: PositionSide = try row.next()
    let openedAt: Timestamp = try row.next()
    let entryOrderID: Int64 = try row.next()
    let entryFillID: Int64 = try row.next()
    guard let lots = lots[number], let first = lots.first, let account = AccountID("stored") else {
      throw DamagedRow(column: "position", expected: "lot of position \(number)", was: "none")
    }
    let entry = Fill(
      id: entryFillID, account: account, coin: coin, side: side.opening, price: first.price,
      size: first.size, fee: .zero, isTaker: true, at: openedAt, orderID: entryOrderID,
      clientOrderID: nil, cause: .order)
    let blank = EntryClaim(
      cycle: 0, leverage: 1, confidence: nil, riskUSD: .zero,
      exitPlan: ExitPlan(stop: nil, target: nil))
    var ledger = Ledger(trader: trader)
    var next = number
    _ = ledger.book(entry, claim: blank, nextPosition: &next)
    guard var position = ledger.position(in: coin) else {
      preconditionFailure("expected a position after the entry of \(number), was none")
    }
    position.lots = lots
    position.openedSize = try row.next()
    position.entryNotional = try row.next()
    position.closedSize = try row.next()
    position.exitNotional = try row.next()
    position.realised = try row.next()
    position.entryFees = try row.next()
    position.exitFees = try row.next()
    position.funding = try row.next()
    position.peakGain = try row.next()
    position.claim = try EntryClaim(&row)
    return position
  }
}

extension Lot {
  static let columns = Columns("lots", "position ordinal fill_id price size opened_at_ms")
  static let insert = columns.insert

  /// The lot of the columns after its place.
  init(_ row: inout RowReader) throws {
    self.init(
      fillID: try row.next(), price: try row.next(), size: try row.next(),
      openedAt: try row.next())
  }
}

extension Trade {
  static let columns = Columns(
    "trades",
    """
    position trader coin side size entry_notional exit_notional entry_fees exit_fees funding
    opened_at_ms closed_at_ms entry_order_id entry_fill_id exit_order_id exit_fill_id exit_cause
    \(EntryClaim.columns)
    """)
  static let insert = columns.insert

  /// Ends the position that the trade was, or adds it when it began and ended at once.
  ///
  /// The best gain it ever had stays.
  static let close =
    Position.columns.insert + """
       ON CONFLICT (position) DO UPDATE SET
        opened_size = excluded.opened_size, entry_notional = excluded.entry_notional,
        closed_size = excluded.closed_size, exit_notional = excluded.exit_notional,
        realised = excluded.realised, entry_fees = excluded.entry_fees,
        exit_fees = excluded.exit_fees, funding = excluded.funding,
        claim_cycle = excluded.claim_cycle, claim_leverage = excluded.claim_leverage,
        claim_confidence = excluded.claim_confidence, claim_risk_usd = excluded.claim_risk_usd,
        claim_stop = excluded.claim_stop, claim_target = excluded.claim_target,
        claim_invalidation = excluded.claim_invalidation,
        status = excluded.status, closed_at_ms = excluded.closed_at_ms
      """

  /// The values of its columns.
  var values: [any Column] {
    let life: [any Column] = [
      position, trader, coin, side, size, entryNotional, exitNotional, entryFees, exitFees,
      funding, openedAt, closedAt, entryOrderID, entryFillID, exitOrderID, exitFillID, exitCause,
    ]
    return life + claim.values
  }

  /// The values of the columns of the position it was.
  var closedPositionValues: [any Column] {
    let life: [any Column] = [
      position, trader, coin, side, openedAt, entryOrderID, entryFillID, size, entryNotional,
      size, exitNotional, gross, entryFees, exitFees, funding, 0.0,
    ]
    return life + claim.values + ["closed", closedAt]
  }

  /// The trade of a row.
  init(_ row: inout RowReader) throws {
    self.init(
      position: try row.next(), trader: try row.next(), coin: try row.next(),
      side: try row.next(), size: try row.next(), entryNotional: try row.next(),
      exitNotional: try row.next(), entryFees: try row.next(), exitFees: try row.next(),
      funding: try row.next(), openedAt: try row.next(), closedAt: try row.next(),
      entryOrderID: try row.next(), entryFillID: try row.next(), exitOrderID: try row.next(),
      exitFillID: try row.next(), exitCause: try row.next(), claim: try EntryClaim(&row))
  }
}
