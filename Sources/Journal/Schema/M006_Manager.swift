extension SchemaStep {
  /// Accounts that several traders share, money that moves, and what limits and people did.
  ///
  /// In transfers and allocations a trader may be one that has no row yet, because money is planned
  /// for it before its first cycle.
  static let manager = SchemaStep(
    version: 6,
    summary: "parts of fills, account books, transfers, kill switches, conflicts, allocation",
    sql: parts + accounts + steering + simTransfers, fill: openAccounts)

  /// Fills and funding that several traders share, or that are nobody's.
  private static let parts = """
    CREATE TABLE new_fills (
      account TEXT NOT NULL,
      fill_id INTEGER NOT NULL,
      coin TEXT NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
      price TEXT NOT NULL,
      size TEXT NOT NULL,
      fee TEXT NOT NULL,
      is_taker INTEGER NOT NULL CHECK (is_taker IN (0, 1)),
      at_ms INTEGER NOT NULL,
      order_id INTEGER NOT NULL,
      client_order_id TEXT,
      cause TEXT NOT NULL CHECK (cause IN ('order', 'stop', 'target', 'limit', 'liquidation')),
      trader TEXT REFERENCES traders,
      position INTEGER REFERENCES positions,
      part INTEGER NOT NULL CHECK (part >= 0),
      run INTEGER NOT NULL REFERENCES runs,
      booking INTEGER NOT NULL UNIQUE,
      PRIMARY KEY (account, fill_id, part),
      CHECK ((trader IS NULL) = (position IS NULL))
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_fills
      SELECT account, fill_id, coin, side, price, size, fee, is_taker, at_ms, order_id,
        client_order_id, cause, trader, position, 0, run, booking FROM fills;
    DROP TABLE fills;
    ALTER TABLE new_fills RENAME TO fills;
    CREATE INDEX fills_by_time ON fills (account, at_ms);
    CREATE INDEX fills_by_position ON fills (position);
    CREATE INDEX fills_by_order ON fills (client_order_id) WHERE client_order_id IS NOT NULL;

    CREATE TABLE new_funding_payments (
      account TEXT NOT NULL,
      coin TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      size TEXT NOT NULL,
      rate TEXT NOT NULL,
      amount TEXT NOT NULL,
      trader TEXT REFERENCES traders,
      part INTEGER NOT NULL CHECK (part >= 0),
      run INTEGER NOT NULL REFERENCES runs,
      booking INTEGER NOT NULL UNIQUE,
      PRIMARY KEY (account, coin, at_ms, part)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_funding_payments
      SELECT account, coin, at_ms, size, rate, amount, trader, 0, run, booking
      FROM funding_payments;
    DROP TABLE funding_payments;
    ALTER TABLE new_funding_payments RENAME TO funding_payments;
    CREATE INDEX funding_payments_by_time ON funding_payments (account, at_ms);

    CREATE TABLE order_shares (
      client_order_id TEXT NOT NULL REFERENCES orders,
      ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
      trader TEXT NOT NULL REFERENCES traders,
      size TEXT NOT NULL CHECK (size <> '0'),
      claim_cycle INTEGER NOT NULL,
      claim_leverage INTEGER NOT NULL,
      claim_confidence INTEGER,
      claim_risk_usd TEXT NOT NULL,
      claim_stop TEXT,
      claim_target TEXT,
      claim_invalidation TEXT NOT NULL,
      PRIMARY KEY (client_order_id, ordinal)
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE capital_flows ADD COLUMN equity TEXT;

    ALTER TABLE trader_runtime ADD COLUMN breaches_in_a_row INTEGER NOT NULL DEFAULT 0
      CHECK (breaches_in_a_row >= 0);
    ALTER TABLE trader_runtime ADD COLUMN sharpe_pause_days INTEGER;
    ALTER TABLE trader_runtime ADD COLUMN capital TEXT NOT NULL DEFAULT '0';
    ALTER TABLE trader_runtime ADD COLUMN removed_at_ms INTEGER;
    UPDATE trader_runtime SET capital = coalesce(
      (SELECT flows FROM ledgers l WHERE l.trader = trader_runtime.trader), '0');

    """

  /// Accounts as a whole, and money that moves into and out of them.
  private static let accounts = """
    CREATE TABLE account_books (
      account TEXT PRIMARY KEY,
      unallocated TEXT NOT NULL,
      outside_cash TEXT NOT NULL,
      units TEXT NOT NULL,
      peak_nav TEXT NOT NULL,
      day_start_nav TEXT,
      last_nav TEXT,
      day INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outside_positions (
      account TEXT NOT NULL REFERENCES account_books,
      coin TEXT NOT NULL,
      size TEXT NOT NULL CHECK (size <> '0'),
      PRIMARY KEY (account, coin)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE account_transfers (
      transfer INTEGER PRIMARY KEY,
      account TEXT NOT NULL,
      id TEXT NOT NULL,
      trader TEXT,
      planned_at_ms INTEGER,
      at_ms INTEGER,
      amount TEXT NOT NULL CHECK (amount <> '0'),
      reason TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('planned', 'done', 'refused')),
      run INTEGER NOT NULL REFERENCES runs,
      booking INTEGER UNIQUE,
      UNIQUE (account, id),
      CHECK ((status = 'done') = (at_ms IS NOT NULL)),
      CHECK (status = 'done' OR (planned_at_ms IS NOT NULL AND booking IS NULL))
    ) STRICT;
    CREATE INDEX account_transfers_planned ON account_transfers (id, account)
      WHERE status = 'planned';
    CREATE INDEX account_transfers_by_time ON account_transfers (account, at_ms);

    """

  /// What limits, people and the split of money did to traders.
  private static let steering = """
    CREATE TABLE kill_switches (
      number INTEGER PRIMARY KEY CHECK (number >= 1),
      account TEXT NOT NULL,
      trader TEXT REFERENCES traders,
      cause TEXT NOT NULL,
      measured TEXT,
      threshold TEXT,
      action TEXT NOT NULL CHECK (action IN ('block', 'flatten_losers', 'flatten')),
      reset_after_ms INTEGER,
      fired_at_ms INTEGER NOT NULL,
      reason TEXT NOT NULL,
      reset_at_ms INTEGER,
      reset_by TEXT NOT NULL,
      CHECK (reset_at_ms IS NOT NULL OR reset_by = '')
    ) STRICT;
    CREATE INDEX kill_switches_active ON kill_switches (number) WHERE reset_at_ms IS NULL;

    CREATE TABLE conflicts (
      conflict INTEGER PRIMARY KEY,
      cycle INTEGER NOT NULL,
      run INTEGER NOT NULL REFERENCES runs,
      at_ms INTEGER NOT NULL,
      ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
      account TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('direction', 'duplicate', 'resource')),
      severity TEXT NOT NULL CHECK (severity IN ('high', 'medium', 'low')),
      coin TEXT,
      strategy TEXT CHECK (
        strategy IN ('first_come', 'highest_confidence', 'aggregate', 'proportional')),
      resolution TEXT NOT NULL,
      reason TEXT NOT NULL,
      UNIQUE (run, ordinal)
    ) STRICT;

    CREATE TABLE conflict_traders (
      conflict INTEGER NOT NULL REFERENCES conflicts,
      ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
      trader TEXT NOT NULL REFERENCES traders,
      PRIMARY KEY (conflict, ordinal)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE trader_events (
      event INTEGER PRIMARY KEY,
      trader TEXT NOT NULL REFERENCES traders,
      at_ms INTEGER NOT NULL,
      what TEXT NOT NULL CHECK (length(what) > 0),
      status TEXT NOT NULL
        CHECK (status IN ('running', 'paused', 'stopped', 'isolated', 'error')),
      cause TEXT NOT NULL,
      reason TEXT NOT NULL,
      run INTEGER NOT NULL REFERENCES runs
    ) STRICT;
    CREATE INDEX trader_events_by_trader ON trader_events (trader, event);

    CREATE TABLE allocation (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      at_ms INTEGER NOT NULL,
      is_pending INTEGER NOT NULL CHECK (is_pending IN (0, 1))
    ) STRICT;

    CREATE TABLE allocation_members (
      one INTEGER NOT NULL REFERENCES allocation CHECK (one = 1),
      trader TEXT NOT NULL,
      is_member INTEGER NOT NULL CHECK (is_member IN (0, 1)),
      sharpe REAL,
      PRIMARY KEY (one, trader),
      CHECK (is_member = 1 OR sharpe IS NOT NULL)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX decisions_rejected ON decisions (cycle, trader, ordinal)
      WHERE verdict = 'rejected';

    """

  /// Money that the simulated venue moved.
  private static let simTransfers = """
    CREATE TABLE sim_transfers (
      account TEXT NOT NULL REFERENCES sim_accounts,
      id TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      amount TEXT NOT NULL CHECK (amount <> '0'),
      PRIMARY KEY (account, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sim_transfers_by_time ON sim_transfers (account, at_ms);

    """
}
