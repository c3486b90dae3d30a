import Trading

extension BreakdownTable {
  /// Trades as a whole: their number, duration, size and the distances of their exits.
  ///
  /// - Parameters:
  ///   - trades: The finished trades.
  ///   - decisions: Decisions; the leverage of those that open something counts.
  /// - Returns: The table.
  package static func tradesOverview(
    _ trades: [TradeFigures], decisions: [DecisionPoint]
  ) -> BreakdownTable {
    let leverages = decisions.filter { $0.action.entrySide != nil }
      .compactMap { $0.leverage.map(Double.init) }
    var table = BreakdownTable(name: "overall_trades_overview_table")
    table.add("total_trades", count: trades.count)
    table.addDistribution("holding_period_mins", of: trades.map(\.holdingMinutes))
    table.addDistribution("size_of_trade_notional", of: trades.map(\.notional))
    table.addSpread("size_of_trade_portfolio_pct", of: trades.compactMap(\.portfolioPct))
    table.add("avg_convo_leverage", Sample.average(leverages))
    table.add("median_convo_leverage", Sample.median(leverages))
    table.add("avg_stop_loss_distance_pct", Sample.average(trades.compactMap(\.stopDistancePct)))
    table.add(
      "avg_take_profit_distance_pct", Sample.average(trades.compactMap(\.targetDistancePct)))
    return table
  }
}
