import Arena
import Testing
import Trading

@Suite struct ConfigLimitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var risk: [String: String] = [:]
    var guards: [String: String] = [:]
    var keys: [String: String] = [:]
    let problem: String
    var testDescription: String { problem }
  }

  // The fixture's trader has 10,000 USD, size 500, leverage 3 and 2, coins BTC and ETH.
  static let cases = [
    Case(
      risk: ["max_position_size_usd": "9.99"],
      problem: "traders.a.risk_params.max_position_size_usd is 9.99, below the venue's minimum "
        + "order of 10 USD"),
    Case(
      guards: [
        "btceth_position_value_min_equity_multiple": "0.05",
        "btceth_position_value_max_equity_multiple": "0.04",
      ],
      problem: "traders.a.exec_guards.btceth_position_value_min_equity_multiple is 0.05, above "
        + "btceth_position_value_max_equity_multiple of 0.04"),
    // 0.06 · 10,000 = 600 > 500.
    Case(
      guards: ["alt_position_value_min_equity_multiple": "0.06"],
      problem: "traders.a.exec_guards.alt_position_value_min_equity_multiple is 0.06, with 10000 "
        + "USD more than max_position_size_usd of 500"),
    // 0.0009 · 10,000 = 9 < 10.
    Case(
      guards: ["alt_position_value_max_equity_multiple": "0.0009"],
      problem: "traders.a.exec_guards.alt_position_value_max_equity_multiple is 0.0009, with "
        + "10000 USD below the venue's minimum order of 10 USD"),
    Case(
      guards: ["max_asset_pct": "20", "max_total_pct": "10"],
      problem: "traders.a.exec_guards.max_total_pct is 10, below max_asset_pct of 20"),
    // 0.09 % · 10,000 = 9 < 10.
    Case(
      guards: ["max_asset_pct": "0.09"],
      problem: "traders.a.exec_guards.max_asset_pct is 0.09, with 10000 USD below the venue's "
        + "minimum order of 10 USD"),
    Case(
      guards: ["max_correlated_pct": "0.09"],
      problem: "traders.a.exec_guards.max_correlated_pct is 0.09, with 10000 USD below the venue's "
        + "minimum order of 10 USD"),
    Case(
      guards: ["giveback_close_pct": "100.01"],
      problem: "traders.a.exec_guards.giveback_close_pct: expected a number from 0 to 100, was "
        + "\"100.01\""),
    Case(
      keys: ["decision_timeout": "150s"],
      problem: "traders.a.decision_timeout is 2m30s, not below run.deadline of 2m30s"),
    // 6 · 50 % · leverage 3 = 9 < 10.
    Case(
      risk: ["max_margin_usage_pct": "50"], keys: ["initial_equity_usd": "6"],
      problem: "traders.a.initial_equity_usd is 6, too little for the venue's minimum order of 10 "
        + "USD at leverage 3 and max_margin_usage_pct of 50"),
    // 19.98 / 2 = 9.99 < 10.
    Case(
      keys: [
        "initial_equity_usd": "19.98", "executor": "{kind: baseline, rule: buy_and_hold}",
      ],
      problem: "traders.a.initial_equity_usd is 19.98, which split over the 2 coins in symbols is "
        + "below the venue's minimum order of 10 USD"),
    Case(
      risk: ["max_positions": "1"], keys: ["executor": "{kind: baseline, rule: buy_and_hold}"],
      problem: "traders.a.risk_params.max_positions is 1, below the 2 coins in symbols, all of "
        + "which rule buy_and_hold buys"),
    Case(
      keys: ["decision_interval": "0s"],
      problem: "traders.a.decision_interval: expected a duration above zero, was \"0s\""),
    Case(
      risk: ["altcoin_leverage": "0"],
      problem: "traders.a.risk_params.altcoin_leverage: expected a whole number from 1 to 100, was "
        + "\"0\""),
    Case(
      keys: ["symbols": "[BTC, SOL]"],
      problem: "traders.a.symbols: SOL is not among the symbols of market made-up"),
    Case(
      keys: ["executor": "{kind: baseline, rule: inverse_of, of: b}"],
      problem: "traders.a.executor.of: there is no trader \"b\""),
    Case(
      keys: ["executor": "{kind: baseline, rule: inverse_of, of: a}"],
      problem: "traders look at each other in a circle: a → a"),
    Case(
      keys: ["executor": "{kind: baseline, rule: inverse_of}"],
      problem: "traders.a.executor.of is missing, rule inverse_of needs it"),
    Case(
      keys: ["executor": "{kind: baseline}"],
      problem: "traders.a.executor.rule is missing, a baseline needs one"),
    Case(
      keys: ["executor": "{rule: flat}"],
      problem: "traders.a.executor: a rule needs kind: baseline, was kind: llm"),
    Case(
      keys: ["exchange_provider": "smi"],
      problem: "traders.a.exchange_provider: exchange.yaml has no provider \"smi\""),
  ]

  @Test(arguments: cases)
  func refusesWhatNoOrderCouldSatisfy(item: Case) {
    let text = ConfigFixtures.trader(risk: item.risk, guards: item.guards, keys: item.keys)
    let loaded = ConfigFixtures.load(["manager.yaml": text])

    #expect(loaded.errors.map(\.problem) == [item.problem])
  }

  @Test func acceptsEachLimitJustInsideItsBound() {
    let text = ConfigFixtures.trader(
      risk: ["max_position_size_usd": "10"],
      guards: [
        "btceth_position_value_min_equity_multiple": "0.001",
        "btceth_position_value_max_equity_multiple": "0.001", "max_asset_pct": "0.1",
        "max_total_pct": "0.1",
      ],
      keys: [
        "decision_timeout": "149999ms", "executor": "{kind: baseline, rule: buy_and_hold}",
      ])
    let loaded = ConfigFixtures.load(["manager.yaml": text])

    #expect(loaded.issues == [])
  }

  @Test func switchesGuardsOffByTheirFlagAndByZero() throws {
    let text = ConfigFixtures.trader(
      risk: ["max_margin_usage_pct": "0"],
      guards: [
        "liquidity_threshold_usd": "1000", "enable_liquidity_guard": "false",
        "cooldown_after_close": "\"\"", "max_margin_usage_pct": "90", "min_hold": "5m",
        // Would be refused if it were on: 5 · 10,000 > 500.
        "btceth_position_value_min_equity_multiple": "5", "enable_value_band_guard": "false",
      ])
    let trader = try #require(
      ConfigFixtures.load(["manager.yaml": text]).config?.traders.first)

    #expect(trader.risk.maxMarginUsage == nil)
    #expect(trader.guards.liquidityThreshold == nil)
    #expect(trader.guards.cooldownAfterClose == nil)
    #expect(trader.guards.maxMarginUsage == Pct(whole: 90))
    #expect(trader.guards.minHold == .minutes(5))
    #expect(trader.guards.majorBand == EquityBand(min: nil, max: nil))
  }

  @Test func findsACircleOfThreeOnce() {
    func follower(_ id: String, of peer: String) -> String {
      ConfigFixtures.trader(
        keys: ["executor": "{kind: baseline, rule: inverse_of, of: \(peer)}"]
      ).replacing("id: a", with: "id: \(id)").replacing("traders:\n", with: "")
    }
    let text =
      "traders:\n" + follower("a", of: "b") + follower("b", of: "c") + follower("c", of: "b")
    let loaded = ConfigFixtures.load(["manager.yaml": text])

    #expect(
      loaded.errors.map(\.problem) == ["traders look at each other in a circle: b → c → b"])
  }
}
