package import Market
package import Trading

/// What a market provider read of one coin and wants kept.
package struct MarketBooksAddition: Sendable, Equatable {
  /// The coin.
  package let coin: Coin
  /// Finished candles; those already kept are replaced.
  package let candles: [CandleSeries]
  /// Funding rates of full hours; those already kept are replaced.
  package let funding: [FundingPoint]
  /// Coins open at the venue, finite and not negative, and when that was read; `nil` = not read.
  package let openInterest: (at: Timestamp, coins: Double)?

  /// An addition from its parts.
  package init(
    coin: Coin, candles: [CandleSeries], funding: [FundingPoint],
    openInterest: (at: Timestamp, coins: Double)?
  ) {
    self.coin = coin
    self.candles = candles
    self.funding = funding
    self.openInterest = openInterest
  }

  /// Whether both would keep the same.
  package static func == (left: MarketBooksAddition, right: MarketBooksAddition) -> Bool {
    left.coin == right.coin && left.candles == right.candles && left.funding == right.funding
      && left.openInterest?.at == right.openInterest?.at
      && left.openInterest?.coins == right.openInterest?.coins
  }
}
