import Trading

extension BreakdownTable {
  /// What trading earned and what it cost.
  static func feesAndPnL(_ trades: TradeMetrics, scale: DollarScale) -> BreakdownTable {
    let net = trades.all.net
    let totalNet = scale(net)
    let totalFees = scale(trades.fees)
    var table = BreakdownTable(name: "fee_pnl_moves_breakdown_table")
    table.add("total_fees_paid", totalFees)
    table.addSpread("taker_fee", trades.fees, trades.feesSpread, scale: scale)
    table.add("overall_pnl_without_fees", scale(trades.gross))
    table.add("overall_pnl_with_fees", totalNet)
    table.add("total_fees_as_pct_of_pnl", net.mantissa > 0 ? 100 * totalFees / totalNet : 0)
    table.addSpread("net_pnl", net, trades.all.netSpread, scale: scale)
    table.addSpread("gross_pnl", trades.gross, trades.grossSpread, scale: scale)
    table.add("biggest_net_gain", trades.best.map { scale($0).double } ?? 0)
    table.add("biggest_net_loss", trades.worst.map { scale($0).double } ?? 0)
    return table
  }
}
