import Foundation
import Testing
import Trading

@testable import Journal

/// The step to version 7 builds tables anew that hold money: none of it may change.
@Suite struct RealVenueMigrationTests {
  /// Rows for the tables that ``SampleArena`` leaves empty.
  private static let rows = """
    INSERT OR IGNORE INTO hourly_totals VALUES ('trader0', 1, 2, '1', '1', '1', '0', '0', NULL);
    INSERT OR IGNORE INTO daily_totals VALUES ('trader0', 1, 1, 2, '1', '1', '1', '0', '0', 0.5);
    INSERT INTO thinning VALUES ('trader0', 900000, 5);
    INSERT INTO alerts (alert, key, severity, trader, message, opened_at_ms, resolved_at_ms)
      VALUES (1, 'k', 'high', 'trader0', 'look', 5, 6);
    INSERT OR IGNORE INTO run_phases VALUES (1, 0, 'open', 0.5);
    INSERT INTO llm_calls VALUES (1, 1, 1, 'trader0', 'm', 'decision', 'q', 20000, 1, 2, 9, '1', 5,
      '0.5', 'answered', 7, '0.5', 3, 4, 0, 3, 0, 7.5, 'm-1', 'stop', '');
    INSERT INTO llm_days VALUES (20000, 1, 7, '0.5', 1);
    INSERT INTO llm_trader_days VALUES (20000, 'trader0', 'm', 1, 7, '0.5');
    INSERT INTO llm_answers VALUES ('q', 1, 'm', 'm-1', x'0041', x'00');
    INSERT INTO texts VALUES (1, 7, x'0041');
    INSERT INTO conversations VALUES (1, 'trader0', 1, 1, 'm', 'v1', 'd', 'q', 0, '', 0, 1, x'00',
      x'00', x'00');
    INSERT INTO shadow_decisions VALUES ('trader0', 1, 2, 0, 'hold', 'BTC', NULL, NULL, NULL, NULL,
      NULL, NULL, NULL, '1', '', '', '');
    INSERT INTO order_shares SELECT client_order_id, 0, trader, size, 1, 2, NULL, '0', NULL, NULL,
      '' FROM orders ORDER BY nonce LIMIT 1;
    INSERT INTO outside_positions VALUES ('sim.trader0', 'DOGE', '-3');
    INSERT INTO kill_switches VALUES (1, 'sim.trader0', 'trader0', 'c', NULL, NULL, 'block', NULL,
      5, 'why', 6, 'me');
    INSERT INTO conflicts VALUES (1, 1, 1, 5, 0, 'sim.trader0', 'duplicate', 'low', 'BTC', NULL,
      'none', 'why');
    INSERT INTO conflict_traders VALUES (1, 0, 'trader0');
    INSERT INTO trader_events VALUES (1, 'trader0', 5, 'pause', 'paused', 'command', 'why', 1);
    INSERT INTO allocation VALUES (1, 5, 0);
    INSERT INTO allocation_members VALUES (1, 'trader0', 1, NULL);
    UPDATE fills SET cause = 'stop' WHERE booking = (SELECT max(booking) FROM fills);
    UPDATE sim_fills SET cause = 'target' WHERE fill_id = 2;
    UPDATE trades SET exit_cause = 'liquidation'
      WHERE position = (SELECT min(position) FROM trades);
    """
  /// Tables as they are in version 6, of which each must hold rows here.
  private static let tablesBefore = 50

  @Test func keepsEveryRowOfVersion6() throws {
    let folder = try Folder()
    var arena = try SampleArena(seed: 61)
    let model = StateStore(try JournalDatabase.inMemory())
    try arena.play(40, into: model)
    let before = try Self.downgrade(model, into: folder)
    #expect(before.count == Self.tablesBefore)
    for (table, rows) in before { #expect(!rows.isEmpty, "\(table)") }

    let database = try JournalDatabase.open(
      path: folder.file(), mode: .readWrite(durability: .full))

    let store = StateStore(database)
    for (table, (columns, rows)) in before.mapValues({ ($0.first, Array($0.dropFirst())) }) {
      let columns = try #require(columns)
      let now = try database.use("read") { try Self.dump(table, columns, "main", $0) }
      #expect(now == rows, "\(table)")
    }
    #expect(try store.loadState(now: arena.now) == model.loadState(now: arena.now))
    #expect(try store.check() == model.check())
    let schemas = try [database, model.database].map { database in
      try database.use("read") { session in
        try session.rows(
          "SELECT name || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name"
        ) { try $0.next(String.self) }
      }
    }
    #expect(schemas[0] == schemas[1])
    #expect(schemas[0].contains { $0.hasPrefix("fills_by_order") })
  }

  @Test func throwAwayCopiesAreBroughtUpToDateToo() throws {
    let folder = try Folder()
    var arena = try SampleArena(seed: 62)
    let model = StateStore(try JournalDatabase.inMemory())
    try arena.play(10, into: model)
    _ = try Self.downgrade(model, into: folder)
    let bytes = try folder.bytes()

    let copy = StateStore(try JournalDatabase.copyInMemory(of: folder.file()))

    #expect(try copy.loadState(now: arena.now) == model.loadState(now: arena.now))
    try copy.keepNonce(atLeast: 1 << 40)
    #expect(try folder.bytes() == bytes)
  }

  @Test(arguments: FillCause.allCases)
  func admitsEveryCause(cause: FillCause) throws {
    var arena = try SampleArena(seed: 63)
    let database = try JournalDatabase.inMemory()
    try arena.play(20, into: StateStore(database))

    try database.write("change") { session in
      try session.run("UPDATE fills SET cause = ?", [cause])
      try session.run("UPDATE trades SET exit_cause = ?", [cause])
      try session.run("UPDATE sim_fills SET cause = ?", [cause])
      #expect(session.changes > 0)
    }

    #expect(try StateStore(database).check() == [])
    #expect(throws: JournalError.self) {
      try database.write("change") { try $0.run("UPDATE fills SET cause = 'luck'") }
    }
  }

  /// Writes a store's rows, and rows for its empty tables, into a file of version 6.
  ///
  /// - Returns: For each table of the file, its columns and then its rows.
  private static func downgrade(
    _ model: StateStore, into folder: Folder
  ) throws -> [String: [String]] {
    try make6(folder)
    return try model.database.use("write a file of version 6") { session in
      try session.script(rows)
      try session.script(
        "ATTACH '\(folder.file())' AS old; PRAGMA foreign_keys = OFF")
      let tables = try session.rows(
        "SELECT name FROM old.sqlite_schema WHERE type = 'table' ORDER BY name"
      ) { try $0.next(String.self) }
      var found: [String: [String]] = [:]
      for table in tables {
        let columns = try session.rows(
          "SELECT name FROM pragma_table_info('\(table)', 'old') ORDER BY cid"
        ) { try $0.next(String.self) }.joined(separator: ", ")
        try session.script(
          "INSERT INTO old.\(table) (\(columns)) SELECT \(columns) FROM main.\(table)")
        let copied = try dump(table, columns, "old", session)
        found[table] = copied.isEmpty ? [] : [columns] + copied
      }
      let broken = try session.rows("PRAGMA old.foreign_key_check") { _ in 1 }
      #expect(broken == [])
      try session.script("DETACH old; PRAGMA foreign_keys = ON")
      return found
    }
  }

  /// An empty file after the steps 1 to 6 only.
  private static func make6(_ folder: Folder) throws {
    let empty = try JournalDatabase.inMemory()
    try empty.use("make version 6") { session in
      let tables = try session.rows("SELECT name FROM sqlite_schema WHERE type = 'table'") {
        try $0.next(String.self)
      }
      try session.script("PRAGMA foreign_keys = OFF")
      for table in tables { try session.script("DROP TABLE \(table)") }
      try session.script("PRAGMA foreign_keys = ON")
      try Schema.migrate(session, from: 0, to: 6)
      try session.script("VACUUM INTO '\(folder.file())'")
      try session.script("ATTACH '\(folder.file())' AS old; PRAGMA old.journal_mode = WAL")
      try session.script("DETACH old")
    }
  }

  /// All rows of a table as text, sorted.
  private static func dump(
    _ table: String, _ columns: String, _ schema: String, _ session: Session
  ) throws -> [String] {
    let quoted = columns.split(separator: ", ").map { "quote(\($0))" }.joined(separator: "||','||")
    return try session.rows("SELECT \(quoted) FROM \(schema).\(table) ORDER BY 1") {
      try $0.next(String.self)
    }
  }
}
