import Arena
import ArenaTesting
import Journal
import Market
import Testing
import Trading

@Suite("No position stays without its stop")
struct ProtectionTests {
  private static func bench(_ risk: [String: String] = [:]) throws -> CycleBench {
    try CycleBench(
      [CycleBench.holder("hodl", risk: ["stop_loss_enabled": "true"].merging(risk) { $1 })],
      market: CycleBench.steadyMarket())
  }

  @Test func anEntryIsCoveredInItsOwnCycle() async throws {
    let bench = try Self.bench()

    try await bench.run(at: CycleBench.noon)

    let position = try #require(try bench.position(of: "hodl"))
    let resting = try await bench.resting("hodl", at: CycleBench.noon)
    #expect(resting.map(\.purpose) == [.stop])
    #expect(resting.first?.size == position.size)
    #expect(resting.first?.reduceOnly == true)
    // Buy and hold has its stop half-way down: 50 % of 100,000.
    #expect(try resting.first?.kind == .trigger(at: price("50000"), limit: price("45000")))
  }

  @Test func aRefusedStopClosesThePosition() async throws {
    let bench = try Self.bench()
    try bench.sim.set { $0.refused = [.stop] }

    let report = try await bench.run(at: CycleBench.noon)

    #expect(try bench.position(of: "hodl") == nil)
    #expect(try bench.sim.sent.map(\.purpose) == [.open, .stop, .flatten])
    #expect(report.notices.contains { $0.contains("its stop could not be placed") })
    #expect(report.alerts.isEmpty, "\(report.alertKeys)")
    #expect(try await bench.resting("hodl", at: CycleBench.noon).isEmpty)
    try bench.expectProven()
  }

  @Test func aRefusedStopTakesItsTargetAlong() async throws {
    let bench = try Self.bench(["take_profit_enabled": "true"])
    try bench.sim.set { $0.refused = [.stop] }

    try await bench.run(at: CycleBench.noon)

    #expect(try bench.position(of: "hodl") == nil)
    #expect(try await bench.resting("hodl", at: CycleBench.noon).isEmpty)
  }

  @Test func whatCanNeitherBeStoppedNorClosedIsAlertedUntilItCan() async throws {
    let bench = try Self.bench()
    try bench.sim.set { $0.refused = [.stop, .flatten] }

    let first = try await bench.run(at: CycleBench.noon)
    let second = try await bench.run(at: CycleBench.noon + .minutes(3))
    try bench.sim.set { $0.refused = [] }
    let third = try await bench.run(at: CycleBench.noon + .minutes(6))

    #expect(first.alertKeys == ["no_stop.hodl.BTC"])
    #expect(second.alertKeys == ["no_stop.hodl.BTC"])
    #expect(third.alerts.isEmpty, "\(third.alertKeys)")
    #expect(try bench.position(of: "hodl") != nil)
    #expect(
      try await bench.resting("hodl", at: CycleBench.noon + .minutes(6)).map(\.purpose)
        == [.stop])
    try bench.expectProven()
  }

  /// The price falls past the stop while nobody looks: the venue closes, the books follow.
  @Test func aStopThatWasHitIsBookedAndTheCoinNotBoughtAgain() async throws {
    var market = try CycleBench.steadyMarket()
    let btc = try coin("BTC")
    market.scriptedQuotes[btc]?.removeAll { $0.asOf > CycleBench.noon }
    var series = CandleSeries(timeframe: .m15)
    let prices = [("100000", "100000", "40000", "42000"), ("42000", "42000", "42000", "42000")]
    for (index, row) in prices.enumerated() {
      series.append(
        try #require(
          Candle(
            openTime: CycleBench.noon + .minutes(15) * Int64(index),
            open: try price(row.0), high: try price(row.1),
            low: try price(row.2), close: try price(row.3), volume: 1)))
    }
    market.candles[btc] = series
    let bench = try CycleBench(
      [CycleBench.holder("hodl", risk: ["stop_loss_enabled": "true"])], market: market)

    try await bench.run(at: CycleBench.noon)
    let report = try await bench.run(at: CycleBench.noon + .minutes(30))

    let fills = try report.line("hodl").fills
    #expect(fills.map(\.cause) == [.stop])
    // Gap rule aside, a stop never fills better than its trigger, nor beyond its limit.
    #expect(fills.allSatisfy { $0.price <= Price("50000") ?? $0.price })
    #expect(fills.allSatisfy { $0.price >= Price("45000") ?? $0.price })
    #expect(try report.line("hodl").openPositions == 0)
    #expect(try await bench.resting("hodl", at: CycleBench.noon + .minutes(30)).isEmpty)
    try bench.expectProven()
  }
}
