import Exchanges
import Executor
import Journal
import Market
package import Trading
import Wire

/// The command `nof0 market show`.
package enum MarketShow {
  /// Prints what a market looks like at an instant, with indicators.
  ///
  /// Made-up and recorded markets need no network. Reads the state without the lock and saves
  /// nothing. `at` is by default the present of the arena. Exit code 74 when there are no prices.
  package static func execute(
    _ places: Places, _ output: Output, _ selection: MarketSelection, at: Timestamp?,
    environment: [String: String] = ProcessID.environment, clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      guard let config = try MarketPlaces.config(places, environment, isNeeded: true) else {
        throw RunFailure(.configuration, "there is no configuration in \(places.config)")
      }
      let (id, section) = try MarketPlaces.section(of: selection.providerID(), in: config)
      let coins = try selection.coins() ?? MarketPlaces.coins(of: id, section, config)
      let store = try MarketPlaces.readStore(places)
      let market = try market(id, section, coins: coins, store: store, clock: clock)
      let now = try at ?? present(of: market, config, store, clock)
      let frames = try selection.frames() ?? usualFrames
      let snapshot = try await market.snapshot(
        SnapshotRequest(
          coins: coins,
          candles: Dictionary(uniqueKeysWithValues: frames.map { ($0, candlesShown) })), at: now)
      let view = MarketView(
        snapshot: snapshot, coins: coins, frames: frames, isSynthetic: market.isSynthetic)
      switch output.format {
      case .json: StandardStreams.writeOut(view.json)
      case .text where output.isQuiet: break
      case .text: StandardStreams.writeOut(view.text(.ofStandardOutput(environment)))
      }
      guard snapshot.coins.isEmpty else { return .success }
      throw RunFailure(
        .inputOutput,
        "\(id) has no prices of \(coins.map(\.name).joined(separator: ", ")) at \(now). "
          + "Give another --at or --symbols.")
    }
  }

  /// What traders' prompts show by default.
  private static let usualFrames: [Timeframe] = [.m3, .h4]
  /// As many as prompts have, so that indicators are the ones that traders see.
  private static let candlesShown =
    Prompt.candlesNeeded(decisionInterval: .minutes(3)).values.max() ?? 100

  private static func market(
    _ id: ProviderID, _ section: MarketSection, coins: [Coin], store: StateStore?,
    clock: WallClock
  ) throws -> any MarketData {
    switch section {
    case .synthetic(let section):
      return SyntheticMarketData(
        id: id, seed: section.seed, coins: coins.filter(section.symbols.contains))
    case .recorded(let section):
      return try RecordedMarketData(
        id: id, directory: section.directory, coins: coins, knownUntil: nil)
    case .hyperliquid(let section):
      let venueClock = VenueClock(now: clock.now)
      let kept = store.map { MarketStore.reading($0, of: id) }
      return HyperliquidMarketData(
        id: id, coins: coins,
        info: HyperliquidInfo(
          transport: LiveTransport(), baseURL: section.baseURL,
          budget: WeightBudget(now: { Timestamp(ms: Int64(clock.monotonicMs())) }),
          timeout: .milliseconds(section.timeout.ms), maxAttempts: section.maxRetries + 1,
          clock: venueClock),
        store: kept ?? .inMemory(retention: nil), clock: venueClock)
    case .unavailable(let type):
      throw RunFailure(
        .configuration, phase: .configure,
        "market provider \(id) of type \(type) is not part of this version; use type: synthetic, "
          + "recorded or hyperliquid")
    }
  }

  /// The arena's present; of recorded prices without an arena the first instant with history.
  private static func present(
    of market: any MarketData, _ config: ArenaConfig, _ store: StateStore?, _ clock: WallClock
  ) throws -> Timestamp {
    if let store, try store.lastTimes().finished != nil {
      return try ArenaTime.now(of: config, store, clock: clock)
    }
    let isRecorded = market.isSimulated && !market.isSynthetic
    return (isRecorded ? market.firstCycleAt : nil) ?? clock.now()
  }
}
