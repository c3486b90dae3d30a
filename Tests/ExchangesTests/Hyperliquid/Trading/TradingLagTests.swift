import Exchanges
import Testing
import Trading

/// What answers questions may lag behind what takes orders: the report waits a little.
@Suite struct TradingLagTests {
  static func sold(_ bench: TradingBench) async throws -> HyperliquidExchange {
    bench.venue.reply(
      TradingBench.statuses(#"{"filled":{"totalSz":"0.02","avgPx":"50000.0","oid":7}}"#))
    let exchange = try bench.exchange()
    let intent = try TradingBench.intent(.sell, "0.02", "BTC", ioc("49000"), .close)
    _ = try await TradingBench.send(intent, to: exchange)
    _ = bench.venue.takeAsked()
    return exchange
  }

  static func report(
    _ exchange: HyperliquidExchange, _ known: KnownBooks
  ) async throws -> AccountReport {
    try await exchange.report(
      on: TradingBench.account, since: TradingReportTests.since, knowing: known,
      at: TradingBench.now)
  }

  static let fill = TradingBench.fill("sell 50000.0 0.02 0.02 0.45", direction: "Close Long")
  static let known = TradingReportTests.known("0", ["BTC": "0.02"])

  @Test func readsAgainUntilAFillThatWasToldShows() async throws {
    let bench = TradingBench()
    let exchange = try await Self.sold(bench)
    bench.venue.answer(
      "clearinghouseState", TradingBench.state(raw: "0", "BTC 0.02 1000 10"),
      TradingBench.state(raw: "999.55"))
    bench.venue.answer("userFillsByTime", "[]", "[\(Self.fill)]")

    let report = try await Self.report(exchange, Self.known)

    #expect(report.fills.map(\.orderID) == [7])
    #expect(report.snapshot.positions.isEmpty)
    #expect(
      bench.venue.takeAsked() == [
        "clearinghouseState", "userFillsByTime", "clearinghouseState", "userFillsByTime",
        "frontendOpenOrders",
      ])
  }

  @Test func givesUpAfterFourLooksAndDoesNotWaitAgain() async throws {
    let bench = TradingBench()
    let exchange = try await Self.sold(bench)
    bench.venue.answer("clearinghouseState", TradingBench.state(raw: "0", "BTC 0.02 1000 10"))

    let report = try await Self.report(exchange, Self.known)
    let asked = bench.venue.takeAsked()
    _ = try await Self.report(exchange, Self.known)

    #expect(report.fills.isEmpty)
    #expect(asked.filter { $0 == "clearinghouseState" }.count == 4)
    #expect(bench.venue.takeAsked() == ["clearinghouseState"])
  }

  @Test func readsTheListAgainUntilAnOrderThatWasToldShows() async throws {
    let bench = TradingBench()
    let id = TradingBench.orderID("a")
    bench.notes.set { $0.purposes[id] = .stop }
    bench.venue.reply(TradingBench.statuses(#"{"resting":{"oid":9}}"#))
    let exchange = try bench.exchange()
    let intent = try TradingBench.intent(
      .sell, "0.02", "BTC", trigger("49000", "44100"), .stop)
    _ = try await TradingBench.send(intent, to: exchange)
    _ = bench.venue.takeAsked()
    bench.venue.answer("frontendOpenOrders", "[]", "[\(TradingBench.stop(9, id))]")

    let report = try await Self.report(exchange, TradingReportTests.known("1000"))

    #expect(report.snapshot.orders.map(\.orderID) == [9])
    #expect(bench.notes.now.resting == [id])
    #expect(
      bench.venue.takeAsked()
        == ["clearinghouseState", "frontendOpenOrders", "frontendOpenOrders"])
  }
}
