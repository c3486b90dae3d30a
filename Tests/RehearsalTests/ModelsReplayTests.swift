import ArenaTesting
import Foundation
import ModelStandIn
import Testing

extension RehearsalSuite {
  @Suite("Recorded answers and shown prompts")
  struct ModelsReplay {
    typealias Contestant = ModelsStage.Contestant

    private static let later = "2025-01-01T00:03Z"

    @Test func giveTheSameCycleByteForByte() throws {
      let stage = try ModelsStage(
        ModelScript(parts: [
          "buys": [
            .says("{\"decisions\":[]}"), Turn(.answer(Reply(.decision(.enter(coin: "SOL"))))),
          ],
          "repeats": [
            .says("well"), .says("{\"decisions\":[]}"), .says("hm"),
            Turn(.answer(Reply(.decision(.enter(coin: "BTC"))))),
          ],
          "fails": [Turn(.failure(status: 400, message: "no such model"))],
          "page": [Turn(.page(status: 200))],
        ]))
      let ids = ["buys", "repeats", "fails", "page"]
      try stage.configure(ids.map { Contestant($0) })
      try stage.cycle()
      let replay = try ModelsStage(beside: stage)
      try replay.configure(ids.map { Contestant($0) })
      try replay.stage.takeOver(stage.stage)
      let cassette = stage.stage.folder.appending(path: "cassette").path
      let recorded = try stage.cycle(at: Self.later, "--record", cassette)
      let asked = stage.server.total.requests
      stage.server.stop()

      let replayed = try replay.cycle(at: Self.later, "--replay", cassette)

      #expect(stage.server.total.requests == asked)
      #expect(try recorded.decisions("buys") == ["buy_to_enter SOL accepted"])
      #expect(try recorded.decisions("repeats") == ["buy_to_enter BTC accepted"])
      for id in ids { #expect(try replayed.story(id) == recorded.story(id), "\(id)") }
      let books = try stage.books.dump()
      let again = try replay.books.dump()
      #expect(again == books, "\(difference(books, again))")
      let exports = try stage.stage.contents(of: stage.exports)
      let exportsAgain = try replay.stage.contents(of: replay.exports)
      #expect(exports.keys.sorted() == exportsAgain.keys.sorted())
      for (name, bytes) in exports.timeless { #expect(exportsAgain[name] == bytes, "\(name)") }
      try replay.expectWhole()
    }

    @Test func anotherQuestionFailsAndNamesTheFile() throws {
      let stage = try ModelsStage()
      try stage.configure(["t01", "t02"].map { Contestant($0) }, llm: ["cache_ttl: 0s"])
      let cassette = stage.stage.folder.appending(path: "cassette").path
      try stage.cycle(at: ModelsStage.start, "--record", cassette, "--only", "t01", "--dry-run")
      let asked = stage.server.total.requests

      let report = try stage.cycle(at: ModelsStage.start, "--replay", cassette)

      #expect(stage.server.total.requests == asked)
      #expect(try report.failure("t01") == "")
      let said = try report.failure("t02")
      #expect(said.contains(cassette) && said.contains("record it anew"), "\(said)")
      try stage.expectWhole()
      let missing = try stage.run(["run", "--at", Self.later, "--replay", "/nowhere/cassette"])
      #expect(missing.code == 74)
      #expect(missing.error.contains("/nowhere/cassette"), "\(missing.error)")
    }

    @Test func promptsAreShownAndNobodyIsAsked() throws {
      let stage = try Self.shownStage()
      try stage.cycle()
      let asked = stage.server.total.requests
      let state = try stage.stage.contents(of: stage.stage.state)

      let ending = try stage.run(["run", "--at", Self.later, "--dump-prompt", "--only", "solo"])

      #expect(ending.code == 0, "\(ending.error)")
      Golden.check(Array(Self.timeless(ending.out).utf8), name: "models-dump-prompt.txt")
      #expect(stage.server.total.requests == asked)
      let after = try stage.stage.contents(of: stage.stage.state)
      for name in ["nof0.sqlite", "nof0.sqlite-wal"] { #expect(after[name] == state[name]) }
    }

    @Test func theWayToAnOrderIsTold() throws {
      let stage = try Self.shownStage()

      let ending = try stage.run(["run", "--at", ModelsStage.start, "--explain", "solo"])

      #expect(ending.code == 0, "\(ending.error)")
      Golden.check(Array(Self.timeless(ending.out).utf8), name: "models-explain.txt")
    }

    @Test func anUnknownTraderIsAUsageError() throws {
      let stage = try ModelsStage()
      try stage.configure([Contestant("solo")])

      for option in ["--explain", "--only"] {
        let ending = try stage.run(["run", "--dump-prompt", option, "nobody"])

        #expect(ending.code == 64)
        #expect(ending.error.contains("no trader is called nobody; there are: solo"))
        #expect(ending.out == "")
      }
      #expect(stage.server.total.requests == 0)
      #expect(!stage.stage.exists(stage.stage.state))
    }

    /// A stage whose prompts are short, and which do not change with the shipped templates.
    private static func shownStage() throws -> ModelsStage {
      let answer = """
        Let me see.
        ```json
        {"decisions": [
          {"signal": "buy_to_enter", "symbol": "BTC", "leverage": 2, "position_size_usd": 9000,
            "entry_price": 60140, "stop_loss": 58900, "take_profit": 63800, "confidence": 80,
            "reasoning": "Higher lows."},
          {"signal": "sell_to_enter", "symbol": "ETH", "leverage": 1, "position_size_usd": 500,
            "confidence": 10, "reasoning": "A guess."}]}
        ```
        """
      let stage = try ModelsStage(
        ModelScript(otherwise: [
          Turn(.answer(Reply(.text(answer), reasoning: "Thinking.\nMore of it.")))
        ]))
      let prompts = try stage.prompts(
        system: "You are {{trader_name}}, with at most {{max_positions}} positions.",
        user: """
          It is {{time}}, cycle {{cycle}}. Equity {{equity_usd}} USD.
          {{#positions}}
          Open: {{coin}} {{side}} of {{size_coins}} at {{entry_price}}, stop {{stop_price}}.
          {{/positions}}
          {{#coins}}
          {{coin}} {{mark_price}}, closes [{{short_closes}}]
          {{/coins}}
          """)
      try stage.configure([
        Contestant("solo", trader: prompts + ["symbols: [BTC, ETH]"]), Contestant("other"),
      ])
      return stage
    }

    /// The text without what differs from run to run: times taken, and digests that the server's
    /// port is part of.
    private static func timeless(_ text: String) -> String {
      text.replacing(/question [0-9a-f]{12}/, with: "question …")
        .replacing(/in \d+ ms/, with: "in … ms")
    }
  }
}
