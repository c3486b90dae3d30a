import Exchanges
import Market
import Synchronization
import Trading

/// A market with an ear: what it says is kept until it is forgotten.
final class HeardMarket: MarketData {
  private let market: any MarketData
  private let said = Mutex(Said())

  private struct Said {
    var snapshots: [MarketSnapshot] = []
    var quotes: [String: [Coin: Quote]] = [:]
    var replays: [String: [Coin: MarketReplay]] = [:]
  }

  /// A market and an ear.
  init(_ market: any MarketData) { self.market = market }

  var isSimulated: Bool { market.isSimulated }
  var isSynthetic: Bool { market.isSynthetic }
  var firstCycleAt: Timestamp? { market.firstCycleAt }

  /// Forgets what was said.
  func forget() { said.withLock { $0 = Said() } }

  func instruments() async throws(MarketDataError) -> [Coin: Instrument] {
    try await market.instruments()
  }

  func snapshot(
    _ request: SnapshotRequest, at now: Timestamp
  ) async throws(MarketDataError) -> MarketSnapshot {
    let snapshot = try await market.snapshot(request, at: now)
    said.withLock { $0.snapshots.append(snapshot) }
    return snapshot
  }

  func quotes(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Quote] {
    let quotes = try await market.quotes(for: coins, at: now)
    said.withLock { $0.quotes["\(coins) at \(now)"] = quotes }
    return quotes
  }

  func midsNow(for coins: [Coin]) async throws(MarketDataError) -> [Coin: Price] {
    try await market.midsNow(for: coins)
  }

  /// Passed on unheard: only the venue asks for it, to fill what is decided already.
  func nextOpens(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Price] {
    try await market.nextOpens(for: coins, at: now)
  }

  func replay(
    of coins: [Coin], after start: Timestamp, through end: Timestamp
  ) async throws(MarketDataError) -> [Coin: MarketReplay] {
    let replays = try await market.replay(of: coins, after: start, through: end)
    said.withLock { $0.replays["\(coins) from \(start) to \(end)"] = replays }
    return replays
  }

  /// What this market said otherwise than another one that was asked the same; `nil` = nothing.
  func firstDifference(from other: HeardMarket) -> String? {
    let (left, right) = (said.withLock { $0 }, other.said.withLock { $0 })
    for (one, two) in zip(left.snapshots, right.snapshots) {
      if let found = Self.difference(one, two) { return found }
    }
    for (question, quotes) in left.quotes.sorted(by: { $0.key < $1.key }) {
      if let others = right.quotes[question], others != quotes {
        return "the prices of \(question): \(quotes), without the future \(others)"
      }
    }
    for (question, replay) in left.replays.sorted(by: { $0.key < $1.key }) {
      if let others = right.replays[question], others != replay {
        return "what happened with \(question)"
      }
    }
    return nil
  }

  private static func difference(_ left: MarketSnapshot, _ right: MarketSnapshot) -> String? {
    for coin in Set(left.coins.keys).union(right.coins.keys).sorted() {
      guard let one = left.coins[coin], let two = right.coins[coin] else {
        return "\(coin), which is missing without the future"
      }
      if one == two { continue }
      for (timeframe, candles) in one.candles.sorted(by: { $0.key < $1.key })
      where two.candles[timeframe] != candles {
        return "candles of \(timeframe) of \(coin)"
      }
      let parts: [(String, String, String)] = [
        ("price", "\(one.quote.mid)", "\(two.quote.mid)"),
        ("time", "\(one.quote.asOf)", "\(two.quote.asOf)"),
        ("funding", words(one.funding), words(two.funding)),
        ("open interest", words(one.openInterest), words(two.openInterest)),
        (
          "average open interest", words(one.openInterestAverage),
          words(two.openInterestAverage)
        ),
        ("day volume", words(one.dayVolumeUSD), words(two.dayVolumeUSD)),
        ("change of 1h", words(one.change1hPct), words(two.change1hPct)),
        ("change of 4h", words(one.change4hPct), words(two.change4hPct)),
      ]
      let part = parts.first { $0.1 != $0.2 }
      return part.map { "\($0.0) of \(coin): \($0.1), without the future \($0.2)" }
        ?? "prices of \(coin)"
    }
    return nil
  }

  private static func words(_ value: Double?) -> String { value.map { "\($0)" } ?? "none" }
  private static func words(_ point: FundingPoint?) -> String {
    point.map { "\($0.rate) of \($0.at)" } ?? "none"
  }
}
