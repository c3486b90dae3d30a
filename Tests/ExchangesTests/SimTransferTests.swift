import ArenaTesting
import Exchanges
import Market
import Synchronization
import Testing
import Trading

/// Money that moves into and out of simulated accounts.
@Suite struct SimTransferTests {
  static let other = id("sim.beta")

  /// A movement in few words.
  static func move(
    _ amount: String, _ name: String = "1.a", account: AccountID = SimBench.account
  ) -> AccountTransfer {
    AccountTransfer(
      id: TransferID(name), account: account, at: SimBench.start, amount: usd(amount))
  }

  static func refusal(_ cause: String) -> ExchangeError {
    .notMoved(exchange: "sim", cause: cause)
  }

  static func tooMuch(free: String, asked: String) -> String {
    "expected at most the \(free) USD that account sim.alpha has beyond its margin in use, "
      + "was \(asked) USD"
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var mode = SimMarginMode.cross
    var mark = "50000"
    let moves: [String]
    /// What the account has beyond its margin, and what was asked for; `nil` = moved.
    var refused: (free: String, asked: String)?
    let equity: String
    var testDescription: String { name }
  }

  /// 1 BTC bought at 50,000 with 10x and 10,000 USD: equity 9,977.5, margin 5,000, free 4,977.5.
  static let cases: [Case] = [
    Case(name: "money comes in", moves: ["250"], equity: "10227.5"),
    Case(name: "all that is free goes out", moves: ["-4977.5"], equity: "5000"),
    Case(
      name: "not the smallest part more", moves: ["-4977.50000001"],
      refused: ("4977.5", "4977.50000001"), equity: "9977.5"),
    Case(name: "the sum counts", moves: ["-6000", "1022.5"], equity: "5000"),
    Case(
      name: "all of a refused sum stays", moves: ["-6000", "1000"],
      refused: ("4977.5", "5000"), equity: "9977.5"),
    // Mark 52,000: equity 11,977.5, margin 5,200.
    Case(
      name: "marks of now: profit may go", mark: "52000", moves: ["-6777.5"], equity: "5200"),
    // Mark 45,200: equity 5,177.5, margin 4,520; then one cent more.
    Case(name: "marks of now: loss may not", mark: "45200", moves: ["-657.5"], equity: "4520"),
    Case(
      name: "marks of now: not a cent more", mark: "45200", moves: ["-657.51"],
      refused: ("657.5", "657.51"), equity: "5177.5"),
    // Mark 44,000: equity 3,977.5 below a margin of 4,400.
    Case(
      name: "nothing is free below the margin", mark: "44000", moves: ["-0.01"],
      refused: ("0", "0.01"), equity: "3977.5"),
    Case(name: "money always comes in", mark: "44000", moves: ["-10", "10.01"], equity: "3977.51"),
    // Isolated: 5,000 set aside plus 2,000 of profit stay; 4,977.5 are free.
    Case(
      name: "an isolated position keeps its profit", mode: .isolated, mark: "52000",
      moves: ["-4977.51"], refused: ("4977.5", "4977.51"), equity: "11977.5"),
    Case(
      name: "the rest beside an isolated position goes", mode: .isolated, mark: "52000",
      moves: ["-4977.5"], equity: "7000"),
  ]

  @Test(arguments: cases)
  func moves(_ example: Case) async throws {
    var bench = SimBench()
    bench.config.marginMode = example.mode
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    let later = SimBench.start + .minutes(3)
    bench.market.quote(SimBench.btc, price(example.mark), from: later)
    let exchange = try await bench.opened("10000")
    _ = await exchange.submit(
      [order(.buy, "1", SimBench.btc, ioc("50000"), .open)], at: SimBench.start)
    let moves = example.moves.enumerated().map { Self.move($0.element, "1.\($0.offset)") }

    if let refused = example.refused {
      let cause = Self.tooMuch(free: refused.free, asked: refused.asked)
      await #expect(throws: Self.refusal(cause)) {
        try await exchange.transfer(moves, at: later)
      }
    } else {
      try await exchange.transfer(moves, at: later)
    }
    let report = try await exchange.report(on: SimBench.account, since: later, at: later)

    #expect(report.snapshot.equity == usd(example.equity))
    let booked = example.refused == nil ? example.moves : []
    #expect(report.transfers.map(\.amount) == booked.map(usd))
    #expect(report.transfers.allSatisfy { $0.at == later })
  }

  @Test func movesAnIDOnceWhateverItsAmount() async throws {
    let exchange = try await SimMemoryTests.bench().opened("1000")
    let later = SimBench.start + .hour

    try await exchange.transfer([Self.move("10"), Self.move("99")], at: SimBench.start)
    try await exchange.transfer([Self.move("20")], at: later)
    try await exchange.transfer([Self.move("-5000"), Self.move("3", "2.a")], at: later)
    // The clock went back, but there is nothing new to do.
    try await exchange.transfer([Self.move("10")], at: SimBench.start)
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: later)

    #expect(report.snapshot.equity == usd("1013"))
    #expect(report.transfers.map(\.amount) == [usd("1000"), usd("10"), usd("3")])
    #expect(report.transfers.map(\.id.text) == ["0.sim.alpha", "1.a", "2.a"])
  }

  @Test func takesMoneyOutOfOneAccountOnlyIfTheOtherGetsIt() async throws {
    let exchange = try await SimMemoryTests.bench().opened("1000")
    try await exchange.ensureAccount(Self.other, deposit: usd("50"), at: SimBench.start)
    func equities() async throws -> [USD] {
      var found: [USD] = []
      for account in [SimBench.account, Self.other] {
        found.append(
          try await exchange.report(on: account, since: SimBench.start, at: SimBench.start)
            .snapshot.equity)
      }
      return found
    }

    let gift = Self.move("1001", "7.b", account: Self.other)
    await #expect(throws: Self.refusal(Self.tooMuch(free: "1000", asked: "1001"))) {
      try await exchange.transfer([gift, Self.move("-1001", "7.a")], at: SimBench.start)
    }
    let stranger = id("sim.nobody")
    await #expect(throws: ExchangeError.noSuchAccount(exchange: "sim", account: stranger)) {
      try await exchange.transfer(
        [Self.move("-10", "8.a"), Self.move("10", "8.b", account: stranger)],
        at: SimBench.start)
    }
    let untouched = try await equities()
    // The same id on two accounts names two movements.
    try await exchange.transfer(
      [Self.move("-400", "9"), Self.move("400", "9", account: Self.other)], at: SimBench.start)

    #expect(untouched == [usd("1000"), usd("50")])
    #expect(try await equities() == [usd("600"), usd("450")])
  }

  @Test func refusesAClockThatWentBackAndAnAmountOfZero() async throws {
    let exchange = try await SimMemoryTests.bench().opened("1000")
    try await exchange.transfer([Self.move("10")], at: SimBench.start + .hour)

    await #expect(
      throws: Self.refusal(
        "clock went back: expected a time from 2025-07-21T11:00:00Z on for account sim.alpha, "
          + "was 2025-07-21T10:00:00Z; correct the clock and run again")
    ) {
      try await exchange.transfer([Self.move("10", "2.a")], at: SimBench.start)
    }
    await #expect(
      throws: Self.refusal("expected an amount other than zero of 3.a, was 0")
    ) {
      try await exchange.transfer([Self.move("0", "3.a")], at: SimBench.start + .hour)
    }
  }

  @Test func needsAMarkOnlyToLetMoneyGo() async throws {
    let store = SimStore.inMemory()
    var bench = SimMemoryTests.bench()
    _ = await (try bench.opened("10000", store)).submit(
      [SimMemoryTests.buy], at: SimBench.start)
    bench.market.scriptedQuotes = [:]
    let blind = bench.exchange(store)

    await #expect(
      throws: ExchangeError.noMarket(
        exchange: "sim", cause: "no price at 2025-07-21T10:00:00Z for BTC")
    ) {
      try await blind.transfer([Self.move("-1")], at: SimBench.start)
    }
    try await blind.transfer([Self.move("1", "2.a")], at: SimBench.start)

    #expect(try store.load(SimBench.account)?.rawUSD == usd("4998.75"))  // 10,000 − 5,002.25 + 1.
  }

  @Test func survivesAStoreThatRefuses() async throws {
    let faults = SimMemoryTests.Faults()
    let exchange = try await SimMemoryTests.bench().opened(
      "1000", faults.store(around: .inMemory()))
    faults.refusesToSave.withLock { $0 = true }

    await #expect(
      throws: ExchangeError.storage(
        exchange: "sim", operation: "transfer", cause: "the disk is full")
    ) {
      try await exchange.transfer([Self.move("10")], at: SimBench.start)
    }
    faults.refusesToSave.withLock { $0 = false }
    let between = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)
    try await exchange.transfer([Self.move("10")], at: SimBench.start)
    let after = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    #expect(between.snapshot.equity == usd("1000") && between.transfers.count == 1)
    #expect(after.snapshot.equity == usd("1010") && after.transfers.count == 2)
  }

  @Test func doesNotReplayWhatWasBefore() async throws {
    // The crash ends at 10:15, the money goes then; only what comes later may liquidate.
    var bench = SimMemoryTests.bench()
    bench.candles(SimBench.btc, "50000 50000 45300 50000\n50000 50000 45600 50000")
    let exchange = try await bench.opened("10000")
    _ = await exchange.submit(
      [order(.buy, "1", SimBench.btc, ioc("50000"), .open)], at: SimBench.start)
    let quarter = SimBench.start + .minutes(15)

    try await exchange.transfer([Self.move("-4977.5")], at: quarter)
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: quarter + .minutes(15))

    // Liquidated at 5,000 + p − 50,000 = p / 80: p = 45,569.6; the low of 45,600 is above.
    #expect(report.fills.map(\.cause) == [.order])
    #expect(report.snapshot.equity == usd("5000"))
  }

  @Test func movesEveryIDOnceWhileManyCallAtOnce() async throws {
    let exchange = try await SimMemoryTests.bench().opened("1000")
    _ = await exchange.submit([SimMemoryTests.buy], at: SimBench.start)

    // Free: 1,000 − 2.25 − 500 = 497.75, so that four of six withdrawals of 100 succeed.
    let moved = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<12 {
        group.addTask {
          do {
            try await exchange.transfer(
              [Self.move("-100", "\(number / 2)")], at: SimBench.start)
            return true
          } catch { return false }
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    #expect(moved == 8)
    #expect(report.snapshot.equity == usd("597.75"))
    #expect(Set(report.transfers.map(\.id)).count == 5 && report.transfers.count == 5)
  }

  @Test func canBeMadeToFailForTests() async throws {
    let faulty = FaultyExchange(try await SimMemoryTests.bench().opened("1000"))
    func equity() async throws -> USD {
      try await faulty.report(on: SimBench.account, since: SimBench.start, at: SimBench.start)
        .snapshot.equity
    }
    let dead = ExchangeError.unreachable(
      exchange: "faulty", operation: "transfer", cause: "the line is dead")

    faulty.set { $0.transfers = .refused }
    await #expect(
      throws: ExchangeError.notMoved(exchange: "faulty", cause: "refused by the test")
    ) { try await faulty.transfer([Self.move("10")], at: SimBench.start) }
    faulty.set { $0.transfers = .swallowed }
    await #expect(throws: dead) {
      try await faulty.transfer([Self.move("10")], at: SimBench.start)
    }
    #expect(try await equity() == usd("1000"))
    faulty.set { $0.transfers = .answerLost }
    await #expect(throws: dead) {
      try await faulty.transfer([Self.move("10")], at: SimBench.start)
    }
    #expect(try await equity() == usd("1010"))
    faulty.set { $0.transfers = nil }
    try await faulty.transfer([Self.move("10")], at: SimBench.start)
    #expect(try await equity() == usd("1010"))
    #expect(faulty.moved.count == 4)
  }
}
