import Arena
import ArenaTesting
import Exchanges
import Journal
import LLM
import Logging
import Synchronization
import Testing
import Trading
import Wire

/// An arena in memory whose traders ask models that the test speaks for.
struct ModelArena {
  /// What happened, and the time, which only a test lets pass.
  final class Log: Sendable {
    struct Contents {
      var asked: [(model: String, question: ModelQuestion)] = []
      var nowMs = 0.0
    }
    let contents = Mutex(Contents())

    var asked: [String] { contents.withLock { $0.asked.map(\.model) } }
    func pass(ms: Double) { contents.withLock { $0.nowMs += ms } }
    var clock: WallClock {
      WallClock(
        now: { CycleBench.noon }, monotonicMs: { [self] in contents.withLock { $0.nowMs } })
    }
  }

  /// A question to a model.
  struct Call: Sendable {
    let spec: ModelSpec
    /// How many questions came before it, to any model.
    let count: Int
    let log: Log

    /// An answer of 20 and 10 tokens.
    func answer(_ text: String) -> Completion {
      Completion(
        text: text, reasoning: "",
        usage: TokenUsage(prompt: 20, completion: 10, isEstimated: false),
        answeredBy: spec.modelName, finishReason: "stop")
    }
  }

  /// What a model does with a question.
  typealias Reply = @Sendable (Call) throws(ModelFailure) -> Completion

  let config: ArenaConfig
  let store: StateStore
  let spending: SpendingStore
  let log = Log()
  private let ports: CyclePorts

  /// An arena of traders; its models decide nothing unless told otherwise.
  init(
    _ traders: [String], llm: String = Self.llm(), concurrent: Int = 0,
    reply: @escaping Reply = { $0.answer(ModelArena.nothing) }
  ) throws {
    let loaded = ConfigDecoder.decode(
      [
        "nof0.yaml": "name: bench\n", "llm.yaml": llm,
        "executor.yaml": "max_concurrent_decisions: \(concurrent)\n",
        "exchange.yaml": "default: sim\nproviders: {sim: {type: sim}}\n",
        "market.yaml": "default: market\nproviders: {market: {type: synthetic, symbols: [BTC]}}\n",
        "manager.yaml": "manager:\n  limits: \(CycleBench.limitless)\ntraders:\n"
          + traders.joined(),
      ], environment: ConfigEnvironment([:]),
      surroundings: .memory([
        "prompts/manager/conservative_long.mustache": "Trade.\n",
        "prompts/executor/default.mustache": "Version: v1\nWhat now?\n",
      ]))
    let errors = loaded.issues.filter { $0.severity == .error }
    #expect(errors.isEmpty, "\(errors)")
    let config = try #require(loaded.config)
    let database = try JournalDatabase.inMemory()
    store = StateStore(database)
    spending = SpendingStore(database)
    try store.prepare(arenaID: "bench", name: "bench", createdAt: CycleBench.noon)
    let market = try CycleBench.steadyMarket()
    let view = try provider("market")
    let (store, log) = (store, log)
    let specs = try config.llm.specs { _ throws(SecretFailure) in "" }
    let models = specs.map { TestModel(spec: $0, log: log, reply: reply) }
    let access = OutsideAccess(
      models: Dictionary(uniqueKeysWithValues: models.map { ($0.spec.alias, $0) }),
      transport: EchoingNetwork(),
      serverKeys: config.executorKeys.mapValues { _ in APIKey(Self.key) }, spending: spending,
      environment: ConfigEnvironment([:]), permits: .unlimited,
      prompts: try PromptLibrary(config.traders), redaction: Redaction(secrets: [Self.key]))
    let sim = SimExchange(
      config: CycleBench.rules, market: market,
      store: SimStore(
        load: { try store.simAccount($0) }, save: { try store.saveSim($0) },
        order: { try store.simOrder(account: $0, clientOrderID: $1) },
        activity: { try store.simActivity(account: $0, since: $1) },
        hasTransfer: { try store.simHasTransfer(account: $0, id: $1) }))
    ports = CyclePorts(
      exchanges: [try provider("sim"): sim], markets: [view: market],
      valuation: [try provider("sim"): view], store: store, clock: log.clock, exports: nil,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, faults: nil, outside: access)
    self.config = config
  }

  /// Runs one cycle in which everybody is due.
  func run(minute: Int64 = 0) async throws -> CycleReport {
    try await Cycle(config: config, ports: ports, options: CycleOptions(force: true))
      .run(at: CycleBench.noon + .minutes(minute))
  }

  /// Today's spending.
  func today() throws -> DaySpending { try spending.day(CivilDay(CycleBench.noon)) }

  /// Books tokens that a trader has used before.
  func spend(_ tokens: Int, for trader: String) throws {
    let amount = Spent(tokens: tokens, cost: .zero)
    let wish = CallWish(
      trader: try id(trader), model: try #require(ModelAlias("m")), purpose: .decision, cycle: 0,
      worst: amount, estimate: amount, questionDigest: "")
    let call = try #require(
      try spending.reserve(
        [wish], caps: .none, run: nil, at: CycleBench.noon, expiresAt: CycleBench.noon
      ).first?.get())
    try spending.settle(
      [
        CallSettlement(
          call: call, status: .answered,
          usage: TokenUsage(prompt: tokens, completion: 0, isEstimated: false), cost: .zero,
          latencyMs: 0, answeredBy: "m", finishReason: "", error: "")
      ], at: CycleBench.noon)
  }

  /// A trader's id.
  func id(_ name: String) throws -> TraderID { try #require(TraderID(name)) }

  /// How the calls ended, oldest first.
  func calls() throws -> [CallRecord] { try spending.latestCalls(10_000).reversed() }

  /// The most that a call of these traders can take.
  func worst() throws -> Spent {
    let spec = try #require(try config.llm.specs { _ throws(SecretFailure) in "" }.first)
    let question = try #require(log.contents.withLock { $0.asked.first?.question })
    return TokenEstimate.worst(of: question, on: spec)
  }
}

extension ModelArena {
  /// The models `m` and `f`, which stands in for it, without repetitions.
  static func llm(budget: String = "{}", m: String = "", ttl: String = "10m") -> String {
    """
    base_url: http://127.0.0.1:1/v1
    default_model: m
    max_retries: 0
    cache_ttl: \(ttl)
    models:
      m: {price: {input: 1, output: 2}, max_completion_tokens: 1000\(m)}
      f: {price: {input: 1, output: 2}, max_completion_tokens: 1000}
    budget: \(budget)
    """
  }

  /// A trader that asks `m`.
  static func trader(
    _ id: String, executor: String = "{kind: llm}", timeout: String = "60s"
  ) -> String {
    CycleBench.trader(
      id, "", keys: ["executor": executor, "decision_timeout": timeout],
      risk: [
        "stop_loss_enabled": "false", "take_profit_enabled": "false", "min_confidence": "0",
      ])
  }

  /// The key of http executors.
  static let key = "canary-0123456789"
  /// An answer that decides nothing.
  static let nothing = #"{"decisions":[]}"#
  /// An answer that buys BTC for 1,000 USD.
  static let buy = """
    {"decisions":[{"symbol":"BTC","signal":"buy_to_enter","leverage":1,"position_size_usd":1000,\
    "entry_price":100000,"stop_loss":95000,"take_profit":120000,"risk_usd":50,"confidence":90,\
    "close_fraction":null,"invalidation":"x","reasoning":"y"}]}
    """
}

private struct TestModel: LanguageModel {
  let spec: ModelSpec
  let log: ModelArena.Log
  let reply: ModelArena.Reply

  func complete(
    _ question: ModelQuestion, within limit: Duration
  ) async throws(ModelFailure) -> Completion {
    let count = log.contents.withLock { contents in
      contents.asked.append((spec.alias.name, question))
      return contents.asked.count - 1
    }
    return try reply(ModelArena.Call(spec: spec, count: count, log: log))
  }
}

/// A server that answers every request with its header lines.
private struct EchoingNetwork: HTTPTransport {
  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    let lines = request.headers.map { "\($0.name): \($0.value)\n" }.joined()
    return HTTPResponse(status: 200, headers: [], body: Array(lines.utf8))
  }
}
