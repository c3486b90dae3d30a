import Foundation
import ModelStandIn
import Testing

/// A stage whose traders are decided for by models of a server in this process.
final class ModelsStage {
  /// A trader, and the model it has for itself.
  struct Contestant {
    /// Its id; also the alias of its model and the part of the server's script.
    let id: String
    /// More settings of its model, as lines `key: value`.
    var model: [String] = []
    /// More settings of the trader, as lines `key: value`.
    var trader: [String] = []
    /// What decides for it; the model of its name by default.
    var executor: String?

    init(_ id: String, model: [String] = [], trader: [String] = [], executor: String? = nil) {
      self.id = id
      self.model = model
      self.trader = trader
      self.executor = executor
    }
  }

  static let start = "2025-01-01T00:00Z"
  /// After this time a process is killed and the test fails; never reached when all is well.
  static let patience = Duration.seconds(60)

  let stage: Rehearsal
  let server: ModelServer

  var books: Books { Books(of: stage) }

  /// A stage with a server of its own, which goes away with it.
  init(_ script: ModelScript = ModelScript()) throws {
    stage = try Rehearsal()
    server = ModelServer(script)
    try server.start()
  }

  /// A stage beside another one, with the same server.
  init(beside other: ModelsStage) throws {
    stage = try Rehearsal()
    server = other.server
  }

  /// Ids of one length, so that all prompts have the same length too.
  static func ids(_ count: Int) -> [String] { (1...count).map { $0 < 10 ? "t0\($0)" : "t\($0)" } }

  /// Writes the configuration: traders with their models, more lines of llm.yaml, and the
  /// traders' `decision_timeout`.
  func configure(
    _ contestants: [Contestant], llm: [String] = [], timeout: String = "10s"
  ) throws {
    stage.config = stage.folder.appending(path: "config")
    if !stage.exists(stage.config) {
      try FileManager.default.createDirectory(
        at: stage.config, withIntermediateDirectories: false)
    }
    let shipped = Repository.root.appending(path: "config").path
    try write(
      "nof0.yaml",
      """
      name: nof0-models
      environment: test
      run: {deadline: 40s}
      exchange: {file: \(shipped)/exchange.yaml}
      market: {file: \(shipped)/market.yaml}

      """)
    let isRetrying = llm.contains { $0.hasPrefix("max_retries:") }
    try write(
      "llm.yaml",
      (llm + (isRetrying ? [] : ["max_retries: 0"]) + ["models:"]
        + contestants.filter { $0.executor == nil }.flatMap(model)).joined(separator: "\n") + "\n")
    try write(
      "manager.yaml",
      (["traders:"] + contestants.flatMap { trader($0, timeout) }).joined(separator: "\n") + "\n")
  }

  /// Writes a file of the configuration.
  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: stage.config.appending(path: name))
  }

  private func model(_ contestant: Contestant) -> [String] {
    let given = contestant.model.map { $0.prefix { $0 != ":" } }
    let standard = [
      "base_url: \(server.address(of: contestant.id))/v1", "model_name: stand-in",
      "max_completion_tokens: 1024", "price: {input: 1, output: 4}",
    ].filter { line in !given.contains(line.prefix { $0 != ":" }) }
    return ["  \(contestant.id):"] + (standard + contestant.model).map { "    \($0)" }
  }

  private func trader(_ contestant: Contestant, _ timeout: String) -> [String] {
    let prompts = Repository.root.appending(path: "prompts").path
    let asking =
      contestant.executor.map { ["executor: \($0)"] } ?? [
        "executor: {kind: llm}", "model: \(contestant.id)",
        "prompt_template: \(prompts)/manager/conservative_long.mustache",
        "executor_prompt_template: \(prompts)/executor/default.mustache",
      ]
    let risk =
      "risk_params: {max_positions: 4, max_position_size_usd: 5000, major_coin_leverage: 5, "
      + "altcoin_leverage: 3, min_risk_reward_ratio: 1.5, min_confidence: 50}"
    let standard =
      ["name: \(contestant.id)"] + asking + [
        "decision_interval: 3m", "decision_timeout: \(timeout)", "auto_start: true",
        "initial_equity_usd: 10000", risk,
      ]
    let given = contestant.trader.map { $0.prefix { $0 != ":" } }
    let kept = standard.filter { line in !given.contains(line.prefix { $0 != ":" }) }
    return ["  - id: \(contestant.id)"] + (kept + contestant.trader).map { "    \($0)" }
  }
}

extension ModelsStage {
  /// A cycle whose report is JSON; the process must end well.
  @discardableResult
  func cycle(
    at: String = start, _ more: String..., environment: [String: String] = [:]
  ) throws -> ModelsReport {
    let ending = try run(
      ["run", "--at", at, "--format", "json"] + more, environment: environment)
    try #require(ending.code == 0, "\(ending.error)\(ending.out)")
    return try ModelsReport(ending.out)
  }

  /// A command line, to its end or to the end of the patience.
  @discardableResult
  func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Rehearsal.Ending {
    try finish(try stage.start(arguments, environment: environment))
  }

  /// Waits for a process; one that does not end is killed and reported.
  func finish(
    _ performance: Rehearsal.Performance, within patience: Duration = patience
  ) throws -> Rehearsal.Ending {
    let end = ContinuousClock.now + patience
    while performance.process.isRunning, ContinuousClock.now < end { usleep(1_000) }
    if performance.process.isRunning {
      Issue.record("expected the process to end within \(patience)")
      kill(performance.process.processIdentifier, SIGKILL)
    }
    return try stage.finish(performance)
  }

  /// A question that the server has, with all of its answer still to come, or an issue.
  func expectWaiting(_ count: Int) {
    #expect(server.waits { $0.waiting >= count }, "expected \(count) requests under way")
  }

  /// Expects books, stops, exports and spending to be whole.
  func expectWhole(_ note: String = "") throws {
    try stage.expectWholeBooks(note)
    try stage.expectStops(note)
    #expect(try stage.expectWholeExports(note) != nil, "\(note)")
    // `state check` adds the spending up too; this is past nof0's own code.
    let books = books
    for (name, sql) in [
      (
        "tokens",
        "SELECT (SELECT coalesce(sum(tokens), 0) FROM llm_days)"
          + " - (SELECT coalesce(sum(booked_tokens), 0) FROM llm_calls)"
      ),
      (
        "traders' tokens",
        "SELECT (SELECT coalesce(sum(tokens), 0) FROM llm_trader_days)"
          + " - (SELECT coalesce(sum(booked_tokens), 0) FROM llm_calls)"
      ),
      ("reservations", "SELECT count(*) FROM llm_calls WHERE status = 'reserved'"),
    ] {
      #expect(try books.number(sql) == 0, "\(note): \(name)")
    }
  }
}

/// What `nof0 run --format json` printed.
struct ModelsReport {
  let text: String
  let notices: [String]
  /// The generation of exports written; `nil` = none.
  let generation: Int?
  /// The alerts as `severity key`, in order.
  let alerts: [String]
  private let lines: [[String: Any]]

  init(_ text: String) throws {
    self.text = text
    let document = try JSONDocument(text)
    notices = try document.value("notices")
    let written: Any = try document.value("generation")
    generation = written as? Int
    let open: [[String: Any]] = try document.value("alerts")
    alerts = open.map { "\($0["severity"] ?? "") \($0["key"] ?? "")" }.sorted()
    lines = try document.value("traders")
  }

  /// Whether an alert that begins with this severity and key is open.
  func warns(_ alert: String) -> Bool { alerts.contains { $0.hasPrefix(alert) } }

  private func line(_ id: String) throws -> [String: Any] {
    try #require(lines.first { $0["id"] as? String == id }, "expected \(id)")
  }

  /// Why a trader holds; empty = it decided.
  func failure(_ id: String) throws -> String { try line(id)["failure"] as? String ?? "" }

  /// Its decisions as `action coin verdict rules`.
  func decisions(_ id: String) throws -> [String] {
    let records = try #require(try line(id)["decisions"] as? [[String: Any]])
    return records.map { record in
      let rules = (record["notes"] as? [[String: Any]] ?? []).compactMap { $0["rule"] as? String }
      return
        ([record["action"], record["symbol"], record["verdict"]].map { $0 as? String ?? "-" }
        + rules).joined(separator: " ")
    }
  }

  /// How many fills it had.
  func fills(_ id: String) throws -> Int {
    try #require(try line(id)["fills"] as? [Any]).count
  }

  /// The status of each call made for it.
  func calls(_ id: String) throws -> [String] {
    let calls = try #require(try line(id)["calls"] as? [[String: Any]])
    return calls.compactMap { $0["status"] as? String }
  }

  /// A field of the conversation.
  func said<Value>(_ id: String, _ key: String) throws -> Value {
    let said = try #require(try line(id)["conversation"] as? [String: Any], "\(id) said nothing")
    return try #require(said[key] as? Value, "expected \(key) of \(id)")
  }

  /// Everything about a trader that does not tell how long it took, as canonical text.
  func story(_ id: String) throws -> String {
    var line = try line(id)
    let calls = try #require(line["calls"] as? [[String: Any]])
    line["calls"] = calls.map { $0.filter { !["latency_ms", "call"].contains($0.key) } }
    return String(
      decoding: try JSONSerialization.data(withJSONObject: line, options: [.sortedKeys]),
      as: UTF8.self)
  }
}
