extension SchemaStep {
  /// Orders, fills, funding, flows, and what they made of each trader's books.
  ///
  /// `booking` counts fills, funding and flows of the arena in the order they were booked, so that
  /// the books can be computed again from them.
  static let books = SchemaStep(
    version: 2, summary: "ledgers, positions, orders, fills, funding, flows, trades",
    sql: """
      CREATE TABLE ledgers (
        trader TEXT PRIMARY KEY REFERENCES traders,
        flows TEXT NOT NULL,
        units TEXT NOT NULL,
        realised TEXT NOT NULL,
        fees TEXT NOT NULL,
        funding TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE positions (
        position INTEGER PRIMARY KEY CHECK (position >= 1),
        trader TEXT NOT NULL REFERENCES traders,
        coin TEXT NOT NULL,
        side TEXT NOT NULL CHECK (side IN ('long', 'short')),
        status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
        opened_at_ms INTEGER NOT NULL,
        closed_at_ms INTEGER,
        entry_order_id INTEGER NOT NULL,
        entry_fill_id INTEGER NOT NULL,
        opened_size TEXT NOT NULL,
        entry_notional TEXT NOT NULL,
        closed_size TEXT NOT NULL,
        exit_notional TEXT NOT NULL,
        realised TEXT NOT NULL,
        entry_fees TEXT NOT NULL,
        exit_fees TEXT NOT NULL,
        funding TEXT NOT NULL,
        peak_gain REAL NOT NULL,
        claim_cycle INTEGER NOT NULL,
        claim_leverage INTEGER NOT NULL,
        claim_confidence INTEGER,
        claim_risk_usd TEXT NOT NULL,
        claim_stop TEXT,
        claim_target TEXT,
        claim_invalidation TEXT NOT NULL,
        CHECK ((status = 'closed') = (closed_at_ms IS NOT NULL))
      ) STRICT;
      CREATE UNIQUE INDEX positions_open ON positions (trader, coin) WHERE status = 'open';
      CREATE INDEX positions_by_opening ON positions (opened_at_ms);

      CREATE TABLE lots (
        position INTEGER NOT NULL REFERENCES positions,
        ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
        fill_id INTEGER NOT NULL,
        price TEXT NOT NULL,
        size TEXT NOT NULL,
        opened_at_ms INTEGER NOT NULL,
        PRIMARY KEY (position, ordinal)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE orders (
        client_order_id TEXT PRIMARY KEY CHECK (length(client_order_id) = 34),
        arena TEXT NOT NULL,
        trader TEXT NOT NULL REFERENCES traders,
        cycle INTEGER NOT NULL,
        coin TEXT NOT NULL,
        purpose TEXT NOT NULL
          CHECK (purpose IN ('open', 'close', 'stop', 'target', 'flatten')),
        generation INTEGER NOT NULL CHECK (generation >= 0),
        account TEXT NOT NULL,
        side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
        size TEXT NOT NULL,
        limit_price TEXT NOT NULL,
        time_in_force TEXT CHECK (time_in_force IN ('ioc', 'gtc')),
        trigger_price TEXT,
        reduce_only INTEGER NOT NULL CHECK (reduce_only IN (0, 1)),
        leverage INTEGER NOT NULL,
        run INTEGER NOT NULL REFERENCES runs,
        decided_at_ms INTEGER NOT NULL,
        decision_mid TEXT NOT NULL,
        expires_at_ms INTEGER NOT NULL,
        nonce INTEGER NOT NULL UNIQUE,
        claim_cycle INTEGER,
        claim_leverage INTEGER,
        claim_confidence INTEGER,
        claim_risk_usd TEXT,
        claim_stop TEXT,
        claim_target TEXT,
        claim_invalidation TEXT,
        outcome TEXT CHECK (outcome IN ('filled', 'resting', 'rejected', 'unknown')),
        outcome_size TEXT,
        outcome_price TEXT,
        outcome_fee TEXT,
        outcome_order_id INTEGER,
        outcome_text TEXT,
        CHECK ((time_in_force IS NULL) <> (trigger_price IS NULL)),
        CHECK ((claim_cycle IS NULL) = (claim_leverage IS NULL)
          AND (claim_cycle IS NULL) = (claim_risk_usd IS NULL)
          AND (claim_cycle IS NULL) = (claim_invalidation IS NULL))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX orders_open ON orders (nonce) WHERE outcome IS NULL OR outcome = 'unknown';
      CREATE UNIQUE INDEX orders_by_identity
        ON orders (trader, cycle, coin, purpose, generation);

      CREATE TABLE order_events (
        event INTEGER PRIMARY KEY,
        client_order_id TEXT NOT NULL REFERENCES orders,
        run INTEGER NOT NULL REFERENCES runs,
        at_ms INTEGER NOT NULL,
        what TEXT NOT NULL
          CHECK (what IN ('created', 'filled', 'resting', 'rejected', 'unknown')),
        detail TEXT NOT NULL
      ) STRICT;
      CREATE INDEX order_events_by_order ON order_events (client_order_id);

      CREATE TABLE fills (
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
        trader TEXT NOT NULL REFERENCES traders,
        position INTEGER NOT NULL REFERENCES positions,
        run INTEGER NOT NULL REFERENCES runs,
        booking INTEGER NOT NULL UNIQUE,
        PRIMARY KEY (account, fill_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX fills_by_time ON fills (account, at_ms);
      CREATE INDEX fills_by_position ON fills (position);

      CREATE TABLE funding_payments (
        account TEXT NOT NULL,
        coin TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        size TEXT NOT NULL,
        rate TEXT NOT NULL,
        amount TEXT NOT NULL,
        trader TEXT NOT NULL REFERENCES traders,
        run INTEGER NOT NULL REFERENCES runs,
        booking INTEGER NOT NULL UNIQUE,
        PRIMARY KEY (account, coin, at_ms)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX funding_payments_by_time ON funding_payments (account, at_ms);

      CREATE TABLE capital_flows (
        flow INTEGER PRIMARY KEY,
        trader TEXT NOT NULL REFERENCES traders,
        at_ms INTEGER NOT NULL,
        amount TEXT NOT NULL,
        reason TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs,
        booking INTEGER NOT NULL UNIQUE
      ) STRICT;
      CREATE INDEX capital_flows_by_trader ON capital_flows (trader, at_ms);

      CREATE TABLE trades (
        position INTEGER PRIMARY KEY REFERENCES positions,
        trader TEXT NOT NULL REFERENCES traders,
        coin TEXT NOT NULL,
        side TEXT NOT NULL CHECK (side IN ('long', 'short')),
        size TEXT NOT NULL,
        entry_notional TEXT NOT NULL,
        exit_notional TEXT NOT NULL,
        entry_fees TEXT NOT NULL,
        exit_fees TEXT NOT NULL,
        funding TEXT NOT NULL,
        opened_at_ms INTEGER NOT NULL,
        closed_at_ms INTEGER NOT NULL,
        entry_order_id INTEGER NOT NULL,
        entry_fill_id INTEGER NOT NULL,
        exit_order_id INTEGER NOT NULL,
        exit_fill_id INTEGER NOT NULL,
        exit_cause TEXT NOT NULL
          CHECK (exit_cause IN ('order', 'stop', 'target', 'limit', 'liquidation')),
        claim_cycle INTEGER NOT NULL,
        claim_leverage INTEGER NOT NULL,
        claim_confidence INTEGER,
        claim_risk_usd TEXT NOT NULL,
        claim_stop TEXT,
        claim_target TEXT,
        claim_invalidation TEXT NOT NULL
      ) STRICT;
      CREATE INDEX trades_by_trader ON trades (trader, closed_at_ms, position);

      CREATE TABLE coin_closes (
        trader TEXT NOT NULL REFERENCES traders,
        coin TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (trader, coin)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE watermarks (
        account TEXT PRIMARY KEY,
        at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      """)
}
