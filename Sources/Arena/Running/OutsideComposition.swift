import Executor
import Glibc
import Journal
import LLM
import Trading
import Wire

/// Builds what executors outside of the program need; nothing of it touches the network yet.
enum OutsideComposition {
  /// The access of a run; `nil` when every trader decides inside the program.
  ///
  /// Keys are resolved with `environment`, in which those of `.env` are added; `spending` is the
  /// record of what was spent, which a dry run keeps too.
  static func access(
    for config: ArenaConfig, environment: ConfigEnvironment, request: RunRequest,
    spending: @autoclosure () throws -> SpendingStore, clock: WallClock
  ) throws -> OutsideAccess? {
    try access(
      for: config, environment: environment, cassette: request.cassette,
      asks: !request.inspection.dumpsPrompts, spending: try spending(), clock: clock)
  }

  /// The same in parts: nobody is asked unless it `asks`, and no key is read where it is `keyless`.
  static func access(
    for config: ArenaConfig, environment: ConfigEnvironment, cassette: CassetteUse, asks: Bool,
    keyless: Bool = false, spending: @autoclosure () throws -> SpendingStore, clock: WallClock
  ) throws -> OutsideAccess? {
    guard config.traders.contains(where: \.executor.isOutside) else { return nil }
    var secrets: [String] = []
    func key(_ reference: SecretReference) throws(SecretFailure) -> String {
      guard !keyless else { return "not-read" }
      let secret = try SecretReader.read(reference, environment)
      secrets.append(secret)
      return secret
    }
    let specs: [ModelSpec]
    var serverKeys: [TraderID: APIKey] = [:]
    do {
      specs = try config.llm.specs(key)
      for (trader, reference) in config.executorKeys.sorted(by: { $0.key < $1.key }) {
        serverKeys[trader] = APIKey(try key(reference))
      }
    } catch {
      throw RunFailure(.configuration, phase: .configure, error.description)
    }
    let isOverNetwork =
      specs.contains { $0.api != .scripted }
      || config.traders.contains { if case .http = $0.executor { true } else { false } }
    let transport = try transport(
      config, cassette, secrets, isNeeded: isOverNetwork && asks)
    return OutsideAccess(
      models: try models(specs, transport), transport: transport, serverKeys: serverKeys,
      spending: try spending(), environment: environment,
      permits: .within(specs, clock: clock), prompts: try prompts(config),
      redaction: redaction(secrets, config, environment))
  }

  /// Hides the keys, and what command executors are given of the environment.
  private static func redaction(
    _ keys: [String], _ config: ArenaConfig, _ environment: ConfigEnvironment
  ) -> Redaction {
    var secrets = keys
    for case .command(let command) in config.traders.map(\.executor) {
      secrets += command.passedVariables.compactMap { environment[$0] }
    }
    return Redaction(secrets: secrets.filter { $0.utf8.count >= Redaction.leastSecretBytes })
  }

  private static func transport(
    _ config: ArenaConfig, _ cassette: CassetteUse, _ secrets: [String], isNeeded: Bool
  ) throws(RunFailure) -> any HTTPTransport {
    let live = LiveTransport(LiveSettings(caFile: config.llm.caFile))
    let redaction = Redaction(secrets: secrets)
    do throws(WireError) {
      switch cassette {
      case .off:
        // While the market is looked at, the network makes itself ready on another core.
        if isNeeded { live.prepare() }
        return live
      case .record(let path): return try Recorder(live, to: path, redaction: redaction)
      case .replay(let path): return try Player(path, redaction: redaction)
      }
    } catch {
      throw RunFailure(.inputOutput, phase: .configure, error.description)
    }
  }

  private static func models(
    _ specs: [ModelSpec], _ transport: any HTTPTransport
  ) throws(RunFailure) -> [ModelAlias: any LanguageModel] {
    let ports = ModelPorts(transport: transport, read: { try script($0) })
    var models: [ModelAlias: any LanguageModel] = [:]
    do throws(ModelSetupError) {
      for spec in specs {
        models[spec.alias] = try ModelProvider.model(spec, through: ports)
      }
    } catch {
      throw RunFailure(.configuration, phase: .configure, error.description)
    }
    return models
  }

  /// The largest script of a scripted model, in bytes.
  private static let largestScript = 16 << 20

  private static func script(_ path: String) throws(RunFailure) -> [UInt8] {
    switch ConfigFiles.text(path, limit: largestScript) {
    case .text(let text): return Array(text.utf8)
    case .absent:
      throw RunFailure(
        .configuration, phase: .configure, "the script \(path) does not exist; correct its path")
    case .refused(let words):
      throw RunFailure(.configuration, phase: .configure, "the script \(path) \(words)")
    }
  }

  private static func prompts(_ config: ArenaConfig) throws(RunFailure) -> PromptLibrary {
    do {
      return try PromptLibrary(config.traders)
    } catch {
      throw RunFailure(.configuration, phase: .configure, error.description)
    }
  }
}

extension ModelPermits {
  /// Places after `max_concurrency` and `requests_per_minute` of each model.
  static func within(_ specs: [ModelSpec], clock: WallClock) -> ModelPermits {
    let limited = specs.filter { $0.maxConcurrency != nil || $0.requestsPerMinute != nil }
    guard !limited.isEmpty else { return .unlimited }
    let allowances = Dictionary(
      limited.map { spec in
        (
          spec.alias,
          RateAllowance(maxConcurrent: spec.maxConcurrency, perMinute: spec.requestsPerMinute)
        )
      }, uniquingKeysWith: { first, _ in first })
    let limit = RateLimit(
      now: { Int64(clock.monotonicMs()) }, sleep: { try await Task.sleep(for: $0) })
    return ModelPermits(
      announce: { alias, rank in
        if allowances[alias] != nil { limit.announce(rank, to: alias.name) }
      },
      withdraw: { alias, rank in
        if allowances[alias] != nil { limit.withdraw(rank, from: alias.name) }
      },
      acquire: { alias, rank, patience in
        guard let allowance = allowances[alias] else { return }
        guard await limit.enter(alias.name, allowance, rank: rank, within: patience) else {
          throw NoPlace(allowance: allowance)
        }
      },
      release: { alias in
        if allowances[alias] != nil { limit.leave(alias.name) }
      })
  }
}

/// No place came free in time.
private struct NoPlace: Error, CustomStringConvertible {
  let allowance: RateAllowance

  var description: String {
    let limits = [
      allowance.maxConcurrent.map { "\($0) at the same time" },
      allowance.perMinute.map { "\($0) a minute" },
    ]
    return "it allows \(limits.compactMap { $0 }.joined(separator: " and "))"
  }
}
