package import Trading

/// The open interest of a coin at one time.
package struct OpenInterestPoint: Sendable, Hashable {
  /// When, or the hour it stands for: of each hour the newest point is kept.
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
