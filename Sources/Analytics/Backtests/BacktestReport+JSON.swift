import Trading

extension BacktestReport {
  /// The report for programs: canonical JSON, the same bytes for the same record.
  ///
  /// Money and prices are exact decimals, means and ratios the nearest binary numbers, times ms
  /// since 1970; what is not defined is null.
  ///
  /// - Parameter speed: How fast it was run, as the field `speed`; `nil` = the field is left out.
  /// - Returns: UTF-8 with a line feed at the end.
  package func json(speed: BacktestSpeed? = nil) -> [UInt8] {
    CanonicalJSON.document(capacity: 1 << 17) { json in
      var fields = BacktestFields()
      fields.add("coins", coins.map(Self.fields))
      fields.add("curve", curve)
      fields.add("cycles", cycles)
      fields.add("days", total.days)
      fields.add("engine", engine)
      fields.add("fees_usd", total.fees)
      fields.add("fill_rule", fillRule)
      fields.add("final_equity_usd", total.end)
      fields.add("from_ms", from)
      fields.add("is_synthetic", isSynthetic)
      fields.add("market_change_pct", marketChangePct)
      fields.add("notices") { $0.array($1, notices) { $0.value($1) } }
      fields.add("pnl_usd", total.pnl)
      fields.add("return_pct", total.returnPct)
      fields.add("source", source)
      if let speed { fields.add("speed", self.fields(of: speed)) }
      fields.add("start_usd", total.start)
      fields.add("to_ms", to)
      fields.add("total", total.fields)
      fields.add("trader_cycles", traderCycles)
      fields.add("traders", traders.map(\.fields))
      fields.add("trades", total.trips.all.trades)
      fields.write(&json)
    }
  }

  private static func fields(of coin: BacktestCoin) -> BacktestFields {
    var fields = BacktestFields()
    fields.add("change_pct", coin.changePct)
    fields.add("first_price", coin.first)
    fields.add("last_price", coin.last)
    fields.add("symbol", coin.coin.name)
    return fields
  }

  private func fields(of speed: BacktestSpeed) -> BacktestFields {
    var fields = BacktestFields()
    fields.add("bars", speed.bars)
    fields.add("bars_per_second", speed.barsPerSecond)
    fields.add("cycles", speed.cycles)
    fields.add("cycles_per_second", speed.cyclesPerSecond)
    fields.add("reading_seconds", finite(speed.readingSeconds))
    fields.add("seconds", finite(speed.seconds))
    return fields
  }

  /// The curves as they are drawn: at most 1000 instants of all traders together.
  private var curve: BacktestFields {
    var fields = BacktestFields()
    fields.add("at_ms") { $0.array($1, curves.total.timesMs) { $0.value($1) } }
    fields.add("returns_pct") { $0.array($1, curves.total.returns) { $0.value(100 * $1) } }
    return fields
  }
}

extension BacktestFigures {
  /// The fields of one trader, or of all of them.
  fileprivate var fields: BacktestFields {
    var fields = BacktestFields()
    if let id {
      fields.add("executor", executor)
      fields.add("id", id.name)
      fields.add("name", name)
    }
    addMoney(to: &fields)
    addCurve(to: &fields)
    addTrips(to: &fields)
    for metric in Self.metrics {
      let value = figure(metric.key)
      switch metric.unit {
      case .count: fields.add(metric.key, value.map { Int($0) } ?? 0)
      case .usd, .pct, .ratio, .minutes, .days, .bps, .seconds: fields.add(metric.key, value)
      }
    }
    fields.add(counts: "decisions", decisions)
    fields.add(counts: "failures", failures)
    fields.add("rejected", rejected)
    fields.add(counts: "rejections", rejections)
    return fields
  }

  private func addMoney(to fields: inout BacktestFields) {
    fields.add("cagr_pct", growthPct)
    fields.add("calmar", calmar)
    fields.add("cash_usd", cash)
    fields.add("fees_usd", fees)
    fields.add("fills", fills)
    fields.add("final_equity_usd", end)
    fields.add("funding_usd", funding)
    fields.add("open_positions", openPositions)
    fields.add("pnl_per_day_usd", pnlPerDay)
    fields.add("pnl_usd", pnl)
    fields.add("return_pct", returnPct)
    fields.add("start_usd", start)
    fields.add("unrealised_usd", unrealised)
    fields.add("volume_usd", volume)
  }

  private func addCurve(to fields: inout BacktestFields) {
    fields.add("balance", balance)
    fields.add("best_day", bestDay?.fields)
    let results = dayResults
    fields.add("days_drawn", results.drawn)
    fields.add("days_lost", results.lost)
    fields.add("days_won", results.won)
    fields.add("drawdown", curve.deepest?.fields)
    fields.add("max_drawdown_pct", drawdownPct)
    fields.add("drawdown_absolute", curve.costliest?.fields)
    var periods = BacktestFields()
    for calendar in BacktestCalendar.allCases {
      periods.add("\(calendar.rawValue)s", self.periods(calendar).map(\.fields))
    }
    fields.add("periods", periods)
    var water = BacktestFields()
    water.add("from_ms", curve.longestUnderWater?.from)
    water.add("is_over", curve.longestUnderWater?.isOver)
    water.add("length_ms", curve.longestUnderWater.map { Int($0.length.ms) })
    water.add("share_pct", curve.underWaterPct)
    water.add("to_ms", curve.longestUnderWater?.to)
    fields.add("under_water", water)
    fields.add("worst_day", worstDay?.fields)
  }

  private var balance: BacktestFields {
    var fields = BacktestFields()
    fields.add("max_at_ms", curve.highest?.at)
    fields.add("max_usd", curve.highest?.equity)
    fields.add("min_at_ms", curve.lowest?.at)
    fields.add("min_usd", curve.lowest?.equity)
    return fields
  }

  private func addTrips(to fields: inout BacktestFields) {
    fields.add("average_stake_usd", trips.averageStake)
    fields.add("best_symbol", bestSymbol?.fields)
    fields.add("best_trade", trips.best?.fields)
    fields.add("exits", trips.exits.map(\.fields))
    fields.add("longs", trips.longs.fields)
    fields.add("net_usd", trips.all.net)
    fields.add("shorts", trips.shorts.fields)
    fields.add("symbols", trips.symbols.map(\.fields))
    fields.add("trades_per_day", tradesPerDay)
    fields.add("worst_symbol", worstSymbol?.fields)
    fields.add("worst_trade", trips.worst?.fields)
  }
}

extension BacktestTally {
  fileprivate var fields: BacktestFields {
    var fields = BacktestFields()
    fields.add("draws", draws)
    fields.add("fees_usd", fees)
    fields.add("funding_usd", funding)
    fields.add("holding_minutes", held?.minutes)
    fields.add("losses", losses)
    fields.add("net_usd", net)
    fields.add("trades", trades)
    fields.add("volume_usd", volume)
    fields.add("win_rate_pct", winRatePct)
    fields.add("wins", wins)
    return fields
  }
}

extension BacktestGroup {
  fileprivate var fields: BacktestFields {
    var fields = tally.fields
    fields.add("name", name)
    return fields
  }
}

extension BacktestPeriod {
  fileprivate var fields: BacktestFields {
    var fields = BacktestFields()
    fields.add("end_usd", end)
    fields.add("fees_usd", tally.fees)
    fields.add("name", name)
    fields.add("net_usd", tally.net)
    fields.add("pnl_usd", pnl)
    fields.add("return_pct", returnPct)
    fields.add("start_usd", start)
    fields.add("trades", tally.trades)
    fields.add("wins", tally.wins)
    return fields
  }
}

extension BacktestDrawdown {
  fileprivate var fields: BacktestFields {
    var fields = BacktestFields()
    fields.add("amount_usd", amount)
    fields.add("bottom_usd", bottom)
    fields.add("from_ms", from)
    fields.add("pct", pct)
    fields.add("peak_usd", peak)
    fields.add("recovered_at_ms", recoveredAt)
    fields.add("to_ms", to)
    return fields
  }
}

extension Trade {
  fileprivate var fields: BacktestFields {
    var fields = BacktestFields()
    fields.add("closed_at_ms", closedAt)
    fields.add("entry_price", entryPrice)
    fields.add("exit", exitCause.rawValue)
    fields.add("exit_price", exitPrice)
    fields.add("net_usd", net)
    fields.add("opened_at_ms", openedAt)
    fields.add("side", side.rawValue)
    fields.add("size_coins", size)
    fields.add("symbol", coin.name)
    fields.add("trader", trader.name)
    return fields
  }
}
