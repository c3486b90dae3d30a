import Manager
import Market
import Testing
import Trading

// Unless a case says otherwise: equity and free margin 1000 USD, mid 100, no fee, no slippage, lots
// of 0.001, venue leverage 40, and a long of 200 USD (2 coins) at 5x, stop 95, target 120.
enum EntryRuleProofs {
  static let all = fields + prices + sizes + counts + blocks

  private static let fields: [RuleProof] = [
    .init(
      "symbol_unknown",
      bites: .init({ try Make.state { $0.trader = try Make.trader(coins: ["BTC"]) } }),
      passes: .init({ try Make.state { $0.trader = try Make.trader(coins: ["SOL"]) } })),
    .init("symbol_stale", bites: aged(61), passes: aged(60)),
    .init("symbol_barred", bites: barred("SOL"), passes: barred("BTC")),
    .init(
      "fields_missing", bites: .of { try Make.buy(stop: nil) },
      passes: .init({ try Make.state { try $0.setRisk { $0.needsStop = false } } }) {
        try Make.buy(stop: nil)
      }),
    .init(
      "not_finite", bites: .of { try Make.buy(confidence: 101) },
      passes: .of { try Make.buy(confidence: 100) }),
    .init(
      "confidence_low", bites: .of { try Make.buy(confidence: 69) },
      passes: .of { try Make.buy(confidence: 70) }),
    .init(
      // 10 % of 1000 at 5x are 500 USD.
      "sizing", bites: sized(wanted: "499.9"), passes: sized(wanted: "500")),
  ]

  private static let prices: [RuleProof] = [
    .init(
      "geometry", bites: .of { try Make.buy(stop: "100") },
      passes: .of { try Make.buy(stop: "99.999") }),
    .init(
      "entry_far", bites: .of { try Make.buy(entry: "102.01") },
      passes: .of { try Make.buy(entry: "102") }),
    .init(
      "reward_risk", bites: .of { try Make.buy(target: "109.999") },
      passes: .of { try Make.buy(target: "110") }),
    .init(
      "leverage", bites: .of { try Make.buy(leverage: 11) },
      passes: .of { try Make.buy(leverage: 10) }),
    .init(
      // Worked out in EntryRuleTests: liquidation is at 95.31 at 17x, at 94.94 at 16x.
      "stop_past_liquidation", bites: .of { try Make.buy("BTC", leverage: 17) },
      passes: .of { try Make.buy("BTC", leverage: 16) }),
  ]

  private static let sizes: [RuleProof] = [
    .init(
      "size_cap", bites: .of { try Make.buy(size: "500.1") },
      passes: .of { try Make.buy(size: "500") }),
    .init(
      "equity_band", bites: guarded { $0.altBand.max = try Make.factor("0.1999") },
      passes: guarded { $0.altBand.max = try Make.factor("0.2") }),
    .init(
      // 200 USD at 5x are 40 USD of margin, 4 % of equity.
      "margin_cap", bites: guarded { $0.maxMarginUsage = Pct(whole: 3) },
      passes: guarded { $0.maxMarginUsage = Pct(whole: 4) }),
    .init("free_margin", bites: free("39.99"), passes: free("40")),
    .init("risk_cap", bites: risked("0.999"), passes: risked("1")),
    .init(
      "max_asset", bites: guarded { $0.maxAsset = Pct(whole: 19) },
      passes: guarded { $0.maxAsset = Pct(whole: 20) }),
    .init(
      "max_total", bites: guarded(["BTC"]) { $0.maxTotal = Pct(whole: 39) },
      passes: guarded(["BTC"]) { $0.maxTotal = Pct(whole: 40) }),
    .init(
      // Without candles nothing is known of BTC, so its 200 USD count.
      "correlated", bites: guarded(["BTC"]) { $0.maxCorrelated = Pct(whole: 39) },
      passes: guarded(["BTC"]) { $0.maxCorrelated = Pct(whole: 40) }),
    .init(
      "min_notional", bites: .of { try Make.buy(size: "10.19") },
      passes: .of { try Make.buy(size: "10.2") }),
  ]

  private static let counts: [RuleProof] = [
    .init(
      "max_positions", bites: holding(["BTC", "ETH", "XRP"]), passes: holding(["BTC", "ETH"])),
    .init(
      "max_new_per_cycle", bites: opened(1) { $0.maxNewPositionsPerCycle = 1 },
      passes: opened(1) { $0.maxNewPositionsPerCycle = 2 }),
    .init(
      "max_opens_per_hour", bites: opened(1) { $0.maxOpensPerHour = 1 },
      passes: opened(1) { $0.maxOpensPerHour = 2 }),
    .init("duplicate_symbol", bites: after("SOL"), passes: after("BTC")),
    .init("already_open", bites: holding(["SOL"]), passes: holding(["SOL"], scalesIn: true)),
    .init(
      "opposite_open",
      bites: .init(holding(["SOL"], scalesIn: true).state) { try Make.sell() },
      passes: holding(["SOL"], scalesIn: true)),
    .init("cooldown", bites: closed(minutesAgo: 9), passes: closed(minutesAgo: 10)),
    .init("liquidity", bites: depth(10), passes: depth(10.01)),
  ]

  private static let blocks: [RuleProof] = [
    .init("global_block", bites: blocked { $0.global = "x" }),
    .init("kill_switch", bites: blocked { $0.killSwitch = "x" }),
    .init("isolated", bites: blocked { $0.isolation = "x" }),
    .init("reductions_only", bites: blocked { $0.reductionsOnly = "x" }),
  ]
}

private func aged(_ seconds: Int64) -> RuleCase {
  RuleCase({ try Make.state(coins: [Make.snapshot("SOL", age: .seconds(seconds))]) })
}

private func barred(_ coin: String) -> RuleCase {
  RuleCase({ try Make.state { $0.barred[try Make.coin(coin)] = "an order is open" } })
}

private func sized(wanted: String) -> RuleCase {
  RuleCase({
    try Make.state {
      try $0.setRisk { $0.sizing = SizingSpec(method: .fixedFraction, fraction: Pct(whole: 10)) }
    }
  }) { try Make.buy(size: wanted) }
}

private func guarded(
  _ held: [String] = [],
  _ change: @escaping @Sendable (inout ExecutionGuards) throws -> Void
) -> RuleCase {
  RuleCase({
    try Make.state(positions: held.map { try Make.held($0) }) { try $0.setGuards(change) }
  })
}

private func free(_ amount: String) -> RuleCase {
  RuleCase({ try Make.state { $0.free = try Make.usd(amount) } })
}

private func risked(_ share: String) -> RuleCase {
  RuleCase({
    try Make.state { try $0.setRisk { $0.maxRisk = try Make.pct(share) } }
  })
}

private func holding(_ coins: [String], scalesIn: Bool = false) -> RuleCase {
  RuleCase({
    try Make.state(positions: coins.map { try Make.held($0) }) {
      try $0.setRisk { $0.allowsScaleIn = scalesIn }
    }
  })
}

private func opened(
  _ count: Int, _ change: @escaping @Sendable (inout ExecutionGuards) throws -> Void
) -> RuleCase {
  RuleCase({
    try Make.state {
      $0.newThisCycle = count
      $0.opensWithinHour = count
      try $0.setGuards(change)
    }
  })
}

/// The state after a long was approved.
private func after(_ coin: String) -> RuleCase {
  RuleCase({
    let before = try Make.state { try $0.setRisk { $0.allowsScaleIn = true } }
    return Admission.review([try Make.buy(coin)], in: before).state
  })
}

private func closed(minutesAgo: Int64) -> RuleCase {
  RuleCase({
    try Make.state {
      $0.lastClosedAt[try Make.coin("SOL")] = Make.now - .minutes(minutesAgo)
      try $0.setGuards { $0.cooldownAfterClose = .minutes(10) }
    }
  })
}

private func depth(_ interest: Double) -> RuleCase {
  RuleCase({
    try Make.state(coins: [Make.snapshot("SOL", openInterest: interest)]) {
      try $0.setGuards { $0.liquidityThreshold = USD(whole: 1001) }
    }
  })
}

private func blocked(
  _ change: @escaping @Sendable (inout EntryBlocks) -> Void
) -> RuleCase {
  RuleCase({ try Make.state { change(&$0.blocks) } })
}
