import Arena
import Testing
import Trading

/// What opens a new era of a trader that a model decides for, and what does not.
@Suite struct ConfigEraTests {
  private static let llm = "default_model: m\nmodels: {m: {MORE}, n: {}}\n"

  private func digest(
    model: String = "temperature: 0.5", keys: [String: String] = [:],
    executor: String = "{kind: llm}", persona: String? = nil, more: String = ""
  ) throws -> String {
    let trader = ConfigFixtures.trader(keys: ["executor": executor].merging(keys) { $1 })
    let loaded = ConfigFixtures.load(
      [
        "llm.yaml": Self.llm.replacing("MORE", with: model) + more, "manager.yaml": trader,
      ],
      texts: persona.map { ["prompts/manager/conservative_long.mustache": $0] } ?? [:])
    return try #require(loaded.config?.traders.first?.configDigest, "\(loaded.errors)")
  }

  @Test func opensForEveryChangeOfWhatIsAsked() throws {
    let digests = try [
      digest(), digest(persona: "Another."), digest(model: "temperature: 0.6"),
      digest(model: "temperature: 0.5, model_name: other"),
      digest(model: "temperature: 0.5, fallback: n"),
      digest(model: "temperature: 0.5, structured: text"),
      digest(model: "temperature: 0.5, base_url: 'https://other.example'"),
      digest(keys: ["model": "n"]), digest(executor: "{replicas: 2}"),
      digest(executor: "{routing: urgency, cheap_model: n}"),
      digest(keys: ["executor_prompt_template": "sub/prompt.mustache"]),
      digest(executor: "{kind: http, base_url: 'http://localhost:1'}"),
      digest(executor: "{kind: http, base_url: 'http://localhost:2'}"),
      digest(executor: "{kind: command, command: [trader.sh]}"),
      digest(executor: "{kind: command, command: [trader.sh, -v]}"),
      digest(executor: "{kind: command, command: [trader.sh], pass_environment: [A]}"),
      digest(executor: "{kind: command, command: [trader.sh], working_directory: sub}"),
    ]

    #expect(Set(digests).count == digests.count)
  }

  @Test func staysForWhatDoesNotChangeTheTrader() throws {
    let digests = try [
      digest(), digest(model: "temperature: 0.5, price: {input: 1, output: 2}"),
      digest(model: "temperature: 0.5, max_concurrency: 3, requests_per_minute: 5"),
      digest(model: "temperature: 0.5, api_key: k"), digest(keys: ["model": "m"]),
      digest(keys: ["prompt_template": "prompts/manager/conservative_long.mustache"]),
      digest(executor: "{kind: llm, replicas: 1, routing: fixed}"),
      digest(more: "timeout: 5s\nmax_retries: 1\ncache_ttl: 1m\n"),
    ]

    #expect(Set(digests).count == 1)
  }

  @Test func staysForBaselinesWhateverModelsThereAre() throws {
    let baseline = "{kind: baseline, rule: flat}"

    #expect(try digest(executor: baseline) == digest(model: "top_p: 1", executor: baseline))
  }

  struct Pinned: Sendable {
    let keys: [String: String]
    var guards: [String: String] = [:]
    let digest: String
  }

  // Read from the table trader_eras that nof0 of commit c48bb58, before the keys of the manager's
  // allocation, sizing and giveback existed, wrote for these three traders.
  static let pinned = [
    Pinned(
      keys: ["initial_equity_usd": "5000", "auto_start": "true"],
      digest: "0d9acd0fe24057476d8dac221dc4673ee4dca837189fa755596b9f7c1b34630b"),
    Pinned(
      keys: [
        "initial_equity_usd": "5000", "auto_start": "true", "name": "b",
        "executor": "{kind: baseline, rule: buy_and_hold}",
      ],
      guards: ["cooldown_after_close": "15m", "max_asset_pct": "60"],
      digest: "37b9884565210d36b999b34ef4dea45eb4d247fda6b4a336885e1f544f6b3329"),
    Pinned(
      keys: ["auto_start": "true", "name": "c"],
      digest: "a9561746487c0fdc032d08f412d71c944a6ff43d5368416162be5ac48ef49a40"),
  ]

  @Test(arguments: zip(["a", "b", "c"], pinned))
  func staysWhenNof0IsUpgraded(id: String, item: Pinned) throws {
    let trader = ConfigFixtures.trader(guards: item.guards, keys: item.keys)
      .replacing("id: a", with: "id: \(id)")
    let loaded = ConfigFixtures.load(["manager.yaml": trader])

    #expect(loaded.config?.traders.first?.configDigest == item.digest)
  }

  private func baseline(
    risk: [String: String] = [:], guards: [String: String] = [:], rule: String = "momentum"
  ) throws -> String {
    let trader = ConfigFixtures.trader(
      risk: risk, guards: guards, keys: ["executor": "{kind: baseline, rule: \(rule)}"])
    let loaded = ConfigFixtures.load(["manager.yaml": trader])
    return try #require(loaded.config?.traders.first?.configDigest, "\(loaded.errors)")
  }

  @Test func opensForSizingCorrelationAndGiveback() throws {
    let digests = try [
      baseline(), baseline(risk: ["sizing": "{method: kelly}"]),
      baseline(risk: ["sizing": "{method: fixed_fraction}"]),
      baseline(risk: ["sizing": "{method: fixed_fraction, fraction_pct: 11}"]),
      baseline(risk: ["sizing": "{method: atr}"]),
      baseline(risk: ["sizing": "{method: atr, risk_pct: 2}"]),
      baseline(risk: ["sizing": "{method: atr, atr_multiple: 3}"]),
      baseline(risk: ["sizing": "{method: atr, atr_period: 20}"]),
      baseline(guards: ["max_correlated_pct": "80"]),
      baseline(guards: ["giveback_close_pct": "0"]),
      baseline(guards: ["giveback_close_pct": "41"]),
      baseline(guards: ["giveback_min_peak_pct": "6"]), baseline(rule: "buy_and_hold"),
      baseline(guards: ["giveback_close_pct": "40"], rule: "buy_and_hold"),
    ]

    #expect(Set(digests).count == digests.count)
  }

  @Test func staysForDefaultsWrittenOut() throws {
    let sizing = "{method: model, fraction_pct: 10, risk_pct: 1, atr_multiple: 2, atr_period: 14}"
    let guards = [
      "max_correlated_pct": "0", "giveback_close_pct": "40", "giveback_min_peak_pct": "5",
    ]

    #expect(try baseline() == baseline(risk: ["sizing": sizing], guards: guards))
    #expect(
      try baseline(rule: "flat") == baseline(guards: ["giveback_close_pct": "0"], rule: "flat"))
    #expect(
      try baseline(risk: ["sizing": "{method: kelly}"])
        == baseline(risk: ["sizing": "{method: kelly, atr_period: 20}"]))
  }

  private func first(_ keys: [[String: String]], _ manager: String) throws -> String {
    let text = ConfigFixtures.traders(keys, manager: manager)
    let loaded = ConfigFixtures.load(["manager.yaml": text])
    return try #require(loaded.config?.traders.first?.configDigest, "\(loaded.errors)")
  }

  @Test func staysForMoneyThatOnlyTheSplitChanges() throws {
    let equal = "{total_equity_usd: 10000}"
    let digests = try [
      first([[:]], equal), first([[:], [:]], equal), first([[:], [:], [:]], equal),
      first([[:], ["initial_equity_usd": "400"]], equal),
      first([[:]], "{total_equity_usd: 20000, reserve_equity_pct: 5}"),
      first([[:]], "{total_equity_usd: 10000, allocation_strategy: equal}"),
      first([[:]], "{total_equity_usd: 10000, rebalance_interval: 5h, min_allocation_usd: 1}"),
    ]

    #expect(Set(digests).count == 1)
  }

  @Test func opensForTheRuleOfTheSplitAndOwnMoney() throws {
    let digests = try [
      first([[:]], "{total_equity_usd: 10000}"),
      first([[:]], "{total_equity_usd: 10000, allocation_strategy: performance_based}"),
      first([["allocation_pct": "40"]], "{total_equity_usd: 10000}"),
      first([["allocation_pct": "50"]], "{total_equity_usd: 10000}"),
      first([["initial_equity_usd": "10000"]], "{total_equity_usd: 10000}"),
      first([["initial_equity_usd": "9999"]], "{total_equity_usd: 10000}"),
    ]

    #expect(Set(digests).count == digests.count)
    // The same money of its own is the same trader with and without a split of the rest.
    #expect(try digests[4] == first([["initial_equity_usd": "10000"]], "{}"))
  }
}
