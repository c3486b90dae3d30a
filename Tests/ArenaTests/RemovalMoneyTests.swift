import Arena
import ArenaTesting
import Testing
import Trading

@Suite("Money of removed traders")
struct RemovalMoneyTests {
  private static let manager =
    CycleBench.limitless
    + "\n  total_equity_usd: 30000\n  allocation_strategy: equal\n  min_allocation_usd: 1"

  /// A trader that decides nothing and whose money is split.
  private static func member(_ id: String) -> String {
    CycleBench.trader(id, "flat").split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("initial_equity_usd") }.joined(separator: "\n")
  }

  /// 30,000 USD among three; after one is removed the next removal falls into a cycle in which
  /// money is split anew: whoever goes gives all and is given nothing, the last one gets the rest.
  @Test func aRemovedTraderIsGivenNothingInTheCycleItGoes() async throws {
    let bench = try CycleBench(
      ["a", "b", "c"].map(Self.member), market: CycleBench.steadyMarket(), limits: Self.manager)
    try await bench.run(at: CycleBench.noon)

    for (minute, id): (Int64, String) in [(3, "a"), (6, "b")] {
      try await bench.run(
        at: CycleBench.noon + .minutes(minute),
        CycleOptions(
          asksTraders: false, duties: OperatorDuties(removing: [try bench.trader(id)])))
      let gone = try bench.record(id)
      #expect(gone.runtime.removedAt != nil)
      #expect(gone.ledger.cash == .zero)
      #expect(gone.runtime.capital == .zero)
    }
    // What it left is split in the next cycle.
    try await bench.run(at: CycleBench.noon + .minutes(9))
    #expect(try bench.record("c").ledger.cash >= USD(whole: 29_990))
    try bench.expectProven()
  }
}
