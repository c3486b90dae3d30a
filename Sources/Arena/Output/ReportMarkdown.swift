import Analytics
import Trading

/// A report on a period for documents and messages.
enum ReportMarkdown {
  static func render(_ report: PeriodReport) -> String {
    let total = report.total
    let name = report.arena.isEmpty ? "Report" : inline(Readable.clipped(report.arena, to: 60))
    var text = "# \(name)\n\n\(report.from) to \(report.to)\n\n"
    text += "- P&L: **\(Readable.signedUSD(total.pnl)) USD**, \(ReportText.pct(total.returnPct))\n"
    if let benchmark = report.benchmark {
      text += "- Benchmark \(code(benchmark.id.name)): \(Readable.signedPct(benchmark.returnPct))\n"
    }
    text += "- Trades: \(total.trades), won \(ReportText.share(total.winRatePct))\n"
    text += "- Average Sharpe: \(total.sharpe.map(Readable.decimals2) ?? "–")\n"
    if let best = report.best { text += "- Best: \(named(best))\n" }
    if let worst = report.worst { text += "- Worst: \(named(worst))\n" }
    text += report.costs.isEmpty ? "" : "- Models: \(Readable.usd(report.cost)) USD\n"
    text += "- Alerts opened: "
    text += report.alerts.count == 0 ? "none\n" : "\(ReportText.counts(report.alerts))\n"
    text += "\n## Traders\n\n" + traders(report)
    if !report.symbols.isEmpty { text += "\n## Symbols\n\n" + symbols(report) }
    text += "\n## Money\n\n" + money(total)
    if total.unexplained != .zero { text += "\n\(ReportText.unexplained(total))\n" }
    if !report.costs.isEmpty { text += "\n## Models\n\n" + costs(report) }
    if !report.killSwitches.isEmpty { text += "\n## Kill switches\n\n" + switches(report) }
    if report.alerts.count > 0 { text += "\n## Alerts\n\n" + alerts(report) }
    return text
  }

  private static func traders(_ report: PeriodReport) -> String {
    var rows = report.traders.enumerated().map { index, trader in
      [
        "\(index + 1)", code(trader.id.name),
        trader.isRemoved ? "removed" : inline(Readable.clipped(trader.executor, to: 16)),
      ] + figures(trader.figures, drawdown: "\(Readable.decimals2(trader.drawdownPct)) %")
    }
    if report.traders.count > 1 {
      rows.append(["", "all", ""] + figures(report.total, drawdown: "–"))
    }
    return table(
      [
        "#", "-trader", "-rule", "P&L", "return", "drawdown", "Sharpe", "trades", "won", "fees",
        "funding", "start", "end",
      ], rows)
  }

  private static func figures(_ figures: PeriodFigures, drawdown: String) -> [String] {
    [
      Readable.signedUSD(figures.pnl), ReportText.pct(figures.returnPct), drawdown,
      figures.sharpe.map(Readable.decimals2) ?? "–", "\(figures.trades)",
      ReportText.share(figures.winRatePct), Readable.usd(figures.fees),
      Readable.usd(figures.funding), Readable.usd(figures.start), Readable.usd(figures.end),
    ]
  }

  private static func symbols(_ report: PeriodReport) -> String {
    table(
      ["-symbol", "trades", "won", "net"],
      report.symbols.map { symbol in
        [
          code(symbol.coin.name), "\(symbol.trades)", ReportText.share(symbol.winRatePct),
          Readable.signedUSD(symbol.net),
        ]
      })
  }

  private static func money(_ total: PeriodFigures) -> String {
    table(
      ["-money, exactly", "USD", "-"],
      MoneyLine.all(of: total).map {
        [$0.name, Readable.exact($0.amount, signed: $0.isChange), $0.note]
      })
  }

  private static func costs(_ report: PeriodReport) -> String {
    table(
      ["-model", "-of", "calls", "tokens", "USD"],
      report.costs.map {
        [
          code($0.model), code($0.trader.name), "\($0.calls)", "\($0.tokens)",
          Readable.usd($0.cost),
        ]
      })
  }

  private static func switches(_ report: PeriodReport) -> String {
    table(
      ["number", "-stops", "-cause", "-fired", "-why"],
      report.killSwitches.map {
        [
          "\($0.number)", inline(RecordTables.scope(of: $0)), inline($0.cause),
          $0.firedAt.description, inline($0.reason),
        ]
      })
  }

  private static func alerts(_ report: PeriodReport) -> String {
    var text = report.alerts.newest.map { alert in
      "- \(alert.alert.severity.rawValue), \(alert.openedAt) "
        + "(\(alert.resolvedAt.map { "to \($0)" } ?? "still open")): "
        + "\(inline(alert.alert.message))\n"
    }.joined()
    let more = report.alerts.count - report.alerts.newest.count
    if more > 0 { text += "- and \(more) earlier\n" }
    return text
  }

  private static func named(_ trader: TraderPeriod) -> String {
    "\(code(trader.id.name)) \(ReportText.pct(trader.figures.returnPct))"
  }

  /// A table; titles that begin with `-` are of columns of words, the others of numbers.
  private static func table(_ titles: [String], _ rows: [[String]]) -> String {
    let heads = titles.map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 }
    let rules = titles.map { $0.hasPrefix("-") ? ":--" : "--:" }
    return ([heads, rules] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// A name as it is.
  private static func code(_ name: String) -> String { "`\(name)`" }

  /// Words of others on one line, so that they stay words: no markup, no HTML, no links.
  private static func inline(_ text: String) -> String {
    var safe = ""
    for character in Readable.harmlessLine(text) {
      switch character {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "|", "!", "~":
        safe += "\\\(character)"
      // Left alone it would be made a link.
      case ":": safe += safe.hasSuffix("http") || safe.hasSuffix("https") ? "&#58;" : ":"
      case "@": safe += "&#64;"
      default: safe.append(character)
      }
    }
    return safe
  }
}
