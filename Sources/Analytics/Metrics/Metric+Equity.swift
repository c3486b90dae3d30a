import Trading

extension Metric {
  /// Figures of the curve.
  static let equity: [Metric] = [
    of("equity_usd", .usd, "Cash plus unrealised profit") { $0.equity },
    of("nav", .ratio, "What 10,000 at inception became, flows taken out") { $0.nav },
    of("total_return_pct", .pct, "Change of the NAV since inception") { percent($0.totalReturn) },
    of("age_days", .days, "Time since inception") { $0.age },
    of("cagr_pct", .pct, "Total return per 365 days, compounded; from the first full day on") {
      percent($0.growth)
    },
    of("annualised_return_pct", .pct, "Mean return of UTC days times 365") {
      percent($0.annualReturn)
    },
    of("volatility_pct", .pct, "Sample deviation of UTC-daily returns times √365") {
      percent($0.volatility)
    },
    of(
      "sharpe", .ratio,
      "Mean UTC-daily return above the risk-free one over its deviation, times √365 (Sharpe 1994)"
    ) { $0.sharpe },
    of(
      "sortino", .ratio,
      "The same over the deviation below the risk-free return, times √365 (Sortino & Price 1994)"
    ) { $0.sortino },
    of("calmar", .ratio, "CAGR over the greatest drawdown (Young 1991)") { $0.calmar },
    of("sharpe_hourly", .ratio, "Mean hourly return over its deviation, times √24 (nof1)") {
      $0.sharpeHourly
    },
    of(
      "sharpe_trades", .ratio,
      "Of daily realised returns less the benchmark's, winsorised by a tenth (nof1's front end)"
    ) { $0.sharpeOfTrades },
    of("max_drawdown_pct", .pct, "Greatest fall from a peak, by hourly closes") {
      percent($0.drawdown?.greatest)
    },
    of("max_drawdown_from", .seconds, "When that fall began") { $0.drawdownFrom?.seconds },
    of("max_drawdown_to", .seconds, "When that fall was deepest") {
      $0.drawdown?.greatestTo?.seconds
    },
    of("drawdown_pct", .pct, "Present distance from the peak") { percent($0.drawdown?.current) },
    of("drawdown_from", .seconds, "When the peak was left that was not reached again") {
      $0.currentDrawdownFrom?.seconds
    },
    of(curve: "return_days", .count, "UTC days that are over and have a return") {
      Double($0.daily.count)
    },
    of(curve: "days_won", .count, "UTC days with a gain") { Double($0.daysWon) },
    of(curve: "days_lost", .count, "UTC days with a loss") { Double($0.daysLost) },
    of(curve: "best_day_pct", .pct, "Greatest return of a UTC day") {
      $0.daily.count == 0 ? nil : 100 * $0.bestDay
    },
    of(curve: "worst_day_pct", .pct, "Least return of a UTC day") {
      $0.daily.count == 0 ? nil : 100 * $0.worstDay
    },
    of(curve: "exposure_pct", .pct, "Share of hours that ended with an open position") {
      share($0.hoursHeld, of: $0.hours)
    },
    of(curve: "margin_use_pct", .pct, "Mean margin taken, of the equity, by hourly closes") {
      percent($0.marginUse.average)
    },
  ]

  private static func of(
    _ key: String, _ unit: MetricUnit, _ summary: String,
    _ value: @escaping @Sendable (CurveFigures) -> Double?
  ) -> Metric {
    Metric(key: key, unit: unit, group: .equity, summary: summary) {
      finite(value(CurveFigures($0, $1)))
    }
  }

  private static func of(
    curve key: String, _ unit: MetricUnit, _ summary: String,
    _ value: @escaping @Sendable (CurveMetrics) -> Double?
  ) -> Metric {
    Metric(key: key, unit: unit, group: .equity, summary: summary) { metrics, _ in
      finite(value(metrics.curve))
    }
  }
}

/// A fraction in per cent.
private func percent(_ fraction: Double?) -> Double? { fraction.map { 100 * $0 } }
