import Foundation
import Testing

/// A stage with three scripted models and two baselines, whose cycles are kept and replayed.
struct ReplayRig {
  static let start = "2025-01-01T00:00Z"
  let stage: Rehearsal

  /// The stage, with its configuration written and those `exec_guards` of each model.
  init(guards: String = "max_new_positions_per_cycle: 2") throws {
    stage = try Rehearsal()
    stage.config = stage.folder.appending(path: "config")
    try FileManager.default.createDirectory(
      at: stage.config, withIntermediateDirectories: false)
    let shipped = Repository.root.appending(path: "config").path
    try write(
      "nof0.yaml",
      """
      name: nof0-replay
      environment: test
      exchange: {file: \(shipped)/exchange.yaml}
      market: {file: \(shipped)/market.yaml}

      """)
    let models = ["bold", "calm", "odd"]
    try write(
      "llm.yaml",
      "max_retries: 0\nmodels:\n"
        + models.map { "  \($0): {api: scripted, script: \($0).json}\n" }.joined())
    for name in models { try write("\(name).json", Self.scripts[name] ?? "") }
    try write(
      "manager.yaml",
      "traders:\n" + models.map { Self.trader($0, guards) }.joined() + Self.baselines)
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: stage.config.appending(path: name))
  }

  /// Cycles three minutes apart.
  @discardableResult
  func run(_ cycles: Int, at start: String = Self.start) throws -> Rehearsal.Ending {
    try stage.run("run", "--cycles", "\(cycles)", "--at", start)
  }

  /// Replays; the state may be another one.
  func replay(_ arguments: String..., state: URL? = nil) throws -> Rehearsal.Ending {
    let other = try Rehearsal()
    if let state { try FileManager.default.copyItem(at: state, to: other.state) }
    // Nothing but the state may be needed: there is no configuration where it looks.
    other.config = other.folder.appending(path: "nowhere")
    let places = state == nil ? stage : other
    return try places.finish(try places.start(["replay"] + arguments))
  }

  /// The files of the journal by their path in it.
  var journal: [String: Data] {
    get throws {
      try stage.contents(of: stage.state.appending(path: "journal")).filter {
        $0.key.hasSuffix(".gz")
      }
    }
  }

  private static func trader(_ id: String, _ guards: String) -> String {
    let prompts = Repository.root.appending(path: "prompts").path
    return """
        - id: \(id)
          name: \(id)
          executor: {kind: llm}
          model: \(id)
          prompt_template: \(prompts)/manager/conservative_long.mustache
          executor_prompt_template: \(prompts)/executor/default.mustache
          decision_interval: 3m
          decision_timeout: 60s
          auto_start: true
          initial_equity_usd: 10000
          risk_params: {max_positions: 4, max_position_size_usd: 5000, major_coin_leverage: 5,
            altcoin_leverage: 3, min_confidence: 50, min_risk_reward_ratio: 1.5,
            stop_loss_enabled: false, take_profit_enabled: false}
          exec_guards: {\(guards)}

      """
  }

  private static let baselines = """
      - id: buy-and-hold
        name: Buy and hold
        executor: {kind: baseline, rule: buy_and_hold}
        auto_start: true
        initial_equity_usd: 10000
        risk_params: {max_position_size_usd: 5000, max_positions: 6, major_coin_leverage: 1,
          altcoin_leverage: 1, min_risk_reward_ratio: 1, stop_loss_enabled: false,
          take_profit_enabled: false}
      - id: random
        name: Random
        executor: {kind: baseline, rule: random, seed: 7}
        decision_interval: 3m
        auto_start: true
        initial_equity_usd: 10000
        risk_params: {max_position_size_usd: 5000, max_positions: 4, major_coin_leverage: 3,
          altcoin_leverage: 3, min_risk_reward_ratio: 1}

    """

  private static func entry(_ signal: String, _ coin: String, _ confidence: Int) -> String {
    """
    {"json": {"signal": "\(signal)", "symbol": "\(coin)", "leverage": 2,
      "position_size_usd": 2000, "confidence": \(confidence),
      "invalidation_condition": "the trend ends", "reasoning": "says <the> \\"script\\" & I"}}
    """
  }

  private static let scripts = [
    "bold": """
    {"one_of": [\(entry("buy_to_enter", "BTC", 80)), \(entry("sell_to_enter", "ETH", 55)),
      \(entry("close", "BTC", 70)), \(entry("close", "ETH", 70)),
      {"json": {"signal": "hold", "symbol": "BTC"}, "reasoning": "I would wait — a little."}]}
    """,
    "calm": """
    {"one_of": [{"json": {"signal": "hold", "symbol": "BTC"}},
      {"json": {"signal": "hold", "symbol": "BTC"}}, \(entry("buy_to_enter", "SOL", 60)),
      \(entry("close", "SOL", 70)), {"failure": "unavailable", "message": "overloaded"}]}
    """,
    "odd": """
    {"one_of": [{"text": "This cannot be read."}, {"text": "Nor this: {"},
      \(entry("buy_to_enter", "DOGE", 95)), \(entry("sell_to_enter", "DOGE", 20)),
      {"failure": "bad_request", "message": "no such model"}]}
    """,
  ]
}
