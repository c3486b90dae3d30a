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
  private let lanes: [Coin: Lane]

  /// The market of a seed.
  ///
  /// - Parameters:
  ///   - id: The provider's configured name.
  ///   - seed: Other seeds are other markets.
  ///   - coins: The coins there are; which others there are never changes the prices of one.
  package init(id: ProviderID, seed: UInt64, coins: [Coin]) {
    self.id = id
    let shared = SharedPath(seed: seed)
    lanes = Dictionary(
      coins.map { ($0, Lane(SyntheticMarket(seed: seed, coin: $0, shared: shared))) }
    ) { first, _ in first }
    known = lanes.mapValues { $0.market.withLock { $0.instrument } }
  }

  /// One coin's days, with a lock of its own so that coins are worked out side by side.
  private final class Lane: Sendable {
    let market: Mutex<SyntheticMarket>

    init(_ made: sending SyntheticMarket) { market = Mutex(made) }
  }

  /// How each coin is traded: as on Hyperliquid where built in, else with one decimal and 10x.
  package func instruments() async throws(MarketDataError) -> [Coin: Instrument] { known }

  /// What the market looked like.
  package func snapshot(
    _ request: SnapshotRequest, at now: Timestamp
  ) async throws(MarketDataError) -> MarketSnapshot {
    let timeframes = request.candles.sorted { $0.key < $1.key }
    // Hundreds of long candles are made of days of minutes: the coins share the work.
    let found = await withTaskGroup(of: CoinSnapshot?.self) { group in
      for lane in request.coins.compactMap({ lanes[$0] }) {
        group.addTask { lane.market.withLock { $0.snapshot(timeframes: timeframes, at: now) } }
      }
      var found: [CoinSnapshot] = []
      for await snapshot in group { if let snapshot { found.append(snapshot) } }
      return found.sorted { $0.quote.coin < $1.quote.coin }
    }
    let missing = request.coins.filter { lanes[$0] == nil }.map { coin in
      (coin, "\(coin) is not among the coins of the synthetic market \(id)")
    }
    return try .known(
      at: now, from: id, coins: found,
      missing: Dictionary(missing) { first, _ in first })
  }

  /// The last close of each coin.
  package func quotes(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Quote] {
    var quotes: [Coin: Quote] = [:]
    for coin in coins {
      quotes[coin] = lanes[coin]?.market.withLock { $0.quote(at: now) }
    }
    return quotes
  }

  /// The minutes that ended, and the full hours, in `start` < t ≤ `end`; there are no gaps.
  package func replay(
    of coins: [Coin], after start: Timestamp, through end: Timestamp
  ) async throws(MarketDataError) -> [Coin: MarketReplay] {
    var replays: [Coin: MarketReplay] = [:]
    for coin in coins {
      replays[coin] = lanes[coin]?.market.withLock { $0.replay(after: start, through: end) }
    }
    return replays
  }
}

extension SyntheticMarket {
  fileprivate mutating func quote(at now: Timestamp) -> Quote? {
    let end = now.floored(to: .minute)
    guard let price = close(at: end) else { return nil }
    return Quote(coin: instrument.coin, asOf: end, mid: price, mark: price, oracle: price)
  }

  fileprivate mutating func snapshot(
    timeframes: [(key: Timeframe, value: Int)], at now: Timestamp
  ) -> CoinSnapshot? {
    guard let quote = quote(at: now) else { return nil }
    var candles: [Timeframe: CandleSeries] = [:]
    for (timeframe, limit) in timeframes {
      let end = now.floored(to: timeframe.span)
      candles[timeframe] = self.candles(
        timeframe, opening: end - timeframe.span * Int64(limit),
        through: end - timeframe.span)
    }
    return CoinSnapshot(
      instrument: instrument, quote: quote,
      funding: funding(at: now.floored(to: .hour)), openInterest: openInterest(at: now),
      dayVolumeUSD: dayVolumeUSD(at: quote.asOf),
      change1hPct: close(at: quote.asOf - .hour).map { quote.mid.changePct(from: $0) },
      change4hPct: close(at: quote.asOf - .hours(4)).map { quote.mid.changePct(from: $0) },
      candles: candles)
  }

  fileprivate mutating func replay(
    after start: Timestamp, through end: Timestamp
  ) -> MarketReplay {
    var candles = CandleSeries(timeframe: .m1)
    var funding: [FundingPoint] = []
    var from = start
    // Day by day, so that funding finds the day's minutes still kept.
    while from < end {
      let to = min(end, CivilDay(from).start + .day)
      let part = self.candles(
        .m1, opening: from.floored(to: .minute), through: to.floored(to: .minute) - .minute)
      candles.append(part, in: 0..<part.count)
      var hour = from.floored(to: .hour) + .hour
      while hour <= to {
        if let point = self.funding(at: hour) { funding.append(point) }
        hour = hour + .hour
      }
      from = to
    }
    return MarketReplay(candles: candles, funding: funding, gaps: [])
  }
}
