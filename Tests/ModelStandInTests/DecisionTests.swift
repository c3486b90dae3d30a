import ModelStandIn
import Testing
import Trading

@Suite("Decisions of a model server")
struct DecisionTests {
  private func decision(_ wish: DecisionWish, seeing context: String) throws -> JSONValue {
    var found: JSONValue?
    try withServer(ModelScript(otherwise: [Turn(.answer(Reply(.decision(wish))))])) { server in
      let visitor = try Visitor(server)
      visitor.post("/api/v1/decision", context)
      found = try JSONReader.value(of: try visitor.answer().body)["decisions"]?[0]
    }
    return try #require(found)
  }

  @Test func holdsWithEveryField() throws {
    let hold = try decision(.hold, seeing: "{}")

    #expect(
      hold.members?.map(\.name) == [
        "action", "symbol", "leverage", "position_size_usd", "entry_price", "stop_loss",
        "take_profit", "confidence", "risk_usd", "invalidation_condition", "reasoning",
      ])
    #expect(hold["action"]?.text == "hold")
  }

  @Test func entersAroundThePriceItFinds() throws {
    let context = #"{"market":[{"symbol":"ETH","mid":"2000.5"},{"symbol":"BTC","mid":50000}]}"#

    let long = try decision(.enter(coin: nil), seeing: context)
    let short = try decision(.enter(coin: "ETH", .short, sizeUSD: 500), seeing: context)

    #expect(long["action"]?.text == "buy_to_enter")
    #expect(long["symbol"]?.text == "BTC")
    // 50000 less 2 %, plus 6 %; a fiftieth of 1000 dollars at risk.
    #expect(long["entry_price"] == .number("50000"))
    #expect(long["stop_loss"] == .number("49000"))
    #expect(long["take_profit"] == .number("53000"))
    #expect(long["risk_usd"] == .number("20"))
    // 2000.5 plus 2 %, less 6 %.
    #expect(short["action"]?.text == "sell_to_enter")
    #expect(short["stop_loss"] == .number("2040.51"))
    #expect(short["take_profit"] == .number("1880.47"))
    #expect(short["position_size_usd"]?.whole == 500)
  }

  @Test func holdsWhereThereIsNoPrice() throws {
    let wish = try decision(.enter(coin: "SOL"), seeing: #"{"coin":"BTC","price":5}"#)

    #expect(wish["action"]?.text == "hold")
    #expect(wish["reasoning"]?.text == "found no price of SOL in the question")
  }

  @Test(
    arguments: [
      ("SOL 150.25 | 1h 0.3 %, funding 0.001 %/h", "150.25"),
      ("closed SOL long. ETH: Price 2000. SOL: - Price 151, mark 152, 3 s old", "151"),
      ("- SOL long 5 coins: Entry 140, mark 149; Price gain 6.4 %", "149"),
    ])
  func readsThePriceAsPromptsWriteIt(text: String, price: String) throws {
    let turn = try decision(.enter(coin: "SOL"), seeing: "{\"text\":\"\(text)\"}")

    #expect(turn["entry_price"] == .number(price))
  }

  @Test func closesAPart() throws {
    let close = try decision(.close(coin: "BTC", fraction: "0.5"), seeing: "{}")

    #expect(close["action"]?.text == "close")
    #expect(close["close_fraction"] == .number("0.5"))
  }

  @Test func readsThePriceFromTheUserMessageOnly() throws {
    let turn = Turn(.answer(Reply(.decision(.enter(coin: nil)))))
    try withServer(ModelScript(otherwise: [turn])) { server in
      let visitor = try Visitor(server)
      visitor.post(
        "/v1/chat/completions", chat("m", "### ALL SOL\\ncurrent_price = 150.25, ema20 = 149"))

      let answer = try JSONReader.value(of: try visitor.answer().body)

      let text = try #require(answer["choices"]?[0]?["message"]?["content"]?.text)
      let decision = try JSONReader.value(of: text)["decisions"]?[0]
      #expect(decision?["symbol"]?.text == "SOL")
      #expect(decision?["entry_price"] == .number("150.25"))
    }
  }
}
