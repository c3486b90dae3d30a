extension SchemaStep {
  /// What real venues need: the bytes of orders, more causes of fills, what was last known of an
  /// account, and the market as far as it was read.
  static let realVenues = SchemaStep(
    version: 7,
    summary: "bytes of orders, causes of fills, standing of accounts, market books",
    sql: orderBytes + fillCauses + trades + simFills + venue + market)

  /// The exact bytes that send an order; none at venues that need none.
  private static let orderBytes = """
    ALTER TABLE orders ADD COLUMN signed_request BLOB;

    """

  private static let causes = """
    'order', 'stop', 'target', 'limit', 'liquidation', 'deleveraging', 'adopted', 'residue'
    """

  /// A CHECK cannot be changed: the tables that have it are built anew.
  private static let fillCauses = """
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
      cause TEXT NOT NULL CHECK (cause IN (\(causes))),
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
        client_order_id, cause, trader, position, part, run, booking FROM fills;
    DROP TABLE fills;
    ALTER TABLE new_fills RENAME TO fills;
    CREATE INDEX fills_by_time ON fills (account, at_ms);
    CREATE INDEX fills_by_position ON fills (position);
    CREATE INDEX fills_by_order ON fills (client_order_id) WHERE client_order_id IS NOT NULL;

    """

  private static let trades = """
    CREATE TABLE new_trades (
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
      exit_cause TEXT NOT NULL CHECK (exit_cause IN (\(causes))),
      claim_cycle INTEGER NOT NULL,
      claim_leverage INTEGER NOT NULL,
      claim_confidence INTEGER,
      claim_risk_usd TEXT NOT NULL,
      claim_stop TEXT,
      claim_target TEXT,
      claim_invalidation TEXT NOT NULL
    ) STRICT;
    INSERT INTO new_trades
      SELECT position, trader, coin, side, size, entry_notional, exit_notional, entry_fees,
        exit_fees, funding, opened_at_ms, closed_at_ms, entry_order_id, entry_fill_id,
        exit_order_id, exit_fill_id, exit_cause, claim_cycle, claim_leverage, claim_confidence,
        claim_risk_usd, claim_stop, claim_target, claim_invalidation FROM trades;
    DROP TABLE trades;
    ALTER TABLE new_trades RENAME TO trades;
    CREATE INDEX trades_by_trader ON trades (trader, closed_at_ms, position);

    """

  private static let simFills = """
    CREATE TABLE new_sim_fills (
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
      cause TEXT NOT NULL CHECK (cause IN (\(causes))),
      PRIMARY KEY (account, fill_id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO new_sim_fills
      SELECT account, fill_id, coin, side, price, size, fee, is_taker, at_ms, order_id,
        client_order_id, cause FROM sim_fills;
    DROP TABLE sim_fills;
    ALTER TABLE new_sim_fills RENAME TO sim_fills;
    CREATE INDEX sim_fills_by_time ON sim_fills (account, at_ms);

    """

  /// What a venue told of an account and is not asked for in every run.
  ///
  /// Without its row in `venue_resting_reads`, nothing is known of an account's resting orders.
  private static let venue = """
    CREATE TABLE venue_leverage (
      account TEXT NOT NULL,
      coin TEXT NOT NULL,
      leverage INTEGER NOT NULL CHECK (leverage >= 1),
      PRIMARY KEY (account, coin)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE venue_accounts (
      account TEXT PRIMARY KEY,
      identity TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE venue_standing (
      account TEXT PRIMARY KEY,
      checked_at_ms INTEGER NOT NULL,
      mode TEXT NOT NULL,
      role TEXT NOT NULL,
      signer TEXT NOT NULL,
      approved_until_ms INTEGER,
      taker_fee_bps TEXT NOT NULL,
      maker_fee_bps TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE venue_resting_reads (
      account TEXT PRIMARY KEY
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE venue_resting (
      account TEXT NOT NULL REFERENCES venue_resting_reads ON DELETE CASCADE,
      client_order_id TEXT NOT NULL CHECK (length(client_order_id) = 34),
      PRIMARY KEY (account, client_order_id)
    ) STRICT, WITHOUT ROWID;

    """

  /// What market providers read from venues.
  ///
  /// Prices are mantissas, steps of 1e-8, because thousands of candles are read in every run.
  private static let market = """
    CREATE TABLE market_candles (
      provider TEXT NOT NULL,
      coin TEXT NOT NULL,
      timeframe TEXT NOT NULL,
      open_ms INTEGER NOT NULL,
      open INTEGER NOT NULL,
      high INTEGER NOT NULL,
      low INTEGER NOT NULL CHECK (low > 0),
      close INTEGER NOT NULL,
      volume REAL NOT NULL CHECK (volume >= 0),
      PRIMARY KEY (provider, coin, timeframe, open_ms),
      CHECK (low <= min(open, close) AND high >= max(open, close))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE market_funding (
      provider TEXT NOT NULL,
      coin TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      rate TEXT NOT NULL,
      PRIMARY KEY (provider, coin, at_ms)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE market_open_interest (
      provider TEXT NOT NULL,
      coin TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      coins REAL NOT NULL CHECK (coins >= 0),
      PRIMARY KEY (provider, coin, at_ms)
    ) STRICT, WITHOUT ROWID;
    """
}
