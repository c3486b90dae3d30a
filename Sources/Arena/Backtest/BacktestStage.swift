import Exchanges
import Journal
import Logging
import Trading

/// An arena in memory whose cycles are those of `nof0 run`.
struct BacktestStage {
  let config: ArenaConfig
  let database: JournalDatabase
  let ports: CyclePorts
  let clock: BacktestClock

  /// What all stages of one back-test have in common.
  struct Setting: Sendable {
    /// The variables that command executors may be given some of.
    var environment: ConfigEnvironment
    /// The clocks of the machine.
    var machine: WallClock
    /// Where models, servers and programs answer from; `nil` = no trader asks any.
    var voices: BacktestVoices?
    /// Where the arena's files go; `nil` = nowhere.
    var exports: GenerationFolder?
    /// Where log lines go.
    var log: Logger
  }

  /// An arena that has not done anything yet.
  init(
    _ config: ArenaConfig, start: Timestamp, markets: [ProviderID: any MarketData],
    _ setting: Setting
  ) throws {
    try self.init(
      config, JournalDatabase.inMemory(), BacktestClock(start), markets, setting)
    try ArenaRun.nameArena(config, at: start, ports.store)
  }

  /// An arena that goes on from a database.
  private init(
    _ config: ArenaConfig, _ database: JournalDatabase, _ clock: BacktestClock,
    _ markets: [ProviderID: any MarketData], _ setting: Setting
  ) throws {
    self.config = config
    self.database = database
    self.clock = clock
    let wall = clock.wall(beside: setting.machine)
    ports = try Composition.ports(
      config: config, database: database, clock: wall, environment: setting.environment,
      isDry: true, exports: setting.exports, log: setting.log, faults: nil,
      outside: setting.voices?.access(keeping: SpendingStore(database)), given: markets)
  }

  /// The same arena with another memory, markets and voices; it publishes nothing.
  func on(
    _ memory: JournalDatabase, _ markets: [ProviderID: any MarketData], _ setting: Setting
  ) throws -> BacktestStage {
    var setting = setting
    setting.exports = nil
    return try BacktestStage(config, memory, clock, markets, setting)
  }

  /// The same arena and memory on venues that fill all at the last price, for its end.
  func closing(_ setting: Setting) throws -> BacktestStage {
    try BacktestStage(
      config.replacing(
        exchangeProviders: config.exchangeProviders.mapValues { section in
          guard case .sim(let rules) = section else { return section }
          return .sim(rules.atTheLastPrice)
        }), database, clock, ports.markets, setting)
  }

  /// Runs the cycle of an instant.
  func run(at now: Timestamp, _ options: CycleOptions) async throws -> CycleReport {
    clock.show(now)
    return try await Cycle(config: config, ports: ports, options: options).run(at: now)
  }
}

extension SimSection {
  /// The same fees, without spread, slippage or end of liquidity.
  fileprivate var atTheLastPrice: SimSection {
    SimSection(
      spread: .zero, slippagePer100k: .zero, depth: USD(whole: 1_000_000_000),
      takerFee: takerFee, makerFee: makerFee, liquidationFee: liquidationFee,
      marginMode: marginMode, fillAt: .lastClose, isSharedAccount: isSharedAccount,
      loseAnswerEvery: nil)
  }
}
