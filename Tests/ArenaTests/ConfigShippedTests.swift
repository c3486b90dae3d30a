import Arena
import Foundation
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

  @Test func explainsEveryKeyOfItsFirstTrader() throws {
    let lines = try ConfigFixtures.text("config/manager.yaml").split(separator: "\n")
    let comments = lines.filter { $0.contains("#") }

    #expect(comments.count > 40)
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
