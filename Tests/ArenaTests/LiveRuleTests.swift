import Arena
import Synchronization
import Testing
import Trading

/// Real orders need the configuration and the command line.
@Suite struct LiveRuleTests {
  /// What one provider of exchange.yaml says, for one trader each.
  private func config(_ exchanges: [String], market: String = "") throws -> ArenaConfig {
    let providers = exchanges.enumerated().map { "  e\($0 + 1): {\($1)}\n" }.joined()
    let traders = exchanges.indices.map { ["exchange_provider": "e\($0 + 1)"] }
    let loaded = ConfigFixtures.load(
      [
        "exchange.yaml": "providers:\n" + providers,
        "market.yaml": "default: hl\nproviders: {hl: {type: hyperliquid, symbols: [BTC]\(market)}}",
        "manager.yaml": ConfigFixtures.traders(traders),
      ], environment: ["KEY": "x"])
    #expect(loaded.errors == [])
    return try #require(loaded.config)
  }

  private static func venue(_ number: Int, _ keys: String = "") -> String {
    "type: hyperliquid, main_address: '0x\(String(repeating: "\(number)", count: 40))'" + keys
  }

  private static let live = ", live: true, private_key: '${KEY}'"
  private static let dryRun = "--dry-run is on the command line; leave it out"
  private static let flag = "--live is missing on the command line; add it"
  private static func notLive(_ exchange: String) -> String {
    "exchange \(exchange) is not live; write live: true at providers.\(exchange) in exchange.yaml"
  }

  struct Case: Sendable {
    let exchanges: [String]
    let isLive: Bool
    var isDryRun = false
    let mode: LiveRule.Mode
  }

  static let cases = [
    Case(exchanges: ["type: sim"], isLive: false, mode: .simulated),
    Case(exchanges: ["type: sim"], isLive: true, mode: .simulated),
    Case(exchanges: ["type: sim"], isLive: true, isDryRun: true, mode: .simulated),
    Case(exchanges: [venue(1, live)], isLive: true, mode: .live),
    Case(exchanges: ["type: sim", venue(2, live)], isLive: true, mode: .live),
    Case(exchanges: [venue(1, live)], isLive: false, mode: .dry(reasons: [flag])),
    Case(exchanges: [venue(1)], isLive: true, mode: .dry(reasons: [notLive("e1")])),
    Case(
      exchanges: [venue(1, live)], isLive: true, isDryRun: true, mode: .dry(reasons: [dryRun])),
    // One exchange that is not live makes the whole run dry.
    Case(
      exchanges: [venue(1, live), venue(2), "type: sim", venue(4)], isLive: true,
      mode: .dry(reasons: [notLive("e2"), notLive("e4")])),
    Case(
      exchanges: [venue(1)], isLive: false, isDryRun: true,
      mode: .dry(reasons: [dryRun, flag, notLive("e1")])),
    Case(
      exchanges: ["type: binance_spot"], isLive: true,
      mode: .dry(reasons: [
        "exchange e1 cannot be traded on; use type: sim or type: hyperliquid at providers.e1 in "
          + "exchange.yaml"
      ])),
  ]

  @Test(arguments: cases)
  func needsBothAndNamesEveryReason(row: Case) throws {
    let mode = LiveRule.mode(
      of: try config(row.exchanges), isLive: row.isLive, isDryRun: row.isDryRun)

    #expect(mode == row.mode)
  }

  @Test func overlooksExchangesThatNoTraderUses() throws {
    let loaded = ConfigFixtures.load([
      "exchange.yaml": "default: sim\nproviders:\n  sim: {type: sim}\n  hl: {\(Self.venue(1))}\n"
    ])

    let config = try #require(loaded.config)
    #expect(LiveRule.mode(of: config, isLive: false, isDryRun: false) == .simulated)
  }

  @Test func refusesCommandsThatWouldSendNothing() throws {
    let before = "this command sends orders to a real venue, and nothing was done: "
    let notLive = try config([Self.venue(1)])
    let live = try config([Self.venue(1, Self.live)])

    #expect(throws: RunFailure(.usage, before + Self.flag + "; " + Self.notLive("e1"))) {
      try LiveRule.refuseDryOrders(notLive, isLive: false)
    }
    #expect(throws: RunFailure(.configuration, before + Self.notLive("e1"))) {
      try LiveRule.refuseDryOrders(notLive, isLive: true)
    }
    #expect(throws: RunFailure(.usage, before + Self.flag)) {
      try LiveRule.refuseDryOrders(live, isLive: false)
    }
    try LiveRule.refuseDryOrders(live, isLive: true)
    try LiveRule.refuseDryOrders(try config(["type: sim"]), isLive: false)
  }

  @Test(arguments: [
    ("http://127.0.0.1:9", "http://127.0.0.1:9", true),
    ("http://[::1]:9/x", "https://localhost", true), ("http://127.0.0.1:9", "", false),
    ("", "http://127.0.0.1:9", false), ("https://127.0.0.1.example", "http://[::1]:9", false),
  ])
  func callsStandInsOnThisMachineARehearsal(exchange: String, market: String, isOne: Bool) throws {
    let config = try config(
      [Self.venue(1, ", base_url: '\(exchange)'"), "type: sim"], market: ", base_url: '\(market)'")

    #expect(config.isRehearsal == isOne)
  }

  @Test func callsASimulatedArenaARehearsal() throws {
    let simulated = try #require(ConfigFixtures.load().config)
    let paper = try config(["type: sim"])

    #expect(simulated.isRehearsal)
    #expect(!paper.isRehearsal)
  }
}

@Suite struct WallClockTests {
  @Test func startsAtAnInstantAndRunsOn() throws {
    let noon = try #require(Timestamp("2025-07-21T12:00Z"))
    let ticks = Ticks()
    let clock = WallClock(now: { Timestamp(ms: 5) }, monotonicMs: { ticks.next() })
      .starting(at: noon)

    // It began at 1000 ms; each look takes 1500 ms more.
    #expect(clock.now() == noon + Span(ms: 1500))
    #expect(clock.now() == noon + .seconds(3))
    #expect(clock.monotonicMs() == 5500)
  }

  /// A monotonic clock that moves when it is looked at.
  private final class Ticks: Sendable {
    private let ms = Mutex(-500.0)

    func next() -> Double {
      ms.withLock {
        $0 += 1500
        return $0
      }
    }
  }
}
