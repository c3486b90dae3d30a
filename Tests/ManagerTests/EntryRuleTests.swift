import Manager
import Market
import Testing
import Trading

// Unless a row says otherwise: equity and free margin 1000 USD, mid 100, no fee, no slippage, lots
// of 0.001, venue leverage 40, and a long of 200 USD (2 coins) at 5x, stop 95, target 120.
@Suite("Entry rules")
struct EntryRuleTests {
  @Test(arguments: whoAndWhat) func judgesCoinsAndFields(row: EntryRuleCase) throws {
    try row.check()
  }

  @Test(arguments: prices) func judgesPrices(row: EntryRuleCase) throws { try row.check() }

  @Test(arguments: sizes) func cutsSizes(row: EntryRuleCase) throws { try row.check() }

  @Test(arguments: margins) func cutsToMargin(row: EntryRuleCase) throws { try row.check() }

  @Test(arguments: counts) func countsAndBlocks(row: EntryRuleCase) throws { try row.check() }

  static let whoAndWhat: [EntryRuleCase] = [
    .init("accepts a long", .accepted),
    .init("accepts a short", .accepted) { try Make.sell() },
    .init("a coin the trader does not trade", .rejected("symbol_unknown")) { try Make.buy("DOGE") },
    .init("a coin without a quote", .rejected("symbol_unknown")) { try Make.buy("XRP") },
    .init(
      "a delisted coin", .rejected("symbol_unknown"),
      state: { try Make.state(coins: [Make.snapshot("SOL", isDelisted: true)]) }),
    .init(
      "prices of 61 s", .rejected("symbol_stale"),
      state: { try Make.state(coins: [Make.snapshot("SOL", age: .seconds(61))]) }),
    .init(
      "prices of 60 s", .accepted,
      state: { try Make.state(coins: [Make.snapshot("SOL", age: .seconds(60))]) }),
    .init(
      "a barred coin", .rejected("symbol_barred"),
      state: { try Make.state { $0.barred[try Make.coin("SOL")] = "unresolved order" } }),
    .init(
      "another barred coin", .accepted,
      state: { try Make.state { $0.barred[try Make.coin("BTC")] = "unresolved order" } }),
    .init("no size", .rejected("fields_missing")) { try Make.buy(size: nil) },
    .init("no leverage", .rejected("fields_missing")) { try Make.buy(leverage: nil) },
    .init("no stop", .rejected("fields_missing")) { try Make.buy(stop: nil) },
    .init("no target", .rejected("fields_missing")) { try Make.buy(target: nil) },
    .init("no confidence", .rejected("fields_missing")) { try Make.buy(confidence: nil) },
    .init(
      "nothing that is not needed", .accepted,
      state: {
        try Make.state {
          try $0.setRisk {
            $0.needsStop = false
            $0.needsTarget = false
            $0.minConfidence = 0
          }
        }
      },
      { try Make.buy(confidence: nil, entry: nil, stop: nil, target: nil) }),
    .init("a stop that is no number", .rejected("not_finite")) {
      try Make.buy(stop: nil, malformed: ["stop_loss"])
    },
    .init(
      "a stop that is no number where none is needed", .rejected("not_finite"),
      state: { try Make.state { try $0.setRisk { $0.needsStop = false } } },
      { try Make.buy(stop: nil, malformed: ["stop_loss"]) }),
    .init("an entry that is no number", .rejected("not_finite")) {
      try Make.buy(entry: nil, malformed: ["entry_price"])
    },
    .init("a size of zero", .rejected("not_finite")) { try Make.buy(size: "0") },
    .init("a size of two billion", .rejected("not_finite")) { try Make.buy(size: "2000000000") },
    .init("the largest size there is", .rejected("not_finite")) {
      try Make.buy(size: "92233720368.54775807")
    },
    .init("the largest price there is", .rejected("not_finite")) {
      try Make.buy(target: "92233720368.54775807")
    },
    .init("a leverage of zero", .rejected("not_finite")) { try Make.buy(leverage: 0) },
    .init("a confidence of 101", .rejected("not_finite")) { try Make.buy(confidence: 101) },
    .init("a risk_usd that is no number", .accepted) { try Make.buy(malformed: ["risk_usd"]) },
    .init("confidence 69 of 70", .rejected("confidence_low")) { try Make.buy(confidence: 69) },
    .init("confidence 70 of 70", .accepted) { try Make.buy(confidence: 70) },
  ]

  static let prices: [EntryRuleCase] = [
    .init("a long's stop at the entry", .rejected("geometry")) { try Make.buy(stop: "100") },
    .init("a long's target at the entry", .rejected("geometry")) { try Make.buy(target: "100") },
    .init("a short's stop below", .rejected("geometry")) { try Make.sell(stop: "99") },
    .init("a short's target above", .rejected("geometry")) { try Make.sell(target: "101") },
    .init(
      // 10 bps of slippage: entry 100.1, above the target though the mid is below it.
      "a target between mid and entry", .rejected("geometry"),
      state: { try Make.state { $0.expectedSlippage = Bps(whole: 10) } },
      { try Make.buy(target: "100.05") }),
    .init(
      // 99.9996 is rounded up to the grid of three decimals: 100, the entry itself.
      "a stop that the grid moves to the entry", .rejected("geometry")
    ) { try Make.buy(stop: "99.9996") },
    .init("an entry 2.01 % above the mid", .rejected("entry_far")) {
      try Make.buy(entry: "102.01")
    },
    .init("an entry 2.01 % below the mid", .rejected("entry_far")) { try Make.buy(entry: "97.99") },
    .init("an entry 2 % above the mid", .accepted) { try Make.buy(entry: "102") },
    .init("no entry named", .accepted) { try Make.buy(entry: nil) },
    .init("10 : 5 of 2", .accepted) { try Make.buy(target: "110") },
    .init("9.999 : 5 of 2", .rejected("reward_risk")) { try Make.buy(target: "109.999") },
    .init(
      // (10 − 0.21) / (5 + 0.195) = 1.88 with 10 bps at entry and exit.
      "10 : 5 of 2 before fees", .rejected("reward_risk"),
      state: { try Make.state { $0.takerFee = Bps(whole: 10) } },
      { try Make.buy(target: "110") }),
    .init(
      // A short may sit at 5 : 2.5 without fees.
      "a short's 5 : 2.5", .accepted
    ) { try Make.sell(stop: "102.5", target: "95") },
    .init("leverage 11 of 10", .clamped("leverage", size: "2", leverage: 10)) {
      try Make.buy(leverage: 11, stop: "96")
    },
    .init("leverage 10 of 10", .accepted) { try Make.buy(leverage: 10, stop: "96") },
    .init("a major's leverage 20 of 20", .accepted) {
      try Make.buy("BTC", leverage: 20, stop: "98")
    },
    .init(
      "the venue's leverage above 150 USD", .clamped("leverage", size: "2", leverage: 4),
      state: { try Make.state(coins: [Make.snapshot("SOL", tiers: [(0, 40), (150, 4)])]) }),
    .init(
      // Own margin 10, maintenance 200 / 80 = 2.5: liquidation 100 − 3.75 / 0.9875 = 96.2. At 16x
      // 100 − 5 / 0.9875 = 94.94 is below the stop; at 17x 100 − 4.632 / 0.9875 = 95.31 is not.
      "a stop past liquidation", .clamped("stop_past_liquidation", size: "2", leverage: 16)
    ) { try Make.buy("BTC", leverage: 20) },
    .init(
      // At 16x a coin takes 6.25 of margin: 11 / 6.25 = 1.76 coins.
      "a stop past liquidation with little margin",
      .clamped("stop_past_liquidation", size: "1.76", leverage: 16),
      state: { try Make.state { $0.free = USD(whole: 11) } },
      { try Make.buy("BTC", leverage: 20) }),
    .init("a stop just inside liquidation", .accepted) { try Make.buy("BTC", leverage: 16) },
    .init(
      // A short at 1x is liquidated at 100 + 98.75 / 1.0125 = 197.5.
      "a stop no leverage can reach", .rejected("stop_past_liquidation"),
      state: { try Make.state { try $0.setRisk { $0.minRewardRisk = .zero } } },
      { try Make.sell(stop: "198") }),
  ]

  static let sizes: [EntryRuleCase] = [
    .init("500 USD of 500", .accepted) { try Make.buy(size: "500") },
    .init("500.1 USD of 500", .clamped("size_cap", size: "5", leverage: 5)) {
      try Make.buy(size: "500.1")
    },
    .init(
      "400 held and 200 more of 500", .clamped("size_cap", size: "1", leverage: 5),
      state: {
        try Make.state(positions: [Make.held(size: "4")]) {
          try $0.setRisk { $0.allowsScaleIn = true }
        }
      }),
    .init(
      "the top of the band, 0.15", .clamped("equity_band", size: "1.5", leverage: 5),
      state: { try band { $0.altBand.max = try Make.factor("0.15") } }),
    .init(
      "below the band, 0.201", .rejected("equity_band"),
      state: { try band { $0.altBand.min = try Make.factor("0.201") } }),
    .init(
      "the bottom of the band, 0.2", .accepted,
      state: { try band { $0.altBand.min = try Make.factor("0.2") } }),
    .init(
      "the majors' band for another coin", .accepted,
      state: { try band { $0.majorBand.max = try Make.factor("0.1") } }),
    .init(
      // 20 USD at 5x are 100 USD of notional, below 0.15 · 1000.
      "a cut below the band", .rejected("free_margin"),
      state: {
        try Make.state {
          $0.free = USD(whole: 20)
          try $0.setGuards { $0.altBand.min = try Make.factor("0.15") }
        }
      }),
    .init(
      "a loss of 10 of 10 USD", .accepted,
      state: { try Make.state { try $0.setRisk { $0.maxRisk = Pct(whole: 1) } } }),
    .init(
      // 10 / (5 + 0.195) = 1.9249: 10 bps of 100 and of 95 a coin.
      "a loss of 10.39 of 10 USD with fees", .clamped("risk_cap", size: "1.924", leverage: 5),
      state: {
        try Make.state {
          $0.takerFee = Bps(whole: 10)
          try $0.setRisk { $0.maxRisk = Pct(whole: 1) }
        }
      }),
    .init(
      // Without a stop a coin can lose its 100 USD: 20 / 100.
      "a loss without a stop", .clamped("risk_cap", size: "0.2", leverage: 5),
      state: {
        try Make.state {
          try $0.setRisk {
            $0.needsStop = false
            $0.maxRisk = Pct(whole: 2)
          }
        }
      },
      { try Make.buy(stop: nil) }),
    .init(
      "no equity to risk", .rejected("risk_cap"),
      state: {
        try Make.state {
          $0.equity = .zero
          try $0.setRisk { $0.maxRisk = Pct(whole: 1) }
        }
      }),
    .init(
      "150 USD in one coin", .clamped("max_asset", size: "1.5", leverage: 5),
      state: { try band { $0.maxAsset = Pct(whole: 15) } }),
    .init(
      "200 USD in one coin", .accepted, state: { try band { $0.maxAsset = Pct(whole: 20) } }),
    .init(
      "250 USD in all coins", .clamped("max_total", size: "0.5", leverage: 5),
      state: { try band([Make.held("BTC")]) { $0.maxTotal = Pct(whole: 25) } }),
    .init(
      "400 USD in all coins", .accepted,
      state: { try band([Make.held("BTC")]) { $0.maxTotal = Pct(whole: 40) } }),
    .init("10.2 USD at a minimum of 10", .accepted) { try Make.buy(size: "10.2") },
    .init(
      // 10.29 USD are 0.102 coins, 10.19 are 0.101 coins worth 10.1 USD.
      "10.19 USD at a minimum of 10", .rejected("min_notional")
    ) { try Make.buy(size: "10.19") },
    .init("less than a lot", .rejected("min_notional")) { try Make.buy(size: "0.05") },
  ]

  static let margins: [EntryRuleCase] = [
    .init("4 % of margin", .accepted, state: { try margin(risk: 4) }),
    .init(
      "3 % of margin", .clamped("margin_cap", size: "1.5", leverage: 5),
      state: { try margin(risk: 3) }),
    .init(
      "2 % by the guard", .clamped("margin_cap", size: "1", leverage: 5),
      state: { try margin(risk: 3, guarded: 2) }),
    .init(
      "4 % with 20 USD in use", .clamped("margin_cap", size: "1", leverage: 5),
      state: { try margin(risk: 4, used: 20) }),
    .init(
      "more margin in use than allowed", .rejected("margin_cap"),
      state: { try margin(risk: 4, used: 41) }),
    .init(
      "40 USD free", .accepted, state: { try Make.state { $0.free = USD(whole: 40) } }),
    .init(
      "30 USD free", .clamped("free_margin", size: "1.5", leverage: 5),
      state: { try Make.state { $0.free = USD(whole: 30) } }),
    .init(
      // 30 / (20 + 0.1) = 1.4925
      "30 USD free with a fee", .clamped("free_margin", size: "1.492", leverage: 5),
      state: {
        try Make.state {
          $0.free = USD(whole: 30)
          $0.takerFee = Bps(whole: 10)
        }
      }),
    .init(
      // Entry 100.1: 30 / (20.02 + 0.1) = 1.49105
      "30 USD free with slippage", .clamped("free_margin", size: "1.491", leverage: 5),
      state: {
        try Make.state {
          $0.free = USD(whole: 30)
          $0.expectedSlippage = Bps(whole: 10)
        }
      }),
    .init(
      "nothing free", .rejected("free_margin"), state: { try Make.state { $0.free = .zero } }),
  ]

  static let counts: [EntryRuleCase] = [
    .init(
      "3 positions of 3", .rejected("max_positions"),
      state: {
        try Make.state(positions: [Make.held("BTC"), Make.held("ETH"), Make.held("XRP")])
      }),
    .init(
      "2 positions of 3", .accepted,
      state: { try Make.state(positions: [Make.held("BTC"), Make.held("ETH")]) }),
    .init("1 new of 1", .rejected("max_new_per_cycle"), state: { try opened(1, cycle: 1) }),
    .init("0 new of 1", .accepted, state: { try opened(0, cycle: 1) }),
    .init("2 opens of 2", .rejected("max_opens_per_hour"), state: { try opened(2, hour: 2) }),
    .init("1 open of 2", .accepted, state: { try opened(1, hour: 2) }),
    .init(
      "a second long", .rejected("already_open"),
      state: { try Make.state(positions: [Make.held()]) }),
    .init(
      "a second long with allow_scale_in", .accepted,
      state: {
        try Make.state(positions: [Make.held()]) { try $0.setRisk { $0.allowsScaleIn = true } }
      }),
    .init(
      "a short against a long", .rejected("opposite_open"),
      state: {
        try Make.state(positions: [Make.held()]) { try $0.setRisk { $0.allowsScaleIn = true } }
      },
      { try Make.sell() }),
    .init("closed 9 min ago of 10", .rejected("cooldown"), state: { try closed(minutesAgo: 9) }),
    .init("closed 10 min ago of 10", .accepted, state: { try closed(minutesAgo: 10) }),
    .init("1000 USD of interest, 1001 asked", .rejected("liquidity"), state: { try depth(10) }),
    .init("1010 USD of interest, 1001 asked", .accepted, state: { try depth(10.1) }),
    .init("interest not known", .accepted, state: { try depth(nil) }),
    .init(
      "global", .rejected("global_block"), state: { try Make.state { $0.blocks.global = "x" } }),
    .init(
      "kill switch", .rejected("kill_switch"),
      state: { try Make.state { $0.blocks.killSwitch = "x" } }),
    .init(
      "isolated", .rejected("isolated"), state: { try Make.state { $0.blocks.isolation = "x" } }),
    .init(
      "reductions only", .rejected("reductions_only"),
      state: { try Make.state { $0.blocks.reductionsOnly = "x" } }),
  ]
}

/// The usual state with other guards.
private func band(
  _ positions: [Exposure] = [], _ change: (inout ExecutionGuards) throws -> Void
) throws -> AdmissionState {
  try Make.state(positions: positions) { try $0.setGuards(change) }
}

private func margin(risk: Int64, guarded: Int64? = nil, used: Int64 = 0) throws -> AdmissionState {
  try Make.state {
    $0.marginUsed = USD(whole: used)
    try $0.setRisk { $0.maxMarginUsage = Pct(whole: risk) }
    try $0.setGuards { $0.maxMarginUsage = guarded.map { Pct(whole: $0) } }
  }
}

private func opened(_ count: Int, cycle: Int? = nil, hour: Int? = nil) throws -> AdmissionState {
  try Make.state {
    $0.newThisCycle = count
    $0.opensWithinHour = count
    try $0.setGuards {
      $0.maxNewPositionsPerCycle = cycle
      $0.maxOpensPerHour = hour
    }
  }
}

private func closed(minutesAgo: Int64) throws -> AdmissionState {
  try Make.state {
    $0.lastClosedAt[try Make.coin("SOL")] = Make.now - .minutes(minutesAgo)
    try $0.setGuards { $0.cooldownAfterClose = .minutes(10) }
  }
}

private func depth(_ interest: Double?) throws -> AdmissionState {
  try Make.state(coins: [Make.snapshot("SOL", openInterest: interest)]) {
    try $0.setGuards { $0.liquidityThreshold = USD(whole: 1001) }
  }
}
