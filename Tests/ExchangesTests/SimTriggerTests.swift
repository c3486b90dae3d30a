import ArenaTesting
import Exchanges
import Market
import Testing
import Trading

/// What a candle does to resting orders: 1 BTC bought (or sold) at 50,000 with 10,000 USD.
@Suite struct SimTriggerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var side = OrderSide.buy
    var stop = "49000"
    var target = "51000"
    let candles: String
    /// `cause price` of what ended the position, in order; empty = still open.
    let ends: [String]
    var spread = Bps.zero
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "nothing is reached", candles: "50000 50999 49001 50000", ends: []),
    Case(
      name: "a stop and a target in one candle: the stop counts",
      candles: "50000 51500 48500 50500", ends: ["stop 49000"]),
    Case(
      name: "a short's stop counts before its target", side: .sell, stop: "51000",
      target: "49000", candles: "50000 51500 48500 50500", ends: ["stop 51000"]),
    Case(name: "a target is taken", candles: "50000 51000 49500 50500", ends: ["target 51000"]),
    Case(
      name: "a short's target is taken", side: .sell, stop: "51000", target: "49000",
      candles: "50000 50500 48000 48500", ends: ["target 49000"]),
    Case(
      name: "a gap through the stop fills at the open", candles: "48000 50000 47900 50000",
      ends: ["stop 48000"]),
    Case(
      name: "a gap through the target fills at the open", candles: "51500 52000 51400 51600",
      ends: ["target 51500"]),
    Case(
      name: "the open counts before the range", candles: "51500 52000 48000 51600",
      ends: ["target 51500"]),
    Case(
      name: "a short's gap through the stop fills at the open", side: .sell, stop: "51000",
      target: "49000", candles: "52000 52100 50000 50000", ends: ["stop 52000"]),
    // 49,000 − 1 bp = 48,995.1, down to the tick.
    Case(
      name: "half the spread and the tick count against the trader",
      candles: "50000 50100 48990 49000", ends: ["stop 48995"], spread: Bps(whole: 2)),
    // 51,000 + 1 bp = 51,005.1, up to the tick.
    Case(
      name: "a purchase pays half the spread", side: .sell, stop: "51000", target: "49000",
      candles: "50000 51000 50000 51000", ends: ["stop 51006"], spread: Bps(whole: 2)),
    Case(
      name: "a stop beyond whose limit the market opens rests at the limit",
      candles: "44000 44050 43000 43500", ends: []),
    Case(
      name: "and fills there when the price returns",
      candles: "44000 44050 43000 43500\n43500 44200 43400 44000", ends: ["stop 44100"]),
    Case(
      name: "even within the candle of the gap", candles: "44000 44150 43000 43500",
      ends: ["stop 44100"]),
  ]

  @Test(arguments: cases)
  func ends(_ example: Case) async throws {
    var bench = SimBench()
    bench.config.spreadBps = example.spread
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.candles(SimBench.btc, example.candles)
    let exchange = try await bench.opened("10000")
    let exit = example.side.opposite
    let limits = exit == .sell ? ("44100", "45900") : ("56100", "53900")

    let sent = await exchange.submit(
      [
        order(example.side, "1", SimBench.btc, ioc(exit == .sell ? "50100" : "49900"), .open),
        order(exit, "1", SimBench.btc, trigger(example.stop, limits.0), .stop),
        order(exit, "1", SimBench.btc, trigger(example.target, limits.1), .target),
      ], at: SimBench.start)
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .hour)

    #expect(sent.map(\.label) == ["filled", "resting", "resting"])
    let exits = report.fills.dropFirst()
    #expect(exits.map { "\($0.cause.rawValue) \($0.price)" } == example.ends)
    #expect(exits.allSatisfy { $0.fee == $0.notional.applying(bps("4.5"), .up) && $0.isTaker })
    #expect(report.snapshot.positions.isEmpty == !example.ends.isEmpty)
    #expect(report.snapshot.orders.count == (example.ends.isEmpty ? 2 : 0))
  }

  @Test func stampsWhatHappenedWithTheEndOfTheCandle() async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.candles(SimBench.btc, "50000 50500 49500 50000\n50000 50100 48000 48500")
    let exchange = try await bench.opened("10000")
    _ = await exchange.submit(
      [
        order(.buy, "1", SimBench.btc, ioc("50000"), .open),
        order(.sell, "1", SimBench.btc, trigger("49000", "44100"), .stop),
      ], at: SimBench.start)

    let early = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(29))
    let late = try await exchange.report(
      on: SimBench.account, since: SimBench.start + .minutes(29),
      at: SimBench.start + .minutes(30))

    #expect(early.fills.count == 1)
    #expect(late.fills.map(\.at) == [SimBench.start + .minutes(30)])
    // 10,000 − 22.5 − 1,000 − 49,000 · 4.5 bps = 22.05.
    #expect(late.snapshot.equity == usd("8955.45"))
  }

  @Test func letsACandleThatBeganBeforeAnOrderOnlyHurtIt() async throws {
    for (candle, ends) in [
      ("50000 51500 49500 50000", []), ("48800 50500 48700 50200", ["stop 49000"]),
    ] {
      var bench = SimBench()
      bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
      bench.candles(SimBench.btc, candle)
      let exchange = try await bench.opened("10000")
      _ = await exchange.submit(
        [
          order(.buy, "1", SimBench.btc, ioc("50000"), .open),
          order(.sell, "1", SimBench.btc, trigger("49000", "44100"), .stop),
          order(.sell, "1", SimBench.btc, trigger("51000", "45900"), .target),
          order(.buy, "0.1", SimBench.btc, gtc("49600"), .open, number: 1),
        ], at: SimBench.start + .minutes(5))

      let report = try await exchange.report(
        on: SimBench.account, since: SimBench.start, at: SimBench.start + .minutes(15))

      #expect(report.fills.dropFirst().map { "\($0.cause.rawValue) \($0.price)" } == ends)
    }
  }

  @Test func fillsARestingLimitAtItsLimitEvenThroughAGap() async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.candles(SimBench.btc, "48000 48100 47900 48000")
    let exchange = try await bench.opened("10000")
    _ = await exchange.submit(
      [order(.buy, "1", SimBench.btc, gtc("49000"), .open)], at: SimBench.start)

    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .hour)

    // 49,000 · 1.5 bps = 7.35; the mark is 48,000.
    #expect(report.fills.map(\.price) == [price("49000")])
    #expect(report.snapshot.equity == usd("8992.65"))
  }

  @Test func dropsARestingEntryThatNoLongerFitsTheMargin() async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.candles(SimBench.btc, "50000 50000 47000 48000")
    let exchange = try await bench.opened("10000")
    let entry = order(.buy, "0.95", SimBench.btc, gtc("49000"), .open, number: 1)
    _ = await exchange.submit(
      [order(.buy, "1", SimBench.btc, ioc("50000"), .open), entry], at: SimBench.start)

    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .hour)
    let found = try await exchange.lookUp(
      entry.request.request.clientOrderID, of: SimBench.account, at: SimBench.start)

    // 1.95 coins at 10x: at 50,000 they take 9,750 of 9,956.1; at 49,000 9,555 of 8,956.6.
    #expect(report.snapshot.orders.isEmpty && report.fills.count == 1)
    #expect(found == .found(.rejected("marginCanceled")))
  }

  @Test func takesOrdersBack() async throws {
    var bench = SimBench()
    bench.market.quote(SimBench.btc, price("50000"), from: SimBench.start)
    bench.candles(SimBench.btc, "50000 50000 48000 48000")
    let exchange = try await bench.opened("10000")
    let entry = order(.buy, "0.1", SimBench.btc, gtc("49000"), .open)
    let id = entry.request.request.clientOrderID
    _ = await exchange.submit([entry], at: SimBench.start)

    try await exchange.cancel([id], of: SimBench.account, at: SimBench.start)
    try await exchange.cancel([id], of: SimBench.account, at: SimBench.start)
    let report = try await exchange.report(
      on: SimBench.account, since: SimBench.start, at: SimBench.start + .hour)

    #expect(report.fills.isEmpty && report.snapshot.orders.isEmpty)
    let found = try await exchange.lookUp(id, of: SimBench.account, at: SimBench.start)
    #expect(found == .found(.rejected("canceled")))
  }
}
