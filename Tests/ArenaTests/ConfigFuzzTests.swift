import Arena
import Testing
import Trading

@Suite struct ConfigFuzzTests {
  /// Changes a text at some places: deletes, doubles, swaps lines or puts foreign characters in.
  private func mutated(_ text: String, _ random: inout SeededGenerator) -> String {
    var bytes = Array(text.utf8)
    let strange = Array("{}[]:-&*!|>'\"%@`#\n\t,?~$\u{0}9e0".utf8)
    for _ in 0...random.below(4) where !bytes.isEmpty {
      let place = random.below(bytes.count)
      let end = min(bytes.count, place + 1 + random.below(30))
      switch random.below(5) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count))
      case 2: bytes[place] = strange[random.below(strange.count)]
      case 3:
        let number = ["99999999999", "-1", "0.000000001", "1000000000", "900000d900000d"]
        bytes.replaceSubrange(place..<end, with: Array(number[random.below(number.count)].utf8))
      default: bytes.insert(strange[random.below(strange.count)], at: place)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Traders that decide outside, to be changed too.
  static let outside = """

      - id: outside
        executor: {kind: http, base_url: "http://127.0.0.1:9000", api_key: "${A}"}
        risk_params: *risk
      - id: program
        executor: {kind: command, command: [trader.sh, -v, -v], pass_environment: [A]}
        risk_params: *risk
    """
  static let prompts = [
    "prompts/manager/conservative_long.mustache": "x",
    "prompts/manager/aggressive_short.mustache": "x", "prompts/executor/default.mustache": "x",
    "prompts/executor/fast_signal.mustache": "x",
  ]

  @Test func beginsWithFilesThatLoad() throws {
    let manager = try ConfigFixtures.text("config/examples/qwen/manager.yaml") + Self.outside
    var files = try Dictionary(
      uniqueKeysWithValues: ConfigFixtures.names.map {
        ($0, try ConfigFixtures.text("config/\($0)"))
      })
    files["manager.yaml"] = manager
    files["llm.yaml"] = try ConfigFixtures.text("config/examples/qwen/llm.yaml")
    let loaded = ConfigDecoder.decode(
      files, environment: ConfigEnvironment(["A": "1"]),
      surroundings: .memory(Self.prompts, programs: ["trader.sh"]))

    #expect(loaded.issues == [])
  }

  @Test(arguments: UInt64(1)...8)
  func survivesEveryChangeOfTheShippedFiles(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var originals: [String: String] = [:]
    for name in ConfigFixtures.names {
      let isAboutModels = name == "llm.yaml" || name == "manager.yaml"
      let isShared = seed % 4 == 3 && (name == "manager.yaml" || name == "exchange.yaml")
      let folder =
        isShared
        ? "config/examples/shared"
        : seed % 2 == 0 && isAboutModels ? "config/examples/qwen" : "config"
      originals[name] = try ConfigFixtures.text("\(folder)/\(name)")
    }
    originals["manager.yaml", default: ""] += seed % 2 == 0 ? Self.outside : ""

    for round in 0..<60 {
      var files = originals
      for name in ConfigFixtures.names where random.below(2) == 0 {
        files[name] = mutated(originals[name] ?? "", &random)
      }
      let loaded = ConfigDecoder.decode(
        files, environment: ConfigEnvironment(["A": "1"]),
        surroundings: .memory(Self.prompts, programs: ["trader.sh"]))

      #expect((loaded.config == nil) == !loaded.errors.isEmpty, "seed \(seed), round \(round)")
      #expect(!loaded.effective.text.isEmpty)
    }
  }

  @Test func survivesTheLargestNumbersEverywhere() {
    let text = ConfigFixtures.trader(
      risk: ["max_position_size_usd": "1000000000", "major_coin_leverage": "100"],
      guards: [
        "btceth_position_value_min_equity_multiple": "1000", "max_asset_pct": "10000",
        "liquidity_threshold_usd": "90000000000", "max_total_pct": "10000",
      ],
      keys: ["initial_equity_usd": "1000000000", "decision_interval": "36000d"])
    let loaded = ConfigFixtures.load(["manager.yaml": text])

    // 1000 · 1,000,000,000 > 1,000,000,000.
    #expect(loaded.errors.count == 1)
  }
}
