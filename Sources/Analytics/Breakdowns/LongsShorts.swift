extension BreakdownTable {
  /// Long trades against short ones; the ratio is the share of longs in all.
  static func longsAndShorts(_ trades: TradeMetrics, scale: DollarScale) -> BreakdownTable {
    let (longs, shorts, all) = (trades.longs.count, trades.shorts.count, trades.all.count)
    var table = BreakdownTable(name: "longs_shorts_breakdown_table")
    table.add("num_long_trades", count: longs)
    table.add("num_short_trades", count: shorts)
    table.add("long_short_trades_ratio", all == 0 ? 0 : Double(longs) / Double(all))
    table.addGroup("longs", trades.longs, scale: scale)
    table.addGroup("shorts", trades.shorts, scale: scale)
    return table
  }
}
