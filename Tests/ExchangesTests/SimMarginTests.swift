import ArenaTesting
import Exchanges
import Market
import Testing
import Trading

/// Liquidation and funding, computed by hand.
@Suite struct SimMarginTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var mode = SimMarginMode.cross
    var deposit = "2000"
    var leverage = 40
    var side = OrderSide.buy
    var stop: String?
    let candle: String
    let end: String?
    let equity: String
    var testDescription: String { name }
  }

  /// 1 BTC at 50,000, fee 22.5, maintenance 1/80, liquidation fee 1 %.
  static let cases: [Case] = [
    // 1,977.5 + p − 50,000 = p / 80 at p = 48,022.5 · 80 / 79 = 48,630.38.
    // 1,977.5 − 1,370 − 486.3.
    Case(
      name: "a long below its maintenance margin", candle: "50000 50100 48500 49000",
      end: "liquidation 48630", equity: "121.2"),
    // Just above: 1,977.5 − 1,369 and still open, valued at the close.
    Case(
      name: "not a dollar before", candle: "50000 50100 48631 49000", end: nil,
      equity: "977.5"),
    // 1,977.5 − 2,000 − 480.
    Case(
      name: "a gap is paid in full, below zero", candle: "48000 50100 47000 49000",
      end: "liquidation 48000", equity: "-502.5"),
    // 1,977.5 − (p − 50,000) = p / 80 at p = 51,977.5 · 80 / 81 = 51,335.8.
    // 1,977.5 − 1,336 − 513.36.
    Case(
      name: "a short above its liquidation price", side: .sell,
      candle: "50000 51400 49000 49500", end: "liquidation 51336", equity: "128.14"),
    // 1,977.5 − 1,300 − 48,700 · 4.5 bps = 21.915.
    Case(
      name: "a stop before the liquidation price", stop: "48700",
      candle: "50000 50100 48500 49000", end: "stop 48700", equity: "655.585"),
    Case(
      name: "a stop behind the liquidation price", stop: "48600",
      candle: "50000 50100 48500 49000", end: "liquidation 48630", equity: "121.2"),
    // 5,000 + p − 50,000 = p / 80 at p = 45,000 · 80 / 79 = 45,569.6.
    // 19,977.5 − 4,431 − 455.69.
    Case(
      name: "an isolated position loses its margin only", mode: .isolated, deposit: "20000",
      leverage: 10, candle: "50000 50100 45000 49000", end: "liquidation 45569",
      equity: "15090.81"),
    Case(
      name: "a cross position is backed by everything", deposit: "20000", leverage: 10,
      candle: "50000 50100 45000 49000", end: nil, equity: "18977.5"),
  ]

  @Test(arguments: cases)
  func liquidates(_ example: Case) async throws {
    var bench = SimBench()
    bench.config.marginMode = example.mode
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.candles(SimBench.btc, example.candle)
    let exchange = try await bench.opened(example.deposit)
    var orders = [
      order(
        example.side, "1", SimBench.btc, ioc("50000"), .open, leverage: example.leverage)
    ]
    if let stop = example.stop {
      orders.append(order(.sell, "1", SimBench.btc, trigger(stop, "43000"), .stop))
    }
    _ = await exchange.submit(orders, at: SimBench.start)

    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .hour)

    let exits = report.fills.dropFirst().map { "\($0.cause.rawValue) \($0.price)" }
    #expect(exits == [example.end].compactMap { $0 })
    #expect(report.snapshot.equity == usd(example.equity))
    #expect(report.snapshot.orders.isEmpty)
  }

  @Test func showsWhereItWouldLiquidate() async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    let exchange = try await bench.opened("2000")
    _ = await exchange.submit(
      [order(.buy, "1", SimBench.btc, ioc("50000"), .open, leverage: 40)], at: SimBench.start)

    let snapshot = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start
    ).snapshot

    // 3,841,800 / 79.
    #expect(snapshot.positions.first?.liquidationPrice == price("48630.37974684"))
    #expect(snapshot.marginUsed == usd("1250"))
    #expect(snapshot.maintenanceMargin == usd("625"))
    #expect(snapshot.free == usd("727.5"))
  }

  @Test func takesAllCrossPositionsAndOrdersDownTogether() async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.market.quote(SimBench.eth, price("2500"), from: SimBench.start)
    bench.candles(SimBench.btc, "50000 50000 48000 49000")
    bench.candles(SimBench.eth, "2500 2500 2500 2500")
    let exchange = try await bench.opened("3000")
    _ = await exchange.submit(
      [
        order(.buy, "1", SimBench.btc, ioc("50000"), .open, leverage: 40),
        order(.buy, "10", SimBench.eth, ioc("2500"), .open, leverage: 25),
        order(.sell, "10", SimBench.eth, trigger("2400", "2160"), .stop),
      ], at: SimBench.start)

    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(15))

    // Equity 2,966.25; ETH needs 500: 2,966.25 + p − 50,000 = p / 80 + 500 at p = 48,135.44.
    #expect(
      report.fills.dropFirst(2).map { "\($0.coin) \($0.cause.rawValue) \($0.price)" }
        == ["BTC liquidation 48135", "ETH liquidation 2500"])
    // 2,966.25 − 1,865 − 481.35 − 250.
    #expect(report.snapshot.equity == usd("369.9"))
    #expect(report.snapshot.orders.isEmpty && report.snapshot.positions.isEmpty)
  }

  @Test func leavesOtherIsolatedPositionsAlone() async throws {
    var bench = SimBench()
    bench.config.marginMode = .isolated
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.market.quote(SimBench.eth, price("2500"), from: SimBench.start)
    bench.candles(SimBench.btc, "50000 50000 40000 49000")
    bench.candles(SimBench.eth, "2500 2500 2500 2500")
    let exchange = try await bench.opened("10000")
    _ = await exchange.submit(
      [
        order(.buy, "1", SimBench.btc, ioc("50000"), .open, leverage: 10),
        order(.sell, "1", SimBench.btc, trigger("42000", "37800"), .stop),
        order(.buy, "10", SimBench.eth, ioc("2500"), .open, leverage: 25),
        order(.sell, "10", SimBench.eth, trigger("2400", "2160"), .stop),
      ], at: SimBench.start)

    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(15))

    #expect(report.snapshot.positions.map(\.coin) == [SimBench.eth])
    #expect(report.snapshot.orders.map(\.coin) == [SimBench.eth])
    // Isolated: 25,000 / 25 set aside, nothing earned.
    #expect(report.snapshot.marginUsed == usd("1000"))
  }

  @Test func paysFundingAtEveryFullHourOnTheLastPriceKnown() async throws {
    for mode in SimMarginMode.allCases {
      var bench = SimBench()
      bench.config.marginMode = mode
      bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
      bench.candles(SimBench.btc, "50000 50500 49900 50400\n50400 50500 48000 48500", .h2)
      bench.market.funding[SimBench.btc] = (0...4).map {
        FundingPoint(at: SimBench.start + .hours($0), rate: rate("0.0000125"))
      }
      let exchange = try await bench.opened("10000")
      _ = await exchange.submit(
        [
          order(.buy, "1", SimBench.btc, ioc("50000"), .open),
          order(.sell, "1", SimBench.btc, trigger("49000", "44100"), .stop),
        ], at: SimBench.start)

      let atTwo = try await exchange.report(
        on: SimBench.account, since: SimBench.start, at: SimBench.start + .hours(2))
      let atFour = try await exchange.report(
        on: SimBench.account, since: SimBench.start, at: SimBench.start + .hours(4))

      // 11:00 on 50,000; 12:00 and 13:00 on the close of 50,400; stopped before 14:00.
      let paid = [usd("-0.625"), usd("-0.63"), usd("-0.63")]
      #expect(atTwo.funding.map(\.amount) == Array(paid.prefix(2)))
      #expect(atFour.funding.map(\.amount) == paid)
      #expect(
        atFour.funding.map(\.at) == (1...3).map { SimBench.start + .hours($0) })
      // 10,000 − 22.5 + 400 − 1.255; margin in use 5,040, or 5,000 + 400 − 1.255.
      #expect(atTwo.snapshot.equity == usd("10376.245"))
      let margins: [SimMarginMode: String] = [.cross: "5040", .isolated: "5398.745", .none: "0"]
      #expect(atTwo.snapshot.marginUsed == margins[mode].map(usd))
      // − 1,000 − 22.05 − 1.885.
      #expect(atFour.snapshot.equity == usd("8953.565"))
    }
  }
}
