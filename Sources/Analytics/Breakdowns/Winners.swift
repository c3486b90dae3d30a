extension BreakdownTable {
  /// Trades with a net profit above zero against all others.
  static func winnersAndLosers(_ trades: TradeMetrics, scale: DollarScale) -> BreakdownTable {
    var table = BreakdownTable(name: "winners_losers_breakdown_table")
    table.add(
      "win_rate",
      BreakdownTable.percent(Double(trades.winners.count), of: Double(trades.all.count)))
    table.addGroup("winners", trades.winners, scale: scale)
    table.addGroup("losers", trades.losers, scale: scale)
    return table
  }

  /// Adds averages and deviations of a group's net profit, notional and holding time.
  mutating func addGroup(_ name: String, _ group: TradeGroup, scale: DollarScale) {
    addSpread("\(name)_net_pnl", group.net, group.netSpread, scale: scale)
    addSpread("\(name)_notional", group.notional, group.notionalSpread, scale: scale)
    addSpread("\(name)_holding_period", group.holdingMinutes)
  }
}
