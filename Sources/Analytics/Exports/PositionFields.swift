import Trading

extension CanonicalJSON {
  /// Writes a `positions` field: the 21 fields of every open position, keyed by coin.
  mutating func positions(of trader: TraderView, scale: DollarScale) {
    object("positions") { json in
      for position in trader.record.ledger.positions {
        guard let holding = trader.holdings[position.coin] else { continue }
        json.object(position.coin.name) { $0.fields(of: position, holding, scale) }
      }
    }
  }

  /// Writes a `positions` field with the benchmark's one position.
  mutating func positions(of view: BenchmarkView, scale: DollarScale) {
    let benchmark = view.benchmark
    object("positions") { json in
      json.object(benchmark.coin.name) { json in
        json.field("closed_pnl", 0)
        json.field("commission", scale(benchmark.fee))
        json.field("confidence", 0)
        json.field("current_price", view.mark)
        json.field("entry_oid", -1)
        json.field("entry_price", benchmark.price)
        json.field("entry_time", seconds: benchmark.boughtAt)
        json.field("exit_plan", "N/A")
        json.field("index_col", -1)
        json.field("leverage", 1)
        json.field("liquidation_price", 0)
        json.field("margin", max(.zero, scale(benchmark.equity(at: view.mark))))
        json.field("oid", -1)
        json.field("quantity", scale(benchmark.size.signed(.long)))
        json.field("risk_usd", 0)
        json.field("sl_oid", -1)
        json.field("slippage", 0)
        json.field("symbol", benchmark.coin.name)
        json.field("tp_oid", -1)
        json.field("unrealized_pnl", scale(view.unrealised))
        json.field("wait_for_fill", false)
      }
    }
  }

  /// Writes an exit plan as the contract names its parts; all three are always there.
  mutating func exitPlan(_ plan: ExitPlan) {
    object("exit_plan") { json in
      json.field("invalidation_condition", plan.invalidation)
      json.field("profit_target", orNull: plan.target)
      json.field("stop_loss", orNull: plan.stop)
    }
  }

  /// Writes an exact decimal field; null for `nil`.
  mutating func field(_ name: String, orNull decimal: (some ExactDecimal)?) {
    if let decimal { field(name, decimal) } else { null(name) }
  }

  /// Writes a venue's number; −1 when there is none or JavaScript could not hold it (2^53).
  mutating func field(_ name: String, venueID number: Int64?) {
    let greatest: Int64 = 9_007_199_254_740_991
    field(name, number.map { (0...greatest).contains($0) ? $0 : -1 } ?? -1)
  }

  private mutating func fields(of position: Position, _ holding: Holding, _ scale: DollarScale) {
    let unrealised = position.unrealised(at: holding.mark)
    let leverage = max(1, position.claim.leverage)
    let fees = position.entryFees + position.exitFees
    // As if isolated: the cost over the leverage, plus what the position gained.
    let margin = position.openCost.divided(by: leverage, .ceiling) + unrealised
    field("closed_pnl", scale(position.realised - fees))
    field("commission", scale(fees))
    field("confidence", confidenceShare(position.claim.confidence))
    field("current_price", holding.mark)
    field("entry_oid", venueID: position.entryOrderID)
    field("entry_price", position.entryPrice)
    field("entry_time", seconds: position.openedAt)
    exitPlan(position.claim.exitPlan)
    null("index_col")
    field("leverage", leverage)
    if let price = holding.liquidation {
      field("liquidation_price", price)
    } else {
      field("liquidation_price", 0)
    }
    field("margin", max(.zero, scale(margin)))
    field("oid", venueID: position.entryOrderID)
    field("quantity", scale(position.signedSize))
    field("risk_usd", max(.zero, scale(position.claim.riskUSD)))
    field("sl_oid", venueID: holding.stopOrderID)
    field("slippage", 0)
    field("symbol", position.coin.name)
    field("tp_oid", venueID: holding.targetOrderID)
    field("unrealized_pnl", scale(unrealised))
    field("wait_for_fill", false)
  }
}

/// A confidence of 0–100 as the contract's 0–1; 0 when none was given.
func confidenceShare(_ confidence: Int?) -> Factor {
  let percent = Int64(min(100, max(0, confidence ?? 0)))
  return Factor(mantissa: percent * (exactDecimalScale / 100))
}
