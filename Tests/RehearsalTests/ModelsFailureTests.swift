import ArenaTesting
import Foundation
import ModelStandIn
import Testing

extension RehearsalSuite {
  @Suite("Models that fail")
  struct ModelsFailure {
    typealias Contestant = ModelsStage.Contestant

    private static let wish = Reply(.decision(.enter(coin: "BTC")))

    /// Ways to fail, and words of each failure's message.
    private static let failures: [(id: String, turn: Turn, words: [String])] = [
      ("hangs", Turn(.hang), ["timed out after"]),
      ("hangs-inside", Turn(.hangInside(wish)), ["timed out after"]),
      ("drops", Turn(.drop(.beforeAnswer)), ["drops: the connection broke"]),
      ("drops-inside", Turn(.drop(.insideBody, by: .closed)), ["drops-inside:"]),
      ("page", Turn(.page(status: 200)), ["expected a JSON object, was HTML"]),
      ("error", Turn(.failure(status: 500, message: "on fire")), ["HTTP 500: on fire"]),
      ("cut", Turn(.truncated(wish)), ["expected a whole JSON object"]),
      ("empty", Turn(.empty(status: 200)), ["empty answer"]),
      ("trickles", Turn(.trickled(wish, every: .milliseconds(100))), ["timed out after"]),
      (
        "too-long", Turn(.answer(Reply(.decision(.hold), finish: .length))),
        ["max_completion_tokens"]
      ),
      ("wrong-key", Turn(.echoedKey), ["HTTP 401", "api_key"]),
      ("prose", Turn.says("Let me think about it."), ["unparseable"]),
    ]

    private static let busy = Turn(
      .failure(status: 429, message: "slow down", retryAfter: .seconds(0)))

    /// What is counted over all traders.
    private static let numbering: Set<String> = [
      "run", "position", "fill_id", "nonce", "booking",
    ]

    private static var script: ModelScript {
      var script = ModelScript(parts: [
        "good": [Turn(.answer(wish))],
        "busy": [busy, busy, Turn(.answer(wish))],
      ])
      for failure in failures { script.parts[failure.id] = [failure.turn] }
      return script
    }

    @Test func leaveTheGoodOneAsIfTheyWereNotThere() throws {
      let alone = try ModelsStage(Self.script)
      try alone.configure([Contestant("good")], llm: ["max_retries: 2"], timeout: "3s")
      let expected = try alone.cycle()
      // The same server, because its address is part of the question.
      alone.server.play(Self.script)
      let together = try ModelsStage(beside: alone)
      try together.configure(
        [Contestant("good"), Contestant("busy")]
          + Self.failures.map {
            Contestant($0.id, model: $0.id == "wrong-key" ? ["api_key: ${WRONG_KEY}"] : [])
          }, llm: ["max_retries: 2"], timeout: "3s")

      let report = try together.cycle(
        at: ModelsStage.start, "--deadline", "8s", environment: ["WRONG_KEY": "sk-canary-wrong"])

      let (story, expectedStory) = (try report.story("good"), try expected.story("good"))
      #expect(story == expectedStory)
      #expect(report.generation == expected.generation)
      for failure in Self.failures {
        let said = try report.failure(failure.id)
        for words in failure.words { #expect(said.contains(words), "\(failure.id): \(said)") }
        #expect(try report.decisions(failure.id) == [], "\(failure.id)")
      }
      #expect(!report.text.contains("canary"))
      try together.expectWhole()
      for table in ["orders", "fills", "positions", "trades", "ledgers", "decisions"] {
        let sql = "SELECT * FROM \(table) WHERE trader = 'good'"
        let expected = try alone.books.lines(sql, leavingOut: Self.numbering)
        let found = try together.books.lines(sql, leavingOut: Self.numbering)
        #expect(found == expected, "\(table): \(difference(expected, found))")
      }
      try Self.expectRequests(together.server)
    }

    /// Expects that what may pass was asked three times a cycle, and nothing else twice.
    private static func expectRequests(_ server: ModelServer) throws {
      for (id, count) in [
        ("good", 1 + 1), ("busy", 3), ("drops", 3), ("error", 3), ("page", 1),
        ("wrong-key", 1), ("too-long", 1), ("hangs", 1), ("prose", 2),
      ] {
        #expect(server.totals(of: id).requests == count, "\(id)")
      }
    }

    @Test func haveTheirPositionsProtectedMeanwhile() throws {
      let coins = ["BTC", "ETH", "SOL", "BNB", "XRP", "DOGE"]
      var script = ModelScript()
      for (index, coin) in (coins + coins).enumerated() {
        script.parts["t\(index + 10)"] = [
          Turn(.answer(Reply(.decision(.enter(coin: coin, index < 6 ? .long : .short))))),
          Turn(.hang),
        ]
      }
      let stage = try ModelsStage(script)
      let ids = (10...21).map { "t\($0)" }
      try stage.configure(ids.map { Contestant($0) }, timeout: "39s")
      try stage.cycle()

      // Days later some stops and targets, 2 and 6 % away, have been reached.
      let report = try stage.cycle(at: "2025-01-04T00:00Z", "--deadline", "3s")

      for id in ids { #expect(try report.failure(id) == "cut off by the end of the run") }
      let triggered = "SELECT count(*) FROM fills WHERE cause IN ('stop', 'target')"
      #expect(try stage.books.number(triggered) > 0)
      #expect(
        try stage.books.number("SELECT count(*) FROM positions WHERE status = 'closed'") > 0)
      try stage.expectWhole()
    }

    @Test func aFullScheduleOfHangingOnesEndsBeforeTheDeadline() throws {
      let stage = try ModelsStage(ModelScript(otherwise: [Turn(.hang)]))
      let ids = ModelsStage.ids(30)
      // Their own time is far beyond the run's.
      try stage.configure(ids.map { Contestant($0) }, timeout: "39s")

      let report = try stage.cycle(at: ModelsStage.start, "--deadline", "4s")

      for id in ids { #expect(try report.failure(id) == "cut off by the end of the run") }
      #expect(stage.server.total.requests == 30)
      #expect(stage.server.waits { $0.abandoned == 30 })
      try stage.expectWhole()
    }
  }

  @Suite("Malformed replies")
  struct ModelsMalformed {
    typealias Contestant = ModelsStage.Contestant

    @Test func areReadAsPromisedAskedAgainOrHeld() throws {
      let replies = MalformedReply.all
      var script = ModelScript()
      for (index, reply) in replies.enumerated() {
        script.parts["r\(index + 100)"] = [.says(reply.text)]
      }
      let stage = try ModelsStage(script)
      try stage.configure(
        replies.indices.map {
          Contestant(
            "r\($0 + 100)", model: ["structured: text"], trader: ["symbols: [BTC, ETH, SOL]"])
        })

      let report = try stage.cycle()

      for (index, reply) in replies.enumerated() {
        let id = "r\(index + 100)"
        let failure = try report.failure(id)
        let asked = stage.server.totals(of: id).requests
        if reply.text.isEmpty {
          // No answer at all is a failure of the model's.
          #expect(failure.contains("expected an answer, was an empty one"), "\(failure)")
        } else if reply.isReadable {
          #expect(failure == "", "\(reply)")
          #expect(asked == 1, "\(reply)")
          let decided = try report.decisions(id).map {
            $0.split(separator: " ").prefix(2).joined(separator: " ")
          }
          #expect(decided == reply.decisions, "\(reply)")
          let repairs: [String] = try report.said(id, "repairs")
          for repair in reply.repairs {
            #expect(repairs.contains { $0.hasPrefix(repair) }, "\(reply): \(repair) of \(repairs)")
          }
        } else {
          #expect(failure.hasPrefix("unparseable: "), "\(reply): \(failure)")
          #expect(asked == 2, "\(reply)")
          #expect(try report.decisions(id) == [], "\(reply)")
        }
      }
      // Prices around 100 for BTC break the rules, so nothing may have been ordered.
      #expect(try stage.books.number("SELECT count(*) FROM orders") == 0)
      #expect(
        try stage.books.number("SELECT count(*) FROM llm_calls WHERE purpose = 'reask'")
          == replies.count { !$0.isReadable && !$0.text.isEmpty })
      try stage.expectWhole()
    }

    @Test func aSecondTryThatCanBeReadCounts() throws {
      let stage = try ModelsStage(
        ModelScript(otherwise: [
          .says("I would buy BTC."), Turn(.answer(Reply(.decision(.enter(coin: "BTC"))))),
        ]))
      try stage.configure([Contestant("solo")])

      let report = try stage.cycle()

      #expect(try report.decisions("solo") == ["buy_to_enter BTC accepted"])
      #expect(try report.calls("solo") == ["answered", "answered"])
      let repairs: [String] = try report.said("solo", "repairs")
      #expect(repairs.first == "reasked")
      let second = try #require(stage.server.requests.last)
      #expect(second.text.contains("I would buy BTC."))
      #expect(second.text.contains("That answer cannot be used"))
      try stage.expectWhole()
    }
  }
}
