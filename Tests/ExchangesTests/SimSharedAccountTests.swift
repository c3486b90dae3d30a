import ArenaTesting
import Exchanges
import Market
import Testing
import Trading

/// Several traders on one account: the venue tells their orders apart by client id alone.
@Suite struct SimSharedAccountTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    /// How many coins beta closes by hand before the candle.
    var closed: String?
    let candle: String
    /// `client price size` of what happened in the candle.
    let ends: [String]
    /// `client size` of what rests afterwards.
    let rests: [String]
    var testDescription: String { name }
  }

  /// Alpha holds 1 BTC with a stop at 49,000, beta 2 with one at 48,000 and a target at 52,000,
  /// gamma 0.5 with one at 48,000; all long from 50,000, position 3.5.
  static let cases: [Case] = [
    Case(
      name: "each stop takes its own size and leaves the others",
      candle: "50000 50000 48900 49000", ends: ["alpha stop 49000 1"],
      rests: ["beta stop 2", "beta target 2", "gamma stop 0.5"]),
    // Beta's target would end what is no longer there.
    Case(
      name: "stops at one price fill one after the other",
      candle: "50000 50000 47900 48000",
      ends: ["alpha stop 49000 1", "beta stop 48000 2", "gamma stop 48000 0.5"], rests: []),
    // What is left is not beta's: its stop must not sell it.
    Case(
      name: "a target takes its own size, and the stop of its trader with it",
      candle: "50000 52000 49900 51000", ends: ["beta target 52000 2"],
      rests: ["alpha stop 1", "gamma stop 0.5"]),
    // Position 1.5 with stops over 3.5: alpha 1, then beta's clipped to 0.5, nothing for gamma.
    Case(
      name: "after a partial close the venue clips what it would sell too much", closed: "2",
      candle: "50000 50000 47900 48000",
      ends: ["alpha stop 49000 1", "beta stop 48000 0.5"], rests: []),
    Case(
      name: "and clips what is shown", closed: "2", candle: "50000 50000 48900 49000",
      ends: ["alpha stop 49000 1"],
      rests: ["beta stop 0.5", "beta target 0.5", "gamma stop 0.5"]),
    Case(
      name: "a gap through all of them ends all of them", candle: "47000 47100 46900 47000",
      ends: ["alpha stop 47000 1", "beta stop 47000 2", "gamma stop 47000 0.5"], rests: []),
  ]

  static func name(_ id: ClientOrderID?, in sent: [RiskApproved<OrderIntent>]) -> String {
    let order = sent.first { $0.request.request.clientOrderID == id }?.request.request
    return order.map { "\($0.trader) \($0.purpose.rawValue)" } ?? "nobody"
  }

  @Test(arguments: cases)
  func keepsTheStopsOfTradersApart(_ example: Case) async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.candles(SimBench.btc, example.candle)
    let exchange = try await bench.opened("100000")
    let long = ioc("50000")
    var sent = [
      order(.buy, "1", SimBench.btc, long, .open, trader: "alpha"),
      order(.buy, "2", SimBench.btc, long, .open, trader: "beta"),
      order(.buy, "0.5", SimBench.btc, long, .open, trader: "gamma"),
      order(.sell, "1", SimBench.btc, trigger("49000", "44100"), .stop, trader: "alpha"),
      order(.sell, "2", SimBench.btc, trigger("48000", "43200"), .stop, trader: "beta"),
      order(.sell, "2", SimBench.btc, trigger("52000", "46800"), .target, trader: "beta"),
      order(.sell, "0.5", SimBench.btc, trigger("48000", "43200"), .stop, trader: "gamma"),
    ]
    if let size = example.closed {
      sent.append(order(.sell, size, SimBench.btc, ioc("50000"), .close, trader: "beta"))
    }
    _ = await exchange.submit(sent, at: SimBench.start)

    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start + .minute, at: SimBench.start + .minutes(15))

    let ends = report.fills.map {
      "\(Self.name($0.clientOrderID, in: sent)) \($0.price) \($0.size)"
    }
    let rests = report.snapshot.orders.map { "\(Self.name($0.clientOrderID, in: sent)) \($0.size)" }
    #expect(ends == example.ends)
    #expect(rests == example.rests)
  }

  @Test func growsAClippedStopBackWithThePosition() async throws {
    let exchange = try await SimMemoryTests.bench().opened("100000")
    _ = await exchange.submit(
      [
        order(.buy, "2", SimBench.btc, ioc("50000"), .open),
        order(.sell, "2", SimBench.btc, trigger("48000", "43200"), .stop),
        order(.sell, "1.5", SimBench.btc, ioc("50000"), .close),
      ], at: SimBench.start)
    let clipped = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    _ = await exchange.submit(
      [order(.buy, "1", SimBench.btc, ioc("50000"), .open, trader: "beta")], at: SimBench.start)
    let grown = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    #expect(clipped.snapshot.orders.map(\.size) == [quantity("0.5")])
    #expect(grown.snapshot.orders.map(\.size) == [quantity("1.5")])
  }

  @Test(arguments: [
    // 10,000 − 22.5 − 22.5; both at the last entry's leverage: 100,000 / 20.
    (SimMarginMode.cross, 10, 20, ["filled", "filled"], "5000"),
    (.cross, 20, 10, ["filled", "rejected"], "2500"),
    // 10,000 are needed at 10x, 9,955 are there; the refused entry changes no leverage.
    (.cross, 40, 10, ["filled", "rejected"], "1250"),
    (.cross, 10, 11, ["filled", "filled"], "9090.90909091"),
    // Set aside: 50,000 / 20 + 50,000 / 10.
    (.isolated, 20, 10, ["filled", "filled"], "7500"),
  ])
  func hasTheLeverageOfTheLastEntry(
    mode: SimMarginMode, first: Int, second: Int, outcomes: [String], margin: String
  ) async throws {
    var bench = SimMemoryTests.bench()
    bench.config.marginMode = mode
    let exchange = try await bench.opened("10000")

    let sent = await exchange.submit(
      [
        order(.buy, "1", SimBench.btc, ioc("50000"), .open, leverage: first),
        order(
          .buy, "1", SimBench.btc, ioc("50000"), .open, leverage: second, trader: "beta"),
      ], at: SimBench.start)
    let snapshot = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start
    ).snapshot

    #expect(sent.map(\.label) == outcomes)
    #expect(snapshot.positions.map(\.leverage) == [outcomes[1] == "filled" ? second : first])
    #expect(snapshot.marginUsed == usd(margin))
  }

  @Test func checksMarginAcrossTheTradersOfAnAccount() async throws {
    var bench = SimMemoryTests.bench()
    bench.market.quote(SimBench.eth, price("2500"), from: SimBench.start)
    let exchange = try await bench.opened("10000")

    // 5,000 + 2,500 of margin are taken of 9,966.25; 2,500 more would be too much, 1,000 fit after
    // half of ETH is closed.
    let sent = await exchange.submit(
      [
        order(.buy, "1", SimBench.btc, ioc("50000"), .open, leverage: 10, trader: "alpha"),
        order(.buy, "10", SimBench.eth, ioc("2500"), .open, leverage: 10, trader: "beta"),
        order(.buy, "10", SimBench.eth, ioc("2500"), .open, leverage: 10, trader: "gamma"),
        order(.sell, "5", SimBench.eth, ioc("2500"), .close, trader: "beta"),
        order(.buy, "4", SimBench.eth, ioc("2500"), .open, number: 1, trader: "gamma"),
      ], at: SimBench.start)

    #expect(
      sent.map(\.label) == ["filled", "filled", "rejected", "filled", "filled"])
    #expect(sent[2] == .rejected("Insufficient margin to place order."))
  }

  @Test func liquidatesAllTradersOfACrossAccountTogether() async throws {
    var bench = SimMemoryTests.bench()
    bench.candles(SimBench.btc, "50000 50000 48000 48000")
    let exchange = try await bench.opened("4000")
    let stop = order(
      .sell, "1", SimBench.btc, trigger("47000", "42300"), .stop, trader: "alpha")
    _ = await exchange.submit(
      [
        order(.buy, "1", SimBench.btc, ioc("50000"), .open, leverage: 40, trader: "alpha"),
        order(.buy, "1", SimBench.btc, ioc("50000"), .open, leverage: 40, trader: "beta"),
        stop,
      ], at: SimBench.start)

    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .hour)

    // 3,955 + 2 (p − 50,000) = 2 p / 80 at p = 96,045 · 40 / 79 = 48,630.38: one fill of 2.
    let last = report.fills.last
    #expect(last?.cause == .liquidation && last?.size == quantity("2"))
    #expect(last?.price == price("48630") && last?.clientOrderID == nil)
    #expect(report.snapshot.orders.isEmpty && report.snapshot.positions.isEmpty)
    let found = try await exchange.lookUp(
      stop.request.request.clientOrderID, of: SimBench.account, at: SimBench.start)
    #expect(found == .found(.rejected("liquidatedCanceled")))
  }

  @Test func leavesOtherAccountsOfABatchAlone() async throws {
    let exchange = try await SimMemoryTests.bench().opened("10000")
    let stranger = id("sim.nobody")

    let outcomes = await exchange.submit(
      [
        order(.buy, "0.1", SimBench.btc, ioc("50000"), .open, account: stranger),
        SimMemoryTests.buy,
      ], at: SimBench.start)

    #expect(
      outcomes == [
        .rejected("sim has no account sim.nobody. Check the trader's exchange_provider."),
        SimMemoryTests.filled,
      ])
  }

  @Test func fillsOrdersOfTradersThatCallAtOnce() async throws {
    var bench = SimMemoryTests.bench()
    bench.market.quote(SimBench.eth, price("2500"), from: SimBench.start)
    let exchange = try await bench.opened("100000")
    let orders = (0..<20).map { number in
      order(
        .buy, "0.1", number % 2 == 0 ? SimBench.btc : SimBench.eth,
        ioc(number % 2 == 0 ? "50000" : "2500"), .open, number: number,
        trader: "trader\(number % 5)")
    }

    let labels = await withTaskGroup(of: [OrderOutcome].self) { group in
      for order in orders { group.addTask { await exchange.submit([order], at: SimBench.start) } }
      return await group.reduce(into: []) { $0 += $1.map(\.label) }
    }
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    #expect(labels == Array(repeating: "filled", count: 20))
    #expect(report.snapshot.positions.map(\.size) == [signed("1"), signed("1")])
  }

  @Test func reportsManualTradesLikeAnyOther() async throws {
    let exchange = try await SimMemoryTests.bench().opened("10000")
    _ = await exchange.submit([SimMemoryTests.buy, SimMemoryTests.stop], at: SimBench.start)
    let trades = (0..<2).map {
      ManualTrade.intent(
        account: SimBench.account, coin: SimBench.btc, side: .sell, size: quantity("0.25"),
        limit: price("50000"), at: SimBench.start, number: $0)
    }

    let outcomes = await exchange.submit([trades[0], trades[0], trades[1]], at: SimBench.start)
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    #expect(outcomes.map(\.label) == ["filled", "filled", "filled"])
    // 0.1 − 0.25 − 0.25: the long is gone and turned, and its stop with it.
    #expect(report.fills.map(\.size) == [quantity("0.1"), quantity("0.25"), quantity("0.25")])
    #expect(report.fills[1].clientOrderID?.text == "0x00000000000000000000000000000000")
    #expect(report.fills[2].clientOrderID?.text == "0x00000000000000000000000000000001")
    #expect(report.snapshot.positions.map(\.size) == [signed("-0.4")])
    #expect(report.snapshot.orders.isEmpty)
  }
}
