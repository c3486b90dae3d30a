import Foundation
import ModelStandIn
import Testing
import Trading

extension RehearsalSuite {
  @Suite("Budgets of models")
  struct ModelsBudget {
    typealias Contestant = ModelsStage.Contestant

    private static let ids = ModelsStage.ids(20)

    /// The worst case of the first call of each trader in tokens and USD; their prompts are of
    /// one length.
    private static func worst() throws -> (tokens: Int, usd: String) { try measured.get() }

    private static let measured = Result { try measure() }

    private static func measure() throws -> (tokens: Int, usd: String) {
      let stage = try ModelsStage()
      try stage.configure(ids.map { Contestant($0) }, llm: budget("daily_token_limit: 1000000000"))
      try stage.cycle()
      let tokens = try stage.books.texts("SELECT DISTINCT worst_tokens FROM llm_calls")
      let usd = try stage.books.texts("SELECT DISTINCT worst_cost FROM llm_calls")
      try #require(tokens.count == 1 && usd.count == 1, "expected prompts of one length")
      return (try #require(Int(tokens[0])), usd[0])
    }

    private static func budget(_ lines: String...) -> [String] {
      ["cache_ttl: 0s", "budget:"] + lines.map { "  \($0)" }
    }

    /// Answers that say they consumed as much as a worst case.
    private static func greedy(_ tokens: Int) -> ModelScript {
      ModelScript(otherwise: [
        Turn(
          .answer(
            Reply(
              .decision(.hold),
              usage: .reported(
                TokenUsage(prompt: tokens - 1024, completion: 1024, isEstimated: false)))))
      ])
    }

    @Test func admitsExactlySevenOfTwentyCallsAtTheSameTime() throws {
      let worst = try Self.worst()
      let price = try #require(USD(worst.usd))
      for (limit, alert) in [
        // Seven and a half, of which seven are 93 %; and seven.
        ("daily_token_limit: \(worst.tokens * 15 / 2)", "medium budget.arena"),
        ("daily_usd_limit: \(USD(mantissa: price.mantissa * 7))", "high budget.arena"),
      ] {
        let stage = try ModelsStage(Self.greedy(worst.tokens))
        try stage.configure(
          Self.ids.map { Contestant($0) }
            + [
              Contestant(
                "baseline", trader: ["symbols: [BTC, ETH]"],
                executor: "{kind: baseline, rule: buy_and_hold}")
            ],
          llm: Self.budget(limit))

        let first = try stage.cycle()
        let second = try stage.cycle(at: "2025-01-01T00:03Z")

        #expect(stage.server.total.requests == 7, "\(limit)")
        let held = try Self.ids.filter { try first.failure($0) != "" }
        #expect(held.count == 13)
        for id in held {
          #expect(try first.failure(id).contains("budget.\(limit.prefix { $0 != ":" })"))
        }
        #expect(first.warns(alert), "\(first.alerts)")
        for id in Self.ids { #expect(try second.failure(id).contains("budget.")) }
        #expect(second.warns(alert), "\(second.alerts)")
        #expect(try first.fills("baseline") > 0, "expected baselines to go on")
        #expect(try stage.books.number("SELECT count(*) FROM llm_calls") == 7)
        try stage.expectWhole(limit)
      }
    }

    @Test func ofATraderIsItsOwn() throws {
      let worst = try Self.worst()
      let price = try #require(USD(worst.usd))
      for limit in [
        "trader_daily_token_limit: \(worst.tokens * 5 / 4)",
        "trader_daily_usd_limit: \(USD(mantissa: price.mantissa * 5 / 4))",
      ] {
        let stage = try ModelsStage(Self.greedy(worst.tokens))
        try stage.configure(
          ["t01", "t02"].map { Contestant($0) }, llm: Self.budget(limit))

        let first = try stage.cycle(at: ModelsStage.start, "--only", "t01")
        let second = try stage.cycle(at: "2025-01-01T00:03Z")

        #expect(try first.failure("t01") == "")
        #expect(
          try second.failure("t01").contains("budget.\(limit.prefix { $0 != ":" })"))
        #expect(try second.failure("t02") == "")
        for id in ["t01", "t02"] {
          #expect(second.warns("medium budget.trader.\(id)"), "\(second.alerts)")
        }
        #expect(!second.warns("medium budget.arena"))
        #expect(stage.server.total.requests == 2)
        try stage.expectWhole(limit)
      }
    }

    @Test func thatIsNotEnforcedOnlyWarns() throws {
      let stage = try ModelsStage()
      try stage.configure(
        ModelsStage.ids(6).map { Contestant($0) },
        llm: Self.budget("daily_token_limit: 10", "strict_enforcement: false"))

      let report = try stage.cycle()

      #expect(stage.server.total.requests == 6)
      #expect(report.warns("high budget.arena"), "\(report.alerts)")
      #expect(report.text.contains("strict_enforcement is off"))
      try stage.expectWhole()
    }

    @Test func whatWasLeftIsSpentByTheNextRun() throws {
      let worst = try Self.worst()
      let stage = try ModelsStage()
      try stage.configure(
        Self.ids.map { Contestant($0) },
        llm: Self.budget("daily_token_limit: \(worst.tokens * 15 / 2)"))
      try stage.cycle()
      #expect(stage.server.total.requests == 7)
      let left = worst.tokens * 15 / 2 - stage.server.total.tokens
      // The second question may be of another length: its worst case is read afterwards.
      try stage.cycle(at: "2025-01-01T00:03Z")

      let books = stage.books
      let sent = stage.server.total.requests - 7
      let second = try books.texts("SELECT worst_tokens FROM llm_calls WHERE call > 7")
        .compactMap { Int($0) }
      #expect(second.count == sent)
      #expect(second.reduce(0, +) <= left)
      #expect(second.reduce(0, +) + (second.max() ?? 0) > left, "expected no room for one more")
      try stage.expectWhole()
    }
  }

  @Suite("Runs that die while models answer")
  struct ModelsKilled {
    typealias Contestant = ModelsStage.Contestant

    @Test func haveTheirCallsBookedByEstimate() throws {
      let stage = try ModelsStage(ModelScript(otherwise: [Turn(.hang)]))
      let ids = ModelsStage.ids(5)
      try stage.configure(ids.map { Contestant($0) }, timeout: "39s")
      let run = try stage.stage.start(["run", "--at", ModelsStage.start])
      stage.expectWaiting(5)
      kill(run.process.processIdentifier, SIGKILL)
      #expect(try stage.finish(run).code == -SIGKILL)
      let books = stage.books
      #expect(
        try books.number("SELECT count(*) FROM llm_calls WHERE status = 'reserved'") == 5)
      let estimate = try books.number("SELECT sum(estimate_tokens) FROM llm_calls")
      let worst = try books.number("SELECT sum(worst_tokens) FROM llm_calls")
      #expect(try books.number("SELECT tokens FROM llm_days") == worst)
      stage.server.play(ModelScript())

      let report = try stage.cycle()

      let notice = report.notices.first { $0.contains("5 model calls of a run that died") }
      #expect(notice?.contains("\(estimate) tokens") == true, "\(report.notices)")
      #expect(
        try books.number("SELECT count(*) FROM llm_calls WHERE status = 'abandoned'") == 5)
      #expect(
        try books.number("SELECT tokens FROM llm_days")
          == estimate
          + books.number("SELECT sum(booked_tokens) FROM llm_calls WHERE status = 'answered'"))
      for id in ids { #expect(try report.failure(id) == "") }
      try stage.expectWhole()
    }

    /// The places around the decide phase; the sixth write of a first run reserves the calls.
    static let places =
      ["decide", "admit", "execute", "record"].map { "phase.\($0)" }
      + (6...7).flatMap { ["write.before:\($0)", "write.after:\($0)"] }

    @Test func leaveWholeBooksAndSpendingWherever() throws {
      var sent: Set<Int> = []
      for place in Self.places {
        let stage = try ModelsStage(
          ModelScript(parts: [
            "t01": [Turn(.answer(Reply(.decision(.enter(coin: "BTC")))))],
            "t02": [Turn(.failure(status: 500, message: "down"))],
          ]))
        try stage.configure(["t01", "t02"].map { Contestant($0) })
        let death = try stage.run(
          ["run", "--at", ModelsStage.start], environment: ["NOF0_FAULT": "kill@\(place)"])
        #expect(death.code == -SIGKILL, "\(place): \(death.error)")
        sent.insert(stage.server.total.requests)

        let report = try stage.cycle()

        let positions = "SELECT count(*) FROM positions WHERE status = 'open'"
        #expect(try stage.books.number(positions) == 1, "\(place): \(report.text)")
        let booked = try stage.books.number("SELECT tokens FROM llm_days")
        #expect(booked >= stage.server.total.tokens, "\(place): less is booked than was consumed")
        try stage.expectWhole(place)
      }
      #expect(sent == [0, 2], "expected deaths before and after the calls")
    }
  }
}
