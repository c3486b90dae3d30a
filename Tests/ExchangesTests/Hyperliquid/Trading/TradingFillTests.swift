import Exchanges
import Testing
import Trading

/// Executions: why, in which order, under which number, at what cost.
@Suite struct TradingFillTests {
  static func fills(_ bench: TradingBench, _ rows: [String]) async throws -> [Fill] {
    bench.venue.answer("userFillsByTime", "[\(rows.joined(separator: ","))]")
    return try await TradingReportTests.report(bench, knowing: nil).fills
  }

  struct Cause: Sendable, CustomTestStringConvertible {
    let name: String
    var purpose: OrderPurpose?
    var isTaker = true
    var direction = "Close Long"
    var victim: String?
    let cause: FillCause
    var testDescription: String { name }
  }

  static let causes: [Cause] = [
    Cause(name: "by hand", cause: .order),
    Cause(name: "by hand, resting", isTaker: false, cause: .limit),
    Cause(name: "our open", purpose: .open, cause: .order),
    Cause(name: "our close, resting", purpose: .close, isTaker: false, cause: .limit),
    Cause(name: "our stop", purpose: .stop, cause: .stop),
    Cause(name: "our target", purpose: .target, isTaker: false, cause: .target),
    Cause(
      name: "our liquidation", direction: "Liquidated Cross Long",
      victim: "\(TradingBench.main)", cause: .liquidation),
    Cause(
      name: "somebody else's liquidation that we took", purpose: .open,
      victim: "\(TradingBench.other)", cause: .order),
    Cause(name: "deleveraging", direction: "Auto-Deleveraging", cause: .deleveraging),
    Cause(name: "deleveraging in short", direction: "ADL Close Long", cause: .deleveraging),
  ]

  @Test(arguments: causes)
  func knowsWhy(_ example: Cause) async throws {
    let bench = TradingBench()
    let id = TradingBench.orderID("c")
    if let purpose = example.purpose { bench.notes.set { $0.purposes[id] = purpose } }
    let more = example.victim.map {
      #","liquidation":{"liquidatedUser":"\#($0)","markPx":"1.0","method":"market"}"#
    }

    let fills = try await Self.fills(
      bench,
      [
        TradingBench.fill(
          "sell 50000.0 0.02 0.02 0.45", id: id, isTaker: example.isTaker,
          direction: example.direction, more: more ?? "")
      ])

    #expect(fills.map(\.cause) == [example.cause])
    // Orders of others may carry ids, too.
    #expect(fills.map(\.clientOrderID) == [example.purpose == nil ? nil : id])
  }

  @Test func followsTheSizeHeldWithinOneMillisecond() async throws {
    // A buy of 3, then sales of 1 and 2, all within the same ms; trade numbers mean nothing.
    let rows = [
      TradingBench.fill("sell 100.0 1 3 0", trade: 3),
      TradingBench.fill("sell 100.0 2 2 0", trade: 1),
      TradingBench.fill("buy 100.0 3 0 0", trade: 9),
      TradingBench.fill("buy 90.0 1 -1 0", before: 2000, trade: 5),
      TradingBench.fill("sell 10.0 1 0 0", coin: "ETH", trade: 2),
    ]
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<20 {
      let fills = try await Self.fills(TradingBench(), rows.shuffled(using: &generator))
      #expect(
        fills.map { "\($0.side) \($0.size) \($0.coin)" }
          == ["buy 1 BTC", "buy 3 BTC", "sell 1 BTC", "sell 2 BTC", "sell 1 ETH"])
    }
  }

  @Test func numbersTradesThatShareANumberApart() async throws {
    let rows = [
      TradingBench.fill("buy 100.0 1 0 0", trade: 1),
      TradingBench.fill("buy 100.0 1 0 0", coin: "ETH", trade: 1),
      TradingBench.fill("buy 100.0 1 1 0", before: 999, trade: 1),
    ]
    let fills = try await Self.fills(TradingBench(), rows + rows)
    #expect(fills.count == 3)
    #expect(Set(fills.map(\.id)).count == 3)
    // printf '1753091999000|BTC|1|7|buy' | sha256sum, first 16 digits without the top bit.
    #expect(fills.first?.id == Self.firstNumber)
  }

  static let firstNumber: Int64 = 7367644613958683329

  @Test func leavesOutWhatIsNoPerpetual() async throws {
    let fills = try await Self.fills(
      TradingBench(),
      [
        TradingBench.fill("buy 100.0 1 0 0", coin: "@107", token: "PURR"),
        TradingBench.fill("buy 100.0 1 0 0", coin: "dex:GOLD"),
      ])
    #expect(fills.isEmpty)
  }

  @Test func refusesAFeeInAnythingButDollars() async throws {
    let error = await #expect(throws: ExchangeError.self) {
      _ = try await Self.fills(
        TradingBench(), [TradingBench.fill("buy 100.0 1 0 0.1", trade: 44, token: "HYPE")])
    }
    #expect(error?.description.contains("fee of trade 44 (BTC) in USDC, was in HYPE") == true)
  }
}
