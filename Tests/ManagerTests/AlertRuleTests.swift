import Foundation
import Manager
import Testing
import Trading

@Suite("Alert rules") struct AlertRuleTests {
  /// A quiet trader on a quiet account, two hours into a UTC day.
  static func quiet() throws -> AlertScene {
    let now = CivilDay(Make.now).start + .hours(2)
    return AlertScene(
      now: now,
      traders: [
        AlertScene.Trader(
          id: try #require(TraderID("t")), isBaseline: false, equity: USD(whole: 10_000),
          marginUsed: USD(whole: 1_000), returnPct: 0, sharpe: 1, days: 30, isRunning: true,
          wasAsked: true, interval: .minutes(3), decidedAt: now, turns: 100, failures: 0)
      ],
      accounts: [
        AlertScene.Account(
          id: try #require(AccountID("a")), marginUsagePct: 10, returnPct: 0)
      ],
      models: [AlertScene.Model(alias: "m", meanMs: 100, answers: 20)])
  }

  /// What makes a rule bite, and what does not quite.
  struct Case: Sendable, CustomTestStringConvertible {
    let key: String
    let value: Double
    let threshold: Double
    let bites: @Sendable (inout AlertScene) -> Void
    let spares: @Sendable (inout AlertScene) -> Void
    var testDescription: String { key }
  }

  static let cases: [Case] = [
    Case(
      key: "margin_usage.a", value: 90.5, threshold: 90,
      bites: { $0.accounts[0].marginUsagePct = 90.5 },
      spares: { $0.accounts[0].marginUsagePct = 90 }),
    Case(
      key: "trader_loss.t", value: 20.5, threshold: 20,
      bites: { $0.traders[0].returnPct = -20.5 }, spares: { $0.traders[0].returnPct = -20 }),
    Case(
      key: "account_loss.a", value: 15.5, threshold: 15,
      bites: { $0.accounts[0].returnPct = -15.5 }, spares: { $0.accounts[0].returnPct = -15 }),
    Case(
      key: "sharpe.t", value: -0.51, threshold: -0.5, bites: { $0.traders[0].sharpe = -0.51 },
      spares: { $0.traders[0].sharpe = -0.5 }),
    Case(
      key: "no_decision.t", value: 31, threshold: 30,
      bites: { $0.traders[0].decidedAt = $0.now - .minutes(31) },
      spares: { $0.traders[0].decidedAt = $0.now - .minutes(30) }),
    // Three intervals of an hour are longer than half an hour.
    Case(
      key: "no_decision.t", value: 181, threshold: 180,
      bites: {
        $0.traders[0].interval = .hour
        $0.traders[0].decidedAt = $0.now - .minutes(181)
      },
      spares: {
        $0.traders[0].interval = .hour
        $0.traders[0].decidedAt = $0.now - .minutes(180)
      }),
    Case(
      key: "over_allocated.t", value: 10_001, threshold: 10_000,
      bites: { $0.traders[0].marginUsed = USD(whole: 10_001) },
      spares: { $0.traders[0].marginUsed = USD(whole: 10_000) }),
    // Equity below zero counts as none.
    Case(
      key: "over_allocated.t", value: 1, threshold: 0,
      bites: {
        $0.traders[0].equity = USD(whole: -5)
        $0.traders[0].marginUsed = USD(whole: 1)
      },
      spares: {
        $0.traders[0].equity = USD(whole: -5)
        $0.traders[0].marginUsed = .zero
      }),
    Case(
      key: "failed_decisions.t", value: 11, threshold: 10,
      bites: { $0.traders[0].failures = 11 }, spares: { $0.traders[0].failures = 10 }),
    Case(
      key: "failed_decisions.t", value: 20, threshold: 10,
      bites: {
        $0.traders[0].turns = 10
        $0.traders[0].failures = 2
      },
      spares: {
        $0.traders[0].turns = 9
        $0.traders[0].failures = 9
      }),
    Case(
      key: "call_latency.m", value: 5.5, threshold: 5, bites: { $0.models[0].meanMs = 5500 },
      spares: { $0.models[0].meanMs = 5000 }),
  ]

  @Test func saysNothingOfAQuietArena() throws {
    let scene = try Self.quiet()

    #expect(AlertRule.all.flatMap { $0.alerts(in: scene) } == [])
    #expect(AlertRule.all.flatMap { $0.resolved(in: scene) } == [])
  }

  @Test(arguments: cases) func bitesBeyondItsThresholdAndEndsAtIt(_ one: Case) throws {
    var bad = try Self.quiet()
    one.bites(&bad)
    var good = try Self.quiet()
    one.spares(&good)

    let alerts = AlertRule.all.flatMap { $0.alerts(in: bad) }
    #expect(alerts.map(\.key) == [one.key])
    let alert = try #require(alerts.first)
    #expect(abs((alert.value ?? .nan) - one.value) < 1e-9)
    #expect(alert.threshold == one.threshold)
    #expect(!alert.message.isEmpty)
    #expect((alert.trader == nil) == !one.key.hasSuffix(".t"))
    #expect(AlertRule.all.flatMap { $0.alerts(in: good) } == [])
    bad.open = [one.key]
    #expect(AlertRule.all.flatMap { $0.resolved(in: bad) } == [])
    good.open = [one.key]
    #expect(AlertRule.all.flatMap { $0.resolved(in: good) } == [one.key])
  }

  @Test func waitsAnHourForASharpeRatioAndRemembersThatItDid() throws {
    var scene = try Self.quiet()
    scene.traders[0].sharpe = -3
    scene.now = CivilDay(scene.now).start + .minutes(59)
    scene.traders[0].decidedAt = scene.now
    #expect(AlertRule.all.flatMap { $0.alerts(in: scene) } == [])

    scene.open = ["sharpe.t"]
    #expect(AlertRule.all.flatMap { $0.alerts(in: scene) }.map(\.key) == ["sharpe.t"])

    scene.traders[0].days = 29
    #expect(AlertRule.all.flatMap { $0.alerts(in: scene) } == [])
  }

  @Test func leavesTheRatioOfControlTradersAlone() throws {
    var scene = try Self.quiet()
    scene.traders[0].sharpe = -3
    scene.traders[0].isBaseline = true
    scene.open = ["sharpe.t"]

    #expect(AlertRule.all.flatMap { $0.alerts(in: scene) } == [])
    #expect(AlertRule.all.flatMap { $0.resolved(in: scene) } == ["sharpe.t"])
  }

  @Test func neitherOpensNorEndsWhatIsNotKnown() throws {
    var scene = try Self.quiet()
    scene.accounts[0].marginUsagePct = nil
    scene.accounts[0].returnPct = nil
    scene.traders[0].returnPct = nil
    scene.traders[0].marginUsed = nil
    scene.traders[0].wasAsked = false
    scene.traders[0].decidedAt = scene.now - .day
    let keys: Set<String> = [
      "margin_usage.a", "account_loss.a", "trader_loss.t", "over_allocated.t", "no_decision.t",
    ]
    scene.open = keys

    #expect(AlertRule.all.flatMap { $0.alerts(in: scene) } == [])
    #expect(AlertRule.all.flatMap { $0.resolved(in: scene) } == [])

    scene.accounts = []
    scene.traders = []
    #expect(Set(AlertRule.all.flatMap { $0.resolved(in: scene) }) == keys)
  }

  @Test func isOffAtZero() throws {
    var scene = try Self.quiet()
    for one in Self.cases { one.bites(&scene) }
    scene.thresholds.marginUsagePct = 0
    scene.thresholds.traderLossPct = 0
    scene.thresholds.accountLossPct = 0
    scene.thresholds.sharpe = nil
    scene.thresholds.noDecisionFor = .zero
    scene.thresholds.failedDecisionsPct = 0
    scene.thresholds.callLatency = .zero

    #expect(AlertRule.all.flatMap { $0.alerts(in: scene) }.map(\.key) == ["over_allocated.t"])
  }

  @Test func aTraderThatDoesNotRunNeedNotDecide() throws {
    var scene = try Self.quiet()
    scene.traders[0].decidedAt = scene.now - .day
    scene.traders[0].isRunning = false
    scene.open = ["no_decision.t"]

    #expect(AlertRule.all.flatMap { $0.alerts(in: scene) } == [])
    #expect(AlertRule.all.flatMap { $0.resolved(in: scene) } == ["no_decision.t"])
  }

  @Test func everyRuleIsInTheDocumentation() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Arena/Arena.docc/Alerts.md").standardized
    let text = try String(contentsOf: page, encoding: .utf8)
    let parts = text.components(separatedBy: "\n## ")

    for rule in AlertRule.all {
      let section = parts.first { $0.lowercased().hasPrefix(rule.severity.rawValue) }
      #expect(section?.contains("`\(rule.id).") == true, "\(rule.id)")
    }
  }
}
