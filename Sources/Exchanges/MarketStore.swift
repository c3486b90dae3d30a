package import Market
package import Trading

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
