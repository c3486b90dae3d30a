extension SchemaStep {
  /// Calls of language models, what they cost, and what was said.
  ///
  /// Texts that may be long are BLOBs: see ``PackedText``. In `llm_calls` and the totals a trader
  /// may be one that has no row yet, because its first call comes before its first turn.
  static let models = SchemaStep(
    version: 5, summary: "model calls, spending, conversations, kept answers",
    sql: """
      CREATE TABLE llm_calls (
        call INTEGER PRIMARY KEY CHECK (call >= 1),
        run INTEGER REFERENCES runs,
        cycle INTEGER NOT NULL CHECK (cycle >= 0),
        trader TEXT NOT NULL,
        model TEXT NOT NULL,
        purpose TEXT NOT NULL CHECK (purpose IN ('decision', 'reask', 'replica')),
        question_digest TEXT NOT NULL,
        day INTEGER NOT NULL,
        reserved_at_ms INTEGER NOT NULL,
        expires_at_ms INTEGER NOT NULL,
        worst_tokens INTEGER NOT NULL CHECK (worst_tokens >= 0),
        worst_cost TEXT NOT NULL,
        estimate_tokens INTEGER NOT NULL CHECK (estimate_tokens BETWEEN 0 AND worst_tokens),
        estimate_cost TEXT NOT NULL,
        status TEXT NOT NULL
          CHECK (status IN ('reserved', 'answered', 'failed', 'released', 'abandoned')),
        booked_tokens INTEGER NOT NULL CHECK (booked_tokens >= 0),
        booked_cost TEXT NOT NULL CHECK (booked_cost NOT LIKE '-%'),
        settled_at_ms INTEGER,
        prompt_tokens INTEGER NOT NULL CHECK (prompt_tokens >= 0),
        cached_tokens INTEGER NOT NULL CHECK (cached_tokens BETWEEN 0 AND prompt_tokens),
        completion_tokens INTEGER NOT NULL CHECK (completion_tokens >= 0),
        is_estimated INTEGER NOT NULL CHECK (is_estimated IN (0, 1)),
        latency_ms REAL NOT NULL,
        answered_by TEXT NOT NULL,
        finish_reason TEXT NOT NULL,
        error TEXT NOT NULL,
        CHECK ((status = 'reserved') = (settled_at_ms IS NULL)),
        CHECK (status <> 'released' OR booked_tokens = 0)
      ) STRICT;
      CREATE INDEX llm_calls_by_day ON llm_calls (day, reserved_at_ms);
      CREATE INDEX llm_calls_reserved ON llm_calls (call) WHERE status = 'reserved';

      CREATE TABLE llm_days (
        day INTEGER PRIMARY KEY,
        calls INTEGER NOT NULL CHECK (calls >= 0),
        tokens INTEGER NOT NULL CHECK (tokens >= 0),
        cost TEXT NOT NULL CHECK (cost NOT LIKE '-%'),
        has_calls INTEGER NOT NULL CHECK (has_calls IN (0, 1))
      ) STRICT;

      CREATE INDEX llm_days_with_calls ON llm_days (day) WHERE has_calls = 1;

      CREATE TABLE llm_trader_days (
        day INTEGER NOT NULL REFERENCES llm_days,
        trader TEXT NOT NULL,
        model TEXT NOT NULL,
        calls INTEGER NOT NULL CHECK (calls >= 0),
        tokens INTEGER NOT NULL CHECK (tokens >= 0),
        cost TEXT NOT NULL CHECK (cost NOT LIKE '-%'),
        PRIMARY KEY (day, trader, model)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE llm_answers (
        question_digest TEXT PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        model TEXT NOT NULL,
        answered_by TEXT NOT NULL,
        reply BLOB NOT NULL,
        reasoning BLOB NOT NULL
      ) STRICT;
      CREATE INDEX llm_answers_by_time ON llm_answers (at_ms);

      CREATE TABLE texts (
        text INTEGER PRIMARY KEY,
        fingerprint INTEGER NOT NULL,
        content BLOB NOT NULL
      ) STRICT;
      CREATE INDEX texts_by_fingerprint ON texts (fingerprint);

      CREATE TABLE conversations (
        conversation INTEGER PRIMARY KEY,
        trader TEXT NOT NULL,
        cycle INTEGER NOT NULL,
        number INTEGER NOT NULL CHECK (number >= 1),
        answered_by TEXT NOT NULL,
        prompt_version TEXT NOT NULL,
        template_digest TEXT NOT NULL,
        question_digest TEXT NOT NULL,
        is_cached INTEGER NOT NULL CHECK (is_cached IN (0, 1)),
        repairs TEXT NOT NULL,
        is_loose INTEGER NOT NULL CHECK (is_loose IN (0, 1)),
        system INTEGER REFERENCES texts,
        user BLOB NOT NULL,
        reply BLOB NOT NULL,
        reasoning BLOB NOT NULL,
        UNIQUE (trader, cycle),
        FOREIGN KEY (trader, cycle) REFERENCES decision_cycles ON DELETE CASCADE
      ) STRICT;
      CREATE UNIQUE INDEX conversations_by_number
        ON conversations (trader, number, question_digest);
      CREATE INDEX conversations_by_system ON conversations (system);
      CREATE INDEX conversations_loose ON conversations (conversation) WHERE is_loose = 1;

      CREATE TABLE shadow_decisions (
        trader TEXT NOT NULL,
        cycle INTEGER NOT NULL,
        replica INTEGER NOT NULL CHECK (replica >= 2),
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
        PRIMARY KEY (trader, cycle, replica, ordinal),
        FOREIGN KEY (trader, cycle) REFERENCES decision_cycles ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;
      """)
}
