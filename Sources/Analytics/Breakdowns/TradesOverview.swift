import Trading

extension BreakdownTable {
  /// Trades as a whole: their number, duration, size and the distances of their exits.
  ///
  /// - Parameters:
  ///   - metrics: The aggregates; the leverage of decisions that open something counts.
  ///   - medians: The medians of duration and size.
  ///   - scale: How dollars are quoted.
  /// - Returns: The table.
  static func tradesOverview(
    _ metrics: TraderMetrics, medians: TradeMedians, scale: DollarScale
  ) -> BreakdownTable {
    let trades = metrics.trades
    let leverage =
      metrics.behaviour.counts(of: .buyToEnter).leverage
      + metrics.behaviour.counts(of: .sellToEnter).leverage
    var table = BreakdownTable(name: "overall_trades_overview_table")
    table.add("total_trades", count: trades.all.count)
    table.addSpread("holding_period_mins", trades.all.holdingMinutes)
    table.add("median_holding_period_mins", medians.holdingMinutes)
    table.addSpread(
      "size_of_trade_notional", trades.all.notional, trades.all.notionalSpread, scale: scale)
    table.add("median_size_of_trade_notional", medians.notional * scale.factor)
    table.addSpread("size_of_trade_portfolio_pct", trades.portfolioPct)
    table.add("avg_convo_leverage", leverage.average)
    table.add("median_convo_leverage", leverage.median)
    table.add("avg_stop_loss_distance_pct", trades.stopDistancePct.mean)
    table.add("avg_take_profit_distance_pct", trades.targetDistancePct.mean)
    return table
  }
}
