import Foundation
import Testing
import Trading

@testable import Journal

@Suite struct SchemaTests {
  /// A row for each step, put into the schema right after it.
  private static let rows = [
    """
    INSERT INTO arena VALUES (1, 'a', 'A', 1, 1, 2, 3, 4);
    INSERT INTO runs VALUES (1, 1, 10, 11, 12, 99, 'finished', NULL);
    INSERT INTO run_phases VALUES (1, 0, 'open', 0.5);
    INSERT INTO traders VALUES ('anna', 'Anna', 'flat', 'sim', 'sim.anna');
    INSERT INTO trader_eras VALUES ('anna', 1, 10, 'digest');
    INSERT INTO trader_runtime VALUES ('anna', 'running', NULL, '', 7, 1, 0, 10, 1);
    """,
    """
    INSERT INTO ledgers VALUES ('anna', '100', '100', '0', '0', '0');
    INSERT INTO capital_flows VALUES (1, 'anna', 10, '100', 'initial equity', 1, 1);
    INSERT INTO watermarks VALUES ('sim.anna', 10);
    """,
    """
    INSERT INTO performance VALUES
      ('anna', 0, 0, '0', '0', '100', '100', 0, 0, 0.0, 0.0, '100', 0.0);
    INSERT INTO equity_points VALUES ('anna', 10, '100', '100', '100', '0', '0');
    """,
    "INSERT INTO sim_accounts VALUES ('sim.anna', '100', 1, 1, 10);",
    """
    INSERT INTO llm_days VALUES (20000, 1, 5, '0.5', 1);
    INSERT INTO llm_trader_days VALUES (20000, 'anna', 'm', 1, 5, '0.5');
    INSERT INTO llm_calls VALUES (1, 1, 1, 'anna', 'm', 'decision', 'q', 20000, 1, 2, 9, '1', 5,
      '0.5', 'answered', 5, '0.5', 3, 4, 0, 1, 0, 7.5, 'm-1', 'stop', '');
    """,
  ]

  @Test func stepsAreCountedFromOne() {
    #expect(Schema.all.map(\.version) == Array(1...Schema.all.count))
    #expect(Self.rows.count == Schema.all.count)
  }

  @Test(arguments: 1..<Schema.version)
  func bringsDataOfEachVersionUpToDate(version: Int) throws {
    let folder = try Folder()
    try Self.make(folder, version: version)

    let database = try JournalDatabase.open(
      path: folder.file(), mode: .readWrite(durability: .full))

    let found = try database.use("read") { session in
      try session.first("PRAGMA user_version") { try $0.next(Int.self) }
    }
    #expect(found == Schema.version)
    try database.write("complete") { session in
      for rows in Self.rows.dropFirst(version) { try session.script(rows) }
    }
    let store = StateStore(database)
    let state = try store.loadState(now: Timestamp(ms: 20))
    #expect(state.arena == "a")
    #expect(state.traders.values.map(\.ledger.flows) == [USD(whole: 100)])
    #expect(state.lastFinishedAt == Timestamp(ms: 10))
    #expect(try store.check() == [])
  }

  @Test func aFailedStepChangesNothing() throws {
    let folder = try Folder()
    try Self.make(folder, version: 3, and: "CREATE TABLE sim_accounts (x INTEGER)")
    let before = try folder.bytes()

    #expect(
      throws: JournalError.failed(
        operation: "bring the schema up to date", detail: "table sim_accounts already exists")
    ) {
      try JournalDatabase.open(path: folder.file(), mode: .readWrite(durability: .full))
    }
    #expect(try folder.bytes() == before)
  }

  @Test func everyTableIsStrict() throws {
    let database = try JournalDatabase.inMemory()

    let loose = try database.use("list") { session in
      try session.rows(
        "SELECT name FROM pragma_table_list WHERE strict = 0 AND name NOT LIKE 'sqlite_%'"
      ) { try $0.next(String.self) }
    }

    #expect(loose == [])
  }

  @Test(arguments: [
    OrderIntent.selectOpen,
    "SELECT at_ms FROM runs WHERE status = 'finished' ORDER BY run DESC LIMIT 1",
    "SELECT run, at_ms FROM runs WHERE status = 'running' ORDER BY run",
    "SELECT trader, opened_at_ms FROM positions WHERE opened_at_ms > 5 ORDER BY opened_at_ms",
    Position.columns.select("WHERE status = 'open'"),
    "SELECT position FROM positions WHERE trader = 'a' AND status = 'open'",
    Trade.columns.select("WHERE trader = 'a' ORDER BY closed_at_ms DESC, position DESC LIMIT 9"),
    "SELECT fill_id FROM fills WHERE account = 'a' AND at_ms >= 5",
    PeriodTotal.hourly.select("WHERE trader = 'a' ORDER BY hour DESC LIMIT 5"),
    PeriodTotal.daily.select("WHERE trader = 'a' AND day < 5 ORDER BY day DESC LIMIT 5"),
    "SELECT max(generation) FROM orders WHERE trader = 'a' AND cycle = 1 AND coin = 'b'",
    SimOrder.columns.select("WHERE account = 'a' AND status = 'resting' ORDER BY order_id"),
    OpenCall.select,
    StoredCall.selectOne.replacing("?", with: "5"),
    "SELECT model, calls, tokens, cost FROM llm_trader_days WHERE day = 5 AND trader = 'a'",
    "SELECT call FROM llm_calls WHERE day >= 5 AND reserved_at_ms >= 7",
    "SELECT call FROM llm_calls WHERE day < 5 ORDER BY day, reserved_at_ms LIMIT 9",
    "UPDATE llm_days SET has_calls = 0 WHERE day < 5 AND has_calls = 1",
    "SELECT at_ms FROM llm_answers WHERE at_ms < 5 ORDER BY at_ms LIMIT 9",
    Conversation.select + " WHERE c.trader = 'a' AND c.cycle >= 5 ORDER BY c.cycle DESC LIMIT 9",
    "SELECT conversation FROM conversations WHERE trader = 'a' AND number <= 5 ORDER BY number",
    "SELECT 1 FROM conversations WHERE system = 5",
    "SELECT user FROM conversations WHERE is_loose = 1 ORDER BY conversation LIMIT 5",
    "SELECT text FROM texts WHERE fingerprint = 5 AND content = x'00'",
  ])
  func readsOfEveryRunUseAnIndexAndSortNothing(query: String) throws {
    let database = try JournalDatabase.inMemory()

    let plan = try database.use("plan") { session in
      try session.rows("EXPLAIN QUERY PLAN " + query) { row in
        row.skip(3)
        return try row.next(String.self)
      }
    }

    for step in plan {
      #expect(step.contains("USING") && !step.contains("B-TREE"), "\(step): \(query)")
    }
  }

  /// Makes a file of an old version with rows in it.
  private static func make(_ folder: Folder, version: Int, and sql: String = "") throws {
    let database = try JournalDatabase.inMemory()
    try database.use("make an old version") { session in
      let tables = try session.rows("SELECT name FROM sqlite_schema WHERE type = 'table'") {
        try $0.next(String.self)
      }
      try session.script("PRAGMA foreign_keys = OFF")
      for table in tables { try session.script("DROP TABLE \(table)") }
      try session.script("PRAGMA foreign_keys = ON")
      try Schema.migrate(session, from: 0, to: version)
      for rows in rows.prefix(version) { try session.script(rows) }
      try session.script(sql + "; VACUUM INTO '\(folder.file())'")
      // Every file of ours has a write-ahead log from its first moment on.
      try session.script("ATTACH '\(folder.file())' AS old; PRAGMA old.journal_mode = WAL")
      try session.script("DETACH old")
    }
  }
}
