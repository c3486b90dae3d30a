import Trading

extension BreakdownTable {
  /// Long trades against short ones; the ratio is the share of longs in all.
  package static func longsAndShorts(_ trades: [TradeFigures]) -> BreakdownTable {
    let longs = trades.filter { $0.side == .long }
    let shorts = trades.filter { $0.side == .short }
    var table = BreakdownTable(name: "longs_shorts_breakdown_table")
    table.add("num_long_trades", count: longs.count)
    table.add("num_short_trades", count: shorts.count)
    table.add(
      "long_short_trades_ratio",
      trades.isEmpty ? 0 : Double(longs.count) / Double(trades.count))
    table.addGroup("longs", longs)
    table.addGroup("shorts", shorts)
    return table
  }
}
