package import Trading

/// What a back-test did: the input of its report.
///
/// All traders share one clock: the curve of each has one value per entry of ``times``.
package struct BacktestRecord: Sendable, Equatable {
  /// Where the prices came from, in words: for example `recorded candles in DIR`.
  package var source: String
  /// Whether prices were made up.
  package var isSynthetic: Bool
  /// The instants the traders were valued at, ms since 1970, ascending; one per cycle.
  package var timesMs: [Int64]
  /// The traders, in the order of the configuration.
  package var traders: [BacktestTrader]
  /// The first and last price of each coin in the time of the back-test, sorted by coin.
  package var coins: [BacktestCoin]
  /// Cycles that were run, those of the warm-up not counted.
  package var cycles: Int
  /// Turns that were taken, over all traders.
  package var traderCycles: Int
  /// Which way they were run, for example `cycle` or `stream`.
  package var engine: String
  /// How decisions were filled, for example `next_open`.
  package var fillRule: String
  /// What an equal share of each coin, bought at the first instant, was worth at each instant of
  /// ``timesMs``, per 1 USD in steps of 1e-8.
  ///
  /// Empty = not known; then only the change from the first price to the last is shown.
  package var market: [Int64] = []
  /// Things worth knowing, in words: gaps, traders without answers, coins left out.
  package var notices: [String]

  /// A record from its parts.
  package init(
    source: String, isSynthetic: Bool, timesMs: [Int64], traders: [BacktestTrader],
    coins: [BacktestCoin], cycles: Int, traderCycles: Int, engine: String, fillRule: String,
    notices: [String]
  ) {
    self.source = source
    self.isSynthetic = isSynthetic
    self.timesMs = timesMs
    self.traders = traders
    self.coins = coins
    self.cycles = cycles
    self.traderCycles = traderCycles
    self.engine = engine
    self.fillRule = fillRule
    self.notices = notices
  }
}

/// What one coin did in the time of a back-test.
package struct BacktestCoin: Sendable, Equatable {
  /// The coin.
  package let coin: Coin
  /// Its price at the first cycle.
  package let first: Price
  /// Its price at the last cycle.
  package let last: Price

  /// A coin from its parts.
  package init(coin: Coin, first: Price, last: Price) {
    self.coin = coin
    self.first = first
    self.last = last
  }
}

/// What one trader did in a back-test.
package struct BacktestTrader: Sendable, Equatable {
  /// The trader.
  package let id: TraderID
  /// Its name for people.
  package let name: String
  /// What decides for it, for example `ema_cross` or `llm`.
  package let executor: String
  /// What it began with, USD.
  package let start: USD
  /// What it was worth at each instant of ``BacktestRecord/timesMs``, steps of 1e-8 USD; flows are
  /// not taken out (a back-test has none beyond the first).
  package var equity: [Int64]
  /// Its finished round trips, in the order they ended.
  package var trades: [Trade]
  /// Positions that were open at the end.
  package var openPositions: Int
  /// Cash, USD: what it began with, and what was realised, less fees, with funding.
  package var cash: USD
  /// Fees paid, USD.
  package var fees: USD
  /// Funding received (negative: paid), USD.
  package var funding: USD
  /// Σ price · size of all its fills, USD.
  package var volume: USD
  /// How many fills it had.
  package var fills: Int
  /// Decisions by action word, for example `hold` or `buy_to_enter`.
  package var decisions: [String: Int]
  /// Rejected decisions by rule.
  package var rejections: [String: Int]
  /// Turns that failed, by reason; for example a missing answer.
  package var failures: [String: Int]

  /// A trader that has done nothing yet.
  package init(id: TraderID, name: String, executor: String, start: USD) {
    self.id = id
    self.name = name
    self.executor = executor
    self.start = start
    equity = []
    trades = []
    openPositions = 0
    cash = start
    fees = .zero
    funding = .zero
    volume = .zero
    fills = 0
    decisions = [:]
    rejections = [:]
    failures = [:]
  }
}
