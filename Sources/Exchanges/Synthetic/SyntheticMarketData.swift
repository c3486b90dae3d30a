package import Market
import Synchronization
package import Trading

/// A made-up market: seeded, without files, known for any time, the same on every machine.
///
/// Minutes are the finest candles; longer ones are made of them. Coins move together with a
/// common market and apart by a share of their own, calm and wild hours come in spells, trends
/// come and go. Funding follows a premium that leans with the recent change. Mid, mark and oracle
/// are the close of the last finished minute; there are no impact prices.
package final class SyntheticMarketData: MarketData {
  /// Made-up prices let time be chosen freely.
  package let isSimulated = true
  /// No price here was ever real.
  package let isSynthetic = true
  /// 2025-01-01T00:00Z, for runs of simulated time that do not say when; any time is possible.
  package let firstCycleAt: Timestamp? = Timestamp(ms: 1_735_689_600_000)

  private let id: ProviderID
  private let known: [Coin: Instrument]
  private let market: Mutex<SyntheticMarket>

  /// The market of a seed.
  ///
  /// - Parameters:
  ///   - id: The provider's configured name.
  ///   - seed: Other seeds are other markets.
  ///   - coins: The coins there are; which others there are never changes the prices of one.
  package init(id: ProviderID, seed: UInt64, coins: [Coin]) {
    let made = SyntheticMarket(seed: seed, coins: coins)
    self.id = id
    known = made.instruments
    market = Mutex(made)
  }

  /// How each coin is traded: as on Hyperliquid where built in, else with one decimal and 10x.
  package func instruments() async throws(MarketDataError) -> [Coin: Instrument] { known }

  /// What the market looked like.
  package func snapshot(
    _ request: SnapshotRequest, at now: Timestamp
  ) async throws(MarketDataError) -> MarketSnapshot {
    let timeframes = request.candles.sorted { $0.key < $1.key }
    var found: [CoinSnapshot] = []
    var missing: [Coin: String] = [:]
    for coin in request.coins {
      let snapshot = known[coin].flatMap { instrument in
        market.withLock { $0.snapshot(of: instrument, timeframes: timeframes, at: now) }
      }
      if let snapshot {
        found.append(snapshot)
      } else {
        missing[coin] = "\(coin) is not among the coins of the synthetic market \(id)"
      }
    }
    return try .known(at: now, from: id, coins: found, missing: missing)
  }

  /// The last close of each coin.
  package func quotes(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Quote] {
    var quotes: [Coin: Quote] = [:]
    for coin in coins {
      quotes[coin] = market.withLock { $0.quote(of: coin, at: now) }
    }
    return quotes
  }

  /// The minutes that ended, and the full hours, in `start` < t ≤ `end`; there are no gaps.
  package func replay(
    of coins: [Coin], after start: Timestamp, through end: Timestamp
  ) async throws(MarketDataError) -> [Coin: MarketReplay] {
    var replays: [Coin: MarketReplay] = [:]
    for coin in coins where known[coin] != nil {
      replays[coin] = market.withLock { $0.replay(of: coin, after: start, through: end) }
    }
    return replays
  }
}

extension SyntheticMarket {
  fileprivate mutating func quote(of coin: Coin, at now: Timestamp) -> Quote? {
    let end = now.floored(to: .minute)
    guard let price = close(of: coin, at: end) else { return nil }
    return Quote(coin: coin, asOf: end, mid: price, mark: price, oracle: price)
  }

  fileprivate mutating func snapshot(
    of instrument: Instrument, timeframes: [(key: Timeframe, value: Int)], at now: Timestamp
  ) -> CoinSnapshot? {
    let coin = instrument.coin
    guard let quote = quote(of: coin, at: now) else { return nil }
    var candles: [Timeframe: CandleSeries] = [:]
    for (timeframe, limit) in timeframes {
      let end = now.floored(to: timeframe.span)
      candles[timeframe] = self.candles(
        of: coin, timeframe, opening: end - timeframe.span * Int64(limit),
        through: end - timeframe.span)
    }
    return CoinSnapshot(
      instrument: instrument, quote: quote,
      funding: funding(of: coin, at: now.floored(to: .hour)),
      openInterest: openInterest(of: coin, at: now),
      dayVolumeUSD: dayVolumeUSD(of: coin, at: quote.asOf),
      change1hPct: close(of: coin, at: quote.asOf - .hour).map { quote.mid.changePct(from: $0) },
      change4hPct: close(of: coin, at: quote.asOf - .hours(4)).map {
        quote.mid.changePct(from: $0)
      },
      candles: candles)
  }

  fileprivate mutating func replay(
    of coin: Coin, after start: Timestamp, through end: Timestamp
  ) -> MarketReplay {
    var candles = CandleSeries(timeframe: .m1)
    var funding: [FundingPoint] = []
    var from = start
    // Day by day, so that funding finds the day's minutes still kept.
    while from < end {
      let to = min(end, CivilDay(from).start + .day)
      let part = self.candles(
        of: coin, .m1, opening: from.floored(to: .minute),
        through: to.floored(to: .minute) - .minute)
      candles.append(part, in: 0..<part.count)
      var hour = from.floored(to: .hour) + .hour
      while hour <= to {
        if let point = self.funding(of: coin, at: hour) { funding.append(point) }
        hour = hour + .hour
      }
      from = to
    }
    return MarketReplay(candles: candles, funding: funding, gaps: [])
  }
}
