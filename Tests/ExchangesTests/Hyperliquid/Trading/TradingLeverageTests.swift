import Exchanges
import Testing
import Trading

/// Leverage is set before a position is opened, or it is not opened.
@Suite struct TradingLeverageTests {
  static let filled = TradingBench.statuses(
    #"{"filled":{"totalSz":"0.02","avgPx":"50000.0","oid":7}}"#)

  @Test(arguments: [("BTC", "0", "true"), ("SOL", "2", "false")])
  func isSetOnceBeforeTheFirstOpen(_ coin: String, _ asset: String, _ isCross: String) async throws
  {
    let bench = TradingBench()
    bench.venue.reply(TradingBench.done, Self.filled, Self.filled)
    let exchange = try bench.exchange()

    for digit in ["a", "b"] as [Character] {
      let outcome = try await TradingBench.send(
        TradingBench.intent(.buy, "0.02", coin, ioc("51000"), .open, id: digit), to: exchange)
      #expect(outcome.label == "filled")
    }

    #expect(
      bench.venue.actions.first?.document
        == #"{"type":"updateLeverage","asset":\#(asset),"isCross":\#(isCross),"leverage":10}"#)
    #expect(bench.venue.actions.map { $0["type"]?.text } == ["updateLeverage", "order", "order"])
    #expect(bench.notes.now.leverage[perp(coin)] == 10)
    // The number of the change was on disk before it was sent.
    #expect(bench.notes.now.nonce == TradingBench.now.ms + 1)
    #expect(bench.nonces.head == TradingBench.now.ms + 1)
  }

  @Test func isLeftAloneWhenItIsRightOrTheOrderCloses() async throws {
    let bench = TradingBench()
    bench.notes.set { $0.leverage = [perp("BTC"): 10] }
    bench.venue.reply(Self.filled, Self.filled)
    bench.venue.answer(
      "clearinghouseState", TradingBench.state(raw: "1000", "BTC 0.02 1000 10"))
    let exchange = try bench.exchange()
    _ = try await exchange.report(
      on: TradingBench.account, since: Timestamp(ms: 0), at: TradingBench.now)

    _ = try await TradingBench.send(
      TradingBench.intent(.buy, "0.02", "BTC", ioc("51000"), .open), to: exchange)
    _ = try await TradingBench.send(
      TradingBench.intent(.sell, "0.02", "ETH", ioc("1000"), .close, id: "b"), to: exchange)

    #expect(bench.venue.actions.map { $0["type"]?.text } == ["order", "order"])
  }

  /// A coin that is not held may have been given another leverage by hand since.
  @Test func isSetAnewWhereNoPositionShowsIt() async throws {
    let bench = TradingBench()
    bench.notes.set { $0.leverage = [perp("BTC"): 10] }
    bench.venue.reply(TradingBench.done, Self.filled)
    bench.venue.answer("clearinghouseState", TradingBench.state(raw: "1000"))
    let exchange = try bench.exchange()
    _ = try await exchange.report(
      on: TradingBench.account, since: Timestamp(ms: 0), at: TradingBench.now)

    _ = try await TradingBench.send(
      TradingBench.intent(.buy, "0.02", "BTC", ioc("51000"), .open), to: exchange)

    #expect(bench.venue.actions.map { $0["type"]?.text } == ["updateLeverage", "order"])
  }

  @Test(
    arguments: [
      (TradingBench.refusal("Invalid leverage value"), "Invalid leverage value"),
      (.lost, "may not have been set"), (.status(502), "may not have been set"),
      (.unreachable, "may not have been set"),
    ] as [(ScriptedVenue.Reply, String)])
  func keepsTheOrderBackWhenItIsNotSet(
    _ reply: ScriptedVenue.Reply, _ reason: String
  ) async throws {
    let bench = TradingBench()
    bench.notes.set { $0.leverage = [perp("BTC"): 5] }
    bench.venue.reply(reply)
    let outcome = try await TradingBench.send(
      TradingBench.intent(.buy, "0.02", "BTC", ioc("51000"), .open), to: bench.exchange())

    guard case .rejected(let text) = outcome else {
      Issue.record("expected a rejection, was \(outcome)")
      return
    }
    #expect(text.contains("leverage 10 for BTC"))
    #expect(text.contains(reason))
    #expect(bench.venue.sent.count == 1)
    #expect(bench.notes.now.leverage[perp("BTC")] == nil)
  }

  @Test func isForgottenWhereAPositionShowsAnother() async throws {
    let bench = TradingBench()
    bench.notes.set { $0.leverage = [perp("BTC"): 10, perp("ETH"): 10] }
    bench.venue.answer(
      "clearinghouseState",
      TradingBench.state(raw: "1000", "BTC 0.02 1000 20", "ETH 1 3000 10"))

    _ = try await bench.exchange().report(
      on: TradingBench.account, since: Timestamp(ms: 0), at: TradingBench.now)

    #expect(bench.notes.now.leverage == [perp("ETH"): 10])
  }
}
