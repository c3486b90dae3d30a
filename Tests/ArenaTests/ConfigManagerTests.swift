import Arena
import Foundation
import Testing
import Trading

/// Limits over all traders, isolation and conflicts, as configured.
@Suite struct ConfigManagerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let manager: String
    let sentences: [String]
    var testDescription: String { manager }
  }

  private static let shared = "default: sim\nproviders: {sim: {type: sim, shared_account: true}}"

  private func load(_ manager: String, isShared: Bool = true) -> LoadedConfig {
    var files = ["manager.yaml": ConfigFixtures.traders([[:], [:]], manager: manager)]
    if isShared { files["exchange.yaml"] = Self.shared }
    return ConfigFixtures.load(files)
  }

  static let refused = [
    Case(
      manager: "{limits: {on_breach: stop}}",
      sentences: [
        "manager.yaml:1:31: error: manager.limits.on_breach: expected one of block, "
          + "flatten_losers, flatten, was \"stop\"; for example on_breach: block"
      ]),
    Case(
      manager: "{limits: {reset: 0s}}",
      sentences: [
        "manager.yaml:1:27: error: manager.limits.reset: expected manual or a duration above zero, "
          + "was \"0s\"; for example reset: manual"
      ]),
    Case(
      manager: "{limits: {reset: never}}",
      sentences: [
        "manager.yaml:1:27: error: manager.limits.reset: expected manual or a duration above zero, "
          + "was \"never\"; for example reset: manual"
      ]),
    Case(
      manager: "{limits: {max_daily_loss_pct: 101, max_drawdown_pct: -1}}",
      sentences: [
        "manager.yaml:1:40: error: manager.limits.max_daily_loss_pct: expected a number from 0 to "
          + "100, was \"101\"; for example max_daily_loss_pct: 2",
        "manager.yaml:1:63: error: manager.limits.max_drawdown_pct: expected a number from 0 to "
          + "100, was \"-1\"; for example max_drawdown_pct: 2",
      ]),
    Case(
      manager: "{isolation: {max_failures: -1, close_positions: yes}}",
      sentences: [
        "manager.yaml:1:37: error: manager.isolation.max_failures: expected a whole number from 0 "
          + "to 10000, was \"-1\"; for example max_failures: 3",
        "manager.yaml:1:58: error: manager.isolation.close_positions: expected true or false, was "
          + "\"yes\"; for example close_positions: true",
      ]),
    Case(
      manager: "{conflicts: {direction: proportional}}",
      sentences: [
        "manager.yaml:1:34: error: manager.conflicts.direction: expected one of first_come, "
          + "highest_confidence, aggregate, was \"proportional\"; for example direction: first_come"
      ]),
    Case(
      manager: "{conflicts: {resource: aggregate}}",
      sentences: [
        "manager.yaml:1:33: error: manager.conflicts.resource: expected one of first_come, "
          + "highest_confidence, proportional, was \"aggregate\"; for example resource: first_come"
      ]),
    Case(
      manager: "{conflicts: {duplicate: aggregate}}",
      sentences: [
        "manager.yaml:1:34: error: manager.conflicts.duplicate is aggregate, which needs several "
          + "traders in one coin, but exclusive_symbols is true; write exclusive_symbols: false, "
          + "or another strategy for duplicate"
      ]),
    Case(
      manager: "{isolaton: {}}",
      sentences: [
        "manager.yaml:1:11: error: unknown key \"isolaton\" in manager; did you mean isolation?"
      ]),
  ]

  @Test(arguments: refused)
  func refusesWhatCannotBeMeant(item: Case) {
    let loaded = load(item.manager)

    #expect(loaded.issues.map(\.description) == item.sentences)
    #expect(loaded.config == nil)
  }

  @Test func tellsThatABreachThatCannotHappenDoesNothing() {
    let off =
      "max_margin_usage_pct: 0, max_positions: 0, max_symbol_pct: 0, max_unrealised_loss_pct: 0"

    #expect(
      load("{limits: {\(off), on_breach: flatten}}").issues.map(\.problem) == [
        "manager.limits.on_breach has no effect while every limit in manager.limits is off"
      ])
    #expect(load("{limits: {\(off), on_breach: block}}").issues == [])
    #expect(load("{limits: {\(off), max_drawdown_pct: 1, on_breach: flatten}}").issues == [])
  }

  @Test func tellsThatTradersOfTheirOwnAccountsDoNotClash() {
    let rules = "{conflicts: {resource: proportional}}"

    #expect(
      load(rules, isShared: false).issues.map(\.description) == [
        "manager.yaml:1:33: notice: manager.conflicts has no effect while every trader has an "
          + "account of its own; write shared_account: true at their exchange, or remove it"
      ])
    #expect(load(rules).issues == [])
    #expect(load("{conflicts: {resource: first_come}}", isShared: false).issues == [])
  }

  @Test func standsOnTheDefaults() throws {
    let config = try #require(load("{}").config)

    #expect(
      config.globalLimits
        == GlobalLimits(
          maxMarginUsage: Pct(whole: 85), maxPositions: 10, maxSymbol: Pct(whole: 50),
          maxUnrealisedLoss: Pct(whole: 20), maxDailyLoss: nil, maxDrawdown: nil,
          onBreach: .block, reset: .manual))
    #expect(
      config.isolation
        == IsolationRules(
          sharpeThreshold: Factor(whole: -1), maxFailures: 5, maxBreaches: 10,
          closesPositions: false))
    #expect(config.conflicts == ConflictRules())
    #expect(config.allocation == nil)
  }

  @Test func handsEveryKeyOver() throws {
    let config = try #require(
      load(
        """
        {limits: {max_margin_usage_pct: 1, max_positions: 2, max_symbol_pct: 3,
            max_unrealised_loss_pct: 4, max_daily_loss_pct: 5, max_drawdown_pct: 6.5,
            on_breach: Flatten_Losers, reset: 90m},
          isolation: {sharpe_threshold: -2.5, max_failures: 0, max_breaches: 7,
            close_positions: true},
          conflicts: {direction: aggregate, duplicate: Highest_Confidence,
            resource: proportional, exclusive_symbols: false}}
        """
      ).config)

    #expect(
      config.globalLimits
        == GlobalLimits(
          maxMarginUsage: Pct(whole: 1), maxPositions: 2, maxSymbol: Pct(whole: 3),
          maxUnrealisedLoss: Pct(whole: 4), maxDailyLoss: Pct(whole: 5),
          maxDrawdown: Pct("6.5"), onBreach: .flattenLosers, reset: .after(.minutes(90))))
    #expect(
      config.isolation
        == IsolationRules(
          sharpeThreshold: Factor("-2.5"), maxFailures: nil, maxBreaches: 7,
          closesPositions: true))
    #expect(
      config.conflicts
        == ConflictRules(
          direction: .aggregate, duplicate: .highestConfidence, resource: .proportional,
          exclusiveSymbols: false))
  }

  @Test func readsBackWhatItShows() throws {
    let written = """
      {total_equity_usd: 30000, reserve_equity_pct: 10, allocation_strategy: performance_based,
        min_allocation_usd: 1000, rebalance_interval: 1d, rebalance_may_reduce: true,
        limits: {max_daily_loss_pct: 5, max_drawdown_pct: 6.5, on_breach: flatten, reset: 90m},
        isolation: {sharpe_threshold: -2.5, max_failures: 0, close_positions: true},
        conflicts: {duplicate: aggregate, exclusive_symbols: false}}
      """
    let first = load(written)
    let rows = try JSONDecoder().decode(
      [[String: String]].self, from: Data(first.effective.json.utf8))
    var groups: [String: [String]] = [:]
    for row in rows where row["file"] == "manager.yaml" {
      let path = (row["key"] ?? "").split(separator: ".").map(String.init)
      guard path.first == "manager", let name = path.last, let value = row["value"] else {
        continue
      }
      groups[path.count == 3 ? path[1] : "", default: []].append("\(name): \(value)")
    }
    let sections = groups.filter { !$0.key.isEmpty }.map {
      "\($0.key): {\($0.value.joined(separator: ", "))}"
    }
    let again = load("{" + (groups["", default: []] + sections).joined(separator: ", ") + "}")

    #expect(again.errors == [])
    #expect(again.config?.globalLimits == first.config?.globalLimits)
    #expect(again.config?.isolation == first.config?.isolation)
    #expect(again.config?.conflicts == first.config?.conflicts)
    #expect(again.config?.allocation == first.config?.allocation)
    #expect(first.config?.allocation != nil)
    #expect(again.config?.traders == first.config?.traders)
  }

  @Test func takesAggregateWhenACoinMayHaveSeveralTraders() {
    #expect(load("{conflicts: {duplicate: aggregate, exclusive_symbols: false}}").issues == [])
  }

  @Test func switchesIsolationOffByZero() {
    let config = load("{isolation: {sharpe_threshold: 0, max_failures: 0, max_breaches: 0}}").config

    #expect(config?.isolation == .off)
  }

  @Test func putsAllTradersOfASharedExchangeOnOneAccount() {
    #expect(load("{}").config?.traders.map(\.account.name) == ["sim", "sim"])
    #expect(load("{}", isShared: false).config?.traders.map(\.account.name) == ["sim.a", "sim.b"])
    #expect(load("{}").config?.issuesForRun == [])
  }

  @Test func refusesTwoAccountsOfOneName() {
    let loaded = ConfigFixtures.load([
      "exchange.yaml":
        "default: sim\nproviders: {sim: {type: sim}, sim.a: {type: sim, shared_account: true}}",
      "manager.yaml": ConfigFixtures.traders([[:], ["exchange_provider": "sim.a"]]),
    ])

    #expect(
      loaded.errors.map(\.problem) == [
        "traders.b: its account would be named sim.a, as one of exchange sim"
      ])
  }
}
