import Exchanges
import Journal
import LLM
import Logging
import Trading
import Wire

/// Where recorded cycles are done again.
///
/// It is the real cycle, on a tape in place of the state, the market, the venues, the models and
/// the clocks. Nothing outside is reached or changed.
struct ReplayStage {
  private let database: JournalDatabase

  init() throws(JournalError) { database = try JournalDatabase.inMemory() }

  /// A cycle done again.
  struct Performance {
    let cycle: Cycle
    let work: CycleWork
    /// SHA-256 of what it would have changed in the state.
    let changes: String
    /// What it asked that the recorded one did not.
    let misses: [String]
  }

  /// Does a cycle again, up to the commit of its record.
  func perform(_ inputs: CycleInputs, _ config: ArenaConfig) async throws -> Performance {
    let (cycle, tape) = try stage(inputs, config, isLenient: false)
    var phases = PhaseClock(cycle.ports, deadline: cycle.options.deadline)
    let work = try await cycle.trade(at: inputs.at, &phases)
    database.tape.stop()
    return Performance(
      cycle: cycle, work: work, changes: database.tape.changesDigest,
      misses: tape.misses + database.tape.misses)
  }

  /// Decides a cycle again with the answers on record, perhaps under other rules; nothing is sent.
  func deliberate(
    _ inputs: CycleInputs, _ config: ArenaConfig
  ) async throws -> (cycle: Cycle, work: CycleWork) {
    let (cycle, _) = try stage(inputs, config, isLenient: true)
    var phases = PhaseClock(cycle.ports, deadline: cycle.options.deadline)
    let work = try await cycle.deliberate(at: inputs.at, &phases)
    database.tape.stop()
    return (cycle, work)
  }

  private func stage(
    _ inputs: CycleInputs, _ config: ArenaConfig, isLenient: Bool
  ) throws -> (Cycle, CycleTape) {
    let tape = try CycleTape(playing: inputs.answers, isLenient: isLenient)
    try database.tape.play(inputs.statements)
    let store = StateStore(database)
    var markets: [ProviderID: any MarketData] = [:]
    for (id, traits) in inputs.markets {
      markets[id] = TapedMarketData(id, traits: traits, tape: tape)
    }
    var exchanges: [ProviderID: any Exchange] = [:]
    for (id, traits) in inputs.venues {
      exchanges[id] = TapedExchange(id, traits: traits, tape: tape)
    }
    for id in Set(config.traders.map(\.exchange)) where exchanges[id] == nil {
      guard case .sim(let section) = config.exchangeProviders[id],
        let market = inputs.valuation[id].flatMap({ markets[$0] })
      else {
        throw TapeFault(description: "expected the market of the simulated venue \(id)")
      }
      exchanges[id] = Composition.simulated(section, market: market, store: store)
    }
    var ports = CyclePorts(
      exchanges: exchanges, markets: markets, valuation: inputs.valuation, store: store,
      clock: Self.stillClock, exports: nil,
      log: Logger(label: "replay") { _ in SwiftLogNoOpLogHandler() }, faults: nil,
      outside: try outside(config), pause: { _ in }, tape: tape)
    ports.routing = inputs.routing
    return (Cycle(config: config, ports: ports, options: inputs.options), tape)
  }

  /// The machine's clocks count for nothing.
  private static let stillClock = WallClock(
    now: { Timestamp(ms: 0) }, monotonicMs: { 0 })

  private func outside(_ config: ArenaConfig) throws -> OutsideAccess? {
    guard config.traders.contains(where: \.executor.isOutside) else { return nil }
    let specs = try config.llm.specs { _ throws(SecretFailure) in ConfigSource.noSecret }
    return OutsideAccess(
      models: Dictionary(specs.map { ($0.alias, SilentModel(spec: $0)) }) { first, _ in first },
      transport: DeniedNetwork(), serverKeys: [:], spending: SpendingStore(database),
      environment: ConfigEnvironment([:]), permits: .unlimited,
      prompts: try PromptLibrary(config.traders), redaction: Redaction(secrets: []))
  }
}

/// A model that is never asked: what it answered is on the tape.
private struct SilentModel: LanguageModel {
  let spec: ModelSpec

  func complete(
    _ question: ModelQuestion, within limit: Duration
  ) async throws(ModelFailure) -> Completion {
    throw ModelFailure(.refused, "a replay asks no model")
  }
}

/// A network on which nothing is sent.
private struct DeniedNetwork: HTTPTransport {
  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    throw .unreachable(host: "", detail: "a replay uses no network")
  }
}
