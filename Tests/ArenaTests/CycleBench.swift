import Arena
import ArenaTesting
import Exchanges
import Journal
import Logging
import Market
import Testing
import Trading

/// An arena in memory: configured by YAML text, run cycle by cycle with a clock that stands still.
struct CycleBench {
  /// 2025-07-21T12:00Z, a full hour.
  static let noon = Timestamp(ms: 1_753_099_200_000)

  let config: ArenaConfig
  let store: StateStore
  let market: any MarketData
  /// The venues `sim` and `other`, both in front of simulated ones.
  let exchanges: [ProviderID: FaultyExchange]
  var exports: GenerationFolder?
  var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  var clock = WallClock(now: { Self.noon }, monotonicMs: { 0 })

  /// An arena of these traders; with `store` it goes on from another one's memory.
  init(
    _ traders: [String], market: any MarketData, rules: SimConfig = CycleBench.rules,
    limits: String = CycleBench.limitless, staleAfter: String = "10m", manager: String = "",
    isShared: Bool = false, store: StateStore? = nil, venue: String? = nil
  ) throws {
    config = try Self.config(
      traders, limits: limits, staleAfter: staleAfter, manager: manager,
      venue: venue ?? "{type: sim, shared_account: \(isShared)}")
    let memory = try store ?? StateStore(JournalDatabase.inMemory())
    try memory.prepare(arenaID: "bench", name: "bench", createdAt: Self.noon)
    self.store = memory
    self.market = market
    exchanges = [try provider("sim"), try provider("other")].reduce(into: [:]) {
      $0[$1] = FaultyExchange(
        SimExchange(config: rules, market: market, store: Self.books(of: memory)))
    }
  }

  /// The venue `sim`.
  var sim: FaultyExchange {
    get throws { try #require(try exchanges[provider("sim")]) }
  }

  /// Runs one cycle.
  @discardableResult
  func run(
    at now: Timestamp, _ options: CycleOptions = CycleOptions()
  ) async throws -> CycleReport {
    let view = try provider("market")
    let ports = CyclePorts(
      exchanges: exchanges, markets: [view: market], valuation: exchanges.mapValues { _ in view },
      store: store, clock: clock, exports: exports,
      log: log, faults: nil)
    return try await Cycle(config: config, ports: ports, options: options).run(at: now)
  }

  /// The state as the next run would load it.
  func state(at now: Timestamp = CycleBench.noon) throws -> ArenaState {
    try store.loadState(now: now)
  }

  /// A trader's record.
  func record(_ id: String, at now: Timestamp = CycleBench.noon) throws -> TraderRecord {
    try #require(try state(at: now).traders[trader(id)])
  }

  /// The position of a trader; `nil` when flat.
  func position(of id: String, in coin: String = "BTC") throws -> Position? {
    try record(id).ledger.position(in: ArenaTests.coin(coin))
  }

  /// What rests at the venue for a trader.
  func resting(_ id: String, at now: Timestamp) async throws -> [RestingOrder] {
    let record = try record(id)
    let exchange = try #require(exchanges[record.exchange])
    return try await exchange.report(on: record.account, since: now, at: now).snapshot.orders
  }

  /// Checks that every book follows from what is on record.
  func expectProven(_ location: SourceLocation = #_sourceLocation) throws {
    let found = try store.check()
    #expect(found.isEmpty, "\(found)", sourceLocation: location)
  }

  func trader(_ id: String) throws -> TraderID { try #require(TraderID(id)) }
}

extension CycleBench {
  /// Spread 2 bps, slippage 2 bps per 100,000 USD, Hyperliquid's fees.
  static let rules = SimConfig(
    spreadBps: Bps(whole: 2), slippageBpsPer100k: Bps(whole: 2), depth: USD(whole: 2_000_000),
    fees: FeeSchedule(taker: Bps("4.5") ?? .zero, maker: Bps("1.5") ?? .zero),
    liquidationFeeBps: .zero, marginMode: .cross, loseAnswerEvery: 0)

  /// No limits over all traders.
  static let limitless =
    "{max_margin_usage_pct: 0, max_positions: 0, max_symbol_pct: 0, max_unrealised_loss_pct: 0}"

  /// One trader of manager.yaml; the arguments replace or add whole lines.
  static func trader(
    _ id: String, _ rule: String, symbols: String = "[BTC]", keys: [String: String] = [:],
    risk: [String: String] = [:], guards: [String: String] = [:]
  ) -> String {
    let top = [
      "executor": "{kind: baseline, rule: \(rule)}", "symbols": symbols,
      "decision_interval": "3m", "initial_equity_usd": "10000", "auto_start": "true",
    ].merging(keys) { $1 }
    let limits = [
      "max_positions": "3", "max_position_size_usd": "20000", "major_coin_leverage": "3",
      "altcoin_leverage": "2", "min_risk_reward_ratio": "1.5", "min_confidence": "50",
      "max_margin_usage_pct": "60",
    ].merging(risk) { $1 }
    func lines(_ keys: [String: String], _ indent: String) -> String {
      keys.sorted { $0.key < $1.key }.map { "\(indent)\($0.key): \($0.value)\n" }.joined()
    }
    var text = "  - id: \(id)\n" + lines(top, "    ")
    text += "    risk_params:\n" + lines(limits, "      ")
    if !guards.isEmpty { text += "    exec_guards:\n" + lines(guards, "      ") }
    return text
  }

  /// A buy-and-hold trader without stop and target.
  static func holder(
    _ id: String, symbols: String = "[BTC]", keys: [String: String] = [:],
    risk: [String: String] = [:]
  ) -> String {
    let plain = [
      "stop_loss_enabled": "false", "take_profit_enabled": "false", "max_margin_usage_pct": "0",
      "min_confidence": "0",
    ]
    return trader(
      id, "buy_and_hold", symbols: symbols, keys: keys, risk: plain.merging(risk) { $1 })
  }

  private static func config(
    _ traders: [String], limits: String, staleAfter: String, manager: String, venue: String
  ) throws -> ArenaConfig {
    let loaded = ConfigDecoder.decode(
      [
        "nof0.yaml": "name: bench\nrun: {stale_after: \(staleAfter)}\nexport: {benchmark: BTC}\n",
        "exchange.yaml": """
        default: sim
        providers:
          sim: \(venue)
          other: {type: sim}
        """,
        "market.yaml": """
        default: market
        providers:
          market: {type: synthetic, symbols: [BTC, ETH, SOL]}
        """,
        "manager.yaml": "manager:\n  limits: \(limits)\n\(manager)traders:\n" + traders.joined(),
      ], environment: ConfigEnvironment([:]))
    let errors = loaded.issues.filter { $0.severity == .error }
    #expect(errors.isEmpty, "\(errors)")
    return try #require(loaded.config)
  }

  private static func books(of store: StateStore) -> SimStore {
    SimStore(
      load: { try store.simAccount($0) }, save: { try store.saveSim($0) },
      order: { try store.simOrder(account: $0, clientOrderID: $1) },
      activity: { try store.simActivity(account: $0, since: $1) },
      hasTransfer: { try store.simHasTransfer(account: $0, id: $1) })
  }

  /// A market where BTC costs 100,000 and ETH 4,000, quoted anew each minute of an hour.
  static func steadyMarket() throws -> ScriptedMarket {
    var market = ScriptedMarket(Array(BuiltInInstruments.all.values))
    for minute: Int64 in -1...60 {
      let instant = noon + .minutes(minute)
      market.quote(try coin("BTC"), try price("100000"), from: instant)
      market.quote(try coin("ETH"), try price("4000"), from: instant)
    }
    return market
  }
}

/// A coin.
func coin(_ name: String) throws -> Coin { try #require(Coin(name)) }

/// A price.
func price(_ text: String) throws -> Price { try #require(Price(text)) }

/// A provider's id.
func provider(_ name: String) throws -> ProviderID { try #require(ProviderID(name)) }

extension CycleReport {
  /// A trader's line.
  func line(_ id: String) throws -> TraderLine {
    try #require(lines.first { $0.trader.name == id })
  }

  /// The keys of the alerts that hold.
  var alertKeys: [String] { alerts.map(\.key) }
}
