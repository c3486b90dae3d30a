import Exchanges
import Testing
import Trading

/// What became of an order: its status, and its fills.
@Suite struct TradingLookUpTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var word: String?
    var fills: [String] = []
    let found: OrderLookup
    var asksFills = true
    var testDescription: String { name }
  }

  static let id = TradingBench.orderID("a")

  // (0.01·50000 + 0.02·50003) / 0.03 = 50002; fees 0.2 + 0.45.
  static let parts = [
    TradingBench.fill("buy 50000.0 0.01 0.0 0.2", trade: 1),
    TradingBench.fill("buy 50003.0 0.02 0.01 0.45", trade: 2),
    TradingBench.fill("buy 50003.0 5 0.03 9", trade: 3, order: 8),
  ]
  static let sum = OrderOutcome.filled(
    size: quantity("0.03"), averagePrice: price("50002"), fee: usd("0.65"), orderID: 7)

  static let cases: [Case] = [
    Case(name: "open", word: "open", found: .found(.resting(orderID: 7)), asksFills: false),
    Case(
      name: "triggered", word: "triggered", found: .found(.resting(orderID: 7)), asksFills: false),
    Case(
      name: "rejected", word: "iocCancelRejected", found: .found(.rejected("iocCancelRejected")),
      asksFills: false),
    Case(name: "filled", word: "filled", fills: parts, found: .found(sum)),
    Case(name: "cancelled after a part", word: "canceled", fills: parts, found: .found(sum)),
    Case(
      name: "cancelled", word: "scheduledCancel", fills: [parts[2]],
      found: .found(.rejected("scheduledCancel"))),
    Case(
      name: "a word nobody knows", word: "evaporated", found: .found(.rejected("evaporated"))),
    Case(
      name: "filled, and no fill in sight", word: "filled", fills: [parts[2]],
      found: .found(.unknown("the venue says that 0.02 filled, and shows fills of 0 yet"))),
    Case(name: "not known", fills: parts, found: .absent),
    Case(
      name: "not known, and yet filled",
      fills: [TradingBench.fill("buy 50000.0 0.01 0.0 0.2", id: id)],
      found: .found(
        .filled(
          size: quantity("0.01"), averagePrice: price("50000"), fee: usd("0.2"), orderID: 7))),
  ]

  @Test(arguments: cases)
  func finds(_ example: Case) async throws {
    let bench = TradingBench()
    if let word = example.word {
      bench.venue.answer("orderStatus", TradingBench.status(word, TradingBench.stop(7, Self.id)))
    }
    bench.venue.answer("userFillsByTime", "[\(example.fills.joined(separator: ","))]")

    let found = try await bench.exchange().lookUp(
      Self.id, of: TradingBench.account, at: TradingBench.now)

    #expect(found == example.found)
    #expect(
      bench.venue.takeAsked() == ["orderStatus"] + (example.asksFills ? ["userFillsByTime"] : []))
  }

  @Test func neverTakesSilenceForAbsence() async throws {
    let bench = TradingBench()
    let exchange = try bench.exchange()
    bench.venue.answer("userFillsByTime", "<html>")
    await #expect(throws: ExchangeError.self) {
      _ = try await exchange.lookUp(Self.id, of: TradingBench.account, at: TradingBench.now)
    }
    bench.venue.goDown()
    let error = await #expect(throws: ExchangeError.self) {
      _ = try await exchange.lookUp(Self.id, of: TradingBench.account, at: TradingBench.now)
    }
    guard case .unreachable = error else {
      Issue.record("expected unreachable, was \(String(describing: error))")
      return
    }
  }
}
