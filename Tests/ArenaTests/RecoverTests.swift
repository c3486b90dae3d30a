import Arena
import ArenaTesting
import Exchanges
import Journal
import Testing
import Trading

@Suite("Recovery of what an earlier run left open")
struct RecoverTests {
  private static let later = CycleBench.noon + .seconds(10)

  /// A flat trader that has run once, so that nothing but recovery trades.
  private static func bench(_ others: [String] = []) async throws -> CycleBench {
    let bench = try CycleBench(
      [CycleBench.trader("quiet", "flat", symbols: "[BTC, ETH]")] + others,
      market: CycleBench.steadyMarket())
    try await bench.run(at: CycleBench.noon)
    return bench
  }

  /// Puts an entry on record as a killed run leaves it: without outcome.
  private static func leave(
    in bench: CycleBench, expiresAt: Timestamp, trader: String = "quiet", coin: String = "BTC",
    limit: String = "100500"
  ) throws -> OrderIntent {
    let id = try bench.trader(trader)
    let run = try bench.store.beginRun(
      at: CycleBench.noon, wallStart: CycleBench.noon, pid: 4711)
    let identity = OrderIdentity(
      arena: "bench", trader: id, cycle: 2, coin: try ArenaTests.coin(coin), purpose: .open,
      generation: 0)
    let intent = OrderIntent(
      request: OrderRequest(
        clientOrderID: try #require(
          ClientOrderID("0x" + String(repeating: coin == "BTC" ? "ab" : "cd", count: 16))),
        identity: identity, account: try bench.record(trader).account, side: .buy,
        size: try #require(Quantity("0.01")),
        kind: .limit(try price(limit), .immediateOrCancel), reduceOnly: false,
        leverage: 1),
      run: run, decidedAt: CycleBench.noon, decisionMid: try price("100000"),
      expiresAt: expiresAt, nonce: try bench.state().nextNonce,
      claim: EntryClaim(
        cycle: 2, leverage: 1, confidence: 75, riskUSD: USD(whole: 50),
        exitPlan: ExitPlan(stop: try price(coin == "BTC" ? "95000" : "3800"), target: nil)))
    var changes = StateChanges(cycle: 2, run: run, at: CycleBench.noon)
    changes.intents = [intent]
    changes.nextNonce = intent.nonce + 1
    try bench.store.commit(changes)
    return intent
  }

  @Test func anOrderTheVenueHasIsBookedOnceAndNotSentAgain() async throws {
    let bench = try await Self.bench()
    let intent = try Self.leave(in: bench, expiresAt: Self.later)
    let sim = try bench.sim
    _ = await sim.submit([RiskGate.reapprove(recorded: intent)], at: CycleBench.noon)

    let first = try await bench.run(at: Self.later)
    let second = try await bench.run(at: Self.later + .minutes(3))

    #expect(try first.line("quiet").fills.map(\.size.description) == ["0.01"])
    #expect(try second.line("quiet").fills.isEmpty)
    #expect(try bench.position(of: "quiet")?.size.description == "0.01")
    #expect(sim.sent.filter { $0.purpose == .open }.count == 1)
    #expect(
      try bench.store.intent(for: intent.request.clientOrderID)?.outcome?.label == "filled")
    #expect(first.notices.contains { $0.hasPrefix("run 2 of 2025-07-21T12:00:00Z did not finish") })
    #expect(first.notices.contains { $0.contains("settled open of BTC for quiet") })
    #expect(try bench.state().unfinishedRuns.isEmpty)
    // What the claim promised holds: the position is protected at once.
    #expect(try await bench.resting("quiet", at: Self.later).map(\.purpose) == [.stop])
    try bench.expectProven()
  }

  @Test func anOrderTheVenueNeverGotIsSentOnceWhileItHasNotExpired() async throws {
    let bench = try await Self.bench()
    let intent = try Self.leave(in: bench, expiresAt: Self.later)

    try await bench.run(at: Self.later)
    try await bench.run(at: Self.later + .minutes(3))

    let sent = try bench.sim.sent.filter { $0.purpose == .open }
    #expect(sent == [intent.request])
    #expect(try bench.position(of: "quiet")?.size.description == "0.01")
    try bench.expectProven()
  }

  /// One question is answered, which is committed at once; the answer to the other order is lost
  /// when it is sent again, and its fill comes to light a moment later.
  @Test func anAlertThatWasCommittedEndsInTheSameCycle() async throws {
    let bench = try await Self.bench()
    let found = try Self.leave(in: bench, expiresAt: Self.later)
    _ = try Self.leave(in: bench, expiresAt: Self.later, coin: "ETH", limit: "4020")
    _ = try await bench.sim.submit([RiskGate.reapprove(recorded: found)], at: CycleBench.noon)
    try bench.sim.set { $0.answersLost = [.open] }

    let report = try await bench.run(at: Self.later)

    #expect(try bench.record("quiet").ledger.positions.map(\.coin.name) == ["BTC", "ETH"])
    #expect(report.alerts.isEmpty, "\(report.alertKeys)")
    try bench.expectProven()
  }

  @Test func anOrderTheVenueNeverGotIsDeadOnceItHasExpired() async throws {
    let bench = try await Self.bench()
    let intent = try Self.leave(in: bench, expiresAt: Self.later - Span(ms: 1))

    let report = try await bench.run(at: Self.later)

    #expect(try bench.sim.sent.isEmpty)
    #expect(try bench.position(of: "quiet") == nil)
    #expect(
      try bench.store.intent(for: intent.request.clientOrderID)?.outcome
        == .rejected("never reached the venue and has expired"))
    #expect(report.alerts.isEmpty)
    #expect(try bench.state().openIntents.isEmpty)
  }

  @Test func anUnreachableVenueKeepsTheQuestionOpenAndTheOthersTrading() async throws {
    let bench = try await Self.bench([
      CycleBench.holder("elsewhere", keys: ["exchange_provider": "other"])
    ])
    let intent = try Self.leave(in: bench, expiresAt: Self.later)
    try bench.sim.set { $0.isUnreachable = true }
    let key = "unknown_outcome.\(intent.request.clientOrderID)"

    let dark = try await bench.run(at: Self.later)

    #expect(dark.alertKeys.contains(key))
    #expect(dark.alertKeys.contains("unreachable.sim.quiet"))
    #expect(try !dark.line("quiet").wasDue)
    #expect(try bench.state().openIntents.map(\.request) == [intent.request])
    #expect(try bench.position(of: "elsewhere") != nil)

    try bench.sim.set { $0.isUnreachable = false }
    let light = try await bench.run(at: Self.later + .minutes(3))

    #expect(try bench.state().openIntents.isEmpty)
    #expect(light.alerts.isEmpty, "\(light.alertKeys)")
    try bench.expectProven()
  }

  @Test func ordersThatNeverArrivedAreSentOnceMoreByteForByte() async throws {
    let bench = try CycleBench(
      [CycleBench.holder("hodl", symbols: "[BTC, ETH]")], market: CycleBench.steadyMarket())
    try bench.sim.set { $0.swallowed = [.open] }
    try await bench.run(at: CycleBench.noon)
    // The orders never arrived, and the venue cannot say so.
    try bench.sim.set {
      $0.swallowed = []
      $0.isUnreachable = true
    }
    try await bench.run(at: CycleBench.noon + .seconds(5))
    #expect(try bench.state().openIntents.count == 2)

    // Within the expiry both are sent once more, the same bytes, and fill.
    try bench.sim.set { $0.isUnreachable = false }
    try await bench.run(at: CycleBench.noon + .seconds(15))

    let sent = try bench.sim.sent
    #expect(sent.count == 4)
    #expect(Set(sent.map(\.clientOrderID)).count == 2)
    #expect(try bench.record("hodl").ledger.positions.map(\.coin.name) == ["BTC", "ETH"])
    try bench.expectProven()
  }

  @Test func theCoinsOfOpenQuestionsAreBarredUntilTheyAreAnswered() async throws {
    let bench = try CycleBench(
      [CycleBench.holder("hodl", symbols: "[BTC, ETH]")], market: CycleBench.steadyMarket())
    try bench.sim.set { $0.swallowed = [.open] }
    try await bench.run(at: CycleBench.noon)
    try bench.sim.set { $0.hidesOrders = true }

    let barred = try await bench.run(at: CycleBench.noon + .minutes(3)).line("hodl")
    let again = try await bench.run(at: CycleBench.noon + .minutes(6)).line("hodl")
    try bench.sim.set { $0 = FaultyExchange.Faults() }
    let free = try await bench.run(at: CycleBench.noon + .minutes(9))

    #expect(barred.decisions.flatMap(\.notes).map(\.rule) == ["symbol_barred", "symbol_barred"])
    #expect(again.decisions.flatMap(\.notes).map(\.rule) == ["symbol_barred", "symbol_barred"])
    // Two were swallowed, never to return; two were sent once the questions were answered.
    #expect(try bench.sim.sent.count == 4)
    #expect(try Set(bench.sim.sent.map(\.clientOrderID)).count == 4)
    #expect(try free.line("hodl").fills.count == 2)
    #expect(free.alerts.isEmpty, "\(free.alertKeys)")
    try bench.expectProven()
  }

  @Test func theOrderOfARemovedTraderIsSettledToo() async throws {
    let before = try await Self.bench([CycleBench.trader("gone", "flat")])
    let intent = try Self.leave(in: before, expiresAt: Self.later, trader: "gone")
    let sim = try before.sim
    _ = await sim.submit([RiskGate.reapprove(recorded: intent)], at: CycleBench.noon)
    let after = try CycleBench(
      [CycleBench.trader("quiet", "flat")], market: CycleBench.steadyMarket(),
      store: before.store)

    let report = try await after.run(at: Self.later)

    #expect(try after.state().openIntents.isEmpty)
    #expect(try after.position(of: "gone")?.size.description == "0.01")
    #expect(report.alertKeys == ["departed.gone"])
    try after.expectProven()
  }

  @Test func aLostAnswerDoublesNothingAndTheAlertEnds() async throws {
    let hodl = try CycleBench(
      [CycleBench.holder("hodl", risk: ["stop_loss_enabled": "true"])],
      market: CycleBench.steadyMarket())
    try hodl.sim.set { $0.answersLost = [.open] }

    let first = try await hodl.run(at: CycleBench.noon)
    let size = try hodl.position(of: "hodl")?.size
    let resting = try await hodl.resting("hodl", at: CycleBench.noon)
    try hodl.sim.set { $0.answersLost = [] }
    let second = try await hodl.run(at: CycleBench.noon + .minutes(3))

    #expect(size != nil)
    #expect(resting.map(\.purpose) == [.stop])
    #expect(resting.first?.size == size)
    #expect(try hodl.position(of: "hodl")?.size == size)
    #expect(try first.line("hodl").troubles.contains { $0.contains("outcome unknown") })
    #expect(second.alerts.isEmpty, "\(second.alertKeys)")
    #expect(try hodl.sim.sent.filter { $0.purpose == .open }.count == 1)
    try hodl.expectProven()
  }

  /// The venue's own aid: the answer to every second accepted order is lost.
  @Test func lostAnswersOfTheVenueItselfAreFoundAgain() async throws {
    var rules = CycleBench.rules
    rules.loseAnswerEvery = 2
    let bench = try CycleBench(
      [CycleBench.holder("hodl", symbols: "[BTC, ETH]", risk: ["stop_loss_enabled": "true"])],
      market: CycleBench.steadyMarket(), rules: rules)

    for turn in 0..<3 { try await bench.run(at: CycleBench.noon + .minutes(3) * Int64(turn)) }

    let stops = try await bench.resting("hodl", at: CycleBench.noon + .minutes(6))
    #expect(stops.map(\.purpose) == [.stop, .stop])
    #expect(try bench.record("hodl").ledger.positions.count == 2)
    #expect(try bench.state().openIntents.isEmpty)
    #expect(try bench.store.openAlerts().map(\.alert.key) == [])
    try bench.expectProven()
  }
}
