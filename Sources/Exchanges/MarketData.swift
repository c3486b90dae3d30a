package import Market
package import Trading

/// What a snapshot should hold.
package struct SnapshotRequest: Sendable, Hashable {
  /// The coins, without repetition.
  package let coins: [Coin]
  /// How many finished candles of which time frames.
  package let candles: [Timeframe: Int]

  /// A request from its parts.
  package init(coins: [Coin], candles: [Timeframe: Int]) {
    self.coins = coins
    self.candles = candles
  }
}

/// What happened in one coin between two instants.
package struct MarketReplay: Sendable, Equatable {
  /// The finest candles known that ended in that time, oldest first.
  package let candles: CandleSeries
  /// The hourly funding rates of full hours in that time, oldest first.
  package let funding: [FundingPoint]
  /// Stretches without data, in words; empty = none.
  package let gaps: [String]

  /// A replay from its parts.
  package init(candles: CandleSeries, funding: [FundingPoint], gaps: [String]) {
    self.candles = candles
    self.funding = funding
    self.gaps = gaps
  }
}

/// Why market data could not be had.
package enum MarketDataError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A file or directory is missing or cannot be read.
  case unreadable(path: String, cause: String)
  /// A file does not hold what it should; line counted from 1.
  case malformed(path: String, line: Int, cause: String)
  /// There is nothing at that time.
  case outOfRange(String)
  /// The venue did not answer, or not sensibly; the cause says what to do. Retryable.
  case unreachable(provider: ProviderID, cause: String)
  /// What the provider keeps could not be read or written. Not retryable.
  case storage(provider: ProviderID, cause: String)

  /// The error in words, with what to do.
  package var description: String {
    switch self {
    case .unreadable(let path, let cause):
      "cannot read market data \(path): \(cause). Check `directory` in market.yaml."
    case .malformed(let path, let line, let cause):
      "\(path):\(line): \(cause). Correct or remove the line; nothing was traded."
    case .outOfRange(let what): what
    case .unreachable(let provider, let cause):
      "market data of \(provider) cannot be had: \(cause)"
    case .storage(let provider, let cause):
      "the kept market data of \(provider) cannot be read or written: \(cause). "
        + "Free space or fix the state directory and run again."
    }
  }
}

/// A source of prices.
///
/// Nothing it returns may speak of a time after the one asked for.
package protocol MarketData: Sendable {
  /// Whether time can be chosen freely, because the prices are recorded or made up.
  var isSimulated: Bool { get }

  /// Whether the prices are made up; shown wherever its numbers are shown.
  var isSynthetic: Bool { get }

  /// The first instant at which a cycle can run with some history behind it; `nil` = any time.
  var firstCycleAt: Timestamp? { get }

  /// How each coin is traded, by coin; coins without market are absent.
  func instruments() async throws(MarketDataError) -> [Coin: Instrument]

  /// What the market looked like. A coin without data is named in `missing`, never made up.
  func snapshot(
    _ request: SnapshotRequest, at now: Timestamp
  ) async throws(MarketDataError) -> MarketSnapshot

  /// The prices alone; coins without a price then are absent.
  func quotes(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Quote]

  /// The mids of this very moment, for orders that are sent some time after the snapshot; coins
  /// that have not moved on since are absent, as all are where time is made up.
  func midsNow(for coins: [Coin]) async throws(MarketDataError) -> [Coin: Price]

  /// The opens of the candles that begin at an instant: the first prices after it, at which a
  /// simulated venue may fill what was decided then. Nobody who decides sees them.
  ///
  /// Coins without such a candle are absent.
  func nextOpens(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Price]

  /// The finest candles that ended, and the full hours, in `start` < t ≤ `end`, by coin.
  func replay(
    of coins: [Coin], after start: Timestamp, through end: Timestamp
  ) async throws(MarketDataError) -> [Coin: MarketReplay]
}

extension MarketData {
  /// The mids of this very moment, for orders that are sent some time after the snapshot; coins
  /// that have not moved on since are absent, as all are where time is made up.
  package func midsNow(
    for coins: [Coin]
  ) async throws(MarketDataError) -> [Coin: Price] { [:] }

  /// The mids of the instant, where a market has no candle to open.
  package func nextOpens(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Price] {
    try await quotes(for: coins, at: now).mapValues(\.mid)
  }
}

extension MarketSnapshot {
  /// The snapshot of a provider; data later than the decision time is an error of the provider.
  static func known(
    at now: Timestamp, from source: ProviderID, coins: [CoinSnapshot], missing: [Coin: String]
  ) throws(MarketDataError) -> MarketSnapshot {
    do {
      return try MarketSnapshot(at: now, source: source, coins: coins, missing: missing)
    } catch {
      throw .outOfRange(error.description)
    }
  }
}
