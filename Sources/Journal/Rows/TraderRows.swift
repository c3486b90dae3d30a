import Trading

extension TraderRecord {
  /// Name and executor may change with the configuration, exchange and account never.
  static let upsert =
    Columns("traders", "trader name executor exchange account").insert
    + " ON CONFLICT (trader) DO UPDATE SET name = excluded.name, executor = excluded.executor"

  /// Whole records, lots, positions, closes and openings apart.
  static let selectAll = """
    SELECT t.trader, t.name, t.executor, t.exchange, t.account,
      r.status, r.paused_until_ms, r.reason, r.last_slot, r.invocations, r.failures_in_a_row,
      r.inception_at_ms, e.number, e.started_at_ms, e.config_digest,
      r.breaches_in_a_row, r.sharpe_pause_days, r.capital, r.removed_at_ms,
      l.flows, l.units, l.realised, l.fees, l.funding, \(PerformanceTotals.columns.list(of: "p"))
    FROM traders t
    JOIN trader_runtime r ON r.trader = t.trader
    JOIN trader_eras e ON e.trader = t.trader AND e.number = r.era
    JOIN ledgers l ON l.trader = t.trader
    JOIN performance p ON p.trader = t.trader
    ORDER BY t.trader
    """

  /// The record of a row.
  init(
    _ row: inout RowReader, positions: [TraderID: [Position]],
    lastCloses: [TraderID: [Coin: Timestamp]], recentOpens: [TraderID: [Timestamp]]
  ) throws {
    let trader: TraderID = try row.next()
    let name: String = try row.next()
    let executor: String = try row.next()
    let exchange: ProviderID = try row.next()
    let account: AccountID = try row.next()
    let runtime = TraderRuntime(
      status: try row.next(), pausedUntil: try row.next(), reason: try row.next(),
      lastSlot: try row.next(), invocations: try row.next(), failuresInARow: try row.next(),
      inceptionAt: try row.next(),
      era: TraderEra(
        number: try row.next(), startedAt: try row.next(), configDigest: try row.next()),
      breachesInARow: try row.next(), sharpePauseDays: try row.next(), capital: try row.next(),
      removedAt: try row.next())
    let ledger = Ledger(
      trader: trader, flows: try row.next(), units: try row.next(), realised: try row.next(),
      fees: try row.next(), funding: try row.next(), positions: positions[trader] ?? [])
    row.skip(1)
    self.init(
      name: name, executor: executor, exchange: exchange, account: account, runtime: runtime,
      ledger: ledger, totals: try PerformanceTotals(&row), lastCloses: lastCloses[trader] ?? [:],
      recentOpens: recentOpens[trader] ?? [])
  }
}

extension TraderRuntime {
  static let upsert = Columns(
    "trader_runtime",
    """
    trader status paused_until_ms reason last_slot invocations failures_in_a_row
    inception_at_ms era breaches_in_a_row sharpe_pause_days capital removed_at_ms
    """
  ).upsert(key: "trader")

  /// The values of its columns after the trader's.
  var values: [any Column] {
    [
      status, pausedUntil, reason, lastSlot, invocations, failuresInARow, inceptionAt, era.number,
      breachesInARow, sharpePauseDays, capital, removedAt,
    ]
  }
}

extension TraderEra {
  /// Eras never change once they began.
  static let insert =
    Columns("trader_eras", "trader number started_at_ms config_digest").insert
    + " ON CONFLICT DO NOTHING"
}

extension Ledger {
  static let upsert = Columns("ledgers", "trader flows units realised fees funding")
    .upsert(key: "trader")

  /// The values of its columns; positions are kept apart.
  var values: [any Column] { [trader, flows, units, realised, fees, funding] }
}

extension PerformanceTotals {
  static let columns = Columns(
    "performance",
    """
    trader trades wins winnings losings day_start_nav last_nav last_day days mean_daily
    sum_squares peak_nav max_drawdown
    """)
  static let upsert = columns.upsert(key: "trader")
  static let selectOne = columns.select("WHERE trader = ?")

  /// The values of its columns after the trader's.
  var values: [any Column] {
    [
      trades, wins, winnings, losings, dayStartNAV, lastNAV, lastDay, days, meanDaily,
      sumSquares, peakNAV, maxDrawdown,
    ]
  }

  /// The totals of the columns after the trader's.
  init(_ row: inout RowReader) throws {
    self.init(
      trades: try row.next(), wins: try row.next(), winnings: try row.next(),
      losings: try row.next(), dayStartNAV: try row.next(), lastNAV: try row.next(),
      lastDay: try row.next(), days: try row.next(), meanDaily: try row.next(),
      sumSquares: try row.next(), peakNAV: try row.next(), maxDrawdown: try row.next())
  }
}
