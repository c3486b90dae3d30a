import Trading

extension BacktestReport {
  /// The report for people at a terminal, aligned, without colours.
  ///
  /// - Parameters:
  ///   - width: Columns that a line may have, at least 40; `nil` = any number.
  ///   - speed: How fast it was run; `nil` = nothing is said of it.
  ///   - breakdowns: The calendar periods to list; `nil` = months, or weeks or days where the
  ///     back-test is short.
  /// - Returns: Lines with a line feed at the end.
  package func text(
    width: Int? = nil, speed: BacktestSpeed? = nil, breakdowns: [BacktestCalendar]? = nil
  ) -> String {
    let width = width.map { max(40, $0) }
    let head = words(speed: speed).map { BacktestTable.wrapped(BacktestWords.line($0), to: width) }
    let tables = tables(breakdowns ?? [fittingCalendar]).map { $0.text(width: width) }
    return (head.map { $0 + "\n" }.joined() + "\n") + tables.joined(separator: "\n")
  }

  /// The report in Markdown.
  ///
  /// - Parameters:
  ///   - speed: How fast it was run; `nil` = nothing is said of it.
  ///   - breakdowns: The calendar periods to list; `nil` = all of them, the last 31 of each.
  /// - Returns: Lines with a line feed at the end.
  package func markdown(
    speed: BacktestSpeed? = nil, breakdowns: [BacktestCalendar]? = nil
  ) -> String {
    let head = words(speed: speed).dropFirst().map { "- \(BacktestWords.markdown($0))\n" }
    let tables = tables(breakdowns ?? [.month, .week, .day]).map(\.markdown)
    return "# Back-test\n\n" + head.joined() + "\n" + tables.joined(separator: "\n")
  }

  /// The coarsest of months and weeks that there are at least three of, else days.
  private var fittingCalendar: BacktestCalendar {
    [BacktestCalendar.month, .week].first { total.periods($0).count >= 3 } ?? .day
  }

  /// What was done, in sentences.
  private func words(speed: BacktestSpeed?) -> [String] {
    var words = ["Back-test of \(traders.count) trader\(traders.count == 1 ? "" : "s")"]
    if let from, let to {
      words.append(
        "\(BacktestWords.instant(from)) to \(BacktestWords.instant(to)) UTC, "
          + BacktestWords.span(to - from))
    }
    words.append(
      "\(BacktestWords.count(cycles)) cycles, \(BacktestWords.count(traderCycles)) turns; "
        + "engine \(engine), fills \(fillRule)")
    words.append("prices: \(source)\(isSynthetic ? " (made up)" : "")")
    if let marketChangePct {
      let change = BacktestWords.signedPct(marketChangePct)
      words.append(
        "market: \(change), the mean of \(coins.count) coin\(coins.count == 1 ? "" : "s")")
    }
    if let speed {
      var rates = "took \(BacktestWords.number(speed.seconds)) s"
      if speed.readingSeconds > 0 {
        rates += ", \(BacktestWords.number(speed.readingSeconds)) s of it to read prices"
      }
      if let cycles = speed.cyclesPerSecond, let bars = speed.barsPerSecond {
        rates += ": \(BacktestWords.whole(cycles)) cycles and \(BacktestWords.whole(bars)) "
        rates += "candles a second"
      }
      words.append(rates)
    }
    return words + notices.map { "note: \($0)" }
  }

  /// The tables of the report, in order.
  private func tables(_ calendars: [BacktestCalendar]) -> [BacktestTable] {
    var tables = [overview, items]
    tables += [symbols, exits].filter { !$0.rows.isEmpty }
    tables += calendars.map(periods).filter { !$0.rows.isEmpty }
    tables += [
      counts("Decisions", \.decisions), counts("Rejected by rule", \.rejections),
      counts("Turns that failed", \.failures), market,
    ].filter { !$0.rows.isEmpty }
    return tables
  }

  /// All traders, and all of them together where there is more than one.
  private var columns: [BacktestFigures] { traders.count == 1 ? traders : traders + [total] }

  private static func title(of figures: BacktestFigures) -> String {
    BacktestTable.cut(figures.id?.name ?? "all", to: 24)
  }

  private var overview: BacktestTable {
    var table = BacktestTable(
      "Traders",
      ["trader", "rule", "final", "return", "drawdown", "Sharpe", "trades", "won", "fees"],
      words: [0, 1])
    for figures in ranked + (traders.count > 1 ? [total] : []) {
      table.add([
        Self.title(of: figures), BacktestTable.cut(figures.executor, to: 16),
        BacktestWords.usd(figures.end), BacktestWords.signedPct(figures.returnPct),
        BacktestWords.pct(figures.drawdownPct),
        BacktestWords.number(figures.figure("sharpe")),
        BacktestWords.count(figures.trips.all.trades),
        BacktestWords.pct(figures.trips.all.winRatePct), BacktestWords.usd(figures.fees),
      ])
    }
    if let marketChangePct {
      let change = BacktestWords.signedPct(marketChangePct)
      table.add(["market", "", "", change, "", "", "", "", ""])
    }
    return table
  }

  private var items: BacktestTable {
    var table = BacktestTable("Figures", [""] + columns.map(Self.title))
    for item in BacktestItem.all { table.add([item.name] + columns.map(item.text)) }
    return table
  }

  private var symbols: BacktestTable {
    groups("Symbols", "symbol", total.trips.symbols) { $0.trips.symbols }
  }

  private var exits: BacktestTable {
    groups("Exits", "by", total.trips.exits) { $0.trips.exits }
  }

  /// Round trips of one kind: what all came to, and the net profit of each trader.
  private func groups(
    _ title: String, _ first: String, _ all: [BacktestGroup],
    of each: (BacktestFigures) -> [BacktestGroup]
  ) -> BacktestTable {
    let others = traders.count > 1 ? traders : []
    var table = BacktestTable(
      title,
      [first, "trades", "won", "net, USD", "fees", "funding", "held"] + others.map(Self.title))
    let lists = others.map(each)
    for group in all {
      let tally = group.tally
      let nets = lists.map { list in
        list.first { $0.name == group.name }.map { BacktestWords.signedUSD($0.tally.net) } ?? ""
      }
      table.add(
        [
          group.name, BacktestWords.count(tally.trades), BacktestWords.pct(tally.winRatePct),
          BacktestWords.signedUSD(tally.net), BacktestWords.usd(tally.fees),
          BacktestWords.signedUSD(tally.funding), BacktestWords.span(tally.held),
        ] + nets)
    }
    return table
  }

  /// Periods listed at the most.
  private static let periodsShown = 31

  private func periods(_ calendar: BacktestCalendar) -> BacktestTable {
    let others = traders.count > 1 ? traders : []
    let all = total.periods(calendar)
    let lists = others.map { $0.periods(calendar).suffix(Self.periodsShown) }
    let hidden = max(0, all.count - Self.periodsShown)
    let title = "By \(calendar.rawValue)" + (hidden > 0 ? ", \(hidden) earlier left out" : "")
    var table = BacktestTable(
      title,
      [calendar.rawValue, "P&L, USD", "return", "final", "trades", "won"]
        + others.map(Self.title))
    for (index, period) in all.suffix(Self.periodsShown).enumerated() {
      // All curves have the same instants, so the same periods.
      let returns = lists.map { BacktestWords.signedPct($0[$0.startIndex + index].returnPct) }
      table.add(
        [
          period.name, BacktestWords.signedUSD(period.pnl),
          BacktestWords.signedPct(period.returnPct), BacktestWords.usd(period.end),
          BacktestWords.count(period.tally.trades), BacktestWords.pct(period.tally.winRatePct),
        ] + returns)
    }
    return table
  }

  private func counts(
    _ title: String, _ part: KeyPath<BacktestFigures, [BacktestCount]>
  ) -> BacktestTable {
    var table = BacktestTable(title, [""] + columns.map(Self.title))
    for count in total[keyPath: part] {
      let texts = columns.map { figures in
        figures[keyPath: part].first { $0.name == count.name }
          .map { BacktestWords.count($0.count) } ?? "0"
      }
      table.add([count.name] + texts)
    }
    return table
  }

  private var market: BacktestTable {
    var table = BacktestTable("Market", ["symbol", "first", "last", "change"])
    for coin in coins {
      table.add([
        coin.coin.name, coin.first.description, coin.last.description,
        BacktestWords.signedPct(coin.changePct),
      ])
    }
    return table
  }
}
