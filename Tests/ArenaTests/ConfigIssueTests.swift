import Arena
import Testing
import Trading

@Suite struct ConfigIssueTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let file: String
    let text: String
    let sentences: [String]
    var testDescription: String { sentences.first ?? "" }
  }

  static let cases = [
    Case(
      file: "nof0.yaml", text: "name: x\nrun:\n  deadlin: 90s\n",
      sentences: [
        "nof0.yaml:3:3: error: unknown key \"deadlin\" in run; did you mean deadline?"
      ]),
    Case(
      file: "nof0.yaml", text: "export: {colour: red}\n",
      sentences: [
        "nof0.yaml:1:10: error: unknown key \"colour\" in export; "
          + "remove it, or use one of nav_base_usd, benchmark, risk_free_pct"
      ]),
    Case(
      file: "nof0.yaml", text: "name: x\nname: y\n",
      sentences: [
        "nof0.yaml:2:1: error: the key \"name\" appears twice, first on line 1; keep one of them"
      ]),
    Case(
      file: "nof0.yaml", text: "name: x\nName: y\n",
      sentences: [
        "nof0.yaml:2:1: error: the key name appears twice; keep one of its spellings"
      ]),
    Case(
      file: "nof0.yaml", text: "run:\n  deadline: soon\n",
      sentences: [
        "nof0.yaml:2:13: error: run.deadline: expected a duration above zero, was \"soon\"; "
          + "for example deadline: 3m"
      ]),
    Case(
      file: "nof0.yaml", text: "environment: prd\n",
      sentences: [
        "nof0.yaml:1:14: error: environment: expected one of test, dev, prod, was \"prd\"; "
          + "did you mean prod?"
      ]),
    Case(
      file: "nof0.yaml", text: "run: [1, 2\n",
      sentences: [
        "nof0.yaml:2:1: error: YAML: while parsing a flow sequence, did not find expected ',' or "
          + "']'; check indentation, colons, quotes and brackets here"
      ]),
    Case(
      file: "nof0.yaml", text: "name: a\n b: c\n",
      sentences: [
        "nof0.yaml:2:3: error: YAML: mapping values are not allowed in this context; "
          + "check indentation, colons, quotes and brackets here"
      ]),
    Case(
      file: "nof0.yaml", text: "name: a\nrun: b\u{7}\n",
      sentences: [
        "nof0.yaml:2:7: error: YAML: control characters are not allowed; "
          + "write the file as UTF-8 text without control characters"
      ]),
    Case(
      file: "nof0.yaml", text: "- a\n",
      sentences: [
        "nof0.yaml:1:1: error: expected a group of keys, was a list; write KEY: VALUE lines"
      ]),
    Case(
      file: "nof0.yaml", text: "run: 5m\n",
      sentences: [
        "nof0.yaml:1:6: error: run: expected a group of keys, was text; write KEY: VALUE lines"
      ]),
    Case(
      file: "nof0.yaml", text: "name: a\n---\nname: b\n",
      sentences: [
        "nof0.yaml:3:1: error: expected one document, found a second one; "
          + "remove the line --- and what follows"
      ]),
    Case(
      file: "exchange.yaml", text: "default: sin\nproviders:\n  sim: {type: sim}\n",
      sentences: [
        "exchange.yaml:1:10: error: default: exchange.yaml has no provider \"sin\"; "
          + "did you mean sim?"
      ]),
    Case(
      file: "exchange.yaml", text: "default: sim\nproviders:\n  sim: {type: simm}\n",
      sentences: [
        "exchange.yaml:3:15: error: providers.sim.type: expected one of sim, hyperliquid, "
          + "binance_futures, binance_spot, was \"simm\"; did you mean sim?"
      ]),
    Case(
      file: "exchange.yaml",
      text: "default: sim\nproviders:\n  sim: {type: sim, taker_fee_bps: 1e3, maker_fee_bps: -1}\n",
      sentences: [
        "exchange.yaml:3:35: error: providers.sim.taker_fee_bps: expected a number from 0 to 1000, "
          + "was \"1e3\"; for example taker_fee_bps: 2",
        "exchange.yaml:3:55: error: providers.sim.maker_fee_bps: expected a number from 0 to 1000, "
          + "was \"-1\"; for example maker_fee_bps: 2",
      ]),
    Case(
      file: "market.yaml", text: "default: m\nproviders:\n  m:\n    type: synthetic\n",
      sentences: [
        "market.yaml:4:5: error: providers.m.symbols is missing; add for example symbols: [BTC]"
      ]),
    Case(
      file: "market.yaml",
      text: "default: m\nproviders:\n"
        + "  m: {type: synthetic, directory: x, symbols: [BTC, ETH, BTC]}",
      sentences: [
        "market.yaml:3:24: error: unknown key \"directory\" in providers.m; "
          + "it belongs to type recorded",
        "market.yaml:3:58: error: providers.m.symbols: \"BTC\" appears twice; keep one of them",
      ]),
    Case(
      file: "market.yaml", text: "providers:\n",
      sentences: [
        "manager.yaml:2:5: error: traders.a.market_provider is missing and market.yaml has no "
          + "default; add one of the two",
        "market.yaml:1:1: error: providers: expected at least one name, was nothing; "
          + "add NAME: and below it type: synthetic",
      ]),
    Case(
      file: "manager.yaml", text: "traders: []\n",
      sentences: [
        "manager.yaml:1:10: error: traders: expected at least one item, was an empty list; add one"
      ]),
    Case(
      file: "manager.yaml", text: "",
      sentences: [
        "manager.yaml:1:1: error: traders is missing; add traders: with at least one item"
      ]),
  ]

  @Test(arguments: cases)
  func tellsThePlaceTheProblemAndTheAdvice(of item: Case) {
    let loaded = ConfigFixtures.load([item.file: item.text])

    #expect(loaded.issues.map(\.description) == item.sentences)
    #expect(loaded.config == nil)
  }

  @Test func reportsEveryProblemOfEveryFileAtOnce() {
    let loaded = ConfigFixtures.load([
      "nof0.yaml": "nmae: x\nrun: {deadline: 0s}\n",
      "exchange.yaml": "providers:\n  sim: {type: sim, spread_bps: wide}\n",
      "market.yaml": "default: [\n",
      "manager.yaml": ConfigFixtures.trader(risk: ["max_positions": "0", "min_confidence": "101"]),
    ])

    #expect(
      loaded.errors.map { "\($0.place.file) \($0.key)" } == [
        "nof0.yaml ", "nof0.yaml run.deadline",
        "manager.yaml traders.a.exchange_provider",
        "manager.yaml traders.a.risk_params.max_positions",
        "manager.yaml traders.a.risk_params.min_confidence",
        "exchange.yaml providers.sim.spread_bps", "market.yaml ",
      ])
  }

  @Test func saysWhichFilesAreMissing() {
    let loaded = ConfigDecoder.decode(
      ["nof0.yaml": "llm:\n  file: models.yaml\n"], environment: ConfigEnvironment([:]))

    #expect(
      loaded.issues.map(\.description) == [
        "nof0.yaml:2:9: error: the file \"models.yaml\" does not exist; "
          + "create it, for example from the shipped config directory",
        "manager.yaml:1:1: error: the file \"manager.yaml\" does not exist; "
          + "create it, for example from the shipped config directory",
        "exchange.yaml:1:1: error: the file \"exchange.yaml\" does not exist; "
          + "create it, for example from the shipped config directory",
        "market.yaml:1:1: error: the file \"market.yaml\" does not exist; "
          + "create it, for example from the shipped config directory",
      ])
  }

  @Test func saysThatTheDirectoryIsMissing() {
    let loaded = ConfigFiles.load(directory: "no/such/place", environment: ["NO_DOTENV": "1"])

    #expect(
      loaded.issues.map(\.description) == [
        "no/such/place:1:1: error: there is no such directory; "
          + "run nof0 where config/ is, or give --config DIR"
      ])
  }

  @Test func refusesAnAliasThatContainsItselfAndOneThatMultiplies() {
    let itself = ConfigFixtures.load(["nof0.yaml": "name: &a [*a]\n"])
    var bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for (before, next) in zip("abcdefg", "bcdefgh") {
      bomb +=
        "\(next): &\(next) ["
        + Array(repeating: "*\(before)", count: 10)
        .joined(separator: ", ") + "]\n"
    }
    let many = ConfigFixtures.load(["nof0.yaml": bomb])

    #expect(itself.errors.first?.problem.contains("an alias contains itself") == true)
    #expect(many.errors.contains { $0.problem.contains("more than 100000 values") })
  }

  @Test func admitsAThousandTraders() {
    let one = ConfigFixtures.trader().replacing("traders:\n", with: "")
    let all = (0..<1000).map { one.replacing("id: a", with: "id: t\($0)") }
    let loaded = ConfigFixtures.load(["manager.yaml": "traders:\n" + all.joined()])

    #expect(loaded.issues == [])
    #expect(loaded.config?.traders.count == 1000)
  }

  @Test func saysThatATraderAppearsTwice() {
    let again = ConfigFixtures.trader().replacing("traders:\n", with: "")
    let loaded = ConfigFixtures.load(["manager.yaml": ConfigFixtures.trader() + again])

    #expect(
      loaded.errors.map(\.description) == [
        "manager.yaml:10:9: error: the trader a appears twice, first on line 2; "
          + "give each trader an id of its own"
      ])
  }

  @Test func readsAliasesAndMergedGroups() throws {
    let manager =
      ConfigFixtures.trader() + """
          - id: b
            executor: &rule {kind: baseline, rule: flat}
            risk_params: &limits
              max_positions: 1
              max_position_size_usd: 100
              major_coin_leverage: 1
              altcoin_leverage: 1
              min_risk_reward_ratio: 1
          - id: c
            executor: *rule
            risk_params: {<<: *limits, max_positions: 2}
        """
    let loaded = ConfigFixtures.load(["manager.yaml": manager])

    #expect(loaded.issues == [])
    #expect(loaded.config?.traders.map(\.risk.maxPositions) == [2, 1, 2])
  }
}
