import ArenaTesting
import Exchanges
import Market
import Synchronization
import Testing
import Trading

/// What the simulated venue keeps when storage, answers or the market fail.
@Suite struct SimMemoryTests {
  /// A store that refuses to save, or to find orders, while told so.
  final class Faults: Sendable {
    let refusesToSave = Mutex(false)
    let refusesToFind = Mutex(false)
    let saves = Mutex(0)

    func store(around inner: SimStore) -> SimStore {
      SimStore(
        load: inner.load,
        save: { changes in
          if self.refusesToSave.withLock({ $0 }) { throw DiskFull() }
          try inner.save(changes)
          self.saves.withLock { $0 += 1 }
        },
        order: { account, id in
          if self.refusesToFind.withLock({ $0 }) { throw DiskFull() }
          return try inner.order(account, id)
        },
        activity: inner.activity, hasTransfer: inner.hasTransfer)
    }
  }

  struct DiskFull: Error, CustomStringConvertible {
    var description: String { "the disk is full" }
  }

  static func bench() -> SimBench {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    return bench
  }

  static let buy = order(.buy, "0.1", SimBench.btc, ioc("50000"), .open)
  static let stop = order(.sell, "0.1", SimBench.btc, trigger("49000", "44100"), .stop)
  static let filled = OrderOutcome.filled(
    size: quantity("0.1"), averagePrice: price("50000"), fee: usd("2.25"), orderID: 1)

  @Test func answersUnknownAndKeepsNothingWhenSavingFails() async throws {
    let faults = Faults()
    let exchange = try await Self.bench().opened("10000", faults.store(around: .inMemory()))
    faults.refusesToSave.withLock { $0 = true }

    let lost = await exchange.submit([Self.buy, Self.stop], at: SimBench.start)
    faults.refusesToSave.withLock { $0 = false }
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)
    let found = try await exchange.lookUp(
      Self.buy.request.request.clientOrderID, of: SimBench.account, at: SimBench.start)
    let again = await exchange.submit([Self.buy], at: SimBench.start)

    let cause =
      "sim could not keep its books during submit: the disk is full. The order counts as not "
      + "answered; free space or fix the state directory and run again."
    #expect(lost == [.unknown(cause), .unknown(cause)])
    #expect(report.snapshot.equity == usd("10000") && report.fills.isEmpty)
    #expect(report.snapshot.positions.isEmpty && report.snapshot.orders.isEmpty)
    #expect(found == .absent)
    #expect(again == [Self.filled])
  }

  @Test func doesNotGuessWhetherItHasAnOrder() async throws {
    let faults = Faults()
    let exchange = try await Self.bench().opened("10000", faults.store(around: .inMemory()))
    faults.refusesToFind.withLock { $0 = true }

    let outcomes = await exchange.submit([Self.buy], at: SimBench.start)

    #expect(
      outcomes == [
        .unknown("sim could not read whether it has the order: the disk is full. Nothing was sent.")
      ])
  }

  @Test func savesABatchAtOnce() async throws {
    let faults = Faults()
    let exchange = try await Self.bench().opened("10000", faults.store(around: .inMemory()))

    _ = await exchange.submit([Self.buy, Self.stop], at: SimBench.start)

    #expect(faults.saves.withLock { $0 } == 2)  // The deposit and the batch.
  }

  @Test func findsAnOrderWhoseAnswerWasLost() async throws {
    var bench = Self.bench()
    bench.config.loseAnswerEvery = 1
    let exchange = try await bench.opened("10000")
    let id = Self.buy.request.request.clientOrderID

    let lost = await exchange.submit([Self.buy], at: SimBench.start)
    let found = try await exchange.lookUp(id, of: SimBench.account, at: SimBench.start)
    let again = await exchange.submit([Self.buy], at: SimBench.start)
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    #expect(
      lost == [.unknown("sim lost its answer on purpose (lose_answer_every 1)")])
    #expect(found == .found(Self.filled))
    #expect(again == [Self.filled])
    #expect(report.fills.count == 1)
  }

  @Test func losesOnlyAnswersOfAcceptedOrders() async throws {
    var bench = Self.bench()
    bench.config.loseAnswerEvery = 2
    let exchange = try await bench.opened("10000")

    let outcomes = await exchange.submit(
      [
        Self.buy, order(.buy, "9", SimBench.btc, ioc("50000"), .open, number: 1),
        order(.buy, "0.1", SimBench.btc, ioc("50000"), .open, number: 2),
        order(.buy, "0.1", SimBench.btc, ioc("50000"), .open, number: 3),
      ], at: SimBench.start)

    #expect(outcomes.map(\.label) == ["filled", "rejected", "filled", "unknown"])
  }

  @Test func fillsTheSameClientIDOnceEvenInOneBatch() async throws {
    let exchange = try await Self.bench().opened("10000")

    let outcomes = await exchange.submit([Self.buy, Self.buy], at: SimBench.start)
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    #expect(outcomes == [Self.filled, Self.filled])
    #expect(report.fills.count == 1)
  }

  @Test func goesOnFromWhatAnotherProcessStored() async throws {
    let store = SimStore.inMemory()
    var bench = Self.bench()
    let first = try await bench.opened("10000", store)
    _ = await first.submit([Self.buy, Self.stop], at: SimBench.start)
    bench.candles(SimBench.btc, "50000 50000 48000 48500")

    let second = bench.exchange(store)
    try await second.ensureAccount(SimBench.account, deposit: usd("1"), at: SimBench.start)
    let again = await second.submit([Self.buy], at: SimBench.start + .minutes(15))
    let report = try await second.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(15))

    #expect(again == [Self.filled])
    #expect(report.fills.map(\.cause) == [.order, .stop])
  }

  @Test func rejectsButRemembersWhenTheMarketCannotBeRead() async throws {
    let store = SimStore.inMemory()
    var bench = Self.bench()
    _ = await (try bench.opened("10000", store)).submit([Self.buy], at: SimBench.start)
    bench.market.failure = .outOfRange("no data")
    let blind = bench.exchange(store)

    let outcomes = await blind.submit(
      [Self.buy, Self.stop], at: SimBench.start + .hour)

    let cause =
      "sim could not read its market: no data. Positions are unchanged; run again."
    #expect(outcomes == [Self.filled, .rejected(cause)])
    await #expect(throws: ExchangeError.noMarket(exchange: "sim", cause: "no data")) {
      try await blind.report(
        on: SimBench.account, since: SimBench.start, at: SimBench.start + .hour)
    }
  }

  @Test func namesTheCoinWithoutAPrice() async throws {
    let store = SimStore.inMemory()
    var bench = Self.bench()
    _ = await (try bench.opened("10000", store)).submit([Self.buy], at: SimBench.start)
    bench.market.scriptedQuotes = [:]
    let blind = bench.exchange(store)

    await #expect(
      throws: ExchangeError.noMarket(
        exchange: "sim", cause: "no price at 2025-07-21T10:00:00Z for BTC")
    ) {
      try await blind.report(
        on: SimBench.account, since: SimBench.start, at: SimBench.start)
    }
  }

  @Test func tellsAGapOnce() async throws {
    var bench = Self.bench()
    bench.candles(SimBench.btc, "50000 50000 50000 50000")
    bench.market.gaps[SimBench.btc] = ["BTC: nothing between 10:15 and 10:30"]
    let exchange = try await bench.opened("10000")
    _ = await exchange.submit([Self.buy], at: SimBench.start)

    let first = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(15))
    let second = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(15))

    #expect(first.gaps == ["BTC: nothing between 10:15 and 10:30"])
    #expect(second.gaps.isEmpty)
  }

  @Test func reportsTheLaterBooksWhenTheClockWentBack() async throws {
    var bench = Self.bench()
    bench.candles(SimBench.btc, "50000 50000 49000 49000\n49000 49000 48000 48000")
    let exchange = try await bench.opened("10000")
    _ = await exchange.submit([Self.buy], at: SimBench.start)
    let late = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(30))

    let back = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(15))

    #expect(back == late)
    #expect(back.snapshot.at == SimBench.start + .minutes(30))
  }

  @Test func doesNotReplayPricesFromBeforeAPosition() async throws {
    // BTC, on long candles, keeps the cursor back; ETH's short candles are older than its order.
    var bench = Self.bench()
    bench.candles(SimBench.btc, "50000 50000 50000 50000\n50000 50000 50000 50000", .h2)
    bench.candles(
      SimBench.eth, "2500 2500 1000 2500\n2500 2500 2500 2500\n2500 2500 2500 2500")
    bench.market.quote(SimBench.eth, price("2500"), from: SimBench.start)
    let exchange = try await bench.opened("10000")
    _ = await exchange.submit([Self.buy], at: SimBench.start)
    let later = SimBench.start + .minutes(30)
    _ = await exchange.submit(
      [
        order(.buy, "1", SimBench.eth, ioc("2500"), .open),
        order(.sell, "1", SimBench.eth, trigger("2000", "1800"), .stop),
      ], at: later)

    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: later + .hour)

    #expect(report.fills.map(\.cause) == [.order, .order])
    #expect(report.snapshot.orders.count == 1)
  }

  @Test func knowsNoAccountItNeverOpened() async {
    await #expect(
      throws: ExchangeError.noSuchAccount(exchange: "sim", account: SimBench.account)
    ) {
      try await SimBench().exchange().report(
        on: SimBench.account, since: SimBench.start, at: SimBench.start)
    }
  }
}
