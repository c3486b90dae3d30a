package import Trading

extension StateStore {
  /// The medians of a trader's finished positions.
  ///
  /// Each commit keeps them with the trades that it adds; where they are missing they are found
  /// anew.
  ///
  /// - Parameters:
  ///   - trader: The trader.
  ///   - trades: How many finished positions it has.
  /// - Returns: Minutes from the first entry to flat, and entry notional in raw USD; `nil` while
  ///   there are no trades.
  /// - Throws: ``JournalError``.
  package func tradeMedians(
    _ trader: TraderID, trades: Int
  ) throws(JournalError) -> (holdingMinutes: Double, notional: Double)? {
    guard trades > 0 else { return nil }
    return try database.read("read the medians") { session in
      let kept = try session.keptMedians(of: trader)
      let medians = try kept?.trades == trades ? kept : session.medians(of: trader, trades)
      return medians.map { ($0.holdingMs / Double(Span.minute.ms), $0.notional) }
    }
  }
}

/// The medians of a trader's trades, as they are kept.
struct KeptMedians {
  let trades: Int
  let holdingMs: Double
  let notional: Double
}

extension Session {
  /// Walks an index from its lower end to its middle.
  static let middleLengths = """
    SELECT closed_at_ms - opened_at_ms FROM trades WHERE trader = ?
    ORDER BY closed_at_ms - opened_at_ms LIMIT ? OFFSET ?
    """
  /// The same; only the trades in the middle are looked up.
  static let middleNotionals = """
    SELECT entry_notional FROM trades WHERE position IN (
      SELECT position FROM trades WHERE trader = ?
      ORDER BY CAST(entry_notional AS REAL) LIMIT ? OFFSET ?)
    """

  func keptMedians(of trader: TraderID) throws -> KeptMedians? {
    try first(
      "SELECT trades, holding_ms, notional FROM trade_medians WHERE trader = ?", [trader]
    ) {
      KeptMedians(trades: try $0.next(), holdingMs: try $0.next(), notional: try $0.next())
    }
  }

  /// The medians of so many trades; `nil` of none.
  func medians(of trader: TraderID, _ trades: Int) throws -> KeptMedians? {
    guard trades > 0 else { return nil }
    let middle: [any Column] = [trader, 2 - trades % 2, (trades - 1) / 2]
    let lengths = try rows(Self.middleLengths, middle) { Double(try $0.next(Int64.self)) }
    let notionals = try rows(Self.middleNotionals, middle) { try $0.next(USD.self).double }
    guard !lengths.isEmpty else { return nil }
    return KeptMedians(
      trades: trades, holdingMs: lengths.reduce(0, +) / Double(lengths.count),
      notional: notionals.reduce(0, +) / Double(notionals.count))
  }

  /// Brings the medians of a trader with new trades up to date.
  func keepMedians(of trader: TraderID, newTrades: Int) throws {
    let known = try keptMedians(of: trader)?.trades
    let trades =
      try known.map { $0 + newTrades }
      ?? first("SELECT count(*) FROM trades WHERE trader = ?", [trader]) { try $0.next() } ?? 0
    guard let medians = try medians(of: trader, trades) else { return }
    try run(
      """
      INSERT INTO trade_medians (trader, trades, holding_ms, notional) VALUES (?, ?, ?, ?)
      ON CONFLICT (trader) DO UPDATE SET trades = excluded.trades,
        holding_ms = excluded.holding_ms, notional = excluded.notional
      """, [trader, medians.trades, medians.holdingMs, medians.notional])
  }
}
