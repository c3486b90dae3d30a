import CSQLite
import Trading

/// Writes the runs and turns of a year: millions of rows that SQLite makes by itself.
final class YearTurns {
  private let database: OpaquePointer
  private let request: YearBench.Request

  init(path: String, _ request: YearBench.Request) throws {
    var opened: OpaquePointer?
    guard sqlite3_open(path, &opened) == SQLITE_OK, let opened else {
      throw YearFailure("expected SQLite to open \(path), it did not")
    }
    database = opened
    self.request = request
  }

  deinit { sqlite3_close(database) }

  private var cycles: Int { request.days * YearArena.cyclesADay }

  private var endMs: Int64 { (YearArena.begin + .day * Int64(request.days)).ms }

  /// One finished run for each cycle; the newest thousand with phases.
  func writeRuns() throws {
    try execute(
      """
      WITH RECURSIVE c (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < \(cycles))
      INSERT INTO runs (run, cycle, at_ms, started_at_ms, finished_at_ms, pid, status)
      SELECT n, n, \(at("n")), \(at("n")), \(at("n")) + 40, 100, 'finished' FROM c;
      INSERT INTO run_phases (run, ordinal, phase, took_ms)
      SELECT run, value, 'phase-' || value, 1.5 FROM runs, json_each('[0,1,2,3,4,5,6,7]')
      WHERE run > \(cycles - 1000);
      """)
  }

  /// All turns with their decisions, and how far equity points are thinned out.
  func writeTurns() throws {
    for index in 0..<request.traders {
      try execute(
        """
        WITH RECURSIVE c (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < \(cycles))
        INSERT INTO decision_cycles (trader, cycle, run, at_ms, era, slot, failure)
        SELECT 'trader-\(index)', n, n, \(at("n")), 1, \(at("n")) / 180000,
          iif(\(chance(index, "0")) < 5, 'no answer within 60 s', NULL) FROM c;

        WITH RECURSIVE c (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < \(cycles)),
          o (k) AS (VALUES (0) UNION ALL SELECT k + 1 FROM o WHERE k < \(request.decisions - 1)),
          d (n, k, chance) AS (SELECT n, k, \(chance(index, "k")) FROM c CROSS JOIN o)
        INSERT INTO decisions (trader, cycle, ordinal, action, coin, leverage, position_size_usd,
          confidence, close_fraction, invalidation, reasoning, malformed_fields, verdict)
        SELECT 'trader-\(index)', n, k,
          CASE WHEN chance < 10 THEN 'buy_to_enter' WHEN chance < 20 THEN 'sell_to_enter'
            WHEN chance < 30 THEN 'close' ELSE 'hold' END,
          'COIN' || k, iif(chance < 20, 3, NULL), iif(chance < 20, '1000', NULL),
          iif(chance < 30, 50 + chance, NULL), '1', '', 'The fast average is above the slow one.',
          '', CASE WHEN chance < 5 THEN 'rejected' WHEN chance < 30 THEN 'accepted'
            ELSE 'held' END
        FROM d;
        """)
    }
    try execute(
      """
      INSERT INTO decision_validations (trader, cycle, decision, ordinal, rule, note)
      SELECT trader, cycle, ordinal, 0, 'cooldown', 'closed 3m ago, expected at least 15m'
      FROM decisions WHERE verdict = 'rejected';
      INSERT INTO thinning (trader, bucket_ms, done_up_to_ms)
      SELECT trader, 900000, \(endMs - Span.hours(48).ms) FROM performance
      UNION ALL SELECT trader, 3600000, \(endMs - (Span.day * 30).ms) FROM performance;
      """)
  }

  /// The time of a cycle, as SQL.
  private func at(_ cycle: String) -> String {
    "(\(YearArena.begin.ms) + (\(cycle) - 1) * \(YearArena.interval.ms))"
  }

  /// A number in 0..<1000 that looks random, as SQL: a linear congruence of what it is for.
  private func chance(_ trader: Int, _ ordinal: String) -> String {
    let mixed = "(n * 1103515245 + \(ordinal) * 40503 + \(trader) * 69069 + \(request.seed))"
    return "((\(mixed) * 1103515245 + 12345) % 2147483648 / 65536 % 1000)"
  }

  private func execute(_ sql: String) throws {
    var message: UnsafeMutablePointer<CChar>?
    defer { sqlite3_free(message) }
    guard sqlite3_exec(database, "BEGIN;" + sql + "COMMIT", nil, nil, &message) == SQLITE_OK else {
      throw YearFailure(message.map { String(cString: $0) } ?? "SQLite gave no reason")
    }
  }
}
