import Trading

extension Metric {
  /// Figures of finished positions.
  static let trades: [Metric] = [
    of("trades", .count, "Finished positions") { trades, _ in Double(trades.all.count) },
    of("wins", .count, "Those with a net profit above zero") { trades, _ in
      Double(trades.winners.count)
    },
    of("losses", .count, "All others") { trades, _ in Double(trades.losers.count) },
    of("win_rate_pct", .pct, "Share of wins") { trades, _ in
      share(trades.winners.count, of: trades.all.count)
    },
    of("profit_factor", .ratio, "Net profit of the wins over the net loss of the others") {
      trades, _ in ratio(trades.winners.net.double, of: -trades.losers.net.double)
    },
    of("expectancy_usd", .usd, "Mean net profit of a trade") { trades, scale in
      trades.all.meanNet.map { $0 * scale.factor }
    },
    of(
      "expectancy_ratio", .ratio,
      "(1 + average win over average loss) · win rate − 1 (freqtrade)"
    ) { trades, _ in trades.expectancyRatio },
    of(
      "sqn", .ratio,
      "√trades · mean net profit over its sample deviation (Tharp 2008, as in freqtrade)"
    ) { trades, _ in
      guard let mean = trades.all.meanNet, let deviation = trades.all.netSpread.deviation
      else { return nil }
      return ratio(Double(trades.all.count).squareRoot() * mean, of: deviation)
    },
    of("average_win_usd", .usd, "Mean net profit of the wins") { trades, scale in
      trades.winners.meanNet.map { $0 * scale.factor }
    },
    of("average_loss_usd", .usd, "Mean net profit of the others, zero or negative") {
      trades, scale in trades.losers.meanNet.map { $0 * scale.factor }
    },
    of("payoff_ratio", .ratio, "Average win over average loss") { trades, _ in
      trades.payoff
    },
    of("best_trade_usd", .usd, "Greatest net profit") { trades, scale in
      trades.best.map { scale($0).double }
    },
    of("worst_trade_usd", .usd, "Least net profit") { trades, scale in
      trades.worst.map { scale($0).double }
    },
    of("longest_wins", .count, "Most wins in a row") { trades, _ in Double(trades.longestWins) },
    of("longest_losses", .count, "Most losses in a row") { trades, _ in
      Double(trades.longestLosses)
    },
    of("streak", .count, "Wins in a row up to now; negative = losses") { trades, _ in
      Double(trades.streak)
    },
    of("holding_minutes", .minutes, "Mean time from the first entry to flat") { trades, _ in
      trades.all.holdingMinutes.average
    },
    of("holding_wins_minutes", .minutes, "The same of the wins") { trades, _ in
      trades.winners.holdingMinutes.average
    },
    of("holding_losses_minutes", .minutes, "The same of the others") { trades, _ in
      trades.losers.holdingMinutes.average
    },
    of("trade_size_usd", .usd, "Mean entry notional") { trades, scale in
      ratio(scale(trades.all.notional), of: Double(trades.all.count))
    },
    of("long_trades_pct", .pct, "Share of longs in finished positions") { trades, _ in
      share(trades.longs.count, of: trades.all.count)
    },
    of("hit_rate_buy_pct", .pct, "Share of wins in longs") { trades, _ in
      trades.results(of: PositionSide.long).hitRate
    },
    of("hit_rate_sell_pct", .pct, "Share of wins in shorts") { trades, _ in
      trades.results(of: PositionSide.short).hitRate
    },
    of("hit_rate_close_pct", .pct, "Share of wins in positions that an order ended") {
      trades, _ in trades.results(of: FillCause.order).hitRate
    },
  ]

  /// How often positions ended by each cause, and their net profit.
  static let exits: [Metric] = FillCause.allCases.flatMap { cause in
    [
      of("exits_\(cause.rawValue)", .count, "Positions ended by: \(cause.rawValue)") {
        trades, _ in Double(trades.results(of: cause).trades)
      },
      of(
        "exits_\(cause.rawValue)_net_usd", .usd, "Net profit of these: \(cause.rawValue)"
      ) { trades, scale in scale(trades.results(of: cause).net) },
    ]
  }

  private static func of(
    _ key: String, _ unit: MetricUnit, _ summary: String,
    _ value: @escaping @Sendable (TradeMetrics, DollarScale) -> Double?
  ) -> Metric {
    Metric(key: key, unit: unit, group: .trades, summary: summary) { metrics, moment in
      finite(value(metrics.trades, moment.scale))
    }
  }
}

extension TradeGroup {
  /// Raw USD; `nil` without trades.
  var meanNet: Double? { ratio(net.double, of: Double(count)) }
}

extension TradeMetrics {
  /// Average win over average loss; `nil` without one of both.
  fileprivate var payoff: Double? {
    guard let win = winners.meanNet, let loss = losers.meanNet else { return nil }
    return ratio(win, of: -loss)
  }

  /// `nil` without wins or without losses.
  fileprivate var expectancyRatio: Double? {
    payoff.map { (1 + $0) * Double(winners.count) / Double(all.count) - 1 }
  }
}

extension TradeResults {
  /// Per cent; `nil` without trades.
  fileprivate var hitRate: Double? { share(wins, of: trades) }
}
