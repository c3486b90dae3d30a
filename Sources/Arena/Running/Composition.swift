import Exchanges
import Journal
import Logging
import Trading

/// The one place where ports are built: what a provider of the configuration becomes.
enum Composition {
  /// The ports of a run.
  ///
  /// Real venues are asked but never sent anything when `isDry`; `environment` has their keys.
  /// Markets that are `given` are not made.
  static func ports(
    config: ArenaConfig, database: JournalDatabase, clock: WallClock,
    environment: ConfigEnvironment, isDry: Bool, exports: GenerationFolder?, log: Logger,
    faults: FaultInjection?, outside: OutsideAccess?, journal: CycleJournal? = nil,
    given: [ProviderID: any MarketData] = [:]
  ) throws -> CyclePorts {
    let store = StateStore(database)
    let nonces = NonceSequence()
    let venues = VenueComposition(
      store: store, clock: clock, environment: environment, isDry: isDry, nonces: nonces,
      faults: faults)
    var markets: [ProviderID: any MarketData] = [:]
    for id in Set(config.traders.map(\.market)).sorted() {
      let market = try given[id] ?? market(id, config, venues)
      markets[id] = journal.map { TapedMarketData(id, market, tape: $0.tape) } ?? market
    }
    var exchanges: [ProviderID: any Exchange] = [:]
    var valuation: [ProviderID: ProviderID] = [:]
    for id in Set(config.traders.map(\.exchange)).sorted() {
      let views = Set(config.traders.filter { $0.exchange == id }.map(\.market)).sorted()
      guard views.count == 1, let view = views.first, let market = markets[view] else {
        throw RunFailure(
          .configuration, phase: .configure,
          "the traders on exchange \(id) look at the markets "
            + "\(views.map(\.name).joined(separator: " and ")); a simulated exchange fills at one "
            + "market's prices. Give them one market_provider, or exchanges of their own.")
      }
      let venue = try exchange(id, config, market: market, store: store, venues)
      // A simulated venue is run again from its books.
      exchanges[id] =
        journal.map { venue.isSimulated ? venue : TapedExchange(id, venue, tape: $0.tape) }
        ?? venue
      valuation[id] = view
    }
    return CyclePorts(
      exchanges: exchanges, markets: markets, valuation: valuation, store: store, clock: clock,
      exports: exports, log: log, faults: faults, outside: outside,
      alerts: isDry
        ? nil
        : AlertComposition.desk(
          for: config, environment: environment, log: log, faults: faults),
      nonces: nonces, tape: journal?.tape, journal: journal)
  }

  private static func market(
    _ id: ProviderID, _ config: ArenaConfig, _ venues: VenueComposition
  ) throws -> any MarketData {
    let coins = Set(config.traders.filter { $0.market == id }.flatMap(\.coins))
      .union(config.export.benchmark.map { [$0] } ?? []).sorted()
    switch config.marketProviders[id] {
    case .synthetic(let section):
      return SyntheticMarketData(id: id, seed: section.seed, coins: coins)
    case .recorded(let section):
      return try RecordedMarketData(
        id: id, directory: section.directory, coins: coins, knownUntil: nil,
        isOnVenueGrid: section.isOnVenueGrid, hasFunding: section.hasFunding)
    case .hyperliquid(let section): return venues.market(id, section, coins: coins)
    case .unavailable(let type): throw unavailable("market", id, type)
    case nil: throw unavailable("market", id, "unknown")
    }
  }

  /// The simulated venue of a section, on the books in the state.
  static func simulated(
    _ section: SimSection, market: any MarketData, store: StateStore
  ) -> SimExchange {
    SimExchange(
      config: rules(of: section), market: market,
      store: SimStore(
        load: { try store.simAccount($0) }, save: { try store.saveSim($0) },
        order: { try store.simOrder(account: $0, clientOrderID: $1) },
        activity: { try store.simActivity(account: $0, since: $1) },
        hasTransfer: { try store.simHasTransfer(account: $0, id: $1) },
        together: { reads in try store.snapshot { _ in try reads() } }))
  }

  private static func exchange(
    _ id: ProviderID, _ config: ArenaConfig, market: any MarketData, store: StateStore,
    _ venues: VenueComposition
  ) throws -> any Exchange {
    switch config.exchangeProviders[id] {
    case .sim(let section): return simulated(section, market: market, store: store)
    case .hyperliquid(let section): return try venues.exchange(id, section)
    case .unavailable(let type): throw unavailable("exchange", id, type)
    case nil: throw unavailable("exchange", id, "unknown")
    }
  }

  private static func unavailable(_ what: String, _ id: ProviderID, _ type: String) -> RunFailure {
    RunFailure(
      .configuration, phase: .configure,
      "\(what) provider \(id) of type \(type) is not part of this version; "
        + (what == "exchange" ? "use type: sim" : "use type: synthetic or recorded"))
  }

  /// The venue's rules of a section.
  static func rules(of section: SimSection) -> SimConfig {
    SimConfig(
      spreadBps: section.spread, slippageBpsPer100k: section.slippagePer100k,
      depth: section.depth, fees: FeeSchedule(taker: section.takerFee, maker: section.makerFee),
      liquidationFeeBps: section.liquidationFee,
      marginMode: section.marginMode.mode, loseAnswerEvery: section.loseAnswerEvery ?? 0,
      fillAt: section.fillAt == .nextOpen ? .nextOpen : .lastClose)
  }
}

extension SimSection.MarginMode {
  /// The venue's word for it.
  fileprivate var mode: SimMarginMode {
    switch self {
    case .cross: .cross
    case .isolated: .isolated
    case .none: .none
    }
  }
}

extension ArenaConfig {
  /// Whether nothing real depends on the time: every trader has a simulated market and exchange.
  var isSimulated: Bool {
    traders.allSatisfy { trader in
      let isVenueSimulated =
        switch exchangeProviders[trader.exchange] {
        case .sim: true
        case .hyperliquid, .unavailable, nil: false
        }
      let isMarketSimulated =
        switch marketProviders[trader.market] {
        case .synthetic, .recorded: true
        case .hyperliquid, .unavailable, nil: false
        }
      return isVenueSimulated && isMarketSimulated
    }
  }
}
