package import Market
package import Trading

/// The open interest of a coin at one time.
package struct OpenInterestPoint: Sendable, Hashable {
  /// When.
  package let at: Timestamp
  /// Coins open at the venue.
  package let coins: Double

  /// A point from its parts.
  package init(at: Timestamp, coins: Double) {
    self.at = at
    self.coins = coins
  }
}

/// What is to be kept of one coin's market.
package struct MarketAddition: Sendable, Equatable {
  /// The coin.
  package let coin: Coin
  /// Finished candles; those already kept are replaced.
  package let candles: [CandleSeries]
  /// Funding rates of full hours; those already kept are replaced.
  package let funding: [FundingPoint]
  /// The open interest read; `nil` = not read.
  package let openInterest: OpenInterestPoint?

  /// An addition from its parts.
  package init(
    coin: Coin, candles: [CandleSeries], funding: [FundingPoint],
    openInterest: OpenInterestPoint?
  ) {
    self.coin = coin
    self.candles = candles
    self.funding = funding
    self.openInterest = openInterest
  }
}

/// Where a market provider that reads from a venue keeps what it read.
///
/// It holds one provider's data; what is older than the retention is gone.
package struct MarketStore: Sendable {
  /// Finished candles that begin in `from ..< to`, oldest first.
  package let candles:
    @Sendable (Coin, Timeframe, _ from: Timestamp, _ to: Timestamp) throws -> CandleSeries
  /// Funding rates of the full hours in `from ..< to`, oldest first.
  package let funding: @Sendable (Coin, _ from: Timestamp, _ to: Timestamp) throws -> [FundingPoint]
  /// Mean open interest of a coin over everything kept; `nil` = nothing is kept.
  package let averageOpenInterest: @Sendable (Coin) throws -> Double?
  /// Adds to what is kept and drops what is older than the retention, all in one transaction.
  package let save: @Sendable ([MarketAddition], _ now: Timestamp) throws -> Void

  /// A store from its parts.
  package init(
    candles: @escaping @Sendable (Coin, Timeframe, Timestamp, Timestamp) throws -> CandleSeries,
    funding: @escaping @Sendable (Coin, Timestamp, Timestamp) throws -> [FundingPoint],
    averageOpenInterest: @escaping @Sendable (Coin) throws -> Double?,
    save: @escaping @Sendable ([MarketAddition], Timestamp) throws -> Void
  ) {
    self.candles = candles
    self.funding = funding
    self.averageOpenInterest = averageOpenInterest
    self.save = save
  }
}
