import Arena
import ArenaTesting
import Exchanges
import Journal
import Testing
import Trading

/// Money that is given, taken and split anew, as the books and the venue show it afterwards.
@Suite("Capital in the cycle")
struct CapitalTests {
  private static let later = CycleBench.noon + .minutes(3)
  private static let split =
    "  total_equity_usd: 3000\n  reserve_equity_pct: 10\n  allocation_strategy: equal\n"
    + "  rebalance_interval: 1h\n"

  /// Traders whose money is that of the split.
  private static func members(_ ids: [String]) -> [String] {
    ids.map { id in
      CycleBench.trader(id, "flat").split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.contains("initial_equity_usd") }.joined(separator: "\n")
    }
  }

  private static func bench(
    _ ids: [String], isShared: Bool = false, manager: String = split, from: CycleBench? = nil
  ) throws -> CycleBench {
    try CycleBench(
      members(ids), market: CycleBench.steadyMarket(), manager: manager, isShared: isShared,
      store: from?.store)
  }

  private static func equities(_ bench: CycleBench) throws -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: try bench.state().traders.map {
        ($0.key.name, $0.value.ledger.cash.description)
      })
  }

  @Test(arguments: [false, true])
  func aNewcomerGetsItsPartAndTheReserveStays(isShared: Bool) async throws {
    let before = try Self.bench(["a", "b"], isShared: isShared)
    try await before.run(at: CycleBench.noon)
    // (3,000 − 10 %) / 2
    #expect(try Self.equities(before) == ["a": "1350", "b": "1350"])
    let after = try Self.bench(["a", "b", "c"], isShared: isShared, from: before)

    try await after.run(at: Self.later)

    #expect(try Self.equities(after) == ["a": "900", "b": "900", "c": "900"])
    for id in ["a", "b", "c"] {
      let ledger = try after.record(id).ledger
      // Flows are no performance.
      #expect(ledger.nav(equity: ledger.cash, base: USD(whole: 10_000)) == USD(whole: 10_000))
    }
    try after.expectProven()
  }

  @Test(arguments: [false, true])
  func anIsolatedTraderGivesItsMoneyBackAndGetsItAgain(isShared: Bool) async throws {
    let bench = try Self.bench(["a", "b"], isShared: isShared)
    try await bench.run(at: CycleBench.noon)
    try Self.set("a", .isolated, in: bench)

    try await bench.run(at: Self.later)
    #expect(try Self.equities(bench) == ["a": "1", "b": "2699"])
    try Self.set("a", .running, in: bench)
    try await bench.run(at: Self.later + .minutes(3))

    #expect(try Self.equities(bench) == ["a": "1350", "b": "1350"])
    try bench.expectProven()
  }

  @Test func whatTheConfigurationSaysAnewIsMovedOnce() async throws {
    func bench(_ equity: String, from: CycleBench? = nil) throws -> CycleBench {
      try CycleBench(
        [CycleBench.trader("a", "flat", keys: ["initial_equity_usd": equity])],
        market: CycleBench.steadyMarket(), store: from?.store)
    }
    let first = try bench("1000")
    try await first.run(at: CycleBench.noon)
    let raised = try bench("1500", from: first)
    try await raised.run(at: Self.later)
    try await raised.run(at: Self.later + .minutes(3))
    #expect(try Self.equities(raised) == ["a": "1500"])
    let lowered = try bench("400", from: raised)

    try await lowered.run(at: Self.later + .minutes(6))

    #expect(try Self.equities(lowered) == ["a": "400"])
    let flows = try lowered.store.flows(try lowered.trader("a"))
    #expect(flows.map(\.amount.description) == ["1000", "500", "-1100"])
    #expect(try lowered.record("a").runtime.era.number == 3)
    try lowered.expectProven()
  }

  @Test func moneyMovedByHandIsBookedAndStays() async throws {
    let bench = try CycleBench(
      [CycleBench.trader("a", "flat")], market: CycleBench.steadyMarket())
    try await bench.run(at: CycleBench.noon)
    let account = try bench.record("a").account
    try await bench.sim.transfer(
      [
        AccountTransfer(
          id: TransferID("by hand"), account: account, at: Self.later, amount: USD(whole: 250))
      ], at: Self.later)

    try await bench.run(at: Self.later)
    try await bench.run(at: Self.later + .minutes(3))

    #expect(try Self.equities(bench) == ["a": "10250"])
    try bench.expectProven()
  }

  @Test(arguments: [FaultyExchange.TransferFault.swallowed, .answerLost])
  func moneyWhoseFateIsUnknownMovesOnce(fault: FaultyExchange.TransferFault) async throws {
    let before = try Self.bench(["a", "b"])
    try await before.run(at: CycleBench.noon)
    let after = try Self.bench(["a", "b", "c"], from: before)
    try after.sim.set { $0.transfers = fault }
    let report = try await after.run(at: Self.later)
    // What moved although no answer came shows as soon as the account is read.
    let isInDoubt = report.alertKeys.contains { $0.hasPrefix("transfer.") }
    #expect(isInDoubt == (fault == .swallowed))
    try after.sim.set { $0.transfers = nil }

    // What did not come out of one account goes into no other; it is looked for again later.
    try await after.run(at: Self.later + .minutes(3))
    try await after.run(at: Self.later + .minutes(18))

    #expect(try Self.equities(after) == ["a": "900", "b": "900", "c": "900"])
    #expect(try after.state().plannedTransfers.isEmpty)
    try after.expectProven()
  }

  @Test func moneyThatTheVenueRefusesStays() async throws {
    let before = try Self.bench(["a", "b"])
    try await before.run(at: CycleBench.noon)
    let after = try Self.bench(["a", "b", "c"], from: before)
    try after.sim.set { $0.transfers = .refused }

    let report = try await after.run(at: Self.later)

    #expect(try Self.equities(after) == ["a": "1350", "b": "1350", "c": "1"])
    #expect(try after.state().plannedTransfers.isEmpty)
    #expect(report.notices.contains { $0.contains("were not moved") })
    try after.expectProven()
  }

  @Test(arguments: [false, true])
  func aRemovedTraderLeavesItsMoneyToTheOthers(isShared: Bool) async throws {
    let bench = try Self.bench(["a", "b"], isShared: isShared)
    try await bench.run(at: CycleBench.noon)
    let duties = OperatorDuties(removing: [try bench.trader("a")])

    try await bench.run(at: Self.later, CycleOptions(asksTraders: false, duties: duties))
    #expect(try bench.record("a").runtime.removedAt == Self.later)
    try await bench.run(at: Self.later + .minutes(3))

    #expect(try Self.equities(bench) == ["a": "0", "b": "2700"])
    try bench.expectProven()
  }

  /// What a command would do.
  private static func set(
    _ id: String, _ status: TraderStatus, in bench: CycleBench
  ) throws {
    var record = try bench.record(id)
    record.runtime.status = status
    let state = try bench.state()
    var changes = StateChanges(cycle: state.cycle, run: 1, at: later)
    changes.traders = [record]
    changes.recorded = [try bench.trader(id): try bench.record(id)]
    try bench.store.commit(changes)
  }
}
