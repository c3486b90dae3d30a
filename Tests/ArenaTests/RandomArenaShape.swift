import Trading

/// The configuration of a random arena, and how it changes while the arena lives.
struct RandomArenaShape {
  /// One trader of it.
  struct Member {
    let id: String
    /// Whether a stand-in server decides for it; otherwise the baseline `random` does.
    var isServed: Bool
    var isElsewhere: Bool
    var equity: Int
    var leverage: Int
    var altLeverage: Int
    var maxPositions: Int
    var maxSize: Int
    var marginPct: Int
    var needsStop: Bool
    var scalesIn: Bool
    var sizing: String
    var givebackPct: Int
    var interval: String
    var guards: [String: String]
  }

  var members: [Member] = []
  var nextMember = 0
  let isShared: Bool
  let isSplit: Bool
  let isSlow: Bool
  var strategy: String
  var mayReduce: Bool
  var limits: [String: String] = [:]
  var isolation: [String: String] = [:]
  var conflicts: [String: String] = [:]

  /// What the arena's money is in all where it is split, USD.
  static let total = 40_000

  init(_ random: inout SeededGenerator) {
    isShared = random.below(3) > 0
    isSplit = random.below(3) == 0
    isSlow = random.below(4) == 0
    strategy = random.pick(["equal", "custom", "performance_based"])
    mayReduce = random.below(2) == 0
    for _ in 0..<(1 + random.below(5)) { addMember(&random) }
    changeLimits(&random)
    changeRules(&random)
  }

  mutating func addMember(_ random: inout SeededGenerator) {
    let name = "t\(nextMember)"
    nextMember += 1
    members.append(
      Member(
        id: name, isServed: random.below(6) > 0, isElsewhere: random.below(6) == 0,
        equity: random.pick([500, 2000, 10_000, 30_000]), leverage: random.pick([1, 3, 10]),
        altLeverage: random.pick([1, 2, 5]), maxPositions: 1 + random.below(3),
        maxSize: random.pick([1000, 8000, 60_000]), marginPct: random.pick([0, 30, 60, 90]),
        needsStop: random.below(3) > 0, scalesIn: random.below(3) == 0,
        sizing: random.pick(["model", "model", "fixed_fraction", "atr", "kelly"]),
        givebackPct: random.pick([0, 30, 40]),
        interval: isSlow ? "12h" : random.pick(["3m", "15m"]),
        guards: random.below(2) == 0
          ? [:]
          : random.pick([
            ["max_asset_pct": "80", "max_total_pct": "150"], ["max_new_positions_per_cycle": "1"],
            ["cooldown_after_close": "30m"], ["max_opens_per_hour": "2"],
            ["min_hold": "20m"], ["sharpe_pause_threshold": "1", "pause_duration_on_breach": "2d"],
            ["max_correlated_pct": "60"], ["btceth_position_value_max_equity_multiple": "2"],
          ])))
  }

  mutating func changeLimits(_ random: inout SeededGenerator) {
    limits = [
      "max_margin_usage_pct": random.pick(["0", "30", "85"]),
      "max_positions": random.pick(["0", "2", "10"]),
      "max_symbol_pct": random.pick(["0", "60", "200"]),
      "max_unrealised_loss_pct": random.pick(["0", "2", "20"]),
      "max_daily_loss_pct": random.pick(["0", "2", "5"]),
      "max_drawdown_pct": random.pick(["0", "3", "10"]),
      "on_breach": random.pick(["block", "flatten_losers", "flatten"]),
      "reset": random.pick(["manual", "1h", "1d", "20m"]),
    ]
  }

  mutating func changeRules(_ random: inout SeededGenerator) {
    isolation = [
      "sharpe_threshold": random.pick(["0", "-1", "-5"]),
      "max_failures": random.pick(["0", "3", "5"]), "max_breaches": random.pick(["0", "4", "10"]),
      "close_positions": random.pick(["true", "false"]),
    ]
    let isExclusive = random.below(2) == 0
    let duplicates = ["first_come", "highest_confidence"] + (isExclusive ? [] : ["aggregate"])
    conflicts = [
      "direction": random.pick(["first_come", "highest_confidence", "aggregate"]),
      "duplicate": random.pick(duplicates),
      "resource": random.pick(["first_come", "highest_confidence", "proportional"]),
      "exclusive_symbols": "\(isExclusive)",
    ]
  }

  /// Changes something that an operator might.
  mutating func change(_ random: inout SeededGenerator) -> String {
    let index = random.below(members.count)
    switch random.below(7) {
    case 0:
      addMember(&random)
      return "added \(members.last?.id ?? "")"
    case 1 where members.count > 1:
      return "deleted \(members.remove(at: index).id) from the configuration"
    case 2:
      changeLimits(&random)
      return "changed limits \(limits)"
    case 3:
      changeRules(&random)
      return "changed rules"
    case 4, 5:
      members[index].equity = random.pick([500, 2000, 10_000, 30_000])
      return "initial equity of \(members[index].id) is \(members[index].equity)"
    default:
      members[index].maxPositions = 1 + random.below(3)
      members[index].needsStop.toggle()
      members[index].marginPct = random.pick([0, 30, 60, 90])
      members[index].leverage = random.pick([1, 3, 10])
      return "changed the risk of \(members[index].id)"
    }
  }

  var isExclusive: Bool { conflicts["exclusive_symbols"] == "true" }

  /// The files of the configuration.
  var files: [String: String] {
    [
      "nof0.yaml": "name: bench\nrun: {stale_after: 13h}\nexport: {benchmark: BTC}\n",
      "exchange.yaml": """
      default: sim
      providers:
        sim: {type: sim, shared_account: \(isShared)}
        other: {type: sim}
      """,
      "market.yaml": """
      default: market
      providers:
        market: {type: synthetic, symbols: [BTC, ETH, SOL]}
      """,
      "manager.yaml": manager,
    ]
  }

  private var manager: String {
    var text = "manager:\n"
    if isSplit {
      text +=
        "  total_equity_usd: \(Self.total)\n  reserve_equity_pct: 10\n"
        + "  allocation_strategy: \(strategy)\n  rebalance_interval: \(isSlow ? "2d" : "1h")\n"
        + "  rebalance_may_reduce: \(mayReduce)\n"
    }
    for (name, keys) in [("limits", limits), ("isolation", isolation), ("conflicts", conflicts)] {
      text +=
        "  \(name): {"
        + keys.sorted { $0.key < $1.key }
        .map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}\n"
    }
    return text + "traders:\n" + members.map(lines).joined()
  }

  private func lines(of member: Member) -> String {
    var keys = [
      "executor": member.isServed
        ? "{kind: http, base_url: 'http://127.0.0.1:1/\(member.id)'}"
        : "{kind: baseline, rule: random, seed: 3}",
      "decision_interval": member.interval,
    ]
    if member.isElsewhere { keys["exchange_provider"] = "other" }
    if isSplit {
      if strategy == "custom" { keys["allocation_pct"] = "\(90 / members.count)" }
    } else {
      keys["initial_equity_usd"] = "\(member.equity)"
    }
    let risk = [
      "max_positions": "\(member.maxPositions)", "max_position_size_usd": "\(member.maxSize)",
      "major_coin_leverage": "\(member.leverage)", "altcoin_leverage": "\(member.altLeverage)",
      "min_risk_reward_ratio": "1.2", "min_confidence": "50",
      "max_margin_usage_pct": "\(member.marginPct)", "stop_loss_enabled": "\(member.needsStop)",
      "take_profit_enabled": "\(member.needsStop)", "allow_scale_in": "\(member.scalesIn)",
      "sizing": "{method: \(member.sizing)}",
    ]
    let guards = member.guards.merging(["giveback_close_pct": "\(member.givebackPct)"]) { $1 }
    let text = CycleBench.trader(
      member.id, "", symbols: "[BTC, ETH, SOL]", keys: keys, risk: risk,
      guards: guards)
    guard isSplit else { return text }
    return text.split(separator: "\n").filter { !$0.contains("initial_equity_usd") }
      .joined(separator: "\n") + "\n"
  }
}

extension SeededGenerator {
  /// One of several values.
  mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  /// A number in a range.
  mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
}
