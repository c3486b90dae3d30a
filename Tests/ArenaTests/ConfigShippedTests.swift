import Arena
import Exchanges
import Foundation
import LLM
import Testing
import Trading

@Suite struct ConfigShippedTests {
  @Test func loadsWithoutASingleIssue() throws {
    let loaded = ConfigFiles.load(
      directory: ConfigFixtures.root + "config", environment: ["NO_DOTENV": "1"])

    #expect(loaded.issues == [])
    let config = try #require(loaded.config)
    #expect(config.traders.map(\.id.name) == ["buy-and-hold", "ema-cross", "momentum", "random"])
    #expect(config.traders.map(\.initialEquity) == Array(repeating: USD(whole: 10_000), count: 4))
    #expect(config.traders.allSatisfy { $0.coins.count == 6 && $0.autoStart })
    #expect(config.issuesForRun == [])
    #expect(config.export.benchmark?.name == "BTC")
    #expect(config.run.deadline == .seconds(150))
  }

  @Test func loadsTheRecordedExampleOnceTheCandlesAreNamed() throws {
    let loaded = ConfigFiles.load(
      directory: ConfigFixtures.root + "config/examples/recorded",
      environment: ["NO_DOTENV": "1", "NOF0_CANDLES": "candles"])

    #expect(loaded.issues == [])
    let config = try #require(loaded.config)
    let provider = try #require(ProviderID("recorded"))
    guard case .recorded(let market)? = config.marketProviders[provider] else {
      Issue.record("expected a recorded market")
      return
    }
    #expect(market.directory == "candles")
  }

  @Test func saysWhichVariableTheRecordedExampleNeeds() {
    let directory = ConfigFixtures.root + "config/examples/recorded"
    let loaded = ConfigFiles.load(directory: directory, environment: ["NO_DOTENV": "1"])

    #expect(loaded.config == nil)
    #expect(
      loaded.issues.map(\.description) == [
        "\(directory)/market.yaml:13:16: error: providers.recorded.directory: the variable "
          + "NOF0_CANDLES is not set; set it in the environment or in .env"
      ])
  }

  struct Example: Sendable {
    let name: String
    var variable: String?
    let models: [String]
  }

  static let examples = [
    Example(
      name: "anthropic", variable: "ANTHROPIC_API_KEY", models: ["claude-haiku", "claude-sonnet"]),
    Example(
      name: "deepseek", variable: "DEEPSEEK_API_KEY",
      models: ["deepseek-chat", "deepseek-reasoner"]),
    Example(name: "local", models: ["local"]),
    Example(name: "openai", variable: "OPENAI_API_KEY", models: ["gpt-5", "gpt-5-mini"]),
    Example(
      name: "openrouter", variable: "OPENROUTER_API_KEY",
      models: ["deepseek/deepseek-chat-v3.1", "kimi"]),
    Example(name: "qwen", variable: "DASHSCOPE_API_KEY", models: ["qwen-flash", "qwen-max"]),
    Example(name: "scripted", models: ["scripted"]),
    Example(
      name: "zenmux", variable: "ZENMUX_API_KEY",
      models: ["claude-sonnet-4.5", "deepseek-chat", "gpt-5"]),
  ]

  @Test(arguments: examples)
  func loadsEveryExampleWithoutASingleIssue(example: Example) throws {
    let directory = ConfigFixtures.root + "config/examples/\(example.name)"
    let bare = ConfigFiles.load(directory: directory, environment: ["NO_DOTENV": "1"])
    var environment = ["NO_DOTENV": "1"]
    if let variable = example.variable { environment[variable] = "canary" }
    let loaded = ConfigFiles.load(directory: directory, environment: environment)

    #expect(loaded.issues == [])
    let config = try #require(loaded.config)
    #expect(config.issuesForRun == [])
    #expect(config.llm.usedModels.map(\.name) == example.models)
    #expect(config.traders.last?.executor == .baseline(.buyAndHold))
    let specs = try config.llm.specs { reference throws(SecretFailure) in
      try SecretReader.read(reference, loaded.environment)
    }
    #expect(specs.allSatisfy { ($0.apiKey != nil) == (example.variable != nil) })
    #expect(specs.allSatisfy { $0.prices != nil })
    #expect(bare.issues == [])
    #expect(
      bare.config?.issuesForRun.allSatisfy {
        $0.problem.hasSuffix("the variable \(example.variable ?? "") is not set")
      } == true)
    #expect(
      bare.config?.issuesForRun.count == (example.variable == nil ? 0 : example.models.count))
  }

  @Test func explainsEveryKeyOfItsFirstTrader() throws {
    let lines = try ConfigFixtures.text("config/manager.yaml").split(separator: "\n")
    let comments = lines.filter { $0.contains("#") }

    #expect(comments.count > 40)
  }

  @Test func loadsTheSharedExampleWithoutASingleIssue() throws {
    let loaded = ConfigFiles.load(
      directory: ConfigFixtures.root + "config/examples/shared", environment: ["NO_DOTENV": "1"])

    #expect(loaded.issues == [])
    let config = try #require(loaded.config)
    #expect(config.issuesForRun == [])
    #expect(Set(config.traders.map(\.account.name)) == ["sim"])
    // (30,000 − 10 %) / 3.
    #expect(config.traders.map(\.initialEquity) == Array(repeating: USD(whole: 9000), count: 3))
    #expect(config.allocation?.strategy == .performanceBased)
    #expect(config.allocation?.members.count == 3)
    #expect(config.globalLimits.maxDailyLoss == Pct(whole: 5))
    #expect(config.globalLimits.reset == .after(.hours(24)))
    #expect(config.conflicts.duplicate == .aggregate)
    #expect(config.traders.allSatisfy { $0.risk.sizing.method == .atr })
  }

  @Test func loadsTheHyperliquidExampleOnceTheAccountIsNamed() throws {
    let directory = ConfigFixtures.root + "config/examples/hyperliquid"
    let account = "0x" + String(repeating: "ab", count: 20)
    let bare = ConfigFiles.load(directory: directory, environment: ["NO_DOTENV": "1"])
    let loaded = ConfigFiles.load(
      directory: directory, environment: ["NO_DOTENV": "1", "HYPERLIQUID_MAIN_ADDRESS": account])

    #expect(
      bare.issues.map(\.problem) == [
        "providers.hyperliquid.main_address: the variable HYPERLIQUID_MAIN_ADDRESS is not set"
      ])
    #expect(loaded.issues == [])
    let config = try #require(loaded.config)
    let provider = try #require(ProviderID("hyperliquid"))
    guard case .hyperliquid(let section)? = config.exchangeProviders[provider] else {
      Issue.record("expected an account on Hyperliquid")
      return
    }
    #expect(section.network == .testnet && !section.isLive && !section.allowsMasterKey)
    #expect(section.key == .environment(variable: "HYPERLIQUID_PRIVATE_KEY"))
    #expect(config.issuesForRun == [])
    #expect(config.traders.allSatisfy { $0.account.name == "hyperliquid" })
    // (200 − 10 %) / 2.
    #expect(config.traders.map(\.initialEquity) == Array(repeating: USD(whole: 90), count: 2))
  }

  @Test func loadsThePaperExampleWithoutASingleIssue() throws {
    let loaded = ConfigFiles.load(
      directory: ConfigFixtures.root + "config/examples/paper", environment: ["NO_DOTENV": "1"])

    #expect(loaded.issues == [])
    let config = try #require(loaded.config)
    #expect(config.issuesForRun == [])
    #expect(LiveRule.mode(of: config, isLive: true, isDryRun: false) == .simulated)
    #expect(!config.isRehearsal)
  }

  @Test func statesEveryKeyOverAllTradersWhereItExplainsThem() throws {
    for directory in [
      "", "/examples/hyperliquid", "/examples/paper", "/examples/recorded", "/examples/shared",
    ].map({ "config" + $0 }) {
      let loaded = ConfigFiles.load(
        directory: ConfigFixtures.root + directory,
        environment: [
          "NO_DOTENV": "1", "NOF0_CANDLES": "candles",
          "HYPERLIQUID_MAIN_ADDRESS": "0x" + String(repeating: "0", count: 40),
        ])
      let unsaid = loaded.effective.entries.filter {
        $0.source == "default" && $0.file == "manager.yaml" && $0.key.hasPrefix("manager.")
      }

      #expect(unsaid.map(\.key) == [], "\(directory)")
    }
  }

  @Test(arguments: ["manager.yaml", "exchange.yaml", "nof0.yaml"])
  func explainsEveryKeyOfTheSharedExample(file: String) throws {
    let lines = try ConfigFixtures.text("config/examples/shared/\(file)")
      .split(separator: "\n").map { $0.drop { $0 == " " } }
    let end = lines.firstIndex { $0.contains("id: momentum") } ?? lines.endIndex
    let ofGroups = ["manager:", "traders:", "providers:", "type: sim", "run:", "export:"]

    for (above, line) in zip(lines, lines[..<end].dropFirst())
    where !line.hasPrefix("#") && !ofGroups.contains(String(line)) {
      let isExplained = above.hasPrefix("#") || line.hasPrefix("environment:")
      #expect(isExplained, "\(file): \(line)")
    }
  }

  @Test func keepsTheShippedControlTraderThatHolds() throws {
    let loaded = ConfigFiles.load(
      directory: ConfigFixtures.root + "config", environment: ["NO_DOTENV": "1"])
    let traders = try #require(loaded.config?.traders)

    #expect(traders[0].guards.giveback == nil)
    #expect(traders.dropFirst().allSatisfy { $0.guards.giveback != nil })
    #expect(loaded.config?.allocation == nil)
    #expect(loaded.config?.conflicts == ConflictRules())
  }

  @Test func givesEachTraderADigestThatItsIdDoesNotChange() throws {
    let one = try #require(ConfigFixtures.load().config?.traders.first)
    let renamed = ConfigFixtures.trader(keys: ["name": "a"])
      .replacing("id: a", with: "id: b")
    let shared = [
      "exchange.yaml": "default: sim\nproviders: {sim: {type: sim, shared_account: true}}"
    ]
    let left = ConfigFixtures.load(shared).config?.traders.first
    let right = ConfigFixtures.load(shared.merging(["manager.yaml": renamed]) { $1 }).config?
      .traders.first
    let other = ConfigFixtures.load([
      "manager.yaml": ConfigFixtures.trader(risk: ["max_positions": "3"])
    ]).config?.traders.first

    #expect(one.configDigest.utf8.count == 64)
    #expect(left?.configDigest == right?.configDigest)
    #expect(other?.configDigest != one.configDigest)
  }

  @Test func hashesAsFIPS180Does() {
    // FIPS 180-2, appendix B.1: "abc".
    let digest = SHA256Digest.hex(of: Array("abc".utf8))

    #expect(digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
