extension SchemaStep {
  /// The arena, its runs and its traders.
  static let arena = SchemaStep(
    version: 1, summary: "arena, runs, traders",
    sql: """
      CREATE TABLE arena (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        id TEXT NOT NULL CHECK (length(id) > 0),
        name TEXT NOT NULL,
        created_at_ms INTEGER NOT NULL,
        cycle INTEGER NOT NULL CHECK (cycle >= 0),
        next_position INTEGER NOT NULL CHECK (next_position >= 1),
        next_nonce INTEGER NOT NULL CHECK (next_nonce >= 1),
        next_booking INTEGER NOT NULL CHECK (next_booking >= 1)
      ) STRICT;

      CREATE TABLE runs (
        run INTEGER PRIMARY KEY,
        cycle INTEGER CHECK (cycle >= 1),
        at_ms INTEGER NOT NULL,
        started_at_ms INTEGER NOT NULL,
        finished_at_ms INTEGER,
        pid INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'abandoned', 'failed')),
        error TEXT,
        CHECK (status NOT IN ('finished', 'failed') OR finished_at_ms IS NOT NULL),
        CHECK ((status = 'failed') = (error IS NOT NULL))
      ) STRICT;
      CREATE INDEX runs_running ON runs (run) WHERE status = 'running';
      CREATE INDEX runs_finished ON runs (run) WHERE status = 'finished';

      CREATE TABLE run_phases (
        run INTEGER NOT NULL REFERENCES runs,
        ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
        phase TEXT NOT NULL,
        took_ms REAL NOT NULL,
        PRIMARY KEY (run, ordinal)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE traders (
        trader TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        executor TEXT NOT NULL,
        exchange TEXT NOT NULL,
        account TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE trader_eras (
        trader TEXT NOT NULL REFERENCES traders,
        number INTEGER NOT NULL CHECK (number >= 1),
        started_at_ms INTEGER NOT NULL,
        config_digest TEXT NOT NULL,
        PRIMARY KEY (trader, number)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE trader_runtime (
        trader TEXT PRIMARY KEY REFERENCES traders,
        status TEXT NOT NULL
          CHECK (status IN ('running', 'paused', 'stopped', 'isolated', 'error')),
        paused_until_ms INTEGER,
        reason TEXT NOT NULL,
        last_slot INTEGER,
        invocations INTEGER NOT NULL CHECK (invocations >= 0),
        failures_in_a_row INTEGER NOT NULL CHECK (failures_in_a_row >= 0),
        inception_at_ms INTEGER NOT NULL,
        era INTEGER NOT NULL,
        FOREIGN KEY (trader, era) REFERENCES trader_eras (trader, number)
      ) STRICT, WITHOUT ROWID;
      """)
}
