import ArenaTesting
import Exchanges
import Market
import Testing
import Trading

/// The venue at BTC = 50,000 and ETH = 2,500, account of 10,000 USD, long 1 ETH at 10x.
@Suite struct SimRejectionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let order: RiskApproved<OrderIntent>
    let reason: String

    init(_ order: RiskApproved<OrderIntent>, _ reason: String) {
      self.order = order
      self.reason = reason
    }

    var testDescription: String { reason }
  }

  static let tick = "Price must be divisible by tick size."
  static let wrongTrigger = "Invalid TP/SL price."
  static let margin = "Insufficient margin to place order."
  static let grows = "Reduce only order would increase position."
  static let dry = "Order could not immediately match against any resting orders."
  static let tier =
    "Order would cause position to exceed margin tier limit at current leverage"

  private static func coin(_ name: String) -> Coin { perp(name) }

  static let cases: [Case] = [
    Case(order(.buy, "1", coin("DOGE"), ioc("1"), .open), "Unknown coin."),
    Case(order(.buy, "1", coin("OLD"), ioc("10"), .open), "Coin is delisted."),
    Case(
      order(.buy, "100", coin("NEW"), ioc("10"), .open),
      "No liquidity available for market order."),
    Case(order(.buy, "0", SimBench.btc, ioc("50000"), .open), "Order has zero size."),
    Case(order(.buy, "0.000001", SimBench.btc, ioc("50000"), .open), "Order has invalid size."),
    Case(order(.buy, "0.01", SimBench.btc, ioc("50000.5"), .open), tick),
    Case(order(.sell, "1", SimBench.eth, trigger("2400", "2160.55"), .stop), tick),
    Case(order(.sell, "1", SimBench.eth, trigger("2400.55", "2160"), .stop), wrongTrigger),
    // 0.00019 · 50,000 = 9.5; a limit below the mark counts: 0.0002 · 49,999 = 9.9998.
    Case(
      order(.buy, "0.00019", SimBench.btc, ioc("60000"), .open),
      "Order must have minimum value of $10."),
    Case(
      order(.buy, "0.0002", SimBench.btc, gtc("49999"), .open),
      "Order must have minimum value of $10."),
    Case(order(.sell, "1", SimBench.btc, ioc("40000"), .close), grows),
    Case(order(.buy, "1", SimBench.eth, ioc("3000"), .close), grows),
    // Stops of a long lie below the mark, its targets above.
    Case(order(.sell, "1", SimBench.eth, trigger("2500", "2250"), .stop), wrongTrigger),
    Case(order(.sell, "1", SimBench.eth, trigger("2600", "2340"), .stop), wrongTrigger),
    Case(order(.sell, "1", SimBench.eth, trigger("2500", "2250"), .target), wrongTrigger),
    Case(order(.buy, "1", SimBench.btc, trigger("49000", "53900"), .stop), wrongTrigger),
    Case(order(.buy, "1", SimBench.btc, trigger("51000", "56100"), .target), wrongTrigger),
    Case(order(.buy, "0.01", SimBench.btc, ioc("50000"), .open, leverage: 41), tier),
    Case(order(.buy, "0.01", SimBench.btc, ioc("50000"), .open, leverage: 0), tier),
    // 100 million USD and one lot more allow 15x only.
    Case(order(.buy, "40000", SimBench.eth, ioc("2500"), .open, leverage: 25), tier),
    // Equity 10,000 − 1.125 fee; ETH takes 250. 0.2 BTC at 1x takes 10,000.
    Case(order(.buy, "0.2", SimBench.btc, ioc("50000"), .open, leverage: 1), margin),
    Case(order(.sell, "0.2", SimBench.btc, gtc("51000"), .open, leverage: 1), margin),
    Case(order(.buy, "0.01", SimBench.btc, ioc("49999"), .open), dry),
    Case(order(.sell, "1", SimBench.eth, ioc("2500.1"), .close), dry),
    Case(
      order(.buy, "0.01", SimBench.btc, ioc("50000"), .open, expiresAt: SimBench.start - .minute),
      "Order expired"),
  ]

  @Test(arguments: cases)
  func refusesInTheVenuesWords(_ wrong: Case) async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.market.quote(SimBench.eth, price("2500"), from: SimBench.start)
    bench.market.known[perp("NEW")] = SimBench.instrument("NEW", 0, [(0, 3)])
    bench.market.known[perp("OLD")] = Instrument(
      coin: perp("OLD"), sizeDecimals: 0,
      tiers: [MarginTier(lowerBound: .zero, maxLeverage: 3)], isDelisted: true)
    bench.market.quote(perp("OLD"), price("10"), from: SimBench.start)
    let exchange = try await bench.opened("10000")
    let held = order(.buy, "1", SimBench.eth, ioc("2500"), .open, number: 7)
    _ = await exchange.submit([held], at: SimBench.start)
    let before = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)

    let outcome = await exchange.submit([wrong.order], at: SimBench.start)

    #expect(outcome == [.rejected(wrong.reason)])
    let after = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start)
    #expect(after == before)
  }

  @Test func reducesLessThanTheMinimum() async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    let exchange = try await bench.opened("10000")

    let outcomes = await exchange.submit(
      [
        order(.buy, "0.001", SimBench.btc, ioc("50000"), .open),
        order(.sell, "0.0001", SimBench.btc, ioc("50000"), .close),
      ], at: SimBench.start)

    // 0.0001 · 50,000 = 5 USD, 4.5 bps of it are 0.00225.
    #expect(
      outcomes.last
        == .filled(
          size: quantity("0.0001"), averagePrice: price("50000"), fee: usd("0.00225"),
          orderID: 2))
  }

  @Test func takesMarginToTheLastCent() async throws {
    // 0.1 BTC at 50,000 and 10x: margin 500, fee 5,000 · 4.5 bps = 2.25.
    for (deposit, fits) in [("502.25", true), ("502.24999999", false)] {
      var bench = SimBench()
      bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
      let exchange = try await bench.opened(deposit)

      let outcomes = await exchange.submit(
        [order(.buy, "0.1", SimBench.btc, ioc("50000"), .open)], at: SimBench.start)

      #expect((outcomes == [.rejected(Self.margin)]) == !fits)
    }
  }

  @Test func refusesOrdersWhenTheClockWentBack() async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    let exchange = try await bench.opened("10000")

    let outcomes = await exchange.submit(
      [order(.buy, "0.1", SimBench.btc, ioc("50000"), .open)], at: SimBench.start - .hour)

    #expect(
      outcomes == [
        .rejected(
          "clock went back: expected a time from 2025-07-21T10:00:00Z on, was "
            + "2025-07-21T09:00:00Z. The order was not placed; correct the clock and run again.")
      ])
  }

  @Test func refusesOrdersOfAnUnknownAccount() async {
    let exchange = SimBench().exchange()

    let outcomes = await exchange.submit(
      [order(.buy, "0.1", SimBench.btc, ioc("50000"), .open)], at: SimBench.start)

    #expect(
      outcomes == [
        .rejected("sim has no account sim.alpha. Check the trader's exchange_provider.")
      ])
  }
}
