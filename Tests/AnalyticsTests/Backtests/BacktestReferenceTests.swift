import Analytics
import Testing
import Trading

@Suite("Figures of a back-test, by empyrical, quantstats and pandas")
struct BacktestReferenceTests {
  private func expect(
    _ actual: Double?, _ key: String, of references: inout [String: Double],
    location: SourceLocation = #_sourceLocation
  ) throws {
    let found = references.removeValue(forKey: key)
    let expected = try #require(found, "\(key)", sourceLocation: location)
    let actual = try #require(actual, "\(key)", sourceLocation: location)
    #expect(
      abs(actual - expected) <= 1e-9 * max(1, abs(expected)), "\(key): \(expected), was \(actual)",
      sourceLocation: location)
  }

  @Test func areTheirs() throws {
    let record = try MadeUpBacktest.record()
    let figures = BacktestReport.make(from: record).traders[0]
    let risky = BacktestReport.make(from: record, riskFree: 0.04).traders[0]
    var rest = try MadeUpBacktest.references()

    for key in [
      "return_days", "sharpe", "sortino", "volatility_pct", "profit_factor", "payoff_ratio",
      "win_rate_pct", "longest_wins", "longest_losses", "expectancy_usd", "expectancy_ratio",
      "sqn", "holding_wins_minutes", "holding_losses_minutes",
    ] {
      try expect(figures.figure(key), key, of: &rest)
    }
    try expect(risky.figure("sharpe"), "sharpe_risk_free_4", of: &rest)
    try expect(risky.figure("sortino"), "sortino_risk_free_4", of: &rest)
    try expect(Double(figures.dayResults.won), "days_won", of: &rest)
    try expect(Double(figures.dayResults.lost), "days_lost", of: &rest)
    try expect(figures.bestDay?.returnPct, "best_day_pct", of: &rest)
    try expect(figures.worstDay?.returnPct, "worst_day_pct", of: &rest)
    try expect(figures.returnPct, "return_pct", of: &rest)
    try expect(figures.drawdownPct, "max_drawdown_pct", of: &rest)
    try expect(figures.growthPct, "cagr_pct", of: &rest)
    try expect(figures.calmar, "calmar", of: &rest)
    try expect(figures.curve.costliest?.amount.double, "drawdown_absolute_usd", of: &rest)
    try expect(
      (figures.curve.longestUnderWater?.length.ms).map { Double($0) }, "longest_under_water_ms",
      of: &rest)
    try expect(figures.curve.highest?.equity.double, "max_usd", of: &rest)
    try expect(figures.curve.lowest?.equity.double, "min_usd", of: &rest)
    try expect(figures.trips.averageStake, "average_stake_usd", of: &rest)
    try expect(figures.tradesPerDay, "trades_per_day", of: &rest)
    try expect(figures.trips.longs.net.double, "longs_net_usd", of: &rest)
    try expect(figures.trips.shorts.net.double, "shorts_net_usd", of: &rest)
    for symbol in figures.trips.symbols {
      try expect(symbol.tally.net.double, "symbol_\(symbol.name)_net_usd", of: &rest)
      try expect(symbol.tally.funding.double, "symbol_\(symbol.name)_funding_usd", of: &rest)
    }
    for exit in figures.trips.exits {
      try expect(Double(exit.tally.trades), "exit_\(exit.name)_trades", of: &rest)
      try expect(exit.tally.net.double, "exit_\(exit.name)_net_usd", of: &rest)
    }
    for calendar in [BacktestCalendar.week, .month] {
      for period in figures.periods(calendar) {
        let name = "\(calendar.rawValue)_\(period.name)"
        try expect(period.end.double, "\(name)_end_usd", of: &rest)
        try expect(Double(period.tally.trades), "\(name)_trades", of: &rest)
      }
    }

    #expect(rest.isEmpty, "not looked at: \(rest.keys.sorted())")
  }
}
