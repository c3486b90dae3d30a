import ArenaTesting
import Exchanges
import Market
import Synchronization
import Testing
import Trading

/// Calls that find other books after a question to the market than before it.
@Suite struct SimInterleavingTests {
  /// A market that, once, lets something else happen before it tells its prices.
  struct Interrupted: MarketData {
    let inner: ScriptedMarket
    let interruption = Interruption()

    var isSimulated: Bool { true }
    var isSynthetic: Bool { true }
    var firstCycleAt: Timestamp? { nil }

    func instruments() async throws(MarketDataError) -> [Coin: Instrument] {
      try await inner.instruments()
    }

    func snapshot(
      _ request: SnapshotRequest, at now: Timestamp
    ) async throws(MarketDataError) -> MarketSnapshot {
      try await inner.snapshot(request, at: now)
    }

    func quotes(
      for coins: [Coin], at now: Timestamp
    ) async throws(MarketDataError) -> [Coin: Quote] {
      if let work = interruption.take() { await work() }
      return try await inner.quotes(for: coins, at: now)
    }

    func replay(
      of coins: [Coin], after start: Timestamp, through end: Timestamp
    ) async throws(MarketDataError) -> [Coin: MarketReplay] {
      try await inner.replay(of: coins, after: start, through: end)
    }
  }

  /// What happens in between, once.
  final class Interruption: Sendable {
    private let work = Mutex<(@Sendable () async -> Void)?>(nil)

    func plan(_ next: @escaping @Sendable () async -> Void) { work.withLock { $0 = next } }

    func take() -> (@Sendable () async -> Void)? {
      work.withLock { work in
        defer { work = nil }
        return work
      }
    }
  }

  static func stage() async throws -> (SimExchange, Interruption) {
    var bench = SimMemoryTests.bench()
    bench.market.quote(SimBench.eth, price("2500"), from: SimBench.start)
    let market = Interrupted(inner: bench.market)
    let exchange = SimExchange(config: bench.config, market: market, store: .inMemory())
    try await exchange.ensureAccount(
      SimBench.account, deposit: usd("10000"), at: SimBench.start)
    return (exchange, market.interruption)
  }

  @Test func judgesATransferByTheBooksAfterAnOrderInBetween() async throws {
    let (exchange, interruption) = try await Self.stage()
    _ = await exchange.submit([SimMemoryTests.buy], at: SimBench.start)
    let later = SimBench.start + .minutes(3)
    interruption.plan {
      _ = await exchange.submit(
        [order(.buy, "1", SimBench.btc, ioc("50000"), .open, number: 1, trader: "beta")],
        at: later)
    }

    // Equity 10,000 − 2.25 − 22.5, margin 5,500.
    let cause = SimTransferTests.tooMuch(free: "4475.25", asked: "9000")
    await #expect(throws: SimTransferTests.refusal(cause)) {
      try await exchange.transfer([SimTransferTests.move("-9000")], at: later)
    }
    let report = try await exchange.report(on: SimBench.account, since: later, at: later)

    #expect(report.snapshot.positions.map(\.size) == [signed("1.1")])
    #expect(report.snapshot.equity == usd("9975.25") && report.transfers.isEmpty)
  }

  @Test func movesAnIDOnceThatIsMovedInBetween() async throws {
    let (exchange, interruption) = try await Self.stage()
    _ = await exchange.submit([SimMemoryTests.buy], at: SimBench.start)
    let later = SimBench.start + .minutes(3)
    interruption.plan {
      do {
        try await exchange.transfer([SimTransferTests.move("-100")], at: later)
      } catch { Issue.record(error) }
    }

    try await exchange.transfer([SimTransferTests.move("-100")], at: later)
    let report = try await exchange.report(on: SimBench.account, since: later, at: later)

    #expect(report.snapshot.equity == usd("9897.75") && report.transfers.count == 1)
  }

  @Test func knowsTheMarkOfAPositionOpenedInBetween() async throws {
    let (exchange, interruption) = try await Self.stage()
    interruption.plan {
      _ = await exchange.submit([SimMemoryTests.buy], at: SimBench.start)
    }

    let outcomes = await exchange.submit(
      [order(.buy, "1", SimBench.eth, ioc("2500"), .open, trader: "beta")],
      at: SimBench.start)
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    #expect(outcomes.map(\.label) == ["filled"])
    #expect(report.snapshot.positions.map(\.coin) == [SimBench.btc, SimBench.eth])
  }
}
