import Exchanges
import Journal
import Market
import Trading
import Wire

/// The command `nof0 market fetch`.
package enum MarketFetch {
  /// Asks the venue of a provider for the candles and funding rates that the store lacks.
  ///
  /// Each piece is saved before the next is asked for, under the lock for that moment only, so a
  /// fetch that was cut off goes on where it was. Exit code 64 for coins there are not, 74 when the
  /// venue cannot be had, 75 while a run is going on.
  package static func execute(
    _ places: Places, _ output: Output, _ selection: MarketSelection, withFunding: Bool,
    replacing: Bool, environment: [String: String] = ProcessID.environment,
    clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      let faults = try FaultInjection.parse(environment["NOF0_FAULT"])
      guard let config = try MarketPlaces.config(places, environment, isNeeded: true) else {
        throw RunFailure(.configuration, "there is no configuration in \(places.config)")
      }
      guard faults == nil || config.isRehearsal else { throw FaultInjection.refusal }
      let (provider, section) = try MarketPlaces.section(of: selection.providerID(), in: config)
      guard case .hyperliquid(let venue) = section else {
        throw RunFailure(
          .usage,
          "--provider: expected one of type hyperliquid, \(provider) has no venue to ask. "
            + "`nof0 market import` takes files.")
      }
      let desk = try MarketWriting(places, clock: clock, faults: faults)
      let venueClock = VenueClock(now: clock.now)
      let history = HyperliquidHistory(
        info: info(venue, venueClock, clock), store: .reading(desk.store, of: provider),
        clock: venueClock)
      let coins = try selection.coins() ?? MarketPlaces.coins(of: provider, section, config)
      try await check(coins, history)
      let errand = try FetchErrand(
        provider: provider, coins: coins, frames: selection.frames() ?? usualFrames,
        selection: selection, retention: venue.retention, withFunding: withFunding,
        isAgain: replacing, history: history)
      try await errand.run(desk, isShown: output.format == .text && !output.isQuiet)
      StandardStreams.writeOut(
        MarketTally.report(
          try errand.tallies(), of: provider, notices: errand.notices, output))
      try desk.store.database.close()
      return .success
    }
  }

  /// What traders are shown, and what stops and simulated fills are looked up in.
  private static let usualFrames: [Timeframe] = [.m1, .m3, .h1, .h4]
  /// Of the venue's limit of requests; the rest is left to runs.
  private static let weightPerMinute = 800
  /// How long one question may wait for that limit and try again.
  private static let patience = Duration.seconds(150)
  private static let leastAttempts = 6

  private static func info(
    _ venue: HyperliquidMarketSection, _ venueClock: VenueClock, _ clock: WallClock
  ) -> HyperliquidInfo {
    HyperliquidInfo(
      transport: LiveTransport(), baseURL: venue.baseURL,
      budget: WeightBudget(
        perMinute: weightPerMinute, now: { Timestamp(ms: Int64(clock.monotonicMs())) }),
      timeout: patience, maxAttempts: max(leastAttempts, venue.maxRetries + 1), clock: venueClock)
  }

  private static func check(_ coins: [Coin], _ history: HyperliquidHistory) async throws {
    let known: [Coin: Instrument]
    do {
      known = try await history.instruments()
    } catch {
      throw RunFailure(.inputOutput, "\(error)")
    }
    let names = known.values.map(\.coin.name).sorted()
    for coin in coins where known[coin] == nil {
      let hint = NearestName.of(coin.name, among: names).map { " Did you mean \($0)?" } ?? ""
      throw RunFailure(
        .usage, "--symbols: Hyperliquid has no coin \(coin); nothing was fetched.\(hint)")
    }
  }
}

/// The store in the hands of a command that writes to it now and then.
struct MarketWriting {
  let store: StateStore
  private let places: Places
  private let clock: WallClock
  /// How long a run may hold the lock when something is to be saved, in ms.
  private static let patienceMs = 300_000.0

  /// Opens the state; exit code 75 while a run is going on.
  init(_ places: Places, clock: WallClock, faults: FaultInjection?) throws {
    self.places = places
    self.clock = clock
    try StateFolder.create(places.state)
    let lock = try RunLock.take(path: places.lock, now: clock.now())
    defer { withExtendedLifetime(lock) {} }
    store = StateStore(
      try StateFolder.open(places, isDryRun: false, durability: .full, faults: faults))
  }

  /// Does something while no run goes on; waits for one that began meanwhile.
  func alone<Value>(_ work: (StateStore) throws -> Value) async throws -> Value {
    let end = clock.monotonicMs() + Self.patienceMs
    while true {
      do {
        let lock = try RunLock.take(path: places.lock, now: clock.now())
        defer { withExtendedLifetime(lock) {} }
        return try work(store)
      } catch let failure as RunFailure
        where failure.code == .locked && clock.monotonicMs() < end
      {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }
}
