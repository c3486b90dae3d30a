import Arena
import Testing
import Trading

@Suite("What a person reads after a run")
struct RunTextTests {
  private static func fill(
    _ side: OrderSide, _ size: String, _ price: String, cause: FillCause = .order
  ) throws -> Fill {
    Fill(
      id: 1, account: try #require(AccountID("sim.a")), coin: try coin("BTC"), side: side,
      price: try ArenaTests.price(price), size: try #require(Quantity(size)), fee: .zero,
      isTaker: true, at: CycleBench.noon, orderID: 1, clientOrderID: nil, cause: cause)
  }

  private static func line(
    _ id: String, status: TraderStatus = .running, wasDue: Bool = true, failure: String? = nil,
    decisions: [DecisionRecord] = [], fills: [Fill] = [], troubles: [String] = [],
    equity: String?, pct: Double?, open: Int = 0
  ) throws -> TraderLine {
    TraderLine(
      trader: try #require(TraderID(id)), status: status, wasDue: wasDue, failure: failure,
      decisions: decisions, fills: fills, troubles: troubles, equity: equity.flatMap { USD($0) },
      returnPct: pct, openPositions: open)
  }

  private static func decision(
    _ verdict: AdmissionVerdict, _ note: RuleNote
  ) throws -> DecisionRecord {
    DecisionRecord(
      trader: try #require(TraderID("a")), index: 0,
      decision: Decision(.buyToEnter, coin: try coin("ETH")), verdict: verdict, notes: [note],
      order: nil)
  }

  private static func report(
    _ lines: [TraderLine], notices: [String] = [], alerts: [Alert] = [],
    benchmark: Double? = nil, isDryRun: Bool = false, isSynthetic: Bool = true
  ) -> CycleReport {
    CycleReport(
      run: 7, cycle: 5, at: CycleBench.noon, isSynthetic: isSynthetic, isDryRun: isDryRun,
      lines: lines, benchmarkPct: benchmark, notices: notices, alerts: alerts, phases: [],
      generation: 1)
  }

  @Test func oneLineATrader() throws {
    let report = Self.report(
      [
        try Self.line(
          "bold", fills: [try Self.fill(.buy, "0.5", "100000")], equity: "12345.678",
          pct: 23.45678, open: 1),
        try Self.line(
          "careful",
          decisions: [
            try Self.decision(.clamped, RuleNote(rule: "size_cap", text: "2 to 1")),
            try Self.decision(.rejected, RuleNote(rule: "cooldown", text: "too soon")),
          ], fills: [try Self.fill(.sell, "0.5", "99000", cause: .stop)], equity: "9999.995",
          pct: -0.00005),
        try Self.line("idle", equity: "1000000", pct: 0),
        try Self.line("late", wasDue: false, equity: "-1234.5", pct: -112.345),
        try Self.line(
          "paused", status: .paused, wasDue: false, equity: nil, pct: nil, open: 2),
        try Self.line(
          "unlucky", failure: "timed out after 30s", troubles: ["stop sell 1 BTC refused: no"],
          equity: "0.004", pct: -100),
      ], notices: ["the pause is over"],
      alerts: [
        Alert(key: "k", severity: .high, trader: nil, message: "look here"),
        Alert(key: "l", severity: .low, trader: nil, message: "and here"),
      ])

    #expect(
      RunText.render(report, inColour: false) == """
        cycle 5 · 2025-07-21T12:00:00Z · synthetic market · 6 traders, 4 due · 2 fills
          trader         equity     return  open
          bold        12,345.68   +23.46 %     1  bought 0.5 BTC at 100000
          careful     10,000.00    +0.00 %     0  buy_to_enter ETH clamped (size_cap: 2 to 1); \
        buy_to_enter ETH rejected (cooldown: too soon); sold 0.5 BTC at 99000 (stop)
          idle     1,000,000.00    +0.00 %     0  hold
          late        -1,234.50  -112.35 %     0  not due
          paused              ?          ?     2  paused
          unlucky          0.00  -100.00 %     0  failed: timed out after 30s; \
        stop sell 1 BTC refused: no
        note: the pause is over
        high alert: look here
        low alert: and here

        """)
    #expect(
      RunText.render(report, inColour: true).contains("\u{1B}[31mhigh alert:\u{1B}[0m look here"))
    #expect(RunText.render(report, inColour: true).contains("\nlow alert: and here"))
  }

  @Test func aDryRunAndRealPricesAreNamed() throws {
    let report = Self.report(
      [try Self.line("a", equity: "1", pct: nil)], isDryRun: true, isSynthetic: false)

    #expect(
      RunText.render(report, inColour: false).split(separator: "\n").first.map(String.init)
        == "cycle 5 · 2025-07-21T12:00:00Z · dry run, nothing sent or kept · 1 trader, 1 due · "
        + "0 fills")
  }

  @Test func manyCyclesEndInALeaderboard() throws {
    let report = Self.report(
      [
        try Self.line("bold", equity: "10100", pct: 1, open: 2),
        try Self.line("careful", equity: "9899.99", pct: -1.0001),
      ], benchmark: 0.5)

    #expect(
      RunText.leaderboard(report, cycles: 480) == """
        480 cycles up to 2025-07-21T12:00:00Z on the synthetic market
          #  trader        equity   return  open
          1  bold       10,100.00  +1.00 %     2
          2  careful     9,899.99  -1.00 %     0
             benchmark             +0.50 %

        """)
    #expect(RunText.leaderboard(report, cycles: 1).hasPrefix("1 cycle up to "))
  }
}
