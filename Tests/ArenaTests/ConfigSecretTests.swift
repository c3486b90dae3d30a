import Arena
import Testing

@Suite struct ConfigSecretTests {
  static let canary = "canary-0123456789"

  /// A configuration with the canary in every place where a secret may stand.
  static func loaded(literal: Bool) -> LoadedConfig {
    let secret = literal ? canary : "'${CANARY}'"
    return ConfigFixtures.load(
      [
        "llm.yaml": """
        api_key: \(secret)
        default_model: m
        models: {m: {api_key: \(secret)}}
        """,
        "nof0.yaml": "postgres: {DataSource: \(secret)}\n",
        "exchange.yaml": """
        default: sim
        providers:
          sim: {type: sim}
          live:
            type: hyperliquid
            main_address: '0x\(String(repeating: "a", count: 40))'
            private_key: \(secret)
            api_secret: \(secret)
            live: true
          other: {type: binance_spot, private_key: \(secret), api_secret: \(secret)}
        """,
        "market.yaml": """
        default: made-up
        providers:
          made-up: {type: synthetic, symbols: [BTC, ETH]}
          live: {type: hyperliquid, symbols: [BTC]}
        """,
        "manager.yaml": ConfigFixtures.trader(keys: ["executor": "{kind: llm}"])
          + ConfigFixtures.trader(keys: [
            "executor": "{kind: http, base_url: 'https://x.example', api_key: \(secret)}"
          ]).replacing("id: a", with: "id: b").replacing("traders:\n", with: "")
          + ConfigFixtures.trader(keys: [
            "executor": "{kind: command, command: [trader.sh], pass_environment: [CANARY]}"
          ]).replacing("id: a", with: "id: c").replacing("traders:\n", with: "")
          + ConfigFixtures.trader(keys: [
            "executor": "{kind: baseline, rule: flat}", "exchange_provider": "live",
            "market_provider": "live",
          ]).replacing("id: a", with: "id: d").replacing("traders:\n", with: "")
          + "monitoring: {alert_webhook: \(secret)}\n",
      ], environment: ["CANARY": canary])
  }

  @Test(arguments: [true, false])
  func appearNowhere(literal: Bool) throws {
    let loaded = Self.loaded(literal: literal)
    let config = try #require(loaded.config)
    var dumped = ""
    dump(loaded, to: &dumped)
    dump(config, to: &dumped)

    for text in [
      dumped, "\(loaded)", String(reflecting: loaded), "\(config)", loaded.effective.text,
      loaded.effective.json, "\(loaded.issues)", "\(loaded.environment)",
    ] {
      #expect(!text.contains(Self.canary))
    }
  }

  @Test func appearInNoMessageAboutAWrongValue() {
    let loaded = ConfigFixtures.load([
      "exchange.yaml": """
      default: sim
      providers:
        sim: {type: sim}
        live:
          type: hyperliquid
          main_address: canary
          private_key: [canary]
          privat_key: canary
          base_url: https://canary@x.example
      """
    ])

    #expect(loaded.errors.count == 4)
    #expect(!"\(loaded.issues)".contains("canary"))
  }

  @Test func areFlaggedWhenWrittenOut() {
    let issues = Self.loaded(literal: true).issues.map(\.description)

    #expect(
      issues.contains(
        "llm.yaml:1:10: notice: api_key holds a secret itself; "
          + "write api_key: ${A_VARIABLE} and set that variable in the environment or in .env"))
  }

  @Test func areFoundWhereTheReferencePoints() throws {
    let loaded = Self.loaded(literal: false)
    let reference = try #require(loaded.config?.llm.apiKey)

    #expect(reference.description == "${CANARY}")
    let environment = ConfigEnvironment(["CANARY": Self.canary])
    #expect(reference.resolved(in: environment)?.revealed() == Self.canary)
    #expect(reference.resolved(in: ConfigEnvironment([:])) == nil)
  }
}
