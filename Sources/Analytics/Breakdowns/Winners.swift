extension BreakdownTable {
  /// Trades with a net profit above zero against all others.
  package static func winnersAndLosers(_ trades: [TradeFigures]) -> BreakdownTable {
    let winners = trades.filter { $0.net > 0 }
    let losers = trades.filter { $0.net <= 0 }
    var table = BreakdownTable(name: "winners_losers_breakdown_table")
    table.add("win_rate", Sample.percent(Double(winners.count), of: Double(trades.count)))
    table.addGroup("winners", winners)
    table.addGroup("losers", losers)
    return table
  }

  /// Adds averages and deviations of a group's net profit, notional and holding time.
  mutating func addGroup(_ group: String, _ trades: [TradeFigures]) {
    addSpread("\(group)_net_pnl", of: trades.map(\.net))
    addSpread("\(group)_notional", of: trades.map(\.notional))
    addSpread("\(group)_holding_period", of: trades.map(\.holdingMinutes))
  }
}
