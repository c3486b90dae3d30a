import Foundation
import Testing

/// A stage with an arena of every shipped executor on recorded candles of a seed.
final class PastStage {
  let rehearsal: Rehearsal
  let candles: RecordedCandles

  static let from = "2025-07-21T04:00Z"
  /// 41 cycles of three minutes.
  static let to = "2025-07-21T06:00Z"
  static let cycles = "41"

  init(seed: UInt64, fill: String = "next_open") throws {
    rehearsal = try Rehearsal()
    candles = try RecordedCandles(in: rehearsal.folder.appending(path: "candles"), seed: seed)
    try rehearsal.ownConfig(
      from: Repository.root.appending(path: "config/examples/recorded"))
    for file in ["manager.yaml", "market.yaml"] {
      try rehearsal.edit(file, "[BTC, ETH, SOL, BNB, XRP, DOGE]", "[BTC, ETH]")
    }
    try rehearsal.edit(
      "exchange.yaml", "    lose_answer_every: 0", "    lose_answer_every: 0\n    fill_at: \(fill)")
    try write("config/llm.yaml", "models: {scripted: {api: scripted, script: answers.json}}\n")
    try write("config/answers.json", Self.answers)
    try write("wait.sh", "#!/bin/sh\ncat > /dev/null\necho '{\"decisions\":[]}'\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755],
      ofItemAtPath: rehearsal.folder.appending(path: "wait.sh").path)
    let prompts = Repository.root.appending(path: "prompts").path
    let program = rehearsal.folder.appending(path: "wait.sh").path
    try add("flat", "{kind: baseline, rule: flat}")
    try add("against", "{kind: baseline, rule: inverse_of, of: momentum}")
    try add("starts", "{kind: command, command: [\(program)]}")
    try add(
      "asks", "{kind: llm}",
      more: [
        "model: scripted", "prompt_template: \(prompts)/manager/conservative_long.mustache",
        "executor_prompt_template: \(prompts)/executor/default.mustache",
      ])
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: rehearsal.folder.appending(path: name))
  }

  private func add(_ id: String, _ executor: String, more: [String] = []) throws {
    let url = rehearsal.config.appending(path: "manager.yaml")
    var text = try String(contentsOf: url, encoding: .utf8)
    text += "\n  - id: \(id)\n"
    let lines =
      ["name: \(id)", "executor: \(executor)"] + more + [
        "symbols: [BTC, ETH]", "auto_start: true", "initial_equity_usd: 10000",
        "risk_params: {max_positions: 2, max_position_size_usd: 5000, major_coin_leverage: 3, "
          + "altcoin_leverage: 2, min_risk_reward_ratio: 1, min_confidence: 50}",
      ]
    for line in lines { text += "    \(line)\n" }
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  private static let answers = """
    {"one_of": [
      {"json": {"signal": "hold", "symbol": "BTC", "leverage": 0, "position_size_usd": 0,
        "entry_price": 0, "stop_loss": 0, "take_profit": 0, "risk_usd": 0, "confidence": 50,
        "invalidation_condition": "", "reasoning": "Nothing to do."}},
      {"json": {"signal": "buy_to_enter", "symbol": "BTC", "leverage": 2,
        "position_size_usd": 1000, "entry_price": 118000, "stop_loss": 100000,
        "take_profit": 160000, "risk_usd": 100, "confidence": 80,
        "invalidation_condition": "below the stop", "reasoning": "Up."}},
      {"json": {"signal": "close", "symbol": "BTC", "leverage": 0, "position_size_usd": 0,
        "entry_price": 0, "stop_loss": 0, "take_profit": 0, "risk_usd": 0, "confidence": 70,
        "invalidation_condition": "", "reasoning": "Enough."}},
      {"failure": "unavailable", "message": "the server is overloaded"}
    ]}
    """
}

extension Rehearsal {
  /// Runs `nof0 backtest` with this stage's configuration and state.
  func backtest(_ arguments: String..., candles: String? = nil) throws -> Ending {
    let data = candles.map { ["--data", $0] } ?? []
    let words = (data + arguments).map { "'\($0)'" }.joined(separator: " ")
    return try shell(
      "NO_DOTENV=1 \"$NOF0\" backtest --config \"$CONFIG\" --state \"$STATE\" \(words)")
  }
}
