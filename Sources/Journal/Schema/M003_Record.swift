extension SchemaStep {
  /// What the traders were worth, what they decided, and what a person should know of.
  ///
  /// In the tables of worth and performance, `trader` is a trader or the benchmark.
  static let record = SchemaStep(
    version: 3, summary: "equity points, performance, decisions, alerts",
    sql: """
      CREATE TABLE equity_points (
        trader TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        equity TEXT NOT NULL,
        nav TEXT NOT NULL,
        cash TEXT NOT NULL,
        unrealised TEXT NOT NULL,
        margin_used TEXT NOT NULL,
        PRIMARY KEY (trader, at_ms)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE hourly_totals (
        trader TEXT NOT NULL,
        hour INTEGER NOT NULL CHECK (hour >= 0),
        at_ms INTEGER NOT NULL,
        equity TEXT NOT NULL,
        nav TEXT NOT NULL,
        cash TEXT NOT NULL,
        unrealised TEXT NOT NULL,
        margin_used TEXT NOT NULL,
        sharpe REAL,
        PRIMARY KEY (trader, hour)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE daily_totals (
        trader TEXT NOT NULL,
        day INTEGER NOT NULL,
        hour INTEGER NOT NULL CHECK (hour >= 0),
        at_ms INTEGER NOT NULL,
        equity TEXT NOT NULL,
        nav TEXT NOT NULL,
        cash TEXT NOT NULL,
        unrealised TEXT NOT NULL,
        margin_used TEXT NOT NULL,
        sharpe REAL,
        PRIMARY KEY (trader, day)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE thinning (
        trader TEXT NOT NULL,
        bucket_ms INTEGER NOT NULL CHECK (bucket_ms > 0),
        done_up_to_ms INTEGER NOT NULL,
        PRIMARY KEY (trader, bucket_ms)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE performance (
        trader TEXT PRIMARY KEY,
        trades INTEGER NOT NULL CHECK (trades >= 0),
        wins INTEGER NOT NULL CHECK (wins BETWEEN 0 AND trades),
        winnings TEXT NOT NULL,
        losings TEXT NOT NULL,
        day_start_nav TEXT,
        last_nav TEXT,
        last_day INTEGER,
        days INTEGER NOT NULL CHECK (days >= 0),
        mean_daily REAL NOT NULL,
        sum_squares REAL NOT NULL,
        peak_nav TEXT NOT NULL,
        max_drawdown REAL NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE benchmark (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        id TEXT NOT NULL,
        coin TEXT NOT NULL,
        bought_at_ms INTEGER NOT NULL,
        price TEXT NOT NULL,
        size TEXT NOT NULL,
        fee TEXT NOT NULL,
        start TEXT NOT NULL
      ) STRICT;

      CREATE TABLE decision_cycles (
        trader TEXT NOT NULL REFERENCES traders,
        cycle INTEGER NOT NULL CHECK (cycle >= 1),
        run INTEGER NOT NULL REFERENCES runs,
        at_ms INTEGER NOT NULL,
        era INTEGER NOT NULL,
        slot INTEGER NOT NULL,
        failure TEXT,
        PRIMARY KEY (trader, cycle)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE decisions (
        trader TEXT NOT NULL,
        cycle INTEGER NOT NULL,
        ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
        action TEXT NOT NULL CHECK (
          action IN ('buy_to_enter', 'sell_to_enter', 'hold', 'close', 'update_protection')),
        coin TEXT,
        leverage INTEGER,
        position_size_usd TEXT,
        entry_price TEXT,
        stop_loss TEXT,
        take_profit TEXT,
        risk_usd TEXT,
        confidence INTEGER,
        close_fraction TEXT NOT NULL,
        invalidation TEXT NOT NULL,
        reasoning TEXT NOT NULL,
        malformed_fields TEXT NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'clamped', 'rejected', 'held')),
        client_order_id TEXT,
        PRIMARY KEY (trader, cycle, ordinal),
        FOREIGN KEY (trader, cycle) REFERENCES decision_cycles ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE decision_validations (
        trader TEXT NOT NULL,
        cycle INTEGER NOT NULL,
        decision INTEGER NOT NULL,
        ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
        rule TEXT NOT NULL,
        note TEXT NOT NULL,
        PRIMARY KEY (trader, cycle, decision, ordinal),
        FOREIGN KEY (trader, cycle, decision)
          REFERENCES decisions (trader, cycle, ordinal) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE alerts (
        alert INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        severity TEXT NOT NULL CHECK (severity IN ('high', 'medium', 'low')),
        trader TEXT REFERENCES traders,
        message TEXT NOT NULL,
        opened_at_ms INTEGER NOT NULL,
        resolved_at_ms INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX alerts_open ON alerts (key) WHERE resolved_at_ms IS NULL;
      """)
}
