import Foundation
import ModelStandIn
import Testing

extension RehearsalSuite {
  @Suite("Back-tests")
  struct Backtests {
    /// What differs from run to run without changing what happened.
    private static let timely: Set<String> = ["manifest.json", "runs.json", "metrics.prom"]

    @Test(arguments: [UInt64(1), 2, 3])
    func equalTheArenaRunCycleByCycle(seed: UInt64) throws {
      let stage = try PastStage(seed: seed)
      let run = try stage.rehearsal.finish(
        try stage.rehearsal.start(
          ["run", "--at", PastStage.from, "--cycles", PastStage.cycles],
          environment: ["NOF0_CANDLES": stage.candles.folder.path]))
      try #require(run.code == 0, "\(run.error)")
      let past = try Rehearsal()

      let ending = try stage.rehearsal.backtest(
        "--from", PastStage.from, "--to", PastStage.to, "--keep-state", past.state.path,
        "--export", past.out.path, candles: stage.candles.folder.path)

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("41 cycles"), "\(ending.out)")
      let (books, again) = (Books(of: stage.rehearsal), Books(of: past))
      #expect(try books.number("SELECT count(*) FROM fills") > 10)
      #expect(try books.number("SELECT count(*) FROM trades") > 0)
      #expect(try books.number("SELECT count(*) FROM funding_payments") > 4)
      let (one, two) = (try books.dump(), try again.dump())
      #expect(one == two, "\(difference(one, two))")
      for table in ["decisions", "decision_cycles", "conversations"] {
        let sql = "SELECT * FROM \(table) ORDER BY trader, cycle"
        #expect(
          try books.lines(sql, leavingOut: ["system"]) == again.lines(sql, leavingOut: ["system"]),
          "\(table)")
      }
      try expectSameExports(stage.rehearsal, past)
      #expect(past.exists(past.out.appending(path: "index.html")))
    }

    private func expectSameExports(_ run: Rehearsal, _ past: Rehearsal) throws {
      let files = try FileManager.default.contentsOfDirectory(
        atPath: run.out.appending(path: "data").path)
      #expect(files.count > 10)
      for file in files where !Self.timely.contains(file) {
        let (one, two) = (
          run.out.appending(path: "data/\(file)"), past.out.appending(path: "data/\(file)")
        )
        #expect(try Data(contentsOf: one) == Data(contentsOf: two), "\(file)")
      }
    }

    @Test func proveThemselvesOnAllExecutors() throws {
      let stage = try PastStage(seed: 4)

      let ending = try stage.rehearsal.backtest(
        "--from", PastStage.from, "--to", PastStage.to, "--prove", "8",
        candles: stage.candles.folder.path)

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("8 cycles were run again"), "\(ending.out)")
    }

    @Test func equalTheQuickWayToTheDigit() throws {
      let stage = try Rehearsal()
      let candles = try RecordedCandles(in: stage.folder.appending(path: "candles"), seed: 9)
      try stage.ownConfig(from: Repository.root.appending(path: "config/examples/ema-cross"))
      for (old, new) in [
        ("candle: 5m", "candle: 1m"), ("decision_interval: 5m", "decision_interval: 1m"),
        ("slow: 50", "slow: 30"), ("fast: 20", "fast: 10"), ("history: 1000", "history: 60"),
      ] {
        try stage.edit("manager.yaml", old, new)
      }

      let endings = try ["stream", "cycle"].map { engine in
        try stage.backtest(
          "--symbols", "BTC,ETH", "--warm-up", "60", "--close-at-end", "--engine", engine,
          "--output", stage.folder.appending(path: "\(engine).json").path,
          candles: candles.folder.path)
      }

      for ending in endings { #expect(ending.code == 0, "\(ending.error)") }
      let (quick, whole) = (
        try JSONReport(stage, "stream.json"), try JSONReport(stage, "cycle.json")
      )
      #expect(try quick.fills > 10)
      #expect(try quick.equity == whole.equity)
      for key in ["cash_usd", "fees_usd", "final_equity_usd", "volume_usd", "trades", "fills"] {
        #expect(try quick.total(key) == whole.total(key), "\(key)")
      }
    }

    @Test func useTheAnswersOnRecordWithoutANetwork() throws {
      let stage = try ModelsStage()
      try stage.configure([.init("t01"), .init("t02")], llm: ["cache_ttl: 0s"])
      let run = try stage.run(["run", "--at", ModelsStage.start, "--cycles", "4"])
      try #require(run.code == 0, "\(run.error)")
      stage.server.stop()
      let past = try Rehearsal()
      let to = "2025-01-01T00:09Z"

      let recorded = try stage.stage.backtest(
        "--from", ModelsStage.start, "--to", to, "--fill", "last_close", "--keep-state",
        past.state.path)
      let nothing = try stage.stage.backtest(
        "--from", ModelsStage.start, "--to", to, "--llm", "none", "--output",
        stage.stage.folder.appending(path: "none.json").path)

      #expect(recorded.code == 0 && nothing.code == 0, "\(recorded.error)\(nothing.error)")
      let (books, again) = (try stage.books.dump(), try Books(of: past).dump())
      #expect(books == again, "\(difference(books, again))")
      let sql = "SELECT trader, cycle, question_digest, reply FROM conversations ORDER BY 1, 2"
      #expect(try stage.books.lines(sql) == Books(of: past).lines(sql))
      let report = try JSONReport(stage.stage, "none.json")
      #expect(try report.failures("t01") == 4)
    }

    @Test func askOnceAndKeepTheAnswers() throws {
      let stage = try ModelsStage()
      try stage.configure([.init("t01")], llm: ["cache_ttl: 0s"])
      let times = ["--from", ModelsStage.start, "--to", "2025-01-01T00:06Z"]
      try FileManager.default.createDirectory(
        at: stage.stage.state, withIntermediateDirectories: true)

      let live = try stage.stage.backtest(times[0], times[1], times[2], times[3], "--llm", "live")
      let asked = stage.server.total.requests
      let again = try stage.stage.backtest(times[0], times[1], times[2], times[3], "--llm", "live")
      let recorded = try stage.stage.backtest(times[0], times[1], times[2], times[3])

      #expect(live.code == 0 && again.code == 0, "\(live.error)\(again.error)")
      #expect(asked == 3)
      #expect(stage.server.total.requests == asked)
      #expect(!recorded.out.contains("no recorded answer"), "\(recorded.out)")
      // What was spent is on record, as budgets must hold; nothing else is.
      #expect(try stage.books.number("SELECT count(*) FROM llm_calls") >= 3)
      #expect(try stage.books.number("SELECT count(*) FROM runs") == 0)
    }

    @Test(arguments: [
      (["--trader", "nobody"], 64, "no trader is called nobody"),
      (["--engine", "stream"], 64, "--engine stream: "),
      (["--engine", "stream", "--prove", "3"], 64, "--prove"),
      (["--warm-up", "-1"], 64, "--warm-up"),
      (["--from", "2030-01-01"], 64, "--to: expected a time after --from"),
      (["--warm-up", "1000"], 64, "first cycle before the last price"),
      (["--output", "/nowhere/report.json"], 73, "/nowhere/report.json"),
      (["--answers", "/nowhere/answers"], 74, "/nowhere/answers"),
    ])
    func nameWhatIsWrong(arguments: [String], code: Int32, words: String) throws {
      let stage = try PastStage(seed: 1)
      let line = arguments.map { "'\($0)'" }.joined(separator: " ")

      let ending = try stage.rehearsal.shell(
        "NO_DOTENV=1 \"$NOF0\" backtest --config \"$CONFIG\" --state \"$STATE\" --to "
          + "2025-07-21T04:09Z --data '\(stage.candles.folder.path)' \(line)")

      #expect(ending.code == code, "\(ending.out)\(ending.error)")
      #expect(ending.error.contains(words), "\(ending.error)")
    }

    @Test func runTheShippedExample() throws {
      let stage = try Rehearsal()
      let candles = try RecordedCandles(in: stage.folder.appending(path: "candles"))
      stage.config = Repository.root.appending(path: "config/examples/backtest")
      let picture = stage.folder.appending(path: "equity.svg")

      let ending = try stage.backtest(
        "--symbols", "BTC,ETH", "--to", "2025-07-21T04:30Z", "--svg", picture.path,
        candles: candles.folder.path)

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.hasPrefix("Back-test of 4 traders\n"), "\(ending.out)")
      #expect(try String(contentsOf: picture, encoding: .utf8).hasPrefix("<svg"))
    }

    @Test func leaveTheStateAlone() throws {
      let stage = try PastStage(seed: 2)

      let ending = try stage.rehearsal.backtest(
        "--to", "2025-07-21T04:30Z", candles: stage.candles.folder.path)

      #expect(ending.code == 0, "\(ending.error)")
      #expect(!stage.rehearsal.exists(stage.rehearsal.state))
      #expect(!stage.rehearsal.exists(stage.rehearsal.out))
    }
  }
}

/// A report in JSON, read by other code than wrote it.
private struct JSONReport {
  private let root: [String: Any]

  init(_ stage: Rehearsal, _ name: String) throws {
    let bytes = try Data(contentsOf: stage.folder.appending(path: name))
    root = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }

  private func all() throws -> [String: Any] {
    try #require(root["total"] as? [String: Any])
  }

  private func traders() throws -> [[String: Any]] {
    try #require(root["traders"] as? [[String: Any]])
  }

  var fills: Int { get throws { try #require(try all()["fills"] as? Int) } }

  /// The points of the curves as text.
  var equity: Data {
    get throws {
      try JSONSerialization.data(
        withJSONObject: try #require(root["curve"]), options: .sortedKeys)
    }
  }

  func total(_ key: String) throws -> String { "\(try #require(try all()[key], "\(key)"))" }

  func failures(_ trader: String) throws -> Int {
    let one = try #require(
      try traders().first { "\($0["trader"] ?? $0["id"] ?? "")" == trader }, "\(trader)")
    let counts = try #require(one["failures"] as? [String: Int])
    return counts.values.reduce(0, +)
  }
}
