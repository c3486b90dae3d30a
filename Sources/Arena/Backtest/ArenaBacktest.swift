package import Analytics
import Exchanges
import Glibc
import Journal
import Logging
import Trading

/// `nof0 backtest`: traders over the past, by the code of a run.
package enum ArenaBacktest {
  /// Runs the back-test that is asked for and tells what came of it.
  package static func execute(
    _ request: BacktestRequest, environment: [String: String] = ProcessID.environment,
    clock: WallClock = .live
  ) async -> ExitStatus {
    Shutdown.listen()
    return await Failure.told {
      try await run(request, environment: environment, clock: clock)
    }
  }

  private static func run(
    _ request: BacktestRequest, environment: [String: String], clock: WallClock
  ) async throws -> ExitStatus {
    let (original, variables) = try ConfigCommand.loadWithEnvironment(
      request.places, environment, request.output, toRun: false)
    let startedMs = clock.monotonicMs()
    let result = try await result(
      of: original, request, markets: nil, environment: variables, clock: clock)
    let bars = result.record.cycles * result.record.coins.count
    let speed = BacktestSpeed(
      seconds: (clock.monotonicMs() - startedMs) / 1000, cycles: result.record.cycles, bars: bars)
    try BacktestOutput.write(
      BacktestReport.make(from: result.record, riskFree: original.export.riskFree), speed,
      request, environment)
    if let folder = request.report.state {
      try StateFolder.create(folder)
      try result.database?.save(to: folder + "/nof0.sqlite")
    }
    return .success
  }

  /// Runs a back-test of a configuration and returns its record.
  ///
  /// - Parameters:
  ///   - original: The configuration, as loaded.
  ///   - request: What is wanted; where results go counts for the arena's files only.
  ///   - markets: What makes the markets; `nil` = as configured and asked for.
  ///   - environment: The variables of command executors.
  ///   - clock: The machine's clocks.
  /// - Returns: What was done.
  /// - Throws: ``RunFailure`` and whatever ends a cycle; look-ahead that a proof found, too.
  package static func record(
    of original: ArenaConfig, _ request: BacktestRequest, markets: BacktestMarkets? = nil,
    environment: ConfigEnvironment = ConfigEnvironment([:]), clock: WallClock = .live
  ) async throws -> BacktestRecord {
    try await result(
      of: original, request, markets: markets, environment: environment, clock: clock
    ).record
  }

  private static func result(
    of original: ArenaConfig, _ request: BacktestRequest, markets given: BacktestMarkets?,
    environment: ConfigEnvironment, clock: WallClock
  ) async throws -> CycleBacktest.Result {
    let changed = try BacktestConfig(original, for: request)
    let config = changed.config
    let makers = given ?? BacktestMarkets(of: config)
    let markets = try makers.all(for: config, knownUntil: nil)
    let plan = try await BacktestPlan(request, config: config, markets: markets)
    if let record = try quickRecord(request, config, plan, markets, notices: changed.notices) {
      return CycleBacktest.Result(record: record, database: nil)
    }
    let voices = try BacktestVoices.of(config, request, environment: environment, clock: clock)
    let setting = BacktestStage.Setting(
      environment: environment, machine: clock, voices: voices,
      exports: request.report.exports.map { GenerationFolder(path: $0) }, log: log(request))
    let description = BacktestDescription(
      source: source(of: config), isSynthetic: markets.values.contains(where: \.isSynthetic),
      engine: BacktestEngine.cycle.rawValue, fillRule: request.fill.rawValue,
      notices: changed.notices + plan.notices + (voices?.notices ?? []))
    var backtest = CycleBacktest(config, plan, markets: markets, setting)
    backtest.closesAtEnd = request.closesAtEnd
    backtest.isShown = !request.output.isQuiet
    backtest.proof = request.proofs.map { BacktestProof(of: $0, in: plan, markets: makers) }
    return try await backtest.run(description)
  }

  /// The record of one pass over the candles; `nil` = the cycle of a run is to be taken.
  private static func quickRecord(
    _ request: BacktestRequest, _ config: ArenaConfig, _ plan: BacktestPlan,
    _ markets: [ProviderID: any MarketData], notices: [String]
  ) throws -> BacktestRecord? {
    guard request.engine != .cycle else { return nil }
    do {
      if request.report.exports != nil || request.report.state != nil || request.proofs != nil {
        throw StreamObstacle("a state is wanted")
      }
      var backtest = try StreamBacktest(
        config, markets: markets, start: plan.start, step: plan.step, count: plan.count)
      backtest.closesAtEnd = request.closesAtEnd
      return try backtest.run(
        source: source(of: config), fillRule: request.fill.rawValue,
        notices: notices + plan.notices)
    } catch let obstacle as StreamObstacle {
      guard request.engine == .stream else { return nil }
      throw RunFailure(
        .usage, "--engine stream cannot be used here: \(obstacle); use --engine auto or cycle")
    }
  }

  private static func log(_ request: BacktestRequest) -> Logger {
    Logger(label: "nof0") { _ in
      LineLog(level: Logger.Level(rawValue: request.output.logLevel) ?? .error)
    }
  }

  /// Where the prices come from, in words.
  private static func source(of config: ArenaConfig) -> String {
    Set(config.traders.map(\.market)).sorted().map { id in
      switch config.marketProviders[id] {
      case .recorded(let section): "recorded candles in \(section.directory)"
      case .synthetic(let section): "a synthetic market of seed \(section.seed)"
      case .hyperliquid, .unavailable, nil: "\(id)"
      }
    }.joined(separator: ", ")
  }
}
