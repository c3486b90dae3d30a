import Executor
import Testing
import Trading

@Suite("The form of an answer")
struct ReplyFormTests {
  private func form() throws -> DecisionForm {
    DecisionForm(
      coins: try Reading.coins(), maxLeverage: 5, maxPositionSize: USD(whole: 500))
  }

  private func decision() throws -> JSONValue {
    try #require(try form().schema["properties"]?["decisions"]?["items"])
  }

  @Test func itsExampleIsReadWithoutRepair() throws {
    let reading = try Reading.of(try form().example.document)

    #expect(reading.isReadable)
    #expect(Reading.words(reading.decisions) == ["buy_to_enter BTC"])
    #expect(reading.repairs.isEmpty && reading.problems.isEmpty)
  }

  @Test func allowsNothingElseAndDemandsEverything() throws {
    for object in [try form().schema, try decision()] {
      let names = try #require(object["properties"]?.members).map(\.name)

      #expect(object["type"]?.text == "object")
      #expect(object["additionalProperties"] == .flag(false))
      #expect(object["required"]?.elements?.compactMap(\.text) == names)
    }
  }

  @Test func namesTheFieldsOfTheContract() throws {
    let names = try #require(try decision()["properties"]?.members).map(\.name)

    // contracts/CONFIG.md §3.3 and close_fraction.
    #expect(
      Set(names) == [
        "signal", "symbol", "leverage", "position_size_usd", "entry_price", "stop_loss",
        "take_profit", "risk_usd", "confidence", "invalidation_condition", "reasoning",
        "close_fraction",
      ])
  }

  @Test(
    "bounds",
    arguments: [
      ("signal", #"["buy_to_enter","sell_to_enter","hold","close","update_protection"]"#, "enum"),
      ("symbol", #"["BTC","ETH","SOL","kPEPE"]"#, "enum"), ("leverage", "1", "minimum"),
      ("leverage", "5", "maximum"), ("leverage", #"["integer","null"]"#, "type"),
      ("position_size_usd", "500", "maximum"), ("position_size_usd", "0", "exclusiveMinimum"),
      ("confidence", "100", "maximum"), ("close_fraction", "1", "maximum"),
      ("stop_loss", #"["number","null"]"#, "type"), ("reasoning", #""string""#, "type"),
    ])
  func boundsItsFields(field: String, bound: String, keyword: String) throws {
    #expect(try decision()["properties"]?[field]?[keyword]?.document == bound)
  }

  @Test func saysTheSameInWords() throws {
    let form = try form()
    let words = form.words
    let names = try #require(try decision()["properties"]?.members).map(\.name)

    for name in names { #expect(words.contains("\n- \(name) (")) }
    #expect(words.contains("- leverage (whole number 1 to 5, or null): For entries"))
    #expect(words.contains("- symbol (one of BTC, ETH, SOL, kPEPE): "))
    #expect(words.hasSuffix(form.example.document))
  }

  @Test func leavesOutAnEmptyChoice() throws {
    let form = DecisionForm(coins: [], maxLeverage: 0, maxPositionSize: .zero)
    let fields = form.schema["properties"]?["decisions"]?["items"]?["properties"]

    #expect(fields?["symbol"]?["enum"] == nil)
    #expect(form.maxLeverage == 1)
  }
}
