import Arena
import Testing
import Trading

/// How the arena's money is split, as configured.
@Suite struct ConfigMoneyTests {
  struct Split: Sendable {
    let manager: String
    let keys: [[String: String]]
    let amounts: [String]?
    var problem = ""
  }

  static let splits = [
    Split(manager: "{}", keys: [[:], [:]], amounts: ["10000", "10000"]),
    // (10,000 − 10 %) / 2.
    Split(
      manager: "{total_equity_usd: 10000, reserve_equity_pct: 10}", keys: [[:], [:]],
      amounts: ["4500", "4500"]),
    // (100 − 0 %) / 3 floored to cents.
    Split(
      manager: "{total_equity_usd: 100, min_allocation_usd: 0}", keys: [[:], [:], [:]],
      amounts: ["33.33", "33.33", "33.33"]),
    Split(
      manager: "{total_equity_usd: 10000, reserve_equity_pct: 10}",
      keys: [["allocation_pct": "40"], ["allocation_pct": "30"]], amounts: ["4000", "3000"]),
    // (10,000 − 6,000) / 1.
    Split(
      manager: "{total_equity_usd: 10000}", keys: [["initial_equity_usd": "6000"], [:]],
      amounts: ["6000", "4000"]),
    Split(
      manager: "{total_equity_usd: 10000, reserve_equity_pct: 10}",
      keys: [["allocation_pct": "60"], ["allocation_pct": "30.1"]], amounts: nil,
      problem: "the traders' allocation_pct add up to more than the 90 that "
        + "manager.reserve_equity_pct leaves"),
    Split(
      manager: "{total_equity_usd: 10000}",
      keys: [["initial_equity_usd": "6000"], ["initial_equity_usd": "4000.01"]], amounts: nil,
      problem: "the traders' money adds up to more than the 10000 USD that "
        + "manager.total_equity_usd less manager.reserve_equity_pct leaves"),
    // 2 · 100 > 199.
    Split(
      manager: "{total_equity_usd: 199}", keys: [[:], [:]], amounts: nil,
      problem: "manager.min_allocation_usd is 100, for 2 traders more than the 199 USD that are to "
        + "be split"),
    Split(
      manager: "{total_equity_usd: 1000, min_allocation_usd: 101, "
        + "allocation_strategy: performance_based}",
      keys: [["initial_equity_usd": "900"], [:]], amounts: nil,
      problem: "manager.min_allocation_usd is 101, for 1 trader more than the 100 USD that are to "
        + "be split"),
    // 9 % of 1,000.
    Split(
      manager: "{total_equity_usd: 1000}",
      keys: [["allocation_pct": "9"], ["allocation_pct": "91"]], amounts: nil,
      problem: "traders.a.allocation_pct is 9, which gives 90 USD, less than "
        + "manager.min_allocation_usd of 100"),
    Split(
      manager: "{total_equity_usd: 10000}", keys: [["initial_equity_usd": "10000"], [:]],
      amounts: nil,
      problem: "manager.total_equity_usd less manager.reserve_equity_pct and the traders' "
        + "initial_equity_usd leaves nothing for 1 other trader"),
    Split(
      manager: "{total_equity_usd: 10000, rebalance_interval: 0s}", keys: [[:]], amounts: nil,
      problem: "manager.rebalance_interval: expected a duration above zero, was \"0s\""),
    Split(
      manager: "{total_equity_usd: 10000, allocation_strategy: best}", keys: [[:]], amounts: nil,
      problem: "manager.allocation_strategy: expected one of equal, custom, performance_based, was "
        + "\"best\""),
    // Just inside: 2 · 100 = 200, and 10 % of 1,000.
    Split(manager: "{total_equity_usd: 200}", keys: [[:], [:]], amounts: ["100", "100"]),
    Split(
      manager: "{total_equity_usd: 1000}",
      keys: [["allocation_pct": "10"], ["allocation_pct": "90"]], amounts: ["100", "900"]),
    // The first split by performance is equal: (10,000 − 10 % − 3,000) / 2.
    Split(
      manager: "{total_equity_usd: 10000, reserve_equity_pct: 10, "
        + "allocation_strategy: performance_based}",
      keys: [["initial_equity_usd": "3000"], [:], [:]], amounts: ["3000", "3000", "3000"]),
    Split(
      manager: "{total_equity_usd: 10000, allocation_strategy: custom}",
      keys: [["allocation_pct": "60"], [:]], amounts: nil,
      problem: "traders.b.allocation_pct is missing, the custom split of "
        + "manager.total_equity_usd needs it"),
  ]

  @Test(arguments: splits)
  func splitsTheMoney(split: Split) {
    let text = ConfigFixtures.traders(split.keys, manager: split.manager)
    let loaded = ConfigFixtures.load(["manager.yaml": text])

    #expect(loaded.config?.traders.map(\.initialEquity.description) == split.amounts)
    if split.amounts == nil { #expect(loaded.errors.map(\.problem).contains(split.problem)) }
  }
  private func rules(_ manager: String, _ keys: [[String: String]]) throws -> AllocationRules? {
    let text = ConfigFixtures.traders(keys, manager: manager)
    let loaded = ConfigFixtures.load(["manager.yaml": text])
    return try #require(loaded.config, "\(loaded.errors)").allocation
  }

  @Test func splitsNothingWithoutATotal() throws {
    #expect(try rules("{allocation_strategy: performance_based}", [[:], [:]]) == nil)
  }

  @Test func handsTheRulesOver() throws {
    let rules = try rules(
      """
      {total_equity_usd: 20000, reserve_equity_pct: 5, allocation_strategy: Performance_Based,
        min_allocation_usd: 250, rebalance_interval: 6h, rebalance_may_reduce: true}
      """, [["initial_equity_usd": "3000"], [:], [:]])
    let b = try #require(TraderID("b"))
    let c = try #require(TraderID("c"))

    #expect(
      rules
        == AllocationRules(
          strategy: .performanceBased, total: USD(whole: 20_000), reserve: Pct(whole: 5),
          minimum: USD(whole: 250), interval: .hours(6), mayReduce: true,
          members: [b: nil, c: nil], ownMoney: USD(whole: 3000)))
  }

  @Test func takesTheDefaultsAndTheSharesOfACustomSplit() throws {
    let rules = try rules(
      "{total_equity_usd: 10000}",
      [["allocation_pct": "40"], ["allocation_pct": "25.5"], ["initial_equity_usd": "1000"]])
    let a = try #require(TraderID("a"))
    let b = try #require(TraderID("b"))

    #expect(
      rules
        == AllocationRules(
          strategy: .custom, total: USD(whole: 10_000), reserve: .zero, minimum: USD(whole: 100),
          interval: .hours(1), mayReduce: false,
          members: [a: Pct(whole: 40), b: Pct("25.5")], ownMoney: USD(whole: 1000)))
  }

  @Test(arguments: ["equal", "performance_based"])
  func tellsThatAShareOfTheTotalHasNoEffect(strategy: String) {
    let text = ConfigFixtures.traders(
      [["allocation_pct": "40"], [:]],
      manager: "{total_equity_usd: 10000, allocation_strategy: \(strategy)}")
    let loaded = ConfigFixtures.load(["manager.yaml": text])

    #expect(
      loaded.issues.map(\.description) == [
        "manager.yaml:4:21: notice: traders.a.allocation_pct has no effect on allocation_strategy "
          + "\(strategy); remove it, or write allocation_strategy: custom"
      ])
    #expect(loaded.config?.allocation?.members.values.allSatisfy { $0 == nil } == true)
  }

  @Test func saysWhereTheMoneyComesFrom() {
    func lines(_ manager: String) -> [String] {
      let text = ConfigFixtures.traders([[:], [:]], manager: manager)
      return ConfigFixtures.load(["manager.yaml": text]).effective.text
        .split(separator: "\n").map(String.init)
    }

    #expect(
      lines("{total_equity_usd: 10000, allocation_strategy: performance_based}").contains(
        "traders.a.initial_equity_usd: 5000  # first split, equal, of manager.total_equity_usd"))
    #expect(
      lines("{total_equity_usd: 10000}").contains("manager.allocation_strategy: equal  # default"))
    #expect(lines("{}").contains("manager.min_allocation_usd: 100  # default"))
  }
}
