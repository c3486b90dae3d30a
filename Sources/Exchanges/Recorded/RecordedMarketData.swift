package import Market
import Synchronization
package import Trading

/// A market read from a directory of candle and funding files.
///
/// Files are named `SYMBOL-INTERVAL.csv` and `SYMBOL-funding-1h.csv`, plain or gzip (`.gz`);
/// other files are left alone. The quote at an instant is the close of the last candle that had
/// ended by then, of the finest file that covers the instant; mid, mark and oracle are the same.
/// How a coin is traded comes from `instruments.json` (``InstrumentsFile``), else it is built in.
package final class RecordedMarketData: MarketData {
  /// Recorded prices let time be chosen freely.
  package let isSimulated = true
  /// Recorded prices were real.
  package let isSynthetic = false
  /// Four hours after all coins have had a candle of the finest time frame common to all.
  package let firstCycleAt: Timestamp?

  private let id: ProviderID
  private let directory: String
  let known: [Coin: Instrument]
  private let recorded: Mutex<[Coin: RecordedCoin]>

  /// Opens a directory; candles are read when they are first needed.
  ///
  /// - Parameters:
  ///   - id: The provider's configured name.
  ///   - directory: Where the files are.
  ///   - coins: The only coins to look at; `nil` = all that have candles.
  ///   - knownUntil: Leaves out what ended later, as if it had not been recorded; `nil` = nothing.
  ///   - isOnVenueGrid: Whether orders keep to the venue's digits; otherwise any price will do.
  ///   - hasFunding: Whether funding files are read; otherwise no hour is known.
  /// - Throws: ``MarketDataError`` when the directory or the head of a file cannot be read, or a
  ///   coin has candles but no metadata.
  package init(
    id: ProviderID, directory: String, coins: [Coin]?, knownUntil: Timestamp?,
    isOnVenueGrid: Bool = true, hasFunding: Bool = true
  ) throws(MarketDataError) {
    let listing = try RecordedListing(directory: directory, coins: coins)
    var known = BuiltInInstruments.all
    if let path = listing.instrumentsPath {
      known.merge(try InstrumentsFile.read(path)) { _, fromFile in fromFile }
    }
    let present = listing.candlePaths.keys.sorted()
    for coin in present where known[coin] == nil {
      throw .unreadable(
        path: "\(directory)/instruments.json",
        cause: "expected an entry for \(coin), which has candles; add "
          + InstrumentsFile.example(coin))
    }
    self.id = id
    self.directory = directory
    self.known = known.filter { listing.candlePaths[$0.key] != nil }.mapValues {
      isOnVenueGrid ? $0 : $0.withAnyPrice
    }
    firstCycleAt = try listing.firstCycleAt()
    recorded = Mutex(
      Dictionary(
        uniqueKeysWithValues: present.map { coin in
          let files = RecordedCoin(
            coin: coin, candlePaths: listing.candlePaths[coin] ?? [:],
            fundingPath: hasFunding ? listing.fundingPaths[coin] : nil, knownUntil: knownUntil)
          return (coin, files)
        }))
  }

  /// How each coin that has candles is traded.
  package func instruments() async throws(MarketDataError) -> [Coin: Instrument] { known }

  /// What the market looked like.
  package func snapshot(
    _ request: SnapshotRequest, at now: Timestamp
  ) async throws(MarketDataError) -> MarketSnapshot {
    var found: [CoinSnapshot] = []
    var missing: [Coin: String] = [:]
    let timeframes = request.candles.sorted { $0.key < $1.key }
    for coin in request.coins {
      guard let instrument = known[coin] else {
        missing[coin] = "no \(coin)-INTERVAL.csv or .csv.gz in \(directory)"
        continue
      }
      let snapshot = try recorded.withLock { coins throws(MarketDataError) -> CoinSnapshot? in
        try coins[coin]?.snapshot(of: instrument, timeframes: timeframes, at: now)
      }
      if let snapshot {
        found.append(snapshot)
      } else {
        missing[coin] = "no candle of \(coin) in \(directory) had ended by \(now)"
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
      quotes[coin] = try recorded.withLock { coins throws(MarketDataError) -> Quote? in
        try coins[coin]?.quote(at: now)
      }
    }
    return quotes
  }

  /// The opens of the finest candles that begin at the instant, or less than their length later.
  package func nextOpens(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Price] {
    var opens: [Coin: Price] = [:]
    for coin in coins {
      opens[coin] = try recorded.withLock { coins throws(MarketDataError) -> Price? in
        try coins[coin]?.nextOpen(at: now)
      }
    }
    return opens
  }

  /// The finest candles that ended, and the full hours, in `start` < t ≤ `end`; coins without
  /// files are absent.
  package func replay(
    of coins: [Coin], after start: Timestamp, through end: Timestamp
  ) async throws(MarketDataError) -> [Coin: MarketReplay] {
    var replays: [Coin: MarketReplay] = [:]
    for coin in coins {
      replays[coin] = try recorded.withLock { coins throws(MarketDataError) -> MarketReplay? in
        try coins[coin]?.replay(after: start, through: end)
      }
    }
    return replays
  }
}

extension RecordedMarketData {
  /// Looks into the files of a coin; `nil` = it has none.
  func withFiles<Value: Sendable>(
    of coin: Coin, _ look: (inout RecordedCoin) throws(MarketDataError) -> Value
  ) throws(MarketDataError) -> Value? {
    try recorded.withLock { coins throws(MarketDataError) -> Value? in
      guard var files = coins[coin] else { return nil }
      let value = try look(&files)
      coins[coin] = files
      return value
    }
  }
}

extension RecordedCoin {
  /// The prices known at an instant; `nil` before the first candle ended.
  fileprivate mutating func quote(at now: Timestamp) throws(MarketDataError) -> Quote? {
    guard let close = try lastClose(at: now) else { return nil }
    return Quote(
      coin: coin, asOf: close.at, mid: close.price, mark: close.price, oracle: close.price)
  }

  fileprivate mutating func snapshot(
    of instrument: Instrument, timeframes: [(key: Timeframe, value: Int)], at now: Timestamp
  ) throws(MarketDataError) -> CoinSnapshot? {
    guard let quote = try quote(at: now) else { return nil }
    var candles: [Timeframe: CandleSeries] = [:]
    for (timeframe, limit) in timeframes {
      candles[timeframe] = try window(timeframe, endingBy: now, limit: limit)
    }
    let hourAgo = try close(endingAt: quote.asOf - .hour)
    let fourHoursAgo = try close(endingAt: quote.asOf - .hours(4))
    return CoinSnapshot(
      instrument: instrument, quote: quote, funding: try funding(at: now),
      dayVolumeUSD: try dayVolumeUSD(at: now),
      change1hPct: hourAgo.map { quote.mid.changePct(from: $0) },
      change4hPct: fourHoursAgo.map { quote.mid.changePct(from: $0) }, candles: candles)
  }
}
