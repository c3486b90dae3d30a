import ArenaTesting
import Exchanges
import Market
import Testing
import Trading

/// Prices, sizes and fees of immediate fills, computed by hand.
@Suite struct SimFillTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let order: RiskApproved<OrderIntent>
    let size: String
    let average: String
    let fee: String
    var testDescription: String { name }
  }

  /// Mid 50,000, spread 2 bps, slippage 10 bps per 100,000 USD, depth 200,000 USD.
  static let cases: [Case] = [
    // Touch 50,005. 1 BTC = 50,000 USD: average + 5 bps = + 25. 50,030 · 4.5 bps = 22.5135.
    Case(
      name: "a purchase walks the book",
      order: order(.buy, "1", SimBench.btc, ioc("51000"), .open),
      size: "1", average: "50030", fee: "22.5135"),
    // Touch 49,995, average − 25. 49,970 · 4.5 bps = 22.4865.
    Case(
      name: "a sale gets the mirror image",
      order: order(.sell, "1", SimBench.btc, ioc("49000"), .open),
      size: "1", average: "49970", fee: "22.4865"),
    // 0.5 · 50,000 = 25,000 USD: average + 2.5 bps = + 12.5: 50,017.5, tick 1: 50,018.
    // 25,009 · 4.5 bps = 11.25405.
    Case(
      name: "the average is rounded against the trader",
      order: order(.buy, "0.5", SimBench.btc, ioc("51000"), .open),
      size: "0.5", average: "50018", fee: "11.25405"),
    // The marginal price reaches 50,055 when 50,005 + 50,000 · 20 bps · N / 100,000 does, which is
    // at N = 50,000.
    // Average + 5 bps.
    Case(
      name: "exactly the limit is still filled",
      order: order(.buy, "1.5", SimBench.btc, ioc("50055"), .open),
      size: "1", average: "50030", fee: "22.5135"),
    // Room 10 USD = 2 bps = 20 bps · N / 100,000: N = 10,000 USD = 0.2 BTC; average + 1 bps = + 5.
    // 10,002 · 4.5 bps = 4.5009.
    Case(
      name: "the limit ends the fill",
      order: order(.buy, "1", SimBench.btc, ioc("50015"), .open),
      size: "0.2", average: "50010", fee: "4.5009"),
    // Room 1 USD: N = 1,000 USD = 0.02 BTC, average + 0.1 bps = + 0.5: 50,005.5 → 50,006 = limit.
    // 0.02 · 50,006 = 1,000.12 · 4.5 bps = 0.450054.
    Case(
      name: "rounding never leaves the limit",
      order: order(.buy, "1", SimBench.btc, ioc("50006"), .open),
      size: "0.02", average: "50006", fee: "0.450054"),
    // Depth 200,000 / 50,000 = 4 BTC: average + 20 bps = + 100. 200,420 · 4.5 bps = 90.189.
    Case(
      name: "the depth ends the fill",
      order: order(.buy, "5", SimBench.btc, ioc("60000"), .open, leverage: 40),
      size: "4", average: "50105", fee: "90.189"),
  ]

  @Test(arguments: cases)
  func fills(_ example: Case) async throws {
    var bench = SimBench()
    bench.config.spreadBps = Bps(whole: 2)
    bench.config.slippageBpsPer100k = Bps(whole: 10)
    bench.config.depth = USD(whole: 200_000)
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    let exchange = try await bench.opened("100000")

    let outcomes = await exchange.submit([example.order], at: SimBench.start)

    #expect(
      outcomes == [
        .filled(
          size: quantity(example.size), averagePrice: price(example.average),
          fee: usd(example.fee), orderID: 1)
      ])
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)
    let fill = try #require(report.fills.first)
    // Equity = deposit − fee − what the fill was worse than the mark.
    let loss =
      (price(example.average) * quantity(example.size)
      - price("50000") * quantity(example.size)).magnitude
    #expect(report.snapshot.equity == usd("100000") - usd(example.fee) - loss)
    #expect(fill.isTaker && fill.cause == .order && fill.at == SimBench.start)
    #expect(report.fills.count == 1)
  }

  @Test func takesTheTouchFromImpactPricesUnlessASpreadIsSet() async throws {
    for (spread, paid) in [(nil, "50012"), (Bps(whole: 2), "50005")] {
      var bench = SimBench()
      bench.config.spreadBps = spread
      bench.market.quote(
        SimBench.btc, price("50000"), from: SimBench.start, bid: price("49990"),
        ask: price("50012"))
      let exchange = try await bench.opened("100000")

      let outcomes = await exchange.submit(
        [order(.buy, "1", SimBench.btc, ioc("51000"), .open)], at: SimBench.start)

      guard case .filled(_, let average, _, _) = outcomes[0] else {
        Issue.record("expected a fill, was \(outcomes)")
        continue
      }
      #expect(average == price(paid))
    }
  }

  @Test func fillsTheMarketablePartAndRestsWithTheOther() async throws {
    var bench = SimBench()
    bench.config.depth = USD(whole: 50_000)
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.candles(SimBench.btc, "50010 50020 50005 50010\n50010 50020 49990 50000")
    let exchange = try await bench.opened("100000")

    let outcomes = await exchange.submit(
      [order(.buy, "1.5", SimBench.btc, gtc("50000"), .open)], at: SimBench.start)
    let resting = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(15))
    let done = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(30))

    #expect(outcomes == [.resting(orderID: 1)])
    #expect(resting.snapshot.orders.map(\.size) == [quantity("0.5")])
    #expect(resting.fills.map(\.size) == [quantity("1")])
    // The rest fills at its limit as a maker: 25,000 · 1.5 bps = 3.75.
    #expect(done.snapshot.orders.isEmpty)
    #expect(done.fills.map(\.size) == [quantity("1"), quantity("0.5")])
    #expect(done.fills.map(\.fee) == [usd("22.5"), usd("3.75")])
    #expect(done.fills.map(\.cause) == [.order, .limit])
    #expect(done.fills.last?.price == price("50000"))
  }

  @Test func shrinksAReductionToThePosition() async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    let exchange = try await bench.opened("100000")

    let outcomes = await exchange.submit(
      [
        order(.buy, "1", SimBench.btc, ioc("50000"), .open),
        order(.sell, "1", SimBench.btc, trigger("49000", "44100"), .stop),
        order(.sell, "1", SimBench.btc, trigger("51000", "45900"), .target),
        order(.sell, "0.4", SimBench.btc, ioc("50000"), .close),
      ], at: SimBench.start)
    let shrunk = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)
    let closing = await exchange.submit(
      [order(.sell, "5", SimBench.btc, ioc("50000"), .close, number: 1)], at: SimBench.start)
    let flat = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    #expect(outcomes.map(\.label) == ["filled", "resting", "resting", "filled"])
    #expect(shrunk.snapshot.orders.map(\.size) == [quantity("0.6"), quantity("0.6")])
    guard case .filled(let size, _, _, _) = closing[0] else {
      Issue.record("expected a fill, was \(closing)")
      return
    }
    #expect(size == quantity("0.6"))
    #expect(flat.snapshot.positions.isEmpty && flat.snapshot.orders.isEmpty)
    // 2 · 50,000 · 4.5 bps in fees altogether.
    #expect(flat.snapshot.equity == usd("99955"))
  }
}
