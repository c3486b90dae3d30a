import Analytics
import Trading

/// A report on a period for people at a terminal.
enum ReportText {
  static func render(_ report: PeriodReport, _ style: TextStyle) -> String {
    var text = style.wrapped(head(report)) + "\n"
    text += traders(report).render(style)
    if !report.symbols.isEmpty { text += "\n" + symbols(report).render(style) }
    text += "\n" + money(report.total).render(style)
    if report.total.unexplained != .zero {
      text += style.wrapped(unexplained(report.total)) + "\n"
    }
    if !report.costs.isEmpty { text += "\n" + costs(report).render(style) }
    if !report.killSwitches.isEmpty {
      text += "\n" + RecordTables.killSwitches(report.killSwitches, style)
    }
    return text + alerts(report, style)
  }

  private static func head(_ report: PeriodReport) -> String {
    let total = report.total
    var text = report.arena.isEmpty ? "" : Readable.clipped(report.arena, to: 60) + ": "
    text += "\(report.from) to \(report.to)\n"
    text += "P&L \(Readable.signedUSD(total.pnl)) USD, \(pct(total.returnPct))"
    if let benchmark = report.benchmark {
      text += "; \(benchmark.id) \(Readable.signedPct(benchmark.returnPct))"
    }
    text += "\n\(total.trades) trade\(total.trades == 1 ? "" : "s"), "
    text += "\(total.wins) won (\(share(total.winRatePct))); "
    text += "average Sharpe \(total.sharpe.map(Readable.decimals2) ?? "–")"
    text += report.costs.isEmpty ? "\n" : "; models \(Readable.usd(report.cost)) USD\n"
    guard let best = report.best else { return text }
    text += "best \(best.id) \(pct(best.figures.returnPct))"
    if let worst = report.worst { text += ", worst \(worst.id) \(pct(worst.figures.returnPct))" }
    return text + "\n"
  }

  private static func traders(_ report: PeriodReport) -> TextTable {
    var table = TextTable(columns: [
      .init("#", .right, drop: 1), .init("trader", .left, least: 10),
      .init("rule", .left, drop: 9), .init("P&L", .right), .init("return", .right),
      .init("drawdown", .right, drop: 3), .init("Sharpe", .right, drop: 4),
      .init("trades", .right), .init("won", .right, drop: 2), .init("fees", .right, drop: 5),
      .init("funding", .right, drop: 6), .init("start", .right, drop: 8),
      .init("end", .right, drop: 7),
    ])
    for (index, trader) in report.traders.enumerated() {
      let rule = trader.isRemoved ? "removed" : Readable.clipped(trader.executor, to: 16)
      table.add(
        row(
          ["\(index + 1)", Readable.clipped(trader.id.name, to: 24), rule], trader.figures,
          drawdown: "\(Readable.decimals2(trader.drawdownPct)) %"),
        tints: tints(trader.figures))
    }
    if report.traders.count > 1 {
      table.add(row(["", "all", ""], report.total, drawdown: "–"), tints: tints(report.total))
    }
    if let benchmark = report.benchmark {
      table.add(
        [
          "", benchmark.id.name, "benchmark", "", Readable.signedPct(benchmark.returnPct), "", "",
          "", "", "", "", "", "",
        ], tints: [1: .faint, 2: .faint, 4: .faint])
    }
    return table
  }

  private static func row(
    _ names: [String], _ figures: PeriodFigures, drawdown: String
  ) -> [String] {
    names + [
      Readable.signedUSD(figures.pnl), pct(figures.returnPct), drawdown,
      figures.sharpe.map(Readable.decimals2) ?? "–", "\(figures.trades)",
      share(figures.winRatePct), Readable.usd(figures.fees), Readable.usd(figures.funding),
      Readable.usd(figures.start), Readable.usd(figures.end),
    ]
  }

  private static func tints(_ figures: PeriodFigures) -> [Int: Tint] {
    var tints: [Int: Tint] = [:]
    tints[3] = Tint.of(figures.pnl.double)
    tints[4] = Tint.of(figures.returnPct)
    return tints
  }

  private static func symbols(_ report: PeriodReport) -> TextTable {
    var table = TextTable([
      ("symbol", .left), ("trades", .right), ("won", .right), ("net", .right),
    ])
    for symbol in report.symbols {
      table.add(
        [
          symbol.coin.name, "\(symbol.trades)", share(symbol.winRatePct),
          Readable.signedUSD(symbol.net),
        ], tints: Tint.of(symbol.net.double).map { [3: $0] } ?? [:])
    }
    return table
  }

  /// The way from the equity at the beginning to that at the end, to the last decimal.
  private static func money(_ total: PeriodFigures) -> TextTable {
    var table = TextTable(columns: [
      .init("money, exactly", .left), .init("USD", .right), .init("", .left, drop: 1),
    ])
    let lines = MoneyLine.all(of: total)
    let decimals = lines.map { Readable.decimals(of: $0.amount) }.max() ?? 2
    for line in lines {
      // The points stand below each other.
      let amount = Readable.exact(line.amount, signed: line.isChange)
      let missing = decimals - Readable.decimals(of: line.amount)
      table.add([line.name, amount + String(repeating: " ", count: missing), line.note])
    }
    return table
  }

  static func unexplained(_ total: PeriodFigures) -> String {
    "\(Readable.exact(total.unexplained, signed: true)) USD of the end are not explained: the "
      + "record is damaged. `nof0 state check` says where."
  }

  private static func costs(_ report: PeriodReport) -> TextTable {
    var table = TextTable(columns: [
      .init("model", .left, least: 12), .init("of", .left, least: 10), .init("calls", .right),
      .init("tokens", .right, drop: 1), .init("USD", .right),
    ])
    for cost in report.costs {
      table.add([
        cost.model, cost.trader.name, "\(cost.calls)", "\(cost.tokens)", Readable.usd(cost.cost),
      ])
    }
    return table
  }

  private static func alerts(_ report: PeriodReport, _ style: TextStyle) -> String {
    guard report.alerts.count > 0 else { return "\nno alerts were opened\n" }
    var text = "\nalerts opened: \(counts(report.alerts))\n"
    for alert in report.alerts.newest {
      let end = alert.resolvedAt.map { "to \($0)" } ?? "still open"
      let mark = alert.alert.severity.rawValue
      let line =
        "  \(mark) \(alert.openedAt) (\(end)): \(Readable.harmlessLine(alert.alert.message))"
      text += style.wrapped(line) + "\n"
    }
    let more = report.alerts.count - report.alerts.newest.count
    return more > 0 ? text + "  and \(more) earlier\n" : text
  }

  static func counts(_ alerts: PeriodAlerts) -> String {
    alerts.counts.filter { $0.count > 0 }.map { "\($0.count) \($0.severity.rawValue)" }
      .joined(separator: ", ")
  }

  static func pct(_ value: Double?) -> String { value.map(Readable.signedPct) ?? "–" }

  static func share(_ value: Double?) -> String {
    value.map { "\(Readable.decimals2($0)) %" } ?? "–"
  }
}

/// One line of the way from the equity at the beginning to that at the end.
struct MoneyLine {
  let name: String
  let amount: USD
  /// Whether it is added to what stands above, and not a stock of money.
  let isChange: Bool
  var note = ""

  static func all(of total: PeriodFigures) -> [MoneyLine] {
    [
      MoneyLine(name: "start", amount: total.start, isChange: false),
      MoneyLine(name: "flows", amount: total.flows, isChange: true),
      MoneyLine(name: "realised", amount: total.realised, isChange: true),
      MoneyLine(name: "fees", amount: -total.fees, isChange: true),
      MoneyLine(name: "funding", amount: total.funding, isChange: true),
      MoneyLine(name: "unrealised", amount: total.unrealisedChange, isChange: true),
      MoneyLine(
        name: "end", amount: total.end, isChange: false, note: "= the sum of the above"),
      MoneyLine(
        name: "P&L", amount: total.pnl, isChange: true, note: "= end − start − flows"),
    ]
  }
}
