import Arena
import Exchanges
import Testing
import Trading

/// Providers of type hyperliquid, in exchange.yaml and market.yaml.
@Suite struct ConfigVenueTests {
  static let main = "0x" + String(repeating: "A1", count: 20)
  static let vault = "0x" + String(repeating: "b2", count: 20)

  /// A configuration with these lines below the provider `hl` of both files.
  static func load(
    exchange: [String] = [], market: [String] = ["symbols: [BTC]"],
    trader: [String: String] = [:], environment: [String: String] = [:],
    texts: [String: String] = [:], more: String = ""
  ) -> LoadedConfig {
    func file(_ keys: [String]) -> String {
      "default: hl\nproviders:\n  hl:\n    type: hyperliquid\n"
        + keys.map { "    \($0)\n" }.joined()
    }
    return ConfigFixtures.load(
      [
        "exchange.yaml": file(exchange) + more, "market.yaml": file(market),
        "manager.yaml": ConfigFixtures.trader(keys: trader),
      ], environment: environment, texts: texts)
  }

  private func exchange(_ keys: [String]) throws -> HyperliquidSection {
    let loaded = Self.load(exchange: ["main_address: '\(Self.main)'"] + keys)
    #expect(loaded.errors == [])
    let id = try #require(ProviderID("hl"))
    guard case .hyperliquid(let section)? = loaded.config?.exchangeProviders[id] else {
      throw Missing()
    }
    return section
  }

  private func market(_ keys: [String]) throws -> HyperliquidMarketSection {
    let loaded = Self.load(exchange: ["main_address: '\(Self.main)'"], market: keys)
    #expect(loaded.errors == [])
    let id = try #require(ProviderID("hl"))
    guard case .hyperliquid(let section)? = loaded.config?.marketProviders[id] else {
      throw Missing()
    }
    return section
  }

  private struct Missing: Error {}

  @Test func needNothingButAnAccount() throws {
    let section = try exchange([])

    #expect(section.key == nil)
    #expect(section.mainAddress == Self.main.lowercased())
    #expect(section.vaultAddress == nil)
    #expect(section.account == section.mainAddress)
    #expect(section.network == .mainnet)
    #expect(section.baseURL == "https://api.hyperliquid.xyz")
    #expect(!section.isStandIn && !section.isLive && !section.allowsMasterKey)
    #expect(section.timeout == .seconds(10))
    #expect(section.answerPatience == .seconds(25))
  }

  @Test func readEveryKey() throws {
    let section = try exchange([
      "private_key_file: keys/agent", "vault_address: '\(Self.vault)'", "network: TestNet",
      "testnet: true", "base_url: 'http://127.0.0.1:8080/'", "live: true",
      "allow_master_key: true", "timeout: 100ms", "answer_patience: 0s",
    ])

    #expect(section.key == .file(path: "keys/agent"))
    #expect(section.vaultAddress == Self.vault)
    #expect(section.account == Self.vault)
    #expect(section.network == .testnet)
    #expect(section.baseURL == "http://127.0.0.1:8080")
    #expect(section.isStandIn && section.isLive && section.allowsMasterKey)
    #expect(section.timeout == Span(ms: 100))
    #expect(section.answerPatience == .zero)
  }

  @Test(arguments: [
    ([], HyperliquidNetwork.mainnet), (["testnet: false"], .mainnet), (["testnet: true"], .testnet),
    (["network: testnet"], .testnet), (["network: mainnet", "testnet: false"], .mainnet),
    (["network: ''", "testnet: true"], .testnet),
  ])
  func sayTheirNetworkInEitherWay(keys: [String], network: HyperliquidNetwork) throws {
    #expect(try exchange(keys).network == network)
    #expect(try market(["symbols: [BTC]"] + keys).network == network)
    #expect(try exchange(keys).baseURL == network.baseURL)
  }

  @Test func readMarkets() throws {
    let plain = try market(["symbols: [BTC, kPEPE]"])
    #expect(plain.symbols == [Coin("BTC"), Coin("kPEPE")])
    #expect(plain.timeout == .seconds(8) && plain.httpTimeout == .seconds(10))
    #expect(plain.maxRetries == 3 && plain.retention == .day * 60)
    #expect(plain.baseURL == "https://api.hyperliquid.xyz" && !plain.isStandIn)

    let other = try market([
      "base_url: 'https://proxy.example/hl'", "network: testnet", "timeout: 1m",
      "http_timeout: 250ms", "max_retries: 0", "retention: 1d",
    ])
    #expect(other.symbols == [])
    #expect(other.timeout == .minute && other.httpTimeout == Span(ms: 250))
    #expect(other.maxRetries == 0 && other.retention == .day)
    #expect(other.baseURL == "https://proxy.example/hl" && !other.isStandIn)
  }

  @Test func giveAllTradersTheOneAccountNamedLikeTheProvider() throws {
    let loaded = ConfigFixtures.load([
      "exchange.yaml": "default: hl\nproviders: {hl: {type: hyperliquid, main_address: "
        + "'\(Self.main)'}}",
      "market.yaml": "default: hl\nproviders: {hl: {type: hyperliquid, symbols: [BTC]}}",
      "manager.yaml": ConfigFixtures.traders([[:], [:]]),
    ])

    #expect(loaded.config?.traders.map(\.account.name) == ["hl", "hl"])
    #expect(loaded.config?.issuesForRun == [])
  }

  @Test func showWhatTheyLeadTo() {
    let lines = Self.load(
      exchange: ["main_address: '\(Self.main)'", "testnet: true", "private_key: '${KEY}'"]
    ).effective.text.split(separator: "\n").map(String.init)

    #expect(lines.contains("providers.hl.network: testnet  # testnet: true"))
    #expect(
      lines.contains(
        "providers.hl.base_url: https://api.hyperliquid-testnet.xyz  # network testnet"))
    #expect(lines.contains("providers.hl.private_key: ${KEY}  # exchange.yaml:7"))
    #expect(lines.contains("providers.hl.live: false  # default"))
    #expect(lines.contains("providers.hl.network: mainnet  # default"))
    #expect(lines.contains("providers.hl.retention: 60d  # default"))
  }
}

extension ConfigVenueTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var exchange: [String] = []
    var market = ["symbols: [BTC]"]
    let sentence: String
    var testDescription: String { sentence }
  }

  /// The lines begin on line 5, the values after four blanks and the key.
  static let refused = [
    Case(
      exchange: ["main_address: '0x12'"],
      sentence: "exchange.yaml:5:19: error: providers.hl.main_address: expected 0x and 40 hex "
        + "digits, was a text of 4 letters, which may be a secret; for example main_address: "
        + "0x0123456789abcdef0123456789abcdef01234567"),
    Case(
      exchange: ["main_address: ''"],
      sentence: "exchange.yaml:5:5: error: providers.hl.main_address: expected 0x and 40 hex "
        + "digits, was nothing; for example main_address: "
        + "0x0123456789abcdef0123456789abcdef01234567"),
    Case(
      exchange: ["main_address: ${ACCOUNT}"],
      sentence: "exchange.yaml:5:19: error: providers.hl.main_address: the variable ACCOUNT is not "
        + "set; set it in the environment or in .env"),
    Case(
      exchange: ["live: false"],
      sentence: "exchange.yaml:4:5: error: providers.hl.main_address is missing; add for example "
        + "main_address: 0x0123456789abcdef0123456789abcdef01234567"),
    Case(
      exchange: ["main_address: '\(main)'", "network: mainnet", "testnet: true"],
      sentence: "exchange.yaml:7:14: error: providers.hl.testnet is true, but network is mainnet; "
        + "remove testnet: network says it all"),
    Case(
      exchange: ["main_address: '\(main)'", "network: main"],
      sentence: "exchange.yaml:6:14: error: providers.hl.network: expected one of mainnet, "
        + "testnet, was \"main\"; for example network: mainnet"),
    Case(
      exchange: ["main_address: '\(main)'", "private_key: ${A}", "private_key_file: a"],
      sentence: "exchange.yaml:7:23: error: providers.hl.private_key_file and private_key are both "
        + "written; keep one of them"),
    Case(
      exchange: ["main_address: '\(main)'", "live: true"],
      sentence: "exchange.yaml:6:11: error: providers.hl is live and names no key; add "
        + "private_key: ${A_VARIABLE} with the key of an agent wallet, or private_key_file:"),
    Case(
      exchange: ["main_address: '\(main)'", "base_url: 'http://10.0.0.7:80'"],
      sentence: "exchange.yaml:6:15: error: providers.hl.base_url: requests would travel "
        + "unencrypted to 10.0.0.7; write https://"),
    Case(
      exchange: ["main_address: '\(main)'", "timeout: 99ms"],
      sentence: "exchange.yaml:6:14: error: providers.hl.timeout: expected a duration from 100ms "
        + "to 1m, was \"99ms\"; for example timeout: 10s"),
    Case(
      exchange: ["main_address: '\(main)'", "timeout: 61s"],
      sentence: "exchange.yaml:6:14: error: providers.hl.timeout: expected a duration from 100ms "
        + "to 1m, was \"61s\"; for example timeout: 10s"),
    Case(
      exchange: ["main_address: '\(main)'", "answer_patience: 3m"],
      sentence: "exchange.yaml:6:22: error: providers.hl.answer_patience: expected a duration from "
        + "0s to 2m, was \"3m\"; for example answer_patience: 10s"),
    Case(
      exchange: ["main_address: '\(main)'", "live: yes"],
      sentence: "exchange.yaml:6:11: error: providers.hl.live: expected true or false, was "
        + "\"yes\"; for example live: true"),
    Case(
      exchange: ["main_address: '\(main)'", "spread_bps: 1"],
      sentence: "exchange.yaml:6:5: error: unknown key \"spread_bps\" in providers.hl; it belongs "
        + "to type sim"),
    Case(
      exchange: ["main_address: '\(main)'"],
      market: ["symbols: [BTC]", "network: testnet", "testnet: false"],
      sentence: "market.yaml:7:14: error: providers.hl.testnet is false, but network is testnet; "
        + "remove testnet: network says it all"),
    Case(
      exchange: ["main_address: '\(main)'"], market: ["retention: 12h"],
      sentence: "market.yaml:5:16: error: providers.hl.retention: expected a duration from 24h to "
        + "24000h, was \"12h\"; for example retention: 24h"),
    Case(
      exchange: ["main_address: '\(main)'"], market: ["live: true"],
      sentence: "market.yaml:5:5: error: unknown key \"live\" in providers.hl; remove it, or use "
        + "one of type, symbols, network, testnet, base_url, timeout, http_timeout, max_retries, "
        + "retention"),
  ]

  @Test(arguments: refused)
  func areRefusedWithPlaceProblemAndAdvice(wrong: Case) {
    let loaded = Self.load(exchange: wrong.exchange, market: wrong.market)

    #expect(loaded.config == nil)
    #expect(loaded.errors.map(\.description) == [wrong.sentence])
  }

  @Test(arguments: ["private_key_file", "main_address", "vault_address"])
  func doNotShowAKeyThatWasPutIntoTheWrongPlace(name: String) {
    let key = String(repeating: "c4", count: 32)
    for secret in [key, "0x" + key] {
      let loaded = Self.load(exchange: ["\(name): '\(secret)'"])
      var dumped = ""
      dump(loaded, to: &dumped)

      #expect(loaded.config == nil)
      for text in [dumped, "\(loaded.issues)", loaded.effective.text] {
        #expect(!text.contains(key))
      }
    }
  }

  @Test(arguments: [
    // The same account twice, upper and lower case.
    ("main_address: '\(main.lowercased())'", "", true),
    ("main_address: '\(main.lowercased())'", "", false),
    // A vault of somebody else, and one that is the first's account.
    ("main_address: '\(vault)'", "", false),
    ("main_address: '\(vault)', vault_address: '\(main)'", "", true),
    ("main_address: '\(main)', vault_address: '\(vault)'", "vault_address: '\(vault)'", true),
    ("main_address: '\(main)'", "vault_address: '\(vault)'", false),
  ])
  func mayNotBeTheSameAccountTwice(second: String, first: String, isRefused: Bool) {
    // The second row differs from the first in its network alone.
    let isOther = second == "main_address: '\(Self.main.lowercased())'" && !isRefused
    let loaded = Self.load(
      exchange: ["main_address: '\(Self.main)'"] + (first.isEmpty ? [] : [first]),
      more: "  other: {type: hyperliquid, \(second)\(isOther ? ", testnet: true" : "")}\n")

    let problem = "providers.other is the same account as providers.hl, line 4"
    #expect(loaded.errors.map(\.problem) == (isRefused ? [problem] : []))
    #expect(
      loaded.errors.allSatisfy {
        $0.advice == "let all traders of this account name one provider"
      })
  }
}

extension ConfigVenueTests {
  private func obstacles(_ loaded: LoadedConfig) throws -> [String] {
    #expect(loaded.errors == [])
    return try #require(loaded.config).issuesForRun.map(\.description)
  }

  @Test func needTheirKeyOnlyToTradeLive() throws {
    let keys = ["main_address: '\(Self.main)'", "private_key: ${KEY}"]
    #expect(try obstacles(Self.load(exchange: keys)) == [])
    #expect(
      try obstacles(Self.load(exchange: keys + ["live: true"], environment: ["KEY": "x"])) == [])
    #expect(
      try obstacles(Self.load(exchange: keys + ["live: true"])) == [
        "exchange.yaml:6:18: error: trader a on exchange hl: the variable KEY is not set; set it "
          + "in the environment or in .env"
      ])

    let file = ["main_address: '\(Self.main)'", "private_key_file: agent.key", "live: true"]
    #expect(try obstacles(Self.load(exchange: file, texts: ["agent.key": "x"])) == [])
    #expect(
      try obstacles(Self.load(exchange: file)) == [
        "exchange.yaml:6:23: error: trader a on exchange hl: the file agent.key holds no key; "
          + "write the key into it"
      ])
  }

  @Test func needSomebodyToNameTheCoins() throws {
    let keys = ["main_address: '\(Self.main)'"]

    #expect(
      try obstacles(Self.load(exchange: keys, market: [])) == [
        "manager.yaml:2:5: error: trader a names no symbols, and neither does market hl; add "
          + "symbols: [BTC, ETH] to traders.a or to the market"
      ])
    #expect(
      try obstacles(Self.load(exchange: keys, market: [], trader: ["symbols": "[SOL]"])) == [])
  }

  @Test func needThePricesOfTheirOwnNetwork() throws {
    let account = "main_address: '\(Self.main)'"
    #expect(
      try obstacles(Self.load(exchange: [account, "network: testnet"])) == [
        "manager.yaml:2:5: error: trader a trades on exchange hl, which is Hyperliquid's testnet, "
          + "and market hl shows the prices of mainnet; use a market of type: hyperliquid and "
          + "network: testnet"
      ])

    let madeUp = ConfigFixtures.load([
      "exchange.yaml": "default: hl\nproviders: {hl: {type: hyperliquid, \(account)}}"
    ])
    #expect(
      try obstacles(madeUp) == [
        "manager.yaml:2:5: error: trader a trades on exchange hl, which is Hyperliquid's mainnet, "
          + "and market made-up is made up; use a market of type: hyperliquid and network: mainnet"
      ])

    let paper = ConfigFixtures.load([
      "market.yaml": "default: hl\nproviders: {hl: {type: hyperliquid, symbols: [BTC]}}"
    ])
    #expect(try obstacles(paper) == [])
  }
}
