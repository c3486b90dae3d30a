import ArenaTesting
import Executor
import Testing
import Trading

/// Readings of these tests: the offered coins and short words for decisions.
enum Reading {
  static func coins() throws -> [Coin] {
    try MalformedReply.coins.map { try #require(Coin($0)) }
  }

  static func of(_ text: String) throws -> ReplyReading {
    ReplyReader.read(text, coins: try coins())
  }

  static func words(_ decisions: [Decision]) -> [String] {
    decisions.map { "\($0.action.rawValue) \($0.coin?.name ?? "-")" }
  }
}

@Suite("A reply")
struct ReplyReaderTests {
  @Test("of any kind is read as the table says", arguments: MalformedReply.all)
  func readsEveryKind(reply: MalformedReply) throws {
    let reading = try Reading.of(reply.text)

    #expect(reading.isReadable == reply.isReadable, "\(reading)")
    #expect(Reading.words(reading.decisions) == reply.decisions)
    #expect(reading.repairs.map(\.id).sorted() == reply.repairs)
    #expect(reading.decisions.flatMap(\.malformedFields) == reply.malformed)
    #expect(reading.isReadable || !reading.problems.isEmpty)
  }

  @Test func theTableIsLargeAndItsNamesDiffer() {
    let all = MalformedReply.all

    #expect(all.count >= 60)
    #expect(Set(all.map(\.name)).count == all.count)
  }

  @Test func takesEveryFieldAsWritten() throws {
    let coins = try Reading.coins()

    let reading = try Reading.of(MalformedReply.wellFormed)

    #expect(
      reading.decisions == [
        Decision(
          .buyToEnter, coin: coins[0], leverage: 3, positionSize: USD("150.5"),
          entryPrice: Price("100"), stopLoss: Price("95"), takeProfit: Price("115"),
          riskUSD: USD("8"), confidence: 80, invalidation: "4h close below 94",
          reasoning: "Higher lows."),
        Decision(.hold, coin: coins[1], confidence: 40, reasoning: "No edge."),
      ])
    #expect(reading.repairs.isEmpty && reading.problems.isEmpty)
  }

  @Test(
    "names path, expectation and what was there",
    arguments: [
      (
        #"{"decisions":[{"signal":"sell","symbol":"BTC"}]}"#,
        "decisions[0].signal: expected one of buy_to_enter, sell_to_enter, hold, close, "
          + "update_protection, was \"sell\""
      ),
      (
        #"{"decisions":[{"signal":"close","symbol":"BTC","close_fraction":"~0.5"}]}"#,
        "decisions[0].close_fraction: expected a plain number, was \"~0.5\""
      ),
      (
        #"[{"signal":"update_protection","symbol":"BTC","stop_loss":-1}]"#,
        "[0].stop_loss: expected a number above 0, was -1"
      ),
      (
        #"{"decisions":[{"signal":"close","symbol":"BTC",}"#,
        "expected valid JSON: byte 47: expected a name in quotes, was \"}\""
      ),
      (
        #"{"ETH":{"coin":"BTC","signal":"close"}}"#,
        #""ETH".symbol: expected the coin it stands under, was both BTC and ETH"#
      ),
      ("hello", "expected an object with a list named decisions, was none"),
      (
        "<think>hm", "expected an answer behind the reasoning, was the end of the reply"
      ),
    ])
  func namesWhatIsWrong(text: String, problem: String) throws {
    #expect(try Reading.of(text).problems.first == problem)
  }

  @Test(
    "numbers",
    arguments: [
      ("0.000000005", "-"), ("0.000000015", "0.00000002"), ("0.123456785", "0.12345678"),
      ("0.123456795", "0.1234568"), ("1e2", "100"), ("12.5E-1", "1.25"), ("100.000000000", "100"),
      ("92233720368.54775807", "92233720368.54775807"), ("92233720368.54775808", "-"),
      ("1e-400", "-"), ("0e999999999999999999999", "-"), ("1e999999999999999999999", "-"),
      ("\"1 000\"", "-"), ("\"１００\"", "100"), ("\" 100 \"", "100"), ("\"+100\"", "-"),
      ("\"0x64\"", "-"), ("\"\"", "-"), ("\"1_000\"", "-"), ("\"$100\"", "-"), ("\"1.000,5\"", "-"),
    ])
  func readsPricesExactly(written: String, expected: String) throws {
    let text = #"{"signal":"update_protection","symbol":"BTC","stop_loss":\#(written)}"#

    let decision = try #require(try Reading.of(text).decisions.first)

    #expect((decision.stopLoss?.description ?? "-") == expected)
    #expect(decision.malformedFields == (expected == "-" ? ["stop_loss"] : []))
  }

  @Test(
    "confidence",
    arguments: [
      ("75", 75), ("0.75", 75), ("0.755", 75), ("0.29", 29), ("1", 1), ("1.0", 1), ("0", 0),
      ("75.9", 75), ("100", 100), ("0.001", 0),
    ])
  func readsConfidenceDown(written: String, expected: Int) throws {
    let text = #"{"signal":"hold","symbol":"BTC","confidence":\#(written)}"#

    #expect(try Reading.of(text).decisions.first?.confidence == expected)
  }

  @Test(
    "symbols",
    arguments: [
      ("BTC", "BTC"), ("btc", "BTC"), ("BTCUSDT", "BTC"), ("BTC-USD", "BTC"),
      ("ETH/USDT:USDT", "ETH"),
      ("sol-perp", "SOL"), ("KPEPE", "kPEPE"), ("kPEPEUSDT", "kPEPE"), ("PEPE", "PEPE"),
      ("1000PEPEUSDT", "1000PEPEUSDT"), ("WBTC", "WBTC"), ("ＢＴＣ", "BTC"), ("USDT", "USDT"),
      ("BT", "BT"),
    ])
  func mapsSymbolsOnlyWhenClear(written: String, expected: String) throws {
    let text = #"{"signal":"close","symbol":"\#(written)"}"#

    #expect(try Reading.of(text).decisions.first?.coin?.name == expected)
  }

  @Test(
    "says two things about a coin",
    arguments: [
      (#"{"signal":"hold","symbol":"BTC"},{"signal":"close","symbol":"BTC"}"#, ["hold BTC"]),
      (#"{"signal":"close","symbol":"BTC"},{"signal":"hold","symbol":"BTC"}"#, ["hold BTC"]),
      (
        #"{"signal":"close","symbol":"BTC","close_fraction":0.5},"#
          + #"{"signal":"close","symbol":"BTC"},{"signal":"close","symbol":"ETH"}"#, ["close ETH"]
      ),
      (
        #"{"signal":"close","symbol":"BTC"},{"signal":"close","symbol":"BTC"}"#,
        ["close BTC", "close BTC"]
      ),
      (
        #"{"signal":"hold","symbol":"BTC"},"#
          + #"{"signal":"update_protection","symbol":"BTC","stop_loss":90}"#,
        ["hold BTC", "update_protection BTC"]
      ),
      (
        #"{"signal":"close","symbol":"BTC","close_fraction":0.5},"#
          + #"{"signal":"update_protection","symbol":"BTC","stop_loss":90}"#,
        ["close BTC", "update_protection BTC"]
      ),
    ])
  func neverChoosesBetweenTwoWishes(list: String, expected: [String]) throws {
    let reading = try Reading.of("{\"decisions\":[\(list)]}")

    #expect(Reading.words(reading.decisions) == expected)
  }

  @Test func refusesASymbolThatCouldBeTwoCoins() throws {
    let coins = try ["kPEPE", "KPEPE"].map { try #require(Coin($0)) }

    let reading = ReplyReader.read(#"{"signal":"close","symbol":"kpepe"}"#, coins: coins)

    #expect(!reading.isReadable)
    #expect(
      reading.problems == [
        "decision.symbol: expected one of the coins as they are spelled, was \"kpepe\", which "
          + "could be KPEPE or kPEPE"
      ])
  }

  @Test func cutsLongTextsAndRefusesLongReplies() throws {
    let long = String(repeating: "é", count: 5_000)

    let reading = try Reading.of(#"{"signal":"hold","symbol":"BTC","reasoning":"\#(long)"}"#)

    #expect(reading.decisions.first?.reasoning == String(repeating: "é", count: 4_000))
    #expect(reading.repairs.map(\.id) == ["single_object", "text_cut"])
    #expect(try !Reading.of(String(repeating: " ", count: 1_000_001)).isReadable)
  }

  @Test func keepsTextsAsTheyAre() throws {
    let text = "“quoted”，\u{200B} ~100 <think> `{` e\u{301}"

    let reading = try Reading.of(
      "so: " + #"{"signal":"hold","symbol":"BTC","reasoning":"\#(text)"}"#)

    #expect(
      reading.decisions.first?.reasoning.unicodeScalars.elementsEqual(text.unicodeScalars)
        == true)
  }
}
