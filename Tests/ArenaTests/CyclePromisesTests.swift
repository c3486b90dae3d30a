import Arena
import ArenaTesting
import Exchanges
import Journal
import Market
import Testing
import Trading

@Suite("Promises over many cycles")
struct CyclePromisesTests {
  /// Control traders of every kind that trades, on the synthetic market of seed 11.
  private static let traders = [
    CycleBench.trader("coin-a", "random, seed: 3", symbols: "[BTC, ETH, SOL]"),
    CycleBench.trader(
      "coin-b", "random, seed: 4, same_turnover_as: cross", symbols: "[BTC, ETH, SOL]"),
    CycleBench.trader("contrary", "inverse_of, of: coin-a", symbols: "[BTC, ETH, SOL]"),
    CycleBench.trader(
      "cross", "ema_cross", symbols: "[BTC, ETH, SOL]", guards: ["cooldown_after_close": "15m"]),
    CycleBench.holder("hodl", symbols: "[BTC, ETH]"),
    CycleBench.trader("strong", "momentum", symbols: "[BTC, ETH, SOL]"),
  ]

  private static func market() throws -> SyntheticMarketData {
    SyntheticMarketData(
      id: try provider("market"), seed: 11,
      coins: try ["BTC", "ETH", "SOL"].map { try coin($0) })
  }

  private static func time(_ turn: Int) -> Timestamp {
    CycleBench.noon + .minutes(3) * Int64(turn)
  }

  @Test func everyPositionIsCoveredAndEveryDollarAccountedForInEachCycle() async throws {
    let bench = try CycleBench(Self.traders, market: try Self.market())
    var opened = 0
    var closed = 0

    for turn in 0..<200 {
      let now = Self.time(turn)
      let report = try await bench.run(at: now)

      #expect(!report.alertKeys.contains { $0.hasPrefix("conservation.") }, "\(report.alerts)")
      for spec in bench.config.traders where spec.risk.needsStop {
        try await Self.expectCovered(spec, in: bench, at: now)
      }
      opened += report.lines.flatMap(\.fills).count { $0.cause == .order }
      closed += report.lines.flatMap(\.fills).count { $0.cause != .order }
    }

    #expect(opened > 20)
    #expect(closed > 0)
    try bench.expectProven()
    #expect(try bench.store.openAlerts().isEmpty)
  }

  /// N processes of one cycle each leave what one process of N cycles leaves.
  @Test func singleCyclesLeaveTheBooksOfOneLongRun() async throws {
    let long = try CycleBench(Self.traders, market: try Self.market())
    for turn in 0..<25 { try await long.run(at: Self.time(turn)) }

    var single = try CycleBench(Self.traders, market: try Self.market())
    for turn in 0..<25 {
      single = try CycleBench(Self.traders, market: try Self.market(), store: single.store)
      try await single.run(at: Self.time(turn))
    }

    #expect(try single.state(at: Self.time(25)) == long.state(at: Self.time(25)))
  }

  @Test func aFailingTraderLeavesTheOthersAsIfItWereNotThere() async throws {
    let failing = CycleBench.trader("afflicted", "", keys: ["executor": "{kind: fusion}"])
    let alone = try CycleBench(Self.traders, market: try Self.market())
    let together = try CycleBench([failing] + Self.traders, market: try Self.market())

    for turn in 0..<15 {
      try await alone.run(at: Self.time(turn))
      let report = try await together.run(at: Self.time(turn))

      // After five failures in a row a trader is taken out.
      let line = try report.line("afflicted")
      #expect((line.failure?.contains("kind fusion") ?? false) == (turn < 5))
      #expect(report.someTraderFailed == (turn < 5))
      #expect(line.status == (turn < 5 ? .running : .isolated))
    }

    var seen = try together.state(at: Self.time(15)).traders
    let failed = seen.removeValue(forKey: try together.trader("afflicted"))
    #expect(failed?.runtime.failuresInARow == 5)
    #expect(failed?.ledger.positions.isEmpty == true)
    #expect(try seen == alone.state(at: Self.time(15)).traders)
  }

  @Test func aVenueThatHidesItsFeesFailsItsTraderAlone() async throws {
    let bench = try CycleBench(
      [CycleBench.holder("elsewhere", keys: ["exchange_provider": "other"])]
        + [CycleBench.holder("hodl")], market: CycleBench.steadyMarket())
    try #require(try bench.exchanges[provider("other")]).set { $0.hidesFees = true }

    let report = try await bench.run(at: CycleBench.noon)

    #expect(try report.line("elsewhere").failure?.contains("did not answer fees") == true)
    #expect(try report.line("elsewhere").openPositions == 0)
    #expect(try report.line("hodl").openPositions == 1)
  }

  private static func expectCovered(
    _ spec: TraderSpec, in bench: CycleBench, at now: Timestamp
  ) async throws {
    let record = try bench.record(spec.id.name, at: now)
    guard !record.ledger.positions.isEmpty else { return }
    let resting = try await bench.resting(spec.id.name, at: now)
    for position in record.ledger.positions {
      let isCovered = resting.contains {
        $0.coin == position.coin && $0.purpose == .stop && $0.reduceOnly
          && $0.size >= position.size && $0.side == position.side.closing
      }
      #expect(isCovered, "\(spec.id) at \(now): \(position) has no stop among \(resting)")
    }
  }
}
