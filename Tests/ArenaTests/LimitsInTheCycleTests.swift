import Arena
import ArenaTesting
import Exchanges
import Journal
import Market
import Testing
import Trading

@Suite("Limits and admission within a cycle")
struct LimitsInTheCycleTests {
  /// 0.09795 BTC at 100,000 are 9,795 USD of notional and of margin on 9,994 USD of equity.
  @Test(
    "a breached limit blocks opens and is alerted",
    arguments: [
      ("max_margin_usage_pct: 50", "global_margin", "margin in use is 9,795.00 USD"),
      ("max_positions: 1", "global_positions", "2 positions are open, expected at most 1"),
      ("max_symbol_pct: 30", "global_symbol", "BTC is worth"),
    ])
  func aBreachBlocksOpens(limit: String, rule: String, text: String) async throws {
    let coins = rule == "global_positions" ? "[BTC, ETH]" : "[BTC]"
    let before = try CycleBench(
      [CycleBench.holder("hodl", symbols: coins)], market: CycleBench.steadyMarket())
    try await before.run(at: CycleBench.noon)
    let held = try before.record("hodl").ledger.positions
    // One more coin is allowed now, so that there is something to open.
    let names = [
      "max_margin_usage_pct", "max_positions", "max_symbol_pct", "max_unrealised_loss_pct",
    ]
    let limits = names.map { limit.hasPrefix($0) ? limit : "\($0): 0" }.joined(separator: ", ")
    let after = try CycleBench(
      [CycleBench.holder("hodl", symbols: "[BTC, ETH, SOL]")], market: Self.withSolana(),
      limits: "{\(limits)}", store: before.store)

    let report = try await after.run(at: CycleBench.noon + .minutes(3))

    #expect(report.alertKeys == ["\(rule).sim.hodl"])
    #expect(report.alerts.first?.message.contains(text) == true, "\(report.alerts)")
    #expect(try report.line("hodl").fills.isEmpty)
    let rejected = try report.line("hodl").decisions.filter { $0.verdict == .rejected }
    #expect(!rejected.isEmpty)
    #expect(try after.record("hodl").ledger.positions == held)
  }

  /// 0.09795 BTC lose 0.09795 · 30,012 = 2,939.6754 USD, more than 20 % of the 7,055.92 USD left.
  @Test func aLossBeyondTheLimitIsAlertedUntilItIsOver() async throws {
    var market = try CycleBench.steadyMarket()
    let btc = try coin("BTC")
    for (minute, text): (Int64, String) in [(3, "70000"), (6, "99000")] {
      market.scriptedQuotes[btc]?.removeAll { $0.asOf >= CycleBench.noon + .minutes(minute) }
      market.quote(btc, try price(text), from: CycleBench.noon + .minutes(minute))
    }
    let bench = try CycleBench(
      [CycleBench.holder("hodl")], market: market,
      limits: "{max_margin_usage_pct: 0, max_positions: 0, max_symbol_pct: 0, "
        + "max_unrealised_loss_pct: 20}")

    try await bench.run(at: CycleBench.noon)
    let during = try await bench.run(at: CycleBench.noon + .minutes(3))
    let after = try await bench.run(at: CycleBench.noon + .minutes(6))

    #expect(
      during.alerts.map(\.message) == [
        "account sim.hodl: the unrealised loss is 2,939.68 USD, expected at most 20 % of equity; "
          + "opens are blocked until it is over",
        "hodl lost 29.44 % since its inception, expected at most 20 %",
        "account sim.hodl lost 29.44 % since it was first looked at, expected at most 15 %",
      ])
    #expect(after.alerts.isEmpty)
  }

  /// The average of 20 closes crosses that of 50: the position closes whatever limits are breached.
  @Test func theRuleMayCloseUnderEveryLimitAndOnStalePrices() async throws {
    let trader = CycleBench.trader("cross", "ema_cross", keys: ["decision_interval": "15m"])
    let rising = try CycleBench([trader], market: try Self.wave(turnsAfter: 300))
    let opened = try await rising.run(at: Self.time(300))
    #expect(try opened.line("cross").fills.map(\.side) == [.buy])

    // The next quarter hour turns the averages. Its price is old, and every limit is breached.
    let falling = try CycleBench(
      [trader], market: try Self.wave(turnsAfter: 300),
      limits: "{max_margin_usage_pct: 1, max_positions: 0, max_symbol_pct: 1, "
        + "max_unrealised_loss_pct: 1}", staleAfter: "1m", store: rising.store)
    let closed = try await falling.run(at: Self.time(301) + .minutes(2))

    let line = try closed.line("cross")
    #expect(line.decisions.map(\.decision.action) == [.close], "\(line)")
    #expect(line.decisions.map(\.verdict) == [.accepted], "\(line)")
    #expect(line.openPositions == 0)
    try falling.expectProven()

    let again = try await falling.run(at: Self.time(302) + .minutes(2))
    let refused = try again.line("cross").decisions
    #expect(refused.map(\.decision.action) == [.sellToEnter])
    #expect(refused.flatMap(\.notes).map(\.rule) == ["symbol_stale"])
    #expect(try again.line("cross").fills.isEmpty)
    try falling.expectProven()
  }

  @Test func clampsAndRejectionsAreInTheReportAndOnRecord() async throws {
    let bench = try CycleBench(
      [
        CycleBench.holder("clamped", risk: ["max_position_size_usd": "1000"]),
        CycleBench.holder(
          "rejected",
          risk: [
            "min_risk_reward_ratio": "9", "stop_loss_enabled": "true",
            "take_profit_enabled": "true",
          ]),
      ], market: CycleBench.steadyMarket())

    let report = try await bench.run(at: CycleBench.noon)

    let clamped = try report.line("clamped").decisions
    #expect(clamped.map(\.verdict) == [.clamped])
    #expect(clamped.first?.notes.map(\.rule) == ["size_cap"])
    #expect(clamped.first?.order != nil)
    // 1,000 / 100,050 = 0.009995…, floored to 0.00999.
    #expect(try report.line("clamped").fills.map(\.size.description) == ["0.00999"])
    let rejected = try report.line("rejected").decisions
    #expect(rejected.map(\.verdict) == [.rejected])
    #expect(rejected.first?.notes.map(\.rule) == ["reward_risk"])
    #expect(rejected.first?.order == nil)
    #expect(try report.line("rejected").fills.isEmpty)
    for (id, decisions) in [("clamped", clamped), ("rejected", rejected)] {
      let turns = try bench.store.recentTurns(bench.trader(id), limit: 5)
      #expect(turns.map(\.turn.decisions) == [decisions])
      #expect(turns.map(\.at) == [CycleBench.noon])
    }
    try bench.expectProven()
  }

  private static func withSolana() throws -> ScriptedMarket {
    var market = try CycleBench.steadyMarket()
    market.quote(try coin("SOL"), try price("200"), from: CycleBench.noon)
    return market
  }

  private static func time(_ quarter: Int64) -> Timestamp {
    CycleBench.noon + .minutes(15) * quarter
  }

  /// Quarter hours that rise by 1 a candle from 100,000 and then fall by 600 each: too little for
  /// the stop at 1.5 %, enough to turn the averages, which are 15 candles, or 15 USD, apart:
  /// 600 · (2/21 − 2/51) is 33.6 USD.
  private static func wave(turnsAfter count: Int) throws -> ScriptedMarket {
    var market = ScriptedMarket(Array(BuiltInInstruments.all.values))
    var series = CandleSeries(timeframe: .m15)
    var last = try price("100000")
    for index in 0..<(count + 5) {
      let drop = index >= count ? 600 * (index - count + 1) : 0
      let close = try price("\(100_000 + index - drop)")
      series.append(
        try #require(
          Candle(
            openTime: time(Int64(index)), open: last, high: max(last, close),
            low: min(last, close), close: close, volume: 1)))
      last = close
    }
    market.candles[try coin("BTC")] = series
    return market
  }
}

@Suite("A first cycle that may open nothing")
struct StaleStartTests {
  @Test func isOnRecordAndProven() async throws {
    var market = ScriptedMarket(Array(BuiltInInstruments.all.values))
    market.quote(try coin("BTC"), try price("100000"), from: CycleBench.noon - .hour)
    let bench = try CycleBench([CycleBench.holder("hodl")], market: market)

    let report = try await bench.run(at: CycleBench.noon)

    #expect(
      try report.line("hodl").decisions.flatMap(\.notes).map(\.rule) == ["symbol_stale"])
    #expect(try bench.sim.sent.isEmpty)
    try bench.expectProven()
  }
}
