package import Exchanges
package import Market
package import Trading

/// A market whose every price is written down in the test.
///
/// A quote is the later of the last scripted one and the close of the last candle that has ended,
/// with mid, mark and oracle alike. What is not scripted is absent.
package struct ScriptedMarket: MarketData {
  /// How each coin is traded.
  package var known: [Coin: Instrument]
  /// Candles by coin.
  package var candles: [Coin: CandleSeries] = [:]
  /// Hourly funding by coin, ascending.
  package var funding: [Coin: [FundingPoint]] = [:]
  /// Quotes by coin, ascending; each holds until the next.
  package var scriptedQuotes: [Coin: [Quote]] = [:]
  /// Stretches without data that every replay of the coin tells of.
  package var gaps: [Coin: [String]] = [:]
  /// What every question fails with; `nil` = none fails.
  package var failure: MarketDataError?

  /// A market without prices yet.
  package init(_ instruments: [Instrument]) {
    known = Dictionary(instruments.map { ($0.coin, $0) }) { first, _ in first }
  }

  /// Adds a price that holds from an instant on: mid, mark and oracle alike.
  package mutating func quote(
    _ coin: Coin, _ price: Price, from instant: Timestamp, bid: Price? = nil, ask: Price? = nil
  ) {
    scriptedQuotes[coin, default: []].append(
      Quote(
        coin: coin, asOf: instant, mid: price, mark: price, oracle: price, impactBid: bid,
        impactAsk: ask))
  }

  /// Made up, so time can be chosen.
  package var isSimulated: Bool { true }
  /// Made up.
  package var isSynthetic: Bool { true }
  /// Any time.
  package var firstCycleAt: Timestamp? { nil }

  /// The instruments given.
  package func instruments() async throws(MarketDataError) -> [Coin: Instrument] {
    try check()
    return known
  }

  /// Quotes and the candles asked for; coins without quote are missing.
  package func snapshot(
    _ request: SnapshotRequest, at now: Timestamp
  ) async throws(MarketDataError) -> MarketSnapshot {
    try check()
    var found: [CoinSnapshot] = []
    var missing: [Coin: String] = [:]
    for coin in request.coins {
      guard let instrument = known[coin], let quote = quote(of: coin, at: now) else {
        missing[coin] = "not scripted"
        continue
      }
      let series = candles[coin].map { [$0.timeframe: $0] } ?? [:]
      found.append(
        CoinSnapshot(
          instrument: instrument, quote: quote,
          candles: series.mapValues {
            $0.window(endingBy: now, limit: request.candles[$0.timeframe] ?? 0)
          }))
    }
    guard let source = ProviderID("scripted") else { throw .outOfRange("no such provider id") }
    do {
      return try MarketSnapshot(at: now, source: source, coins: found, missing: missing)
    } catch {
      throw .outOfRange("\(error)")
    }
  }

  /// The scripted prices.
  package func quotes(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Quote] {
    try check()
    var quotes: [Coin: Quote] = [:]
    for coin in coins { quotes[coin] = quote(of: coin, at: now) }
    return quotes
  }

  /// The scripted candles that ended, and the full hours, in the stretch.
  package func replay(
    of coins: [Coin], after start: Timestamp, through end: Timestamp
  ) async throws(MarketDataError) -> [Coin: MarketReplay] {
    try check()
    var replays: [Coin: MarketReplay] = [:]
    for coin in coins {
      let series = candles[coin] ?? CandleSeries(timeframe: .m1)
      let range = series.countClosed(by: start)..<series.countClosed(by: end)
      replays[coin] = MarketReplay(
        candles: series.slice(range),
        funding: (funding[coin] ?? []).filter { $0.at > start && $0.at <= end },
        gaps: gaps[coin] ?? [])
    }
    return replays
  }

  private func check() throws(MarketDataError) {
    if let failure { throw failure }
  }

  private func quote(of coin: Coin, at now: Timestamp) -> Quote? {
    let scripted = scriptedQuotes[coin]?.last { $0.asOf <= now }
    guard let series = candles[coin] else { return scripted }
    let ended = series.countClosed(by: now)
    guard ended > 0 else { return scripted }
    if let scripted, scripted.asOf >= series.closeTime(ended - 1) { return scripted }
    let last = series[ended - 1]
    return Quote(
      coin: coin, asOf: series.closeTime(ended - 1), mid: last.close, mark: last.close,
      oracle: last.close)
  }
}
