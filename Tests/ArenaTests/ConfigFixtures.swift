import Arena
import Foundation

/// Texts that the configuration tests share.
enum ConfigFixtures {
  /// The top of the repository.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path()

  /// A file of the repository as text.
  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: root + path, encoding: .utf8)
  }

  static let names = [
    "nof0.yaml", "llm.yaml", "executor.yaml", "manager.yaml", "exchange.yaml", "market.yaml",
  ]

  /// The smallest configuration that is complete.
  static let small = [
    "nof0.yaml": "name: small\n",
    "exchange.yaml": "default: sim\nproviders:\n  sim:\n    type: sim\n",
    "market.yaml": """
    default: made-up
    providers:
      made-up:
        type: synthetic
        symbols: [BTC, ETH]
    """,
    "manager.yaml": trader(),
  ]

  /// A manager.yaml with one trader; the arguments replace or add whole lines.
  static func trader(
    risk: [String: String] = [:], guards: [String: String] = [:], keys: [String: String] = [:]
  ) -> String {
    var limits = [
      "max_positions": "2", "max_position_size_usd": "500", "major_coin_leverage": "3",
      "altcoin_leverage": "2", "min_risk_reward_ratio": "1.5",
    ]
    limits.merge(risk) { $1 }
    var top = ["executor": "{kind: baseline, rule: momentum}"]
    top.merge(keys) { $1 }
    func lines(_ keys: [String: String], _ indent: String) -> String {
      keys.sorted { $0.key < $1.key }.map { "\(indent)\($0.key): \($0.value)\n" }.joined()
    }
    var text = "traders:\n  - id: a\n" + lines(top, "    ")
    text += "    risk_params:\n" + lines(limits, "      ")
    if !guards.isEmpty { text += "    exec_guards:\n" + lines(guards, "      ") }
    return text
  }

  /// A manager.yaml with the section `manager` and the traders a, b, c … with keys of each.
  static func traders(_ keys: [[String: String]], manager: String = "{}") -> String {
    var text = "manager: \(manager)\ntraders:\n"
    for (id, keys) in zip("abcdefgh", keys) {
      text += trader(keys: keys).replacing("traders:\n", with: "")
        .replacing("id: a", with: "id: \(id)")
    }
    return text
  }

  /// Templates, a program and a script that configurations may point at.
  static let texts = [
    "prompts/manager/conservative_long.mustache": "You are {{trader_name}}.\n",
    "prompts/executor/default.mustache": "Version: v1\n{{time}}\n",
    "prompts/mine.mustache": "Mine.\n", "prompts/blank.mustache": " \n", "answers.json": "{}",
    "ca.pem": "x", "notes.txt": "x", "sub/prompt.mustache": "In a folder.\n",
  ]

  /// The small configuration with some files replaced.
  static func load(
    _ files: [String: String] = [:], environment: [String: String] = [:],
    texts: [String: String] = [:]
  ) -> LoadedConfig {
    ConfigDecoder.decode(
      small.merging(files) { $1 }, environment: ConfigEnvironment(environment),
      surroundings: .memory(
        Self.texts.merging(texts) { $1 }, programs: ["trader.sh", "/usr/bin/python3"]))
  }

  /// The small configuration with a trader that asks a model.
  static func asking(
    _ llm: String, keys: [String: String] = [:], executor: String = "{kind: llm}",
    environment: [String: String] = [:]
  ) -> LoadedConfig {
    let trader = trader(keys: ["executor": executor].merging(keys) { $1 })
    return load(["llm.yaml": llm, "manager.yaml": trader], environment: environment)
  }
}
