import Analytics
import Foundation
import Testing
import Trading

@Suite struct BreakdownTests {
  @Test func countsTheSampleByHand() throws {
    let arena = try SampleArena()
    let view = try arena.view()
    let trader = try arena.alphaView()

    let tables = TraderAnalytics(of: trader, in: view).tables
    let figures = tables.reduce(into: [:]) { all, table in
      all.merge(table.figures.mapValues(\.double)) { $1 }
    }

    // 92 numbers. Scale 4: fees 0.9045 · 4, net 9.0955 · 4, notional 1000 · 4.
    #expect(tables.reduce(0) { $0 + $1.figures.count } == 92)
    let expected: [String: Double] = [
      "total_fees_paid": 3.618, "overall_pnl_without_fees": 40, "overall_pnl_with_fees": 36.382,
      "total_fees_as_pct_of_pnl": 100 * 3.618 / 36.382, "std_net_pnl": 0,
      "win_rate": 100, "avg_winners_notional": 4000, "avg_losers_net_pnl": 0,
      "long_short_trades_ratio": 1, "avg_longs_holding_period": 90, "num_short_trades": 0,
      "total_signals": 4, "long_signal_pct": 25, "num_hold_signals": 1, "long_short_ratio": 1,
      // Confidences 0.7 and 0.6; leverages 5 and 10.
      "avg_confidence": 0.65, "median_confidence": 0.65, "avg_confidence_hold": 0,
      "std_confidence": 0.005.squareRoot(), "avg_leverage": 7.5, "avg_leverage_short": 10,
      // BTC long 90 min, ETH short from minute 105 to 150, of two coins for 150 min.
      "mins_long_combined": 90, "mins_short_combined": 45, "mins_flat_combined": 165,
      "pct_mins_long_combined": 30, "pct_mins_short_combined": 15, "pct_mins_flat_combined": 55,
      // Breaks 90, 6 and 21 minutes: variance (51² + 33² + 18²) / 2.
      "num_invocations": 4, "avg_invocation_break_mins": 39, "min_invocation_break_mins": 6,
      "max_invocation_break_mins": 90, "std_invocation_break_mins": 2007.0.squareRoot(),
      "total_trades": 1, "median_size_of_trade_notional": 4000, "avg_convo_leverage": 7.5,
      "avg_stop_loss_distance_pct": 2, "avg_take_profit_distance_pct": 5,
      // Opened before the first equity point: the share of the portfolio is not known.
      "avg_size_of_trade_portfolio_pct": 0,
    ]
    for (key, value) in expected {
      let figure = try #require(figures[key], "\(key)")
      #expect(abs(figure - value) <= 1e-12 * max(1, abs(value)), "\(key) was \(figure)")
    }
  }

  @Test func givesZerosForNothing() {
    let tables = tables(of: TraderMetrics(inception: SampleArena.now))

    #expect(tables.flatMap { $0.figures.values.map(\.double) } == Array(repeating: 0, count: 92))
  }

  /// The tables of aggregates by themselves.
  private func tables(
    of metrics: TraderMetrics, medians: TradeMedians = .none
  ) -> [BreakdownTable] {
    TraderAnalytics(
      metrics, medians: medians, invocations: 0, coins: [], open: [], at: SampleArena.now,
      scale: .raw
    ).tables
  }

  /// nof1's own files: five models whose trades are all in trades.json.
  ///
  /// Where the contract says that a formula was not matched (`std_taker_fee`), and where our source
  /// is the decisions (the leverages, the four distances), there is nothing to compare.
  @Test(
    .enabled(if: Shared.hasSamples),
    arguments: ["gpt-5", "deepseek-chat-v3.1", "claude-sonnet-4-5", "qwen3-max", "grok-4"])
  func reproducesNof1(model: String) throws {
    let folder = Shared.folder.appending(path: "contracts/nof1-samples")
    let trades = try JSONDecoder().decode(
      SampleTrades.self, from: Data(contentsOf: folder.appending(path: "trades.json")))
    let figures = trades.trades.filter { $0.model_id == model }.compactMap(\.figures)
    let file = try JSONSerialization.jsonObject(
      with: Data(contentsOf: folder.appending(path: "analytics-\(model).json")))
    let entry = try #require(((file as? [String: Any])?["analytics"] as? [[String: Any]])?.first)

    var metrics = TraderMetrics(inception: Timestamp(ms: 0))
    for figure in figures { metrics.fold(figure) }
    let medians = TradeMedians(
      holdingMinutes: median(of: figures.map(\.holdingMinutes)),
      notional: median(of: figures.map(\.notional.double)))
    let fromDecisions: Set = ["invocation_breakdown_table", "signals_breakdown_table"]
    let tables = tables(of: metrics, medians: medians).filter {
      !fromDecisions.contains($0.name)
    }

    let notCompared: Set = ["std_taker_fee", "avg_convo_leverage", "median_convo_leverage"]
    var compared = 0
    for table in tables {
      let theirs = try #require(entry[table.name] as? [String: Double])
      #expect(Set(theirs.keys) == Set(table.figures.keys))
      for (key, figure) in table.figures where !notCompared.contains(key) {
        let expected = try #require(theirs[key])
        compared += 1
        #expect(
          abs(figure.double - expected) <= 1e-7 * max(1, abs(expected)),
          "\(model) \(key): expected \(expected), was \(figure.double)")
      }
    }
    #expect(compared == 50)
  }

  private func median(of values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

private struct SampleTrades: Decodable {
  let trades: [SampleTrade]
}

private struct SampleTrade: Decodable {
  let model_id: String
  let side: String
  let quantity: Double
  let entry_price: Double
  let entry_time: Double
  let exit_time: Double
  let realized_gross_pnl: Double
  let realized_net_pnl: Double
  let total_commission_dollars: Double

  var figures: TradeFigures? {
    guard let notional = USD(approximating: abs(quantity) * entry_price),
      let gross = USD(approximating: realized_gross_pnl),
      let net = USD(approximating: realized_net_pnl),
      let fees = USD(approximating: total_commission_dollars)
    else { return nil }
    return TradeFigures(
      side: side == "long" ? .long : .short, notional: notional, gross: gross, net: net,
      fees: fees, holdingMinutes: (exit_time - entry_time) / 60)
  }
}
