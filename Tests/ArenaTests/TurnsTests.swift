import Arena
import ArenaTesting
import Journal
import Market
import Synchronization
import Testing
import Trading

@Suite("Who takes a turn, and when")
struct TurnsTests {
  private static func bench(_ traders: [String]? = nil) throws -> CycleBench {
    try CycleBench(
      traders ?? [CycleBench.trader("a", "flat"), CycleBench.trader("b", "flat")],
      market: CycleBench.steadyMarket())
  }

  @Test func twoCyclesInOneSlotAreOneTurn() async throws {
    let bench = try Self.bench()

    let first = try await bench.run(at: CycleBench.noon)
    let second = try await bench.run(at: CycleBench.noon + .seconds(170))
    let third = try await bench.run(at: CycleBench.noon + .seconds(180))

    #expect(first.lines.map(\.wasDue) == [true, true])
    #expect(second.lines.map(\.wasDue) == [false, false])
    #expect(third.lines.map(\.wasDue) == [true, true])
    #expect(try bench.record("a").runtime.invocations == 2)
  }

  @Test func forcedTurnsIgnoreTheSlotAndOnlyNarrowsThem() async throws {
    let bench = try Self.bench()
    try await bench.run(at: CycleBench.noon)

    let report = try await bench.run(
      at: CycleBench.noon + .seconds(1),
      CycleOptions(only: [try bench.trader("b")], force: true))

    #expect(try report.line("a").wasDue == false)
    #expect(try report.line("b").wasDue)
    #expect(try bench.record("b").runtime.invocations == 2)
  }

  @Test func aTraderThatIsNotToStartNeverDecides() async throws {
    let bench = try Self.bench([CycleBench.trader("a", "flat", keys: ["auto_start": "false"])])

    for turn in 0..<3 {
      let report = try await bench.run(
        at: CycleBench.noon + .minutes(3) * Int64(turn), CycleOptions(force: true))
      #expect(try report.line("a").wasDue == false)
    }

    #expect(try bench.record("a").runtime.status == .stopped)
    #expect(try bench.record("a").runtime.reason == "auto_start is false")
    #expect(try bench.record("a").runtime.invocations == 0)
  }

  @Test func aPauseEndsByItself() async throws {
    let bench = try Self.bench()
    try await bench.run(at: CycleBench.noon)
    var paused = try bench.record("a")
    paused.runtime.status = .paused
    paused.runtime.pausedUntil = CycleBench.noon + .minutes(5)
    paused.runtime.reason = "by hand"
    var changes = StateChanges(cycle: 1, run: 1, at: CycleBench.noon)
    changes.traders = [paused]
    try bench.store.commit(changes)

    let during = try await bench.run(at: CycleBench.noon + .minutes(3))
    let after = try await bench.run(at: CycleBench.noon + .minutes(6))

    #expect(try during.line("a").wasDue == false)
    #expect(try during.line("a").status == .paused)
    #expect(try after.line("a").wasDue)
    #expect(after.notices == ["a: the pause is over"])
    #expect(try bench.record("a").runtime.status == .running)
    #expect(try bench.record("a").runtime.pausedUntil == nil)
  }

  /// Whatever the order in the file and whoever is richer, the peer comes first.
  @Test(arguments: [false, true])
  func whoLooksAtAPeerDecidesAfterIt(isPeerLast: Bool) async throws {
    let peer = CycleBench.holder(
      "peer", keys: ["initial_equity_usd": isPeerLast ? "10000" : "20000"])
    let inverse = CycleBench.trader("inverse", "inverse_of, of: peer", risk: Self.loose)
    let bench = try Self.bench(isPeerLast ? [inverse, peer] : [peer, inverse])

    let report = try await bench.run(at: CycleBench.noon)

    #expect(try report.line("peer").fills.map(\.side) == [.buy])
    #expect(try report.line("inverse").fills.map(\.side) == [.sell])
    #expect(
      try report.line("inverse").decisions.first?.decision.reasoning
        == "The opposite of peer: Buy an equal share of every coin once.")
  }

  private static let loose = [
    "stop_loss_enabled": "false", "take_profit_enabled": "false", "max_margin_usage_pct": "0",
    "min_confidence": "0",
  ]

  /// Each look at the clock takes a second; what is late is recorded and not executed.
  @Test func anAnswerAfterTheCutoffIsNotExecuted() async throws {
    let ticks = Ticks()
    var bench = try Self.bench([CycleBench.holder("hodl")])
    bench.clock = WallClock(now: { CycleBench.noon }, monotonicMs: { ticks.next() })

    let report = try await bench.run(
      at: CycleBench.noon, CycleOptions(deadline: .seconds(2)))

    #expect(try report.line("hodl").failure == "cut off by the end of the run")
    #expect(try report.line("hodl").openPositions == 0)
    #expect(try bench.record("hodl").runtime.failuresInARow == 1)
    #expect(try bench.store.recentTurns(bench.trader("hodl"), limit: 1).first?.turn.failure != nil)
  }

  /// A clock that advances by a second whenever it is read.
  private final class Ticks: Sendable {
    private let count = Mutex(0)

    func next() -> Double {
      count.withLock {
        $0 += 1
        return Double($0) * 1000
      }
    }
  }
}

@Suite("Eras and traders that left")
struct EraTests {
  @Test func anotherLimitOpensAnEraAndATurn() async throws {
    let before = try CycleBench(
      [CycleBench.trader("a", "flat")], market: CycleBench.steadyMarket())
    try await before.run(at: CycleBench.noon)
    let after = try CycleBench(
      [CycleBench.trader("a", "flat", risk: ["max_positions": "2"])],
      market: CycleBench.steadyMarket(), store: before.store)

    let report = try await after.run(at: CycleBench.noon + .seconds(30))
    let again = try await after.run(at: CycleBench.noon + .seconds(60))

    #expect(report.notices == ["a: the configuration changed, era 2 begins"])
    #expect(try report.line("a").wasDue)
    #expect(try again.line("a").wasDue == false)
    let era = try after.record("a").runtime.era
    #expect(era.number == 2)
    #expect(era.startedAt == CycleBench.noon + .seconds(30))
    #expect(era.configDigest == after.config.traders.first?.configDigest)
    #expect(try after.store.recentTurns(after.trader("a"), limit: 1).first?.turn.era == 2)
  }

  @Test func aTraderCannotMoveToAnotherExchange() async throws {
    let before = try CycleBench(
      [CycleBench.trader("a", "flat")], market: CycleBench.steadyMarket())
    try await before.run(at: CycleBench.noon)
    let after = try CycleBench(
      [CycleBench.trader("a", "flat", keys: ["exchange_provider": "other"])],
      market: CycleBench.steadyMarket(), store: before.store)

    let failure = await #expect(throws: RunFailure.self) {
      try await after.run(at: CycleBench.noon + .minutes(3))
    }

    #expect(failure?.code == .configuration)
    #expect(
      failure?.message
        == "trader a lives on sim (account sim.a), the configuration says other (account other.a). "
        + "A trader's exchange cannot change: give the new one another id.")
    #expect(try after.record("a").exchange.name == "sim")
  }

  @Test func aTraderThatLeftTheConfigurationIsStillValued() async throws {
    let before = try CycleBench(
      [CycleBench.holder("gone"), CycleBench.trader("stays", "flat")],
      market: CycleBench.steadyMarket())
    try await before.run(at: CycleBench.noon)
    var market = try CycleBench.steadyMarket()
    let btc = try coin("BTC")
    let later = CycleBench.noon + .minutes(3)
    market.scriptedQuotes[btc]?.removeAll { $0.asOf >= later }
    market.quote(btc, try price("110000"), from: later)
    let after = try CycleBench(
      [CycleBench.trader("stays", "flat")], market: market, store: before.store)

    let report = try await after.run(at: later)

    #expect(report.lines.map(\.trader.name) == ["stays"])
    #expect(report.alerts.isEmpty, "\(report.alertKeys)")
    let gone = try after.record("gone")
    let point = try #require(
      try after.store.equityPoints(gone.ledger.trader, from: later, to: later, limit: 1).first)
    // 0.09795 BTC bought at 100,012 for a fee of 4.40827893 (see BuyAndHoldBooksTests):
    // 10,000 − 4.40827893 + 0.09795 · 9,988 = 10,973.91632107.
    #expect(point.equity.description == "10973.91632107")
    try after.expectProven()
  }
}
