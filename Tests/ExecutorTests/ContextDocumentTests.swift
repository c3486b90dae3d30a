import Executor
import Market
import Testing
import Trading

@Suite("The context document")
struct ContextDocumentTests {
  private func document(_ scene: Scene) throws -> JSONValue {
    try JSONReader.value(of: ContextDocument.render(try scene.context()))
  }

  @Test func holdsEveryPartOfTheContext() throws {
    let root = try document(Scene())

    #expect(
      try #require(root.members).map(\.name) == [
        "account", "answer_form", "at_ms", "candidates", "cycle", "inception_at_ms", "market",
        "minutes_since_inception", "performance", "positions", "recent_trades", "rules", "slot",
        "taker_fee_bps", "trader", "version",
      ])
    #expect(root["version"]?.whole == 1)
    #expect(root["at_ms"]?.whole == 1_753_099_200_000)
    #expect(root["account"]?["equity_usd"] == .number("9000"))
    #expect(root["trader"]?["limits"]?["min_risk_reward_ratio"] == .number("1.5"))
    #expect(root["trader"]?["limits"]?["max_asset_pct"] == .null)
    #expect(root["performance"]?["sharpe"] == .null)
  }

  @Test func ranksCandidatesAndSortsCoins() throws {
    let root = try document(Scene())

    // No moves are known: ties by name.
    #expect(root["candidates"]?[0]?["coin"]?.text == "BTC")
    #expect(root["candidates"]?[2]?["rank"]?.whole == 3)
    #expect(
      root["market"]?["coins"]?.elements?.compactMap { $0["coin"]?.text } == ["BTC", "ETH", "SOL"])
  }

  @Test func saysWhyACoinIsMissing() throws {
    var scene = Scene()
    scene.prices["ETH"] = nil

    let missing = try document(scene)["market"]?["missing"]

    #expect(
      missing?.document
        == #"[{"coin":"ETH","reason":"the market provider does not list it"}]"#)
  }

  @Test func writesCandlesOldestFirst() throws {
    var scene = Scene()
    scene.closes["BTC"] = [100, 101.5]

    let coin = try document(scene)["market"]?["coins"]?[0]

    // Two candles of three minutes before 1753099200000.
    #expect(
      coin?["candles"]?.document
        == #"{"3m":[[1753098840000,100,100,100,100,1],[1753099020000,101.5,101.5,101.5,101.5,1]]}"#)
  }

  @Test func writesPositionsWithTheirMoney() throws {
    var scene = Scene()
    scene.positions = [("ETH", .short)]

    let position = try #require(try document(scene)["positions"]?[0])

    #expect(
      position.document
        == #"{"age_minutes":60,"coin":"ETH","entry_price":4000,"invalidation_condition":"","#
        + #""leverage":1,"liquidation_price":null,"margin_used_usd":0,"mark":4000,"#
        + #""notional_usd":4000,"opened_at_ms":1753095600000,"peak_gain_pct":0,"#
        + #""resting_stop":null,"resting_target":null,"side":"short","size_coins":1,"#
        + #""unrealised_usd":0}"#)
  }

  @Test func isTheSameTwice() throws {
    var scene = Scene()
    scene.positions = [("BTC", .long)]
    scene.closes["SOL"] = [1, 2, 3]
    let context = try scene.context()

    #expect(ContextDocument.render(context) == ContextDocument.render(context))
  }

  @Test func asksForTheFormOfItsTrader() throws {
    let form = try document(Scene())["answer_form"]
    let decision = form?["schema"]?["properties"]?["decisions"]?["items"]

    #expect(decision?["properties"]?["symbol"]?["enum"]?.document == #"["BTC","ETH","SOL"]"#)
    #expect(decision?["properties"]?["leverage"]?["maximum"]?.whole == 3)
    #expect(form?["words"]?.text == DecisionForm(try Scene().context()).words)
  }
}
