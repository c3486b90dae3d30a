package import Market
import Synchronization
package import Trading

/// Hyperliquid's perpetuals, read over its info endpoint.
///
/// One request for the prices of all coins per cycle; candles come from the store, and only what it
/// lacks is asked for. Prices count as of the cycle's instant. An instant before the newest cycle's
/// is answered from candles: the quote then is the close of the last candle that had ended, as of
/// its end; mid, mark and oracle are the same.
package final class HyperliquidMarketData: MarketData {
  /// Its time is the real one.
  package let isSimulated = false
  /// Its prices are real.
  package let isSynthetic = false
  /// Any time is as good as any other.
  package let firstCycleAt: Timestamp? = nil

  let id: ProviderID
  /// Coins whose open interest and funding are kept whenever prices are read.
  let followed: [Coin]
  let info: HyperliquidInfo
  let store: MarketStore
  let clock: VenueClock
  let shelf: CandleShelf
  /// Hourly rates that were charged, learned in this process.
  let charged = Mutex<[Coin: [Timestamp: FundingRate]]>([:])
  private let readings = Mutex(Readings())
  /// Two callers at once must not read the same twice.
  private let readingTurns = Turns()
  private let candleTurns = Turns()

  /// A provider; nothing is asked before it is needed.
  ///
  /// - Parameters:
  ///   - id: The provider's configured name.
  ///   - coins: Coins whose open interest and funding are kept with every snapshot, asked for or
  ///     not; it answers for all coins of the venue.
  ///   - info: The venue's read-only endpoint, with the weight budget.
  ///   - store: What is kept between runs, of this provider alone.
  ///   - clock: The venue's time as far as it is known.
  package init(
    id: ProviderID, coins: [Coin], info: HyperliquidInfo, store: MarketStore, clock: VenueClock
  ) {
    self.id = id
    followed = coins
    self.info = info
    self.store = store
    self.clock = clock
    shelf = CandleShelf(info: info, store: store, clock: clock)
  }

  /// All coins with their asset ids, as last read in this process; `nil` = not yet.
  package var universe: VenueUniverse? { newestReading?.universe }

  /// The mids of this very moment.
  package func midsNow(
    for coins: [Coin]
  ) async throws(MarketDataError) -> [Coin: Price] {
    do throws(InfoError) {
      let wanted = Set(coins)
      return try await info.allMids().filter { wanted.contains($0.key) }
    } catch {
      throw .unreachable(provider: id, cause: error.description)
    }
  }

  /// How all its coins are traded, delisted ones included and marked.
  package func instruments() async throws(MarketDataError) -> [Coin: Instrument] {
    if let newest = newestReading { return newest.instruments }
    return try await reading { $0.newest }.instruments
  }

  /// What the market looked like; a coin whose candles cannot be had now has those that are kept.
  package func snapshot(
    _ request: SnapshotRequest, at now: Timestamp
  ) async throws(MarketDataError) -> MarketSnapshot {
    let instruments: [Coin: Instrument]
    let present: VenueReading?
    do throws(MarketDataError) {
      present = try await reading(at: now, within: Self.cycleLength)
      instruments = try await self.instruments()
    } catch {
      // Without prices nothing can be decided, but positions elsewhere still can be looked after.
      let missing = request.coins.map { ($0, "\(error)") }
      return try .known(
        at: now, from: id, coins: [], missing: Dictionary(missing) { first, _ in first })
    }
    var missing: [Coin: String] = [:]
    var wanted: [CoinWish] = []
    for coin in request.coins {
      if let present, present.quote(of: coin, at: now) == nil {
        missing[coin] = present.absence(of: coin)
      } else if let instrument = instruments[coin] {
        wanted.append(CoinWish(instrument: instrument, candles: request.candles))
      } else {
        missing[coin] = newestReading?.absence(of: coin) ?? "Hyperliquid has no coin \(coin)"
      }
    }
    let found = try await inTurn(candleTurns) { () throws(MarketDataError) in
      try await self.views(of: wanted, present: present, at: now)
    }
    for wish in wanted where !found.contains(where: { $0.coin == wish.coin }) {
      missing[wish.coin] = "no candle of \(wish.coin) that ended by \(now) is kept"
    }
    return try .known(at: now, from: id, coins: found, missing: missing)
  }

  /// The prices alone, as of the cycle's instant, or the last close before an earlier one.
  package func quotes(
    for coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Quote] {
    guard !coins.isEmpty else { return [:] }
    var quotes: [Coin: Quote] = [:]
    if let present = try await reading(at: now, within: Self.freshness) {
      for coin in coins { quotes[coin] = present.quote(of: coin, at: now) }
      return quotes
    }
    let instruments = try await instruments()
    let known = Set(coins).filter { instruments[$0] != nil }.sorted()
    return try await inTurn(candleTurns) { () throws(MarketDataError) in
      try await self.pastQuotes(of: known, at: now)
    }
  }

  /// The finest candles that ended, and the full hours, in `start` < t ≤ `end`; unknown coins are
  /// absent.
  ///
  /// - Throws: ``MarketDataError/unreachable(provider:cause:)`` when any of it cannot be had now:
  ///   half a path would hide a stop that was reached.
  package func replay(
    of coins: [Coin], after start: Timestamp, through end: Timestamp
  ) async throws(MarketDataError) -> [Coin: MarketReplay] {
    let stretch = PathStretch(after: start, through: min(end, clock.now))
    guard !stretch.isEmpty else {
      let nothing = MarketReplay(
        candles: CandleSeries(timeframe: .m1), funding: [], gaps: [])
      return Dictionary(coins.map { ($0, nothing) }) { first, _ in first }
    }
    let instruments = try await instruments()
    let known = Set(coins).filter { instruments[$0] != nil }.sorted()
    return try await inTurn(candleTurns) { () throws(MarketDataError) in
      try await self.paths(of: known, stretch)
    }
  }
}

// MARK: The present

extension HyperliquidMarketData {
  /// What was read of late.
  private struct Readings {
    var kept: [VenueReading] = []
    /// The last failure; nobody wants to wait for it again at once.
    var failure: (at: Timestamp, error: MarketDataError)?

    var newest: VenueReading? { kept.last }
    var newestInstant: Timestamp? { kept.compactMap { $0.instants.max() }.max() }

    /// The reading that counts as the present of an instant.
    func serving(_ now: Timestamp) -> VenueReading? {
      kept.last { $0.instants.contains(now) }
    }
  }

  /// A cycle may first spend some time on orders whose outcome is not known; prices read that long
  /// after it began still count as of its beginning.
  private static let cycleLength = Span.minutes(15)
  /// Without a snapshot before, an instant that long ago is not the present.
  private static let freshness = Span.minute
  /// Prices read that long before an instant may still count as its own.
  private static let before = Span.seconds(5)
  /// Readings kept: that of the last cycle and the present one.
  private static let kept = 2
  /// How long a failure to read prices counts before it is tried again.
  private static let failureCounts = Span.seconds(5)

  var newestReading: VenueReading? { readings.withLock { $0.newest } }

  /// The reading that counts at an instant; `nil` = the instant is in the past: before the newest
  /// one, or longer ago than the limit, unless it was the present once.
  private func reading(
    at now: Timestamp, within limit: Span
  ) async throws(MarketDataError) -> VenueReading? {
    let isPast = readings.withLock { readings in
      if readings.serving(now) != nil { return false }
      if let newest = readings.newestInstant, now < newest { return true }
      return clock.now - now > limit
    }
    if isPast { return nil }
    var reading = try await reading { readings in
      if let serving = readings.serving(now) { return serving }
      // One that `instruments()` needed before the cycle told its instant.
      guard let newest = readings.newest, newest.instants.isEmpty else { return nil }
      return newest.readAt + Self.before >= now && newest.readAt - now <= Self.freshness
        ? newest : nil
    }
    guard !reading.instants.contains(now) else { return reading }
    reading.instants.insert(now)
    readings.withLock { readings in
      guard let index = readings.kept.lastIndex(where: { $0.readAt == reading.readAt }) else {
        return
      }
      readings.kept[index].instants.insert(now)
    }
    return reading
  }

  /// The reading that fits, else a new one.
  private func reading(
    fitting fits: @Sendable (Readings) -> VenueReading?
  ) async throws(MarketDataError) -> VenueReading {
    try await inTurn(readingTurns) { () throws(MarketDataError) in
      if let known = self.readings.withLock({ fits($0) }) { return known }
      let asked = self.clock.now
      let failed = self.readings.withLock { $0.failure }
      if let failed, asked >= failed.at, asked - failed.at <= Self.failureCounts {
        throw failed.error
      }
      do throws(InfoError) {
        let (universe, contexts) = try await self.info.metaAndAssetCtxs()
        let new = VenueReading(universe, contexts, readAt: self.clock.now)
        self.readings.withLock { readings in
          readings.failure = nil
          readings.kept = readings.kept.suffix(Self.kept - 1) + [new]
        }
        return new
      } catch {
        let failure = self.unreachable(error)
        self.readings.withLock { $0.failure = (self.clock.now, failure) }
        throw failure
      }
    }
  }

  /// Does something while nobody else with the same turns does.
  private func inTurn<Value: Sendable>(
    _ turns: Turns, _ work: () async throws(MarketDataError) -> Value
  ) async throws(MarketDataError) -> Value {
    await turns.take()
    do throws(MarketDataError) {
      let value = try await work()
      await turns.pass()
      return value
    } catch {
      await turns.pass()
      throw error
    }
  }

  // MARK: Errors

  func unreachable(_ error: InfoError) -> MarketDataError {
    .unreachable(provider: id, cause: "\(error)")
  }

  /// Runs what reads or writes the store.
  func storing<Value>(_ work: () throws -> Value) throws(MarketDataError) -> Value {
    do {
      return try work()
    } catch {
      throw .storage(provider: id, cause: "\(error)")
    }
  }
}
