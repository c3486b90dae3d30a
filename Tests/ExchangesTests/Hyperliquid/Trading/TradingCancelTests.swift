import Exchanges
import Testing
import Trading

/// Orders are taken back by our ids, once, and silence is no success.
@Suite struct TradingCancelTests {
  static let first = TradingBench.orderID("1")
  static let second = TradingBench.orderID("2")
  static let gone = #"{"error":"Order was never placed, already canceled, or filled. asset=0"}"#

  static func bench() -> TradingBench {
    let bench = TradingBench()
    bench.notes.set { $0.resting = [first, second] }
    bench.venue.answer("orderStatus", TradingBench.status("open", TradingBench.stop(9, first)))
    return bench
  }

  static func cancel(
    _ ids: [ClientOrderID], _ exchange: HyperliquidExchange
  ) async throws {
    try await exchange.cancel(ids, of: TradingBench.account, at: TradingBench.now)
  }

  @Test(arguments: [
    ["\"success\"", "\"success\""], ["\"success\"", gone], [gone, gone],
  ])
  func takesBackWhatRests(_ words: [String]) async throws {
    let bench = Self.bench()
    bench.venue.reply(TradingBench.statuses(words[0], words[1]))

    try await Self.cancel([Self.first, Self.second, Self.first], bench.exchange())

    #expect(
      bench.venue.actions.map(\.document) == [
        #"{"type":"cancelByCloid","cancels":[{"asset":0,"cloid":"\#(Self.first)"},"#
          + #"{"asset":0,"cloid":"\#(Self.second)"}]}"#
      ])
    let body = try JSONReader.value(of: #require(bench.venue.sent.first))
    #expect(body["nonce"] == .number(Int(TradingBench.now.ms)))
    #expect(body["expiresAfter"] == .number(Int(TradingBench.now.ms + 20_000)))
    #expect(bench.notes.now.nonce == TradingBench.now.ms + 1)
    #expect(bench.notes.now.resting == nil)
  }

  @Test(
    arguments: [
      (.lost, "no answer within 10 s"), (.status(502), "HTTP 502"),
      (.unreachable, "cannot be reached"),
      (TradingBench.refusal("Invalid nonce: duplicate nonce 7"), "was used before"),
      (TradingBench.refusal("Too many cumulative requests sent (2 > 1)"), "Too many cumulative"),
      (TradingBench.statuses(#"{"error":"something else"}"#, "\"success\""), "something else"),
      (TradingBench.statuses(gone), "never placed"),
      (TradingBench.statuses("\"success\""), "for each of 2"),
      (TradingBench.statuses("\"success\"", "\"success\"", "\"success\""), "2 statuses, was 3"),
    ] as [(ScriptedVenue.Reply, String)])
  func tellsWhatWentWrong(_ reply: ScriptedVenue.Reply, _ reason: String) async throws {
    let bench = Self.bench()
    bench.venue.reply(reply)
    let exchange = try bench.exchange()
    let error = await #expect(throws: ExchangeError.self) {
      try await Self.cancel([Self.first, Self.second], exchange)
    }
    #expect(error?.description.contains(reason) == true)
    #expect(bench.venue.sent.count == 1)
    #expect(bench.notes.now.resting == nil)
  }

  @Test func leavesAloneWhatTheVenueNeverHad() async throws {
    let bench = Self.bench()
    bench.venue.answer("orderStatus", #"{"status":"unknownOid"}"#)
    try await Self.cancel([Self.first], bench.exchange())
    try await Self.cancel([], bench.exchange())
    #expect(bench.venue.sent.isEmpty)
    #expect(bench.notes.now.resting == [Self.first, Self.second])
  }

  @Test func sendsAtMostTwoHundredAtOnce() async throws {
    let bench = Self.bench()
    let ids = (0..<201).compactMap { number in
      let digits = String(number, radix: 16)
      return ClientOrderID("0x" + String(repeating: "0", count: 32 - digits.count) + digits)
    }
    bench.venue.answer("orderStatus", TradingBench.status("open", TradingBench.stop(9, ids[0])))
    let words = Array(repeating: "\"success\"", count: 200).joined(separator: ",")
    bench.venue.reply(TradingBench.statuses(words), TradingBench.statuses("\"success\""))

    try await Self.cancel(ids, bench.exchange())

    #expect(bench.venue.actions.map { $0["cancels"]?.elements?.count } == [200, 1])
    #expect(bench.notes.now.nonce == TradingBench.now.ms + 2)
  }

  @Test func knowsTheCoinsOfWhatItReported() async throws {
    let bench = Self.bench()
    bench.notes.set { $0.purposes[Self.first] = .stop }
    let exchange = try bench.exchange()
    bench.notes.set { $0.resting = nil }
    bench.venue.answer("frontendOpenOrders", "[\(TradingBench.stop(9, Self.first))]")
    _ = try await exchange.report(
      on: TradingBench.account, since: Timestamp(ms: 0), at: TradingBench.now)
    _ = bench.venue.takeAsked()
    bench.venue.reply(TradingBench.statuses("\"success\""))

    try await Self.cancel([Self.first], exchange)

    #expect(bench.venue.takeAsked() == ["meta"])
    #expect(bench.venue.sent.count == 1)
  }

  @Test func sendsNothingWhoseNumberIsNotOnDisk() async throws {
    let bench = Self.bench()
    bench.notes.set { $0.isFull = true }
    let exchange = try bench.exchange()
    let error = await #expect(throws: ExchangeError.self) {
      try await Self.cancel([Self.first], exchange)
    }
    #expect(error?.description.contains("disk full") == true)
    #expect(bench.venue.sent.isEmpty)
  }
}
