import Foundation
import ModelStandIn
import Testing

extension RehearsalSuite {
  @Suite("Models that trade")
  struct ModelsTrading {
    typealias Contestant = ModelsStage.Contestant

    @Test func tenAreAdmittedExecutedRecordedAndExported() throws {
      let ids = ModelsStage.ids(10)
      let coins = ["BTC", "ETH", "SOL", "BNB", "XRP", "DOGE"]
      var script = ModelScript()
      for (index, id) in ids.enumerated() {
        script.parts[id] = [
          Turn(
            .answer(
              Reply(
                .decision(
                  .enter(coin: coins[index % 6], index % 2 == 0 ? .long : .short))))),
          Turn(.answer(Reply(.decision(.hold), reasoning: "thought \(id)"))),
        ]
      }
      let stage = try ModelsStage(script)
      try stage.configure(ids.map { Contestant($0) })

      let report = try stage.cycle()
      try stage.cycle(at: "2025-01-01T00:03Z")

      for (index, id) in ids.enumerated() {
        let action = index % 2 == 0 ? "buy_to_enter" : "sell_to_enter"
        #expect(try report.decisions(id) == ["\(action) \(coins[index % 6]) accepted"])
        #expect(try report.fills(id) == 1)
        #expect(try report.calls(id) == ["answered"])
      }
      #expect(stage.server.total.requests == 20)
      let books = stage.books
      for (count, sql) in [
        (10, "SELECT count(*) FROM positions WHERE status = 'open'"),
        (20, "SELECT count(*) FROM llm_calls WHERE status = 'answered' AND is_estimated = 0"),
        (20, "SELECT count(*) FROM conversations"), (20, "SELECT count(*) FROM decisions"),
        (20, "SELECT count(*) FROM decision_cycles"),
        (stage.server.total.tokens, "SELECT tokens FROM llm_days"),
      ] {
        #expect(try books.number(sql) == count, "\(sql)")
      }
      try stage.expectWhole()
      let exported = try #require(
        stage.stage.contents(of: stage.exports)["conversations.json"], "expected conversations")
      let text = String(decoding: exported, as: UTF8.self)
      for id in ids {
        let isExported = text.contains("thought \(id)")
        #expect(isExported, "expected the reasoning of \(id) in conversations.json")
      }
    }

    @Test(.enabled(if: Validator.isThere))
    func exportsHaveTheFormOfTheContract() throws {
      let stage = try ModelsStage(
        ModelScript(otherwise: [
          Turn(.answer(Reply(.decision(.enter(coin: "BTC"))))), .says("no decision"),
          .says("no decision"), Turn(.answer(Reply(.decision(.close(coin: "BTC"))))),
        ]))
      try stage.configure(ModelsStage.ids(3).map { Contestant($0) })
      for minute in ["00", "03", "06"] { try stage.cycle(at: "2025-01-01T00:\(minute)Z") }

      let ending = try Validator.python([Validator.path, stage.exports.path, "--export"])

      #expect(ending.status == 0, "\(ending.output)")
    }

    @Test func aFallbackIsUsedAndRecordedAsThatModel() throws {
      let stage = try ModelsStage(
        ModelScript(parts: [
          "first": [Turn(.failure(status: 503, message: "down"))],
          "spare": [Turn(.answer(Reply(.decision(.enter(coin: "ETH")))))],
        ]))
      try stage.configure([
        Contestant("first", model: ["fallback: spare"]),
        Contestant("spare", trader: ["auto_start: false"]),
      ])

      let report = try stage.cycle()

      #expect(try report.decisions("first") == ["buy_to_enter ETH accepted"])
      #expect(try report.said("first", "answered_by") == "spare")
      #expect(try report.calls("first") == ["failed", "answered"])
      #expect(
        try stage.books.texts("SELECT model || status FROM llm_calls ORDER BY call")
          == ["firstfailed", "spareanswered"])
      #expect(
        try stage.books.texts("SELECT answered_by FROM conversations") == ["spare"])
      try stage.expectWhole()
    }

    @Test func identicalQuestionsAreAskedOnce() throws {
      let stage = try ModelsStage(
        ModelScript(otherwise: [Turn(.answer(Reply(.decision(.enter(coin: "BTC")))))]))
      let ids = ModelsStage.ids(5)
      // Templates that do not tell who asks.
      let prompts = try stage.prompts(user: "BTC price {{#coins}}{{mark_price}} {{/coins}}")
      try stage.configure(
        ids.map { Contestant($0, trader: ["model: t01"] + prompts) }, llm: ["cache_ttl: 0s"])

      let report = try stage.cycle()

      #expect(stage.server.total.requests == 1)
      for id in ids {
        #expect(try report.decisions(id) == ["buy_to_enter BTC accepted"])
        #expect(try report.said(id, "is_cached") == (id != "t01"))
      }
      #expect(
        try stage.books.number("SELECT count(*) FROM positions WHERE status = 'open'") == 5)
      try stage.expectWhole()
    }

    @Test func ofReplicasOnlyTheFirstTrades() throws {
      let stage = try ModelsStage(
        ModelScript(otherwise: [
          Turn(.answer(Reply(.decision(.enter(coin: "BTC")))))
        ]))
      try stage.configure([
        Contestant("solo", trader: ["executor: {kind: llm, replicas: 3}"])
      ])

      let report = try stage.cycle()

      #expect(stage.server.total.requests == 3)
      #expect(try report.decisions("solo") == ["buy_to_enter BTC accepted"])
      let books = stage.books
      #expect(try books.number("SELECT count(*) FROM decisions") == 1)
      #expect(try books.number("SELECT count(*) FROM fills") == 1)
      #expect(
        try books.texts("SELECT replica || action FROM shadow_decisions ORDER BY replica")
          == ["2buy_to_enter", "3buy_to_enter"])
      #expect(
        try books.texts("SELECT purpose FROM llm_calls ORDER BY call")
          == ["decision", "replica", "replica"])
      try stage.expectWhole()
    }

    @Test func anAnswerIsUsedAgainAndNeverExecutedTwice() throws {
      let stage = try ModelsStage(
        ModelScript(otherwise: [Turn(.answer(Reply(.decision(.close(coin: "BTC")))))]))
      // A template without time: the same question in every cycle.
      let prompts = try stage.prompts(user: "What now?")
      try stage.configure([Contestant("solo", trader: prompts + ["symbols: [BTC]"])])

      let first = try stage.cycle()
      let second = try stage.cycle(at: "2025-01-01T00:03Z")

      #expect(stage.server.total.requests == 1)
      #expect(try first.decisions("solo").count == 1)
      #expect(try second.decisions("solo") == [])
      #expect(try second.failure("solo") == "")
      #expect(try second.said("solo", "is_cached") == true)
      #expect(try stage.books.number("SELECT count(*) FROM decisions") == 1)
      try stage.expectWhole()
    }

    @Test func aDryRunKeepsOnlyWhatItSpent() throws {
      let stage = try ModelsStage(
        ModelScript(otherwise: [Turn(.answer(Reply(.decision(.enter(coin: "BTC")))))]))
      try stage.configure([Contestant("solo")])
      try stage.cycle()
      stage.server.play(
        ModelScript(otherwise: [Turn(.answer(Reply(.decision(.enter(coin: "ETH")))))]))
      let before = try stage.books.dump()
      let exports = try stage.stage.contents(of: stage.stage.out)

      let report = try stage.cycle(at: "2025-01-01T00:03Z", "--dry-run")

      #expect(try report.decisions("solo") == ["buy_to_enter ETH accepted"])
      #expect(try report.fills("solo") == 1)
      let after = try stage.books.dump()
      #expect(after == before, "\(difference(before, after))")
      #expect(try stage.stage.contents(of: stage.stage.out) == exports)
      let books = stage.books
      for table in ["runs", "decision_cycles", "conversations"] {
        #expect(try books.number("SELECT count(*) FROM \(table)") == 1, "\(table)")
      }
      #expect(
        try books.texts("SELECT coalesce(run, 'dry') || status FROM llm_calls ORDER BY call")
          == ["1answered", "dryanswered"])
      #expect(
        try books.number("SELECT tokens FROM llm_days") == stage.server.total.tokens)
      try stage.expectWhole()
    }

    @Test func termEndsARunInTheMiddleOfItsCalls() throws {
      let stage = try ModelsStage(ModelScript(otherwise: [Turn(.hang)]))
      let ids = ModelsStage.ids(5)
      try stage.configure(ids.map { Contestant($0) }, timeout: "39s")
      let run = try stage.stage.start(
        ["run", "--at", ModelsStage.start, "--format", "json"])
      stage.expectWaiting(5)

      kill(run.process.processIdentifier, SIGTERM)
      let ending = try stage.finish(run, within: .seconds(10))

      #expect(ending.code == 0, "\(ending.error)")
      let report = try ModelsReport(ending.out)
      for id in ids { #expect(try report.failure(id) == "cut off by the end of the run") }
      #expect(stage.server.waits { $0.abandoned == 5 }, "expected all requests aborted")
      let books = stage.books
      #expect(try books.number("SELECT count(*) FROM decision_cycles") == 5)
      #expect(try books.texts("SELECT DISTINCT status FROM runs") == ["finished"])
      // What the provider did with a question it has is not known: it counts by estimate.
      #expect(
        try books.number(
          "SELECT count(*) FROM llm_calls WHERE status = 'failed' AND is_estimated = 1") == 5)
      try stage.expectWhole()
    }
  }
}

extension ModelsStage {
  /// The exports that readers see.
  var exports: URL { stage.out.appending(path: "data").resolvingSymlinksInPath() }

  /// Writes two templates that say nothing but this.
  ///
  /// - Returns: The lines of a trader that is to use them.
  func prompts(system: String = "Trade.", user: String) throws -> [String] {
    try ["system": system, "user": user].sorted { $0.key < $1.key }.map { name, text in
      let url = stage.folder.appending(path: "\(name).mustache")
      try Data("{{! version: 1.0.0 }}\n\(text)\n".utf8).write(to: url)
      let key = name == "system" ? "prompt_template" : "executor_prompt_template"
      return "\(key): \(url.path)"
    }
  }
}

/// The check of exports against the contract, which lies beside the repository.
enum Validator {
  private static let folder =
    ProcessInfo.processInfo.environment["NOF0_SHARED"].map { URL(filePath: $0) }
    ?? Repository.root.deletingLastPathComponent().appending(path: "shared")

  static let path = folder.appending(path: "contracts/schemas/validate.py").path

  /// Whether the check can be run here.
  static var isThere: Bool {
    guard FileManager.default.fileExists(atPath: path) else { return false }
    // Without python3 the test is reported as skipped.
    return (try? python(["-c", "import jsonschema"]))?.status == 0
  }

  static var hasPython: Bool {
    // Without python3 the test is reported as skipped.
    (try? python(["-c", ""]))?.status == 0
  }

  /// Runs python3 to its end.
  static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
