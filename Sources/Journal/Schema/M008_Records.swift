extension SchemaStep {
  /// Running aggregates, what the leaderboard's statistics cost to compute, and the delivery of
  /// alerts.
  ///
  /// `runs.failure` says in fixed words how a run failed; `runs.error` may name local files and is
  /// published nowhere.
  ///
  /// In `trader_metrics`, `trader` is a trader or the benchmark. An aggregate that cannot be read
  /// is made anew from what it was made of; so is one that is missing. The middle of a trader's
  /// trades by length and by size is found by walking along an index.
  static let records = SchemaStep(
    version: 8, summary: "metrics, statistics, delivery of alerts",
    sql: """
      ALTER TABLE alerts ADD COLUMN value REAL;
      ALTER TABLE alerts ADD COLUMN threshold REAL;
      ALTER TABLE alerts ADD COLUMN told_at_ms INTEGER;
      CREATE INDEX alerts_opened ON alerts (opened_at_ms);

      ALTER TABLE runs ADD COLUMN failure TEXT;

      CREATE TABLE alert_deliveries (
        delivery INTEGER PRIMARY KEY,
        alert INTEGER NOT NULL REFERENCES alerts,
        channel TEXT NOT NULL,
        what TEXT NOT NULL CHECK (what IN ('opened', 'repeated', 'resolved')),
        message TEXT NOT NULL,
        queued_at_ms INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        next_try_at_ms INTEGER NOT NULL,
        delivered_at_ms INTEGER,
        given_up_at_ms INTEGER,
        error TEXT NOT NULL DEFAULT ''
      ) STRICT;
      CREATE INDEX alert_deliveries_of ON alert_deliveries (alert);
      CREATE INDEX alert_deliveries_waiting ON alert_deliveries (channel, delivery)
        WHERE delivered_at_ms IS NULL AND given_up_at_ms IS NULL;

      CREATE TABLE trader_metrics (
        trader TEXT PRIMARY KEY,
        cycle INTEGER NOT NULL,
        aggregate BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE arena_statistics (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        made_from TEXT NOT NULL,
        statistics BLOB NOT NULL
      ) STRICT;

      CREATE INDEX trades_closed ON trades (closed_at_ms);
      CREATE INDEX fills_by_trader ON fills (trader, at_ms);
      CREATE INDEX funding_payments_by_trader ON funding_payments (trader, at_ms);
      CREATE INDEX trades_by_length ON trades (trader, closed_at_ms - opened_at_ms);
      CREATE INDEX trades_by_notional ON trades (trader, CAST(entry_notional AS REAL));
      """)
}
