extension BreakdownTable {
  /// What trading earned and what it cost.
  package static func feesAndPnL(_ trades: [TradeFigures]) -> BreakdownTable {
    let net = trades.map(\.net)
    let fees = trades.map(\.fees)
    let totalFees = fees.reduce(0, +)
    let totalNet = net.reduce(0, +)
    var table = BreakdownTable(name: "fee_pnl_moves_breakdown_table")
    table.add("total_fees_paid", totalFees)
    table.addSpread("taker_fee", of: fees)
    table.add("overall_pnl_without_fees", trades.map(\.gross).reduce(0, +))
    table.add("overall_pnl_with_fees", totalNet)
    table.add("total_fees_as_pct_of_pnl", totalNet > 0 ? 100 * totalFees / totalNet : 0)
    table.addSpread("net_pnl", of: net)
    table.addSpread("gross_pnl", of: trades.map(\.gross))
    table.add("biggest_net_gain", net.max() ?? 0)
    table.add("biggest_net_loss", net.min() ?? 0)
    return table
  }
}
