package import Trading

/// The six tables of one trader, sorted by name.
package struct TraderAnalytics: Sendable, Equatable {
  /// The tables.
  package let tables: [BreakdownTable]

  /// The tables of a trader at the time of a view, or as it was removed.
  package init(of trader: TraderView, in view: ArenaView) {
    self.init(
      trader.metrics, medians: trader.medians, invocations: trader.record.runtime.invocations,
      coins: trader.coins, open: trader.record.ledger.positions, at: view.present(of: trader),
      scale: view.scale(of: trader))
  }

  /// The tables of some aggregates.
  ///
  /// - Parameters:
  ///   - metrics: The aggregates.
  ///   - medians: The medians of the same trades.
  ///   - invocations: How often the trader was asked.
  ///   - coins: The coins it may trade.
  ///   - open: Its open positions.
  ///   - instant: The present.
  ///   - scale: How dollars are quoted.
  package init(
    _ metrics: TraderMetrics, medians: TradeMedians, invocations: Int, coins: [Coin],
    open: [Position], at instant: Timestamp, scale: DollarScale
  ) {
    let held = HeldTime(metrics, coins: coins, open: open, until: instant)
    tables = [
      .feesAndPnL(metrics.trades, scale: scale),
      .invocations(count: invocations, metrics.behaviour),
      .longsAndShorts(metrics.trades, scale: scale),
      .tradesOverview(metrics, medians: medians, scale: scale),
      .signals(metrics.behaviour, held: held),
      .winnersAndLosers(metrics.trades, scale: scale),
    ]
  }
}

extension ArenaView {
  /// The present, or when a trader was removed: its record ends there.
  func present(of trader: TraderView) -> Timestamp {
    trader.record.runtime.removedAt.map { min($0, at) } ?? at
  }
}
