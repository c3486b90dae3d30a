package import Trading

/// The score of the plan, shown beside the honest statistics: it mixes units and proves nothing.
package enum RankingScore {
  /// 0.5 · Sharpe + 0.3 · total profit + 0.2 · win rate.
  ///
  /// The Sharpe ratio is annualised, the profit in percentage points (12.5 = +12.5 %), the win
  /// rate a share from 0 to 1.
  ///
  /// - Parameters:
  ///   - totals: The trader's record.
  ///   - navReturnPct: What its NAV gained since inception, in per cent.
  /// - Returns: `nil` while the Sharpe ratio or the win rate is not defined, or the gain is not
  ///   finite.
  package static func of(_ totals: PerformanceTotals, navReturnPct: Double) -> Double? {
    guard let sharpe = totals.sharpe, totals.trades > 0, navReturnPct.isFinite else { return nil }
    let winRate = Double(totals.wins) / Double(totals.trades)
    return 0.5 * sharpe + 0.3 * navReturnPct + 0.2 * winRate
  }
}
