import Arena
import Exchanges
import Market
import Trading

/// A market that looks ahead in one of the ways that real ones do, without saying so: all its times
/// are those it should have.
struct MutantMarket: MarketData {
  /// What is wrong with it.
  enum Mutation: Sendable, CaseIterable {
    /// The last finished candle already has the close of the one that is forming.
    case formingCandle
    /// Candles are one ahead.
    case shiftedByOne
    /// The funding rate of the hour to come.
    case futureFunding
    /// The open interest at the end of the record.
    case latestOpenInterest
  }

  let market: any MarketData
  let mutation: Mutation

  /// After all that is recorded.
  private static let ever = Timestamp(ms: PastArena.startMs) + .day * 30

  /// The markets of a past arena with a mutation; `nil` = as they are.
  static func markets(of arena: PastArena, _ mutation: Mutation?) -> BacktestMarkets {
    let directory = arena.candles
    return BacktestMarkets { id, coins, end in
      let market = try RecordedMarketData(
        id: id, directory: directory, coins: coins, knownUntil: end)
      return mutation.map { MutantMarket(market: market, mutation: $0) } ?? market
    }
  }

  var isSimulated: Bool { market.isSimulated }
  var isSynthetic: Bool { market.isSynthetic }
  var firstCycleAt: Timestamp? { market.firstCycleAt }

  func instruments() async throws(MarketDataError) -> [Coin: Instrument] {
    try await market.instruments()
  }

  func quotes(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Quote] {
    try await market.quotes(for: coins, at: now)
  }

  func nextOpens(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Price] {
    try await market.nextOpens(for: coins, at: now)
  }

  func replay(
    of coins: [Coin], after start: Timestamp, through end: Timestamp
  ) async throws(MarketDataError) -> [Coin: MarketReplay] {
    try await market.replay(of: coins, after: start, through: end)
  }

  func snapshot(
    _ request: SnapshotRequest, at now: Timestamp
  ) async throws(MarketDataError) -> MarketSnapshot {
    let honest = try await market.snapshot(request, at: now)
    let soon = try await market.quotes(for: request.coins, at: now + .minute)
    let last = try await market.quotes(for: request.coins, at: Self.ever)
    let inAnHour = try await market.snapshot(request, at: now + .hour)
    var later: [Timeframe: MarketSnapshot] = [:]
    for timeframe in request.candles.keys {
      later[timeframe] = try await market.snapshot(request, at: now + timeframe.span)
    }
    let coins = honest.coins.values.map { coin -> CoinSnapshot in
      switch mutation {
      case .formingCandle:
        return coin.with(
          candles: coin.candles.mapValues { $0.ending(soon[coin.coin]?.mid) })
      case .shiftedByOne:
        return coin.with(
          candles: coin.candles.mapValues { series in
            later[series.timeframe]?.coins[coin.coin]?.candles[series.timeframe]?
              .moved(endingBy: now) ?? series
          })
      case .futureFunding:
        let future = inAnHour.coins[coin.coin]?.funding
        return coin.with(
          funding: future.map { FundingPoint(at: now.floored(to: .hour), rate: $0.rate) })
      case .latestOpenInterest:
        return coin.with(openInterest: last[coin.coin]?.mid.double)
      }
    }
    do {
      return try MarketSnapshot(at: now, source: honest.source, coins: coins)
    } catch {
      throw .outOfRange(error.description)
    }
  }
}

extension CoinSnapshot {
  fileprivate func with(
    funding: FundingPoint? = nil, openInterest: Double? = nil,
    candles: [Timeframe: CandleSeries]? = nil
  ) -> CoinSnapshot {
    CoinSnapshot(
      instrument: instrument, quote: quote, funding: funding ?? self.funding,
      openInterest: openInterest ?? self.openInterest, dayVolumeUSD: dayVolumeUSD,
      change1hPct: change1hPct, change4hPct: change4hPct, candles: candles ?? self.candles)
  }
}

extension CandleSeries {
  /// The same candles, of which the last one closes at another price.
  fileprivate func ending(_ close: Price?) -> CandleSeries {
    guard let last, let close else { return self }
    var series = CandleSeries(timeframe: timeframe)
    for index in 0..<(count - 1) { series.append(self[index]) }
    if let changed = Candle(
      openTime: last.openTime, open: last.open, high: max(last.high, close),
      low: min(last.low, close), close: close, volume: last.volume)
    {
      series.append(changed)
    }
    return series
  }

  /// The same candles, one earlier than they were where the last one would end after an instant.
  fileprivate func moved(endingBy now: Timestamp) -> CandleSeries {
    guard !isEmpty, closeTime(count - 1) > now else { return self }
    var series = CandleSeries(timeframe: timeframe)
    for index in 0..<count {
      let candle = self[index]
      if let moved = Candle(
        openTime: candle.openTime - timeframe.span, open: candle.open, high: candle.high,
        low: candle.low, close: candle.close, volume: candle.volume)
      {
        series.append(moved)
      }
    }
    return series
  }
}
