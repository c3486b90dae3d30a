package import Market
package import Trading

/// All that is recorded of one coin, for those who walk through it once.
package struct RecordedTape: Sendable {
  /// The lengths of candles there are, shortest first; never empty.
  package let timeframes: [Timeframe]
  /// The shortest candles, oldest first.
  package let candles: CandleSeries
  /// The hourly funding rates, oldest first.
  package let funding: [FundingPoint]

  /// What happened between two instants; its candles are those of all time.
  package func replay(after start: Timestamp, through end: Timestamp) -> MarketReplay {
    let first = RecordedCoin.count(of: funding, through: start)
    let last = RecordedCoin.count(of: funding, through: end)
    return MarketReplay(candles: candles, funding: Array(funding[first..<last]), gaps: [])
  }
}

extension RecordedMarketData {
  /// All that is recorded of a coin; `nil` = it has no candles.
  ///
  /// - Throws: ``MarketDataError`` when a file cannot be read.
  package func tape(of coin: Coin) throws(MarketDataError) -> RecordedTape? {
    try withFiles(of: coin) { files throws(MarketDataError) in try files.tape() }
  }

  /// How a coin is traded; `nil` = it has no candles.
  package func instrument(of coin: Coin) -> Instrument? { known[coin] }
}
