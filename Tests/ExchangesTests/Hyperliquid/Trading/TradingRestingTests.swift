import Exchanges
import Testing
import Trading

/// Resting orders are read in full only when they may have changed.
@Suite struct TradingRestingTests {
  static let ours = TradingBench.orderID("c")
  static let theirs = TradingBench.orderID("d")

  static func bench(resting: [ClientOrderID]?) -> TradingBench {
    let bench = TradingBench()
    bench.notes.set {
      $0.resting = resting
      $0.purposes[ours] = .stop
    }
    bench.venue.answer("frontendOpenOrders", "[\(TradingBench.stop(9, ours))]")
    bench.venue.answer("orderStatus", TradingBench.status("open", TradingBench.stop(9, ours)))
    return bench
  }

  static func report(
    _ exchange: HyperliquidExchange, _ bench: TradingBench
  ) async throws -> (asked: [String], orders: [RestingOrder]) {
    _ = bench.venue.takeAsked()
    let books = TradingReportTests.known("1000")
    let report = try await exchange.report(
      on: TradingBench.account, since: TradingReportTests.since, knowing: books,
      at: TradingBench.now)
    return (Array(bench.venue.takeAsked().dropFirst()), report.snapshot.orders)
  }

  static let stop = RestingOrder(
    orderID: 9, clientOrderID: ours, coin: perp("BTC"), side: .sell, size: quantity("0.02"),
    kind: trigger("49000", "44100"), reduceOnly: true, purpose: .stop)

  @Test func readsAllWhenNothingIsKnown() async throws {
    let bench = Self.bench(resting: nil)
    let child = TradingBench.stop(11, nil)
    let parent = TradingBench.stop(10, Self.theirs, children: child)
    bench.venue.answer(
      "frontendOpenOrders", "[\(parent),\(child),\(TradingBench.stop(9, Self.ours))]")

    let (asked, orders) = try await Self.report(bench.exchange(), bench)

    #expect(asked == ["frontendOpenOrders"])
    #expect(orders.map(\.orderID) == [9, 10, 11])
    #expect(orders.first == Self.stop)
    #expect(orders.map(\.clientOrderID) == [Self.ours, nil, nil])
    #expect(orders.map(\.purpose) == [.stop, nil, nil])
    #expect(bench.notes.now.resting == [Self.ours])
  }

  @Test func asksForAFewOneByOneWhileTheyRest() async throws {
    let none = Self.bench(resting: [])
    let (askedNone, noOrders) = try await Self.report(none.exchange(), none)
    #expect(askedNone.isEmpty)
    #expect(noOrders.isEmpty)

    let bench = Self.bench(resting: [Self.ours])
    let (asked, orders) = try await Self.report(bench.exchange(), bench)
    #expect(asked == ["orderStatus"])
    #expect(orders == [Self.stop])
  }

  @Test(arguments: ["filled", "canceled", "reduceOnlyCanceled", "unknownOid"])
  func readsAllWhenOneNoLongerRests(_ word: String) async throws {
    let bench = Self.bench(resting: [Self.ours])
    let gone =
      word == "unknownOid"
      ? #"{"status":"unknownOid"}"# : TradingBench.status(word, TradingBench.stop(9, Self.ours))
    bench.venue.answer("orderStatus", gone)
    bench.venue.answer("frontendOpenOrders", "[]")

    let (asked, orders) = try await Self.report(bench.exchange(), bench)

    #expect(asked == ["orderStatus", "frontendOpenOrders"])
    #expect(orders.isEmpty)
    #expect(bench.notes.now.resting == [])
  }

  @Test func readsAllWhenThereAreMany() async throws {
    let ids = (["1", "2", "3", "4", "5"] as [Character]).map(TradingBench.orderID)
    let bench = Self.bench(resting: ids)
    let (asked, _) = try await Self.report(bench.exchange(), bench)
    #expect(asked == ["frontendOpenOrders"])
  }

  @Test func readsAllOnceAfterItSent() async throws {
    let bench = Self.bench(resting: [Self.ours])
    bench.venue.reply(.lost)
    let exchange = try bench.exchange()
    let intent = try TradingBench.intent(.sell, "0.02", "BTC", ioc("49000"), .close)
    _ = try await TradingBench.send(intent, to: exchange)
    #expect(bench.notes.now.resting == nil)

    // Even were it kept meanwhile.
    bench.notes.set { $0.resting = [Self.ours] }
    let first = try await Self.report(exchange, bench)
    let second = try await Self.report(exchange, bench)

    #expect(first.asked == ["frontendOpenOrders"])
    #expect(second.asked == ["orderStatus"])
  }

  @Test func readsAllAfterALookUpFoundOneAtRest() async throws {
    let bench = Self.bench(resting: [])
    let exchange = try bench.exchange()
    _ = try await exchange.lookUp(Self.ours, of: TradingBench.account, at: TradingBench.now)
    let (asked, orders) = try await Self.report(exchange, bench)
    #expect(asked == ["frontendOpenOrders"])
    #expect(orders == [Self.stop])
  }
}
