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
    INSERT INTO capital_flows (flow, trader, at_ms, amount, reason, run, booking)
      VALUES (1, 'anna', 10, '100', 'initial equity', 1, 1);
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
    // Old databases that had their flows already have these rows from the step itself.
    """
    INSERT OR IGNORE INTO account_books VALUES
      ('sim.anna', '0', '0', '100', '0', NULL, NULL, NULL);
    INSERT OR IGNORE INTO account_transfers VALUES
      (1, 'sim.anna', '0.sim.anna', 'anna', NULL, 10, '100', 'initial equity', 'done', 1, NULL);
    INSERT OR IGNORE INTO sim_transfers VALUES ('sim.anna', '0.sim.anna', 10, '100');
    """,
    """
    INSERT INTO venue_leverage VALUES ('sim.anna', 'BTC', 3);
    INSERT INTO venue_standing VALUES ('sim.anna', 10, 'default', 'agent', '', NULL, '4.5', '1.5');
    INSERT INTO venue_accounts VALUES ('sim.anna', 'testnet 0x00');
    INSERT INTO venue_resting_reads VALUES ('sim.anna');
    INSERT INTO venue_resting VALUES ('sim.anna', '0x0123456789abcdef0123456789abcdef');
    INSERT INTO market_candles VALUES ('v', 'BTC', '1h', 3600000, 2, 3, 1, 2, 0.5);
    INSERT INTO market_funding VALUES ('v', 'BTC', 3600000, '0.0000125');
    INSERT INTO market_open_interest VALUES ('v', 'BTC', 3600000, 12.5);
    """,
    """
    INSERT INTO alerts (alert, key, severity, message, opened_at_ms, value, threshold, told_at_ms)
      VALUES (1, 'margin.sim', 'high', 'm', 10, 91.5, 90.0, 11);
    INSERT INTO alert_deliveries
      VALUES (1, 1, 'slack', 'opened', 'm', 10, 1, 20, NULL, NULL, 'status 500');
    INSERT INTO trader_metrics VALUES ('anna', 1, x'7B7D');
    INSERT INTO arena_statistics VALUES (1, 'd', x'7B7D');
    """,
    """
    INSERT INTO journal_heads VALUES ('anna', 1, 1, zeroblob(32));
    INSERT INTO journal_files
      VALUES ('anna', 20000, 1, '', 300, 1, 1, 1, 1, zeroblob(32), zeroblob(32));
    INSERT INTO journal_blobs VALUES (20000, zeroblob(32));
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

  @Test(arguments: readsOfEveryRun)
  func readsOfEveryRunUseAnIndexAndSortNothing(query: String) throws {
    let database = try JournalDatabase.inMemory()

    let plan = try database.use("plan") { session in
      try session.rows("EXPLAIN QUERY PLAN " + query) { row in
        row.skip(3)
        return try row.next(String.self)
      }
    }

    for step in plan {
      // A subquery has a step of its own after its heading.
      let isRead = step.contains("USING") || step.contains("SUBQUERY")
      #expect(isRead && !step.contains("B-TREE"), "\(step): \(query)")
    }
  }

  /// Of a rebuild: only the trades of one instant are sorted, never all.
  @Test func tradesOfAHistoryAreReadInOrder() throws {
    let database = try JournalDatabase.inMemory()

    let query = Session.nextTrades.replacing("?", with: "5")
    let plan = try database.use("plan") { session in
      try session.rows("EXPLAIN QUERY PLAN " + query) { row in
        row.skip(3)
        return try row.next(String.self)
      }
    }

    #expect(plan.contains { $0.contains("trades_by_trader (trader=? AND closed_at_ms>?)") })
    #expect(!plan.contains("USE TEMP B-TREE FOR ORDER BY"), "\(plan)")
  }

  /// Each hour takes one look-up, however many points it has.
  @Test func endsOfHoursAreLookedUp() throws {
    let database = try JournalDatabase.inMemory()

    let query = Session.hourEnds.replacing("?1", with: "'a'").replacing("?2", with: "5")
    let plan = try database.use("plan") { session in
      try session.rows("EXPLAIN QUERY PLAN " + query) { row in
        row.skip(3)
        return try row.next(String.self)
      }
    }

    let reads = plan.filter { $0.contains("equity_points") || $0.contains("points") }
    #expect(reads.count == 3)
    #expect(reads.allSatisfy { $0.contains("SEARCH") && $0.contains("PRIMARY KEY") }, "\(plan)")
    #expect(!plan.contains { $0.contains("B-TREE") }, "\(plan)")
  }

  /// What is open is found without walking through all there ever was.
  @Test(arguments: [
    (Position.selectOpen, "positions_open"), (SimOrder.selectResting, "sim_orders_resting"),
    (OrderIntent.selectOpen, "orders_open"), (KillSwitch.selectActive, "kill_switches_active"),
    (PlannedTransfer.selectOpen, "account_transfers_planned"),
  ])
  func whatIsOpenHasAnIndexOfItsOwn(query: String, index: String) throws {
    let database = try JournalDatabase.inMemory()

    let plan = try database.use("plan") { session in
      try session.rows("EXPLAIN QUERY PLAN " + query.replacing("?", with: "5")) { row in
        row.skip(3)
        return try row.next(String.self)
      }
    }

    #expect(plan.count == 1 && plan[0].contains("USING INDEX \(index)"), "\(plan)")
  }

  private static func numbered(_ sql: String) -> String {
    (1...5).reduce(sql) { $0.replacing("?\($1)", with: "5") }
  }

  private static let readsOfEveryRun = [
    OrderIntent.selectOpen,
    "SELECT at_ms FROM runs WHERE status = 'finished' ORDER BY run DESC LIMIT 1",
    "SELECT run, at_ms FROM runs WHERE status = 'running' ORDER BY run",
    "SELECT trader, opened_at_ms FROM positions WHERE opened_at_ms > 5 ORDER BY opened_at_ms",
    Position.selectOpen,
    CapitalFlow.columns.select("WHERE trader = 'a' ORDER BY at_ms, flow"),
    "SELECT key FROM alerts INDEXED BY alerts_open WHERE resolved_at_ms IS NULL",
    "SELECT position FROM positions WHERE trader = 'a' AND status = 'open'",
    Trade.columns.select("WHERE trader = 'a' ORDER BY closed_at_ms DESC, position DESC LIMIT 9"),
    "SELECT fill_id FROM fills WHERE account = 'a' AND at_ms >= 5",
    PeriodTotal.hourly.select("WHERE trader = 'a' ORDER BY hour DESC LIMIT 5"),
    PeriodTotal.daily.select("WHERE trader = 'a' AND day < 5 ORDER BY day DESC LIMIT 5"),
    "SELECT max(generation) FROM orders WHERE trader = 'a' AND cycle = 1 AND coin = 'b'",
    SimOrder.selectResting.replacing("?", with: "'a'"),
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
    PlannedTransfer.selectOpen, KillSwitch.selectActive,
    PastRefusal.select.replacing("?", with: "5"),
    PastRefusal.selectNote.replacing("?", with: "5"),
    TraderEvent.columns.select("WHERE trader = 'a' ORDER BY event DESC LIMIT 5"),
    "SELECT id FROM account_transfers WHERE account = 'a' AND at_ms >= 5",
    "SELECT trader, size FROM fills WHERE client_order_id = 'a' AND trader IS NOT NULL",
    TradeOrder.length.all.replacing("?", with: "5"),
    TradeOrder.notional.all.replacing("?", with: "5"),
    numbered(TradeOrder.length.upwards), numbered(TradeOrder.notional.upwards),
    numbered(TradeOrder.length.downwards), numbered(TradeOrder.notional.downwards),
    Session.equityBefore.replacing("?1", with: "'a'").replacing("?2", with: "5"),
    "SELECT day, nav FROM daily_totals WHERE trader = 'a' ORDER BY day DESC LIMIT 5",
    "SELECT at_ms, nav FROM hourly_totals WHERE trader = 'a' ORDER BY hour DESC LIMIT 5",
    Session.nextFills.replacing("?", with: "5"),
    Session.nextFunding.replacing("?", with: "5"),
    Trade.columns.select("WHERE closed_at_ms >= 5 AND closed_at_ms < 9 ORDER BY closed_at_ms"),
    EquityPoint.columns.select("WHERE trader = 'a' AND at_ms <= 5 ORDER BY at_ms DESC LIMIT 1"),
    AccountTransfer.simColumns.select("WHERE account = 'a' AND at_ms >= 5 ORDER BY at_ms, id"),
    OrderShare.columns.select("WHERE client_order_id = 'a' ORDER BY ordinal"),
    "SELECT trader FROM conflict_traders WHERE conflict = 5 ORDER BY ordinal",
    "SELECT max(ordinal) FROM conflicts WHERE run = 5",
    "SELECT number FROM trader_eras WHERE trader = 'a' ORDER BY number DESC LIMIT 5",
    "SELECT text FROM texts WHERE fingerprint = 5 AND content = x'00'",
    "SELECT purpose FROM orders WHERE client_order_id = 'a'",
    "SELECT client_order_id FROM venue_resting WHERE account = 'a' ORDER BY client_order_id",
    """
    SELECT open FROM market_candles WHERE provider = 'v' AND coin = 'b' AND timeframe = '1h'
      AND open_ms >= 5 AND open_ms < 9 ORDER BY open_ms
    """,
    """
    SELECT coin, timeframe FROM market_candles WHERE provider = 'v'
      AND (coin, timeframe) > ('b', '1h') ORDER BY coin, timeframe LIMIT 1
    """,
    "SELECT rate FROM market_funding WHERE provider = 'v' AND coin = 'b' AND at_ms >= 5",
    "SELECT coin FROM market_open_interest WHERE provider = 'v' AND coin > 'b' ORDER BY coin",
    "SELECT avg(coins) FROM market_open_interest WHERE provider = 'v' AND coin = 'b'",
  ]

  /// Anna bought 1 BTC at 10 for a fee of 0.1 and paid 0.05 of funding; the run that opened an
  /// account for Bob was killed before Bob was on record.
  private static let story = """
    ; UPDATE ledgers SET fees = '0.1', funding = '-0.05';
    INSERT INTO positions VALUES (1, 'anna', 'BTC', 'long', 'open', 11, NULL, 1, 1, '1', '10', '0',
      '0', '0', '0.1', '0', '-0.05', 0.0, 1, 2, NULL, '0', NULL, NULL, '');
    INSERT INTO lots VALUES (1, 0, 1, '10', '1', 11);
    INSERT INTO fills VALUES ('sim.anna', 1, 'BTC', 'buy', '10', '1', '0.1', 1, 11, 1, NULL,
      'order', 'anna', 1, 1, 2);
    INSERT INTO funding_payments VALUES ('sim.anna', 'BTC', 12, '1', '0.005', '-0.05', 'anna', 1,
      3);
    UPDATE sim_accounts SET raw_usd = '89.85', next_fill_id = 2;
    INSERT INTO sim_positions VALUES ('sim.anna', 'BTC', '1', '10', 2, NULL);
    INSERT INTO sim_fills VALUES ('sim.anna', 1, 'BTC', 'buy', '10', '1', '0.1', 1, 11, 1, NULL,
      'order');
    INSERT INTO sim_funding VALUES ('sim.anna', 'BTC', 12, '1', '0.005', '-0.05');
    INSERT INTO sim_accounts VALUES ('sim.bob', '50', 1, 1, 13)
    """

  @Test func opensTheAccountsOfOldDatabases() throws {
    let folder = try Folder()
    try Self.make(folder, version: 5, and: Self.story)
    let account = try #require(AccountID("sim.anna"))
    let bob = try #require(AccountID("sim.bob"))
    let anna = try #require(TraderID("anna"))

    let store = StateStore(
      try JournalDatabase.open(path: folder.file(), mode: .readWrite(durability: .full)))

    let state = try store.loadState(now: Timestamp(ms: 20))
    #expect(
      state.accounts[account]
        == AccountBooks(
          account: account, unallocated: .zero, outsideCash: .zero, outside: [:],
          units: Factor(whole: 100), peakNAV: .zero, dayStartNAV: nil, lastNAV: nil, day: nil))
    #expect(state.traders[anna]?.runtime.capital == USD(whole: 100))
    #expect(state.traders[anna]?.ledger.positions.map(\.number) == [1])
    let opening = AccountTransfer(
      id: .opening(account), account: account, at: Timestamp(ms: 10), amount: USD(whole: 100))
    #expect(
      try store.transfers(limit: 9) == [
        TransferRecord(
          transfer: opening, trader: anna, reason: "initial equity", plannedAt: nil, isDone: true)
      ])
    let activity = try store.simActivity(account: account, since: Timestamp(ms: 0))
    #expect(activity.transfers == [opening])
    #expect(
      try store.bookedTransfers(account: account, since: Timestamp(ms: 0)) == [opening.id])
    #expect(try store.bookedFillIDs(account: account, since: Timestamp(ms: 0)) == [1])
    #expect(try store.simHasTransfer(account: bob, id: .opening(bob)))
    // Bob's deposit is real money that waits to be booked; nothing else is amiss.
    #expect(
      try store.check() == [
        "sim.bob: expected equity 0 from the ledger, the venue has 50.",
        "Transfer 0.sim.bob of account sim.bob: expected it booked once, was not; the next "
          + "`nof0 run` books it.",
      ])
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
      for (step, rows) in rows.prefix(version).enumerated() {
        try Schema.migrate(session, from: step, to: step + 1)
        try session.script(rows)
      }
      try session.script(sql + "; VACUUM INTO '\(folder.file())'")
      // Every file of ours has a write-ahead log from its first moment on.
      try session.script("ATTACH '\(folder.file())' AS old; PRAGMA old.journal_mode = WAL")
      try session.script("DETACH old")
    }
  }
}
