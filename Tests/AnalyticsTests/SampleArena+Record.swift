import Analytics
import Testing
import Trading

extension SampleArena {
  /// The sample with everything that the files beside the contract's tell of.
  func fullView() throws -> ArenaView {
    let plain = try view()
    let traders = try plain.traders.map { $0.id == alpha ? try busy() : $0 }
    return ArenaView(
      at: plain.at, run: plain.run, cycle: plain.cycle, isSynthetic: plain.isSynthetic,
      prices: plain.prices, traders: traders, benchmark: plain.benchmark,
      navBase: plain.navBase, record: try record())
  }

  /// `alpha`, quoted four times as large, with costs, decisions and profits.
  ///
  /// Nets −10, −2.5, 0, 9.0955 and 30 are quoted −40 to 120: 16 bins of 10.
  private func busy() throws -> TraderView {
    let plain = try alphaView()
    var trader = TraderView(
      record: plain.record, holdings: plain.holdings, hourly: plain.hourly, flows: plain.flows,
      recentTrades: plain.recentTrades, recentTurns: plain.recentTurns,
      coins: plain.coins, metrics: plain.metrics, medians: plain.medians,
      modelUse: [
        ModelCost(
          model: "deepseek", calls: 12, tokens: 34_567, cost: try usd("0.123"),
          costToday: try usd("0.01")),
        ModelCost(model: "claude", calls: 1, tokens: 10, cost: try usd("1"), costToday: .zero),
      ])
    trader.outlook.nextDecisionAt = Self.now + .minutes(3)
    trader.outlook.hours = [
      DecisionHour(
        start: (Self.now - .hours(1)).floored(to: .hour), decisions: 20, entries: 2, refused: 1),
      DecisionHour(start: Self.now.floored(to: .hour), decisions: 4, entries: 0, refused: 0),
    ]
    trader.outlook.nets = try ["-10", "-2.5", "0", "9.0955", "30"].map(usd)
    return trader
  }

  private func record() throws -> ArenaRecord {
    var record = ArenaRecord()
    record.name = "sample \"arena\" \\ 1"
    record.alerts = [
      alert(1, "no_stop.alpha", .high, resolved: Self.now - .minutes(3)),
      alert(2, "no_decision.beta", .medium, value: 31, threshold: 30),
      alert(3, "budget.arena", .medium, resolved: Self.now, value: .nan),
    ]
    record.runs = [
      RunRecord(
        run: 7, cycle: 6, at: Self.now, startedAt: Self.now + Span(ms: 250), finishedAt: nil,
        pid: 42, status: .running, error: nil, phases: []),
      RunRecord(
        run: 6, cycle: 5, at: Self.now - .minutes(3), startedAt: Self.now - .minutes(3),
        finishedAt: Self.now - .minutes(3) + Span(ms: 1500), pid: 41, status: .failed,
        error: "cannot write \"/home/x\"\n</script>", failure: "the exports could not be created",
        phases: [
          PhaseTiming(phase: "open", tookMs: 1.23456),
          PhaseTiming(phase: "export", tookMs: 250),
        ]),
    ]
    record.statistics = ArenaStatistics(
      period: .hour, resamples: 2000, seed: 1,
      traders: [
        TraderStatistics(
          id: "alpha", periods: 2, returnPct: Interval(low: -1.5, high: 4.25),
          sharpe: Interval(low: .nan, high: 1), rank: Interval(low: 1, high: 2),
          probabilityBest: 0.75, psr: 0.6, dsr: nil, minimumTrackDays: 120.5,
          daysStillNeeded: 120, luckPercentile: 66,
          band: [[1_763_640_000, 0.99, 1.02], [1_763_642_400, 0.985, 1.0425]])
      ],
      pairs: [
        PairStatistics(
          first: "alpha", second: "beta", periods: 2, meanDifferencePct: 1.5, p: 0.25,
          pHolm: nil)
      ],
      tiers: [["alpha", "beta"]])
    return record
  }

  private func alert(
    _ number: Int64, _ key: String, _ severity: AlertSeverity, resolved: Timestamp? = nil,
    value: Double? = nil, threshold: Double? = nil
  ) -> AlertRecord {
    let trader = key.hasSuffix("alpha") ? alpha : key.hasSuffix("beta") ? beta : nil
    let opened = Self.now - .hours(1) + .minutes(number)
    return AlertRecord(
      number: number,
      alert: Alert(
        key: key, severity: severity, trader: trader, message: "<b>\(key)</b> holds",
        value: value, threshold: threshold),
      openedAt: opened, toldAt: opened, resolvedAt: resolved)
  }
}
