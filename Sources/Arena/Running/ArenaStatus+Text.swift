import Analytics
import Journal
import Manager
import Trading

extension ArenaStatus.Sighting {
  /// The score of the plan, beside the honest statistics.
  func score(_ record: TraderRecord) -> Double? {
    record.totals.lastNAV.flatMap {
      RankingScore.of(record.totals, navReturnPct: BoardRow.returnPct($0))
    }
  }

  /// Why traders do not take part.
  private var whyText: String {
    ranks.filter { $0.runtime.status != .running || $0.runtime.removedAt != nil }.map { record in
      "\(record.ledger.trader) is \(MoveText.state(record.runtime))\n"
    }.joined()
  }

  func text(_ style: TextStyle) -> String {
    var text = style.wrapped(
      "state as of \(at.map(\.description) ?? "never: no run has finished yet")\n")
    text += board(style)
    text += style.wrapped(whyText + (capital.map(ArenaStatus.text(of:)) ?? ""))
    let alerts = alerts.map { record in
      let line =
        "\(record.alert.severity.rawValue) alert since \(record.openedAt): "
        + "\(Readable.harmlessLine(record.alert.message))\n"
      return tinted(style.wrapped(line), record.alert.severity, style)
    }
    let parts = [
      text, RecordTables.killSwitches(Array(switches.prefix(ArenaStatus.shown)), style),
      positionsText(style), runsText(style), RecordTables.conflicts(conflicts, style),
      RecordTables.refusals(refusals, style), spending?.text(style) ?? "",
      alerts.joined() + style.wrapped(ArenaStatus.text(of: channels)),
    ]
    // In a terminal the parts stand apart; in a pipe every line is one of content.
    return parts.filter { !$0.isEmpty }.joined(separator: style.width == nil ? "" : "\n")
  }

  /// An alert with its first words in the colour of its severity.
  private func tinted(
    _ line: String, _ severity: AlertSeverity, _ style: TextStyle
  ) -> String {
    let mark = "\(severity.rawValue) alert"
    guard line.hasPrefix(mark) else { return line }
    let tint: Tint? =
      switch severity {
      case .high: .bad
      case .medium: .warning
      case .low: nil
      }
    return style.tinted(mark, tint) + line.dropFirst(mark.count)
  }

  /// The leaderboard; the columns of statistics and curves are there when these are.
  private func board(_ style: TextStyle) -> String {
    var columns: [BoardColumn] = [
      BoardColumn("#", .right) { $0.rank },
      BoardColumn("trader", .left, least: 12) { $0.name },
      BoardColumn("status", .left, drop: 5, tint: \.statusTint) { $0.status },
      BoardColumn("rule", .left, drop: 9) { $0.rule },
      BoardColumn("NAV", .right) { $0.nav.map(Readable.usd) ?? "–" },
      BoardColumn("return", .right, tint: \.returnTint) {
        $0.returnPct.map(Readable.signedPct) ?? "–"
      },
    ]
    if let statistics {
      columns.append(BoardColumn("95 % range", .right, drop: 2) { $0.interval(statistics) })
      columns.append(BoardColumn("tier", .right, drop: 1) { $0.tier(statistics) })
    }
    columns += [
      BoardColumn("drawdown", .right, drop: 3) { $0.figure { 100 * $0.maxDrawdown } + " %" },
      BoardColumn("Sharpe", .right, drop: 7) { $0.figure(\.sharpe) },
      BoardColumn("score", .right, drop: 10) { $0.score.map(Readable.decimals2) ?? "–" },
      BoardColumn("trades", .right, drop: 4) { "\($0.totals.trades)" },
      BoardColumn("won", .right, drop: 8) { "\($0.totals.wins)" },
      BoardColumn("open", .right, drop: 6) { "\($0.positions)" },
    ]
    if let curves {
      columns.append(
        BoardColumn(curves.title, .left, tint: { curves.tint(of: $0.id) }) {
          curves.line(of: $0.id)
        })
    }
    var table = TextTable(columns: columns.map(\.column))
    for (index, record) in ranks.enumerated() {
      let row = BoardRow(record, rank: index + 1, score: score(record))
      table.add(columns.map { $0.text(row) }, tints: tints(columns, row))
    }
    if let benchmark {
      let row = BoardRow(benchmark: benchmark.name, nav: benchmark.nav)
      let shown = ["trader", "rule", "NAV", "return", curves?.title]
      table.add(
        columns.map { shown.contains($0.column.title) ? $0.text(row) : "" },
        tints: tints(columns, row))
    }
    return table.render(style)
  }

  private func tints(_ columns: [BoardColumn], _ row: BoardRow) -> [Int: Tint] {
    var tints: [Int: Tint] = [:]
    for (index, column) in columns.enumerated() { tints[index] = column.tint(row) }
    return tints
  }

  private func positionsText(_ style: TextStyle) -> String {
    let open = ranks.flatMap { record in record.ledger.positions.map { (record, $0) } }
    guard !open.isEmpty else { return "no open positions\n" }
    var table = TextTable(columns: [
      .init("position of", .left, least: 12), .init("coin", .left), .init("side", .left),
      .init("size", .right), .init("entry", .right), .init("stop", .right),
      .init("target", .right, drop: 1), .init("since", .left, drop: 2),
    ])
    for (record, position) in open {
      let plan = position.claim.exitPlan
      table.add([
        record.ledger.trader.name, position.coin.name, position.side.rawValue,
        position.size.description, position.entryPrice.description,
        plan.stop?.description ?? "–", plan.target?.description ?? "–",
        position.openedAt.description,
      ])
    }
    return table.render(style)
  }

  private func runsText(_ style: TextStyle) -> String {
    var table = TextTable([
      ("run", .right), ("cycle", .right), ("time", .left), ("status", .left), ("took", .right),
    ])
    for run in runs {
      let took = run.phases.reduce(0) { $0 + $1.tookMs }
      table.add([
        "\(run.run)", run.cycle.map { "\($0)" } ?? "–", run.at.description, run.status.rawValue,
        run.phases.isEmpty ? "–" : "\(Int(took.rounded())) ms",
      ])
    }
    let failures = runs.compactMap { run in
      run.error.map { "run \(run.run) failed: \(Readable.harmlessLine($0))\n" }
    }
    return table.render(style) + failures.joined()
  }
}
