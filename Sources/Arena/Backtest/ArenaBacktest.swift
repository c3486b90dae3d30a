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
      request.places, withCandles(request, environment), request.output, toRun: false)
    let startedMs = clock.monotonicMs()
    let result = try await result(
      of: original, request, markets: nil, environment: variables, clock: clock)
    let bars = result.record.cycles * result.record.coins.count
    let speed = BacktestSpeed(
      seconds: (clock.monotonicMs() - startedMs) / 1000, cycles: result.record.cycles, bars: bars,
      readingSeconds: result.readingMs.map { ($0 - startedMs) / 1000 } ?? 0)
    try BacktestOutput.write(
      BacktestReport.make(from: result.record, riskFree: original.export.riskFree), speed,
      request, environment)
    if let folder = request.report.state {
      try StateFolder.create(folder)
      try result.database?.save(to: folder + "/nof0.sqlite")
    }
    return .success
  }

  /// The environment in which `${NOF0_CANDLES}` of the example configurations is the folder that
  /// `--data` names, unless it is set.
  private static func withCandles(
    _ request: BacktestRequest, _ environment: [String: String]
  ) -> [String: String] {
    guard let directory = request.directory else { return environment }
    return environment.merging(["NOF0_CANDLES": directory]) { set, _ in set }
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
    var description = BacktestDescription(
      source: source(of: config), isSynthetic: markets.values.contains(where: \.isSynthetic),
      fillRule: request.fill.rawValue, notices: changed.notices + plan.notices)
    if request.proofs != nil, description.isSynthetic {
      description.notices.append(
        "synthetic prices are made from their seed, minute by minute: there is no future to cut off"
      )
    }
    if let result = try await streamed(config, plan, markets, request, &description, clock) {
      return result
    }
    let voices = try BacktestVoices.of(config, request, environment: environment, clock: clock)
    description.notices += voices?.notices ?? []
    let setting = BacktestStage.Setting(
      environment: environment, machine: clock, voices: voices,
      exports: request.report.exports.map { GenerationFolder(path: $0) }, log: log(request))
    var backtest = CycleBacktest(config, plan, markets: markets, setting)
    backtest.closesAtEnd = request.closesAtEnd
    backtest.isShown = !request.output.isQuiet
    backtest.proof = request.proofs.map { BacktestProof(of: $0, in: plan, markets: makers) }
    return try await backtest.run(description)
  }

  /// The record of the quick way; `nil` = the cycle of a run has to be taken, and the description
  /// says why.
  private static func streamed(
    _ config: ArenaConfig, _ plan: BacktestPlan, _ markets: [ProviderID: any MarketData],
    _ request: BacktestRequest, _ description: inout BacktestDescription, _ clock: WallClock
  ) async throws -> CycleBacktest.Result? {
    guard request.engine != .cycle else { return nil }
    do {
      if let option = request.needsState {
        throw StreamObstacle("\(option) needs the state of a run")
      }
      return try await swept(config, plan, markets, request, description, clock)
    } catch let obstacle as StreamObstacle {
      guard request.engine == .stream else {
        description.notices.append("engine cycle, as one pass cannot do it: \(obstacle)")
        return nil
      }
      throw RunFailure(
        .usage, "--engine stream: \(obstacle.description); use --engine cycle or auto")
    }
  }

  /// One pass over the candles: of averages alone where that is all there is, else with everything.
  private static func swept(
    _ config: ArenaConfig, _ plan: BacktestPlan, _ markets: [ProviderID: any MarketData],
    _ request: BacktestRequest, _ description: BacktestDescription, _ clock: WallClock
  ) async throws -> CycleBacktest.Result {
    var readingMs: Double?
    let hasRead = { readingMs = clock.monotonicMs() }
    let record: BacktestRecord
    do {
      var backtest = try StreamBacktest(config, plan, markets: markets)
      backtest.closesAtEnd = request.closesAtEnd
      record = try backtest.run(description, hasRead: hasRead)
    } catch is StreamObstacle {
      var backtest = try PipelineBacktest(config, plan, markets: markets)
      backtest.closesAtEnd = request.closesAtEnd
      record = try await backtest.run(description, hasRead: hasRead)
    }
    return CycleBacktest.Result(record: record, database: nil, readingMs: readingMs)
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
