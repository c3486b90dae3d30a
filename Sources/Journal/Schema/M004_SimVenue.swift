extension SchemaStep {
  /// The simulated venue's own books, apart from ours so that the two can be compared.
  static let simVenue = SchemaStep(
    version: 4, summary: "books of the simulated venue",
    sql: """
      CREATE TABLE sim_accounts (
        account TEXT PRIMARY KEY,
        raw_usd TEXT NOT NULL,
        next_order_id INTEGER NOT NULL CHECK (next_order_id >= 1),
        next_fill_id INTEGER NOT NULL CHECK (next_fill_id >= 1),
        caught_up_to_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sim_positions (
        account TEXT NOT NULL REFERENCES sim_accounts,
        coin TEXT NOT NULL,
        size TEXT NOT NULL CHECK (size <> '0'),
        cost TEXT NOT NULL,
        leverage INTEGER NOT NULL,
        isolated_margin TEXT,
        PRIMARY KEY (account, coin)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sim_orders (
        account TEXT NOT NULL REFERENCES sim_accounts,
        order_id INTEGER NOT NULL,
        client_order_id TEXT NOT NULL,
        arena TEXT NOT NULL,
        trader TEXT NOT NULL,
        cycle INTEGER NOT NULL,
        coin TEXT NOT NULL,
        purpose TEXT NOT NULL
          CHECK (purpose IN ('open', 'close', 'stop', 'target', 'flatten')),
        generation INTEGER NOT NULL,
        side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
        size TEXT NOT NULL,
        limit_price TEXT NOT NULL,
        time_in_force TEXT CHECK (time_in_force IN ('ioc', 'gtc')),
        trigger_price TEXT,
        reduce_only INTEGER NOT NULL CHECK (reduce_only IN (0, 1)),
        leverage INTEGER NOT NULL,
        received_at_ms INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('resting', 'filled', 'rejected', 'cancelled')),
        filled_size TEXT NOT NULL,
        average_price TEXT,
        fee TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (account, order_id),
        UNIQUE (account, client_order_id),
        CHECK ((time_in_force IS NULL) <> (trigger_price IS NULL))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sim_orders_resting ON sim_orders (account, order_id)
        WHERE status = 'resting';

      CREATE TABLE sim_fills (
        account TEXT NOT NULL REFERENCES sim_accounts,
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
        PRIMARY KEY (account, fill_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sim_fills_by_time ON sim_fills (account, at_ms);

      CREATE TABLE sim_funding (
        account TEXT NOT NULL REFERENCES sim_accounts,
        coin TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        size TEXT NOT NULL,
        rate TEXT NOT NULL,
        amount TEXT NOT NULL,
        PRIMARY KEY (account, coin, at_ms)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sim_funding_by_time ON sim_funding (account, at_ms);
      """)
}
