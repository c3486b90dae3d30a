import Trading

extension Metric {
  /// Figures of what trading earned and cost.
  static let costs: [Metric] = [
    of("gross_usd", .usd, "Profit of finished positions before fees and funding") {
      $1.scale($0.trades.gross)
    },
    of("fees_usd", .usd, "Fees of finished positions") { $1.scale($0.trades.fees) },
    of("funding_usd", .usd, "Funding of finished positions; negative = paid") {
      $1.scale($0.trades.funding)
    },
    of("net_usd", .usd, "Profit of finished positions: gross − fees + funding") {
      $1.scale($0.trades.all.net + $0.trades.funding)
    },
    of("fees_paid_usd", .usd, "Fees of all fills") { $1.scale($0.costs.fees) },
    of("funding_received_usd", .usd, "All funding; negative = paid") {
      $1.scale($0.costs.fundingReceived - $0.costs.fundingPaid)
    },
    of("fills", .count, "Executions") { metrics, _ in Double(metrics.costs.fills) },
    of("turnover_usd", .usd, "Notional of all fills") { $1.scale($0.costs.traded) },
    of("turnover_ratio", .ratio, "The same over the mean equity") {
      overEquity($0.costs.traded, $0, $1)
    },
    of("taker_share_pct", .pct, "Share of the notional that took liquidity") { metrics, _ in
      ratio(100 * metrics.costs.taken.double, of: metrics.costs.traded.double)
    },
    of("fee_drag_pct", .pct, "Fees of all fills in per cent of the mean equity") {
      overEquity($0.costs.fees, $0, $1).map { 100 * $0 }
    },
    of("funding_drag_pct", .pct, "Funding paid less received in per cent of the mean equity") {
      overEquity($0.costs.fundingPaid - $0.costs.fundingReceived, $0, $1).map { 100 * $0 }
    },
    of(
      "slippage_bps", .bps,
      "Loss of orders that fill at once against the mid they were decided by, weighted by size"
    ) { metrics, _ in
      ratio(10_000 * metrics.costs.slippage.double, of: metrics.costs.slippageBase.double)
    },
    of("slippage_usd", .usd, "The same in dollars; negative = gained") {
      $1.scale($0.costs.slippage)
    },
  ]

  private static func of(
    _ key: String, _ unit: MetricUnit, _ summary: String,
    _ value: @escaping @Sendable (TraderMetrics, MetricMoment) -> Double?
  ) -> Metric {
    Metric(key: key, unit: unit, group: .costs, summary: summary) { finite(value($0, $1)) }
  }

  /// A sum over the mean equity of the hourly closes.
  private static func overEquity(
    _ sum: ExactSum, _ metrics: TraderMetrics, _ moment: MetricMoment
  ) -> Double? {
    CurveFigures(metrics, moment).meanEquity.flatMap { ratio(sum.double, of: $0) }
  }
}
