import Analytics
import Arena
import Exchanges
import Journal
import Testing
import Trading

@Suite("Running aggregates over many cycles")
struct MetricsInTheCycleTests {
  private static let turns = 60
  /// After which turn they are meddled with.
  private static let meddling = 20
  private static let noon = CycleBench.noon

  /// The aggregates after all turns, and the traders with trades after the meddling.
  private static func play(
    meddling: (CycleBench) throws -> Void
  ) async throws -> (metrics: [TraderID: StoredMetrics], traded: Set<TraderID>) {
    let bench = try CycleBench(
      [
        CycleBench.trader("coin-a", "random, seed: 3", symbols: "[BTC, ETH, SOL]"),
        CycleBench.trader("strong", "momentum", symbols: "[BTC, ETH, SOL]"),
      ],
      market: SyntheticMarketData(
        id: try provider("market"), seed: 11,
        coins: try ["BTC", "ETH", "SOL"].map { try coin($0) }))
    var before: [TraderID: Int] = [:]
    for turn in 0..<turns {
      let report = try await bench.run(at: noon + .minutes(10) * Int64(turn))
      #expect(report.notices.isEmpty, "\(report.notices)")
      guard turn == Self.meddling else { continue }
      before = try bench.state().traders.mapValues(\.totals.trades)
      try meddling(bench)
    }
    let after = try bench.state().traders.mapValues(\.totals.trades)
    return (
      try bench.store.metrics(), Set(after.keys.filter { after[$0] ?? 0 > before[$0] ?? 0 })
    )
  }

  @Test func whatIsGoneOrUnreadableIsMadeAnew() async throws {
    let whole = try await Self.play { _ in }.metrics
    let gone = try await Self.play { try $0.store.replaceMetrics([:]) }.metrics
    let unreadable = try await Self.play { bench in
      let kept = try bench.store.metrics()
      try bench.store.keepMetrics(kept.mapValues { $0.aggregate.dropLast() }, cycle: 1)
    }.metrics

    #expect(whole.count >= 2)
    #expect(gone == whole)
    #expect(unreadable == whole)
  }

  /// Aggregates that know of an exit to come: every other one comes late.
  @Test func aTradeToldLateMakesThemAnew() async throws {
    let (whole, traded) = try await Self.play { _ in }
    let late = try await Self.play { bench in
      for (id, kept) in try bench.store.metrics() {
        var metrics = try TraderMetrics(decoding: kept.aggregate)
        metrics.fold(try Self.tradeToCome(of: id), equityAtEntry: nil)
        try bench.store.keepMetrics([id: metrics.encoded], cycle: kept.cycle)
      }
    }.metrics

    #expect(!traded.isEmpty)
    for id in traded { #expect(late[id] == whole[id], "\(id)") }
  }

  private static func tradeToCome(of trader: TraderID) throws -> Trade {
    Trade(
      position: 1_000_000, trader: trader, coin: try coin("BTC"), side: .long,
      size: try #require(Quantity("1")), entryNotional: USD(whole: 100),
      exitNotional: USD(whole: 200), entryFees: .zero, exitFees: .zero, funding: .zero,
      openedAt: noon, closedAt: noon + .hours(100), entryOrderID: 1, entryFillID: 1,
      exitOrderID: 1, exitFillID: 1, exitCause: .order,
      claim: EntryClaim(
        cycle: 1, leverage: 1, confidence: nil, riskUSD: .zero,
        exitPlan: ExitPlan(stop: nil, target: nil, invalidation: "")))
  }
}
