import Trading

/// A cycle as a person reads it at a glance.
package enum RunText {
  /// The report of one cycle: one line a trader, then what needs attention.
  package static func render(_ report: CycleReport, inColour: Bool) -> String {
    let due = report.lines.filter(\.wasDue).count
    let fills = report.lines.reduce(0) { $0 + $1.fills.count }
    var text =
      "cycle \(report.cycle) · \(report.at) · "
      + (report.isSynthetic ? "synthetic market · " : "")
      + (report.isDryRun ? "dry run, nothing sent or kept · " : "")
      + "\(count(report.lines.count, "trader")), \(due) due · \(count(fills, "fill"))\n"
    var table = TextTable([
      ("trader", .left), ("equity", .right), ("return", .right), ("open", .right), ("", .left),
    ])
    for line in report.lines { table.add(row(line)) }
    text += table.render()
    for conflict in report.conflicts {
      text +=
        "\(conflict.severity.rawValue) conflict: \(conflict.kind.rawValue)"
        + "\(conflict.coin.map { " on \($0)" } ?? "") on \(conflict.account): "
        + Readable.harmlessLine("\(conflict.reason); \(conflict.resolution)") + "\n"
    }
    for intent in report.withheld { text += "would send: \(describe(intent))\n" }
    for notice in report.notices { text += "note: \(Readable.harmlessLine(notice))\n" }
    for alert in report.alerts {
      let mark = "\(alert.severity.rawValue) alert:"
      text +=
        (inColour && alert.severity == .high ? "\u{1B}[31m\(mark)\u{1B}[0m" : mark)
        + " \(Readable.harmlessLine(alert.message))\n"
    }
    return text
  }

  /// The end of many cycles: a leaderboard.
  package static func leaderboard(_ report: CycleReport, cycles: Int) -> String {
    let text =
      "\(count(cycles, "cycle")) up to \(report.at)"
      + (report.isSynthetic ? " on the synthetic market" : "") + "\n"
    var table = TextTable([
      ("#", .right), ("trader", .left), ("equity", .right), ("return", .right), ("open", .right),
    ])
    for (index, line) in report.lines.enumerated() {
      table.add([
        "\(index + 1)", line.trader.name, line.equity.map(Readable.usd) ?? "?",
        line.returnPct.map(Readable.signedPct) ?? "?", "\(line.openPositions)",
      ])
    }
    if let benchmark = report.benchmarkPct {
      table.add(["", "benchmark", "", Readable.signedPct(benchmark), ""])
    }
    return text + table.render()
  }

  private static func row(_ line: TraderLine) -> [String] {
    var words: [String] = []
    if let failure = line.failure { words.append("failed: \(failure)") }
    if line.status != .running { words.append(line.status.rawValue) }
    words += line.decisions.compactMap(describe)
    words += line.fills.map {
      "\($0.side == .buy ? "bought" : "sold") \($0.size) \($0.coin) at \($0.price)"
        + ($0.cause == .order ? "" : " (\($0.cause.rawValue))")
    }
    words += line.troubles
    if words.isEmpty { words.append(line.wasDue ? "hold" : "not due") }
    return [
      line.trader.name, line.equity.map(Readable.usd) ?? "?",
      line.returnPct.map(Readable.signedPct) ?? "?", "\(line.openPositions)",
      Readable.harmlessLine(words.joined(separator: "; ")),
    ]
  }

  /// An order that a dry run did not send, with the protection that would follow it.
  private static func describe(_ intent: OrderIntent) -> String {
    let request = intent.request
    var words =
      "\(request.trader): \(request.purpose.rawValue), \(request.side.rawValue) \(request.size) "
      + "\(request.coin) on \(request.account)"
    switch request.kind {
    case .limit(let price, let life): words += ", \(life.rawValue) at \(price) or better"
    case .trigger(let price, let limit): words += ", when the mark is \(price), at most to \(limit)"
    }
    if !request.reduceOnly { words += ", leverage \(request.leverage)" }
    guard let plan = intent.claim?.exitPlan else { return words }
    let protection = [plan.stop.map { "stop \($0)" }, plan.target.map { "target \($0)" }]
      .compactMap { $0 }
    return protection.isEmpty
      ? words : words + "; then \(protection.joined(separator: " and ")) for what filled"
  }

  private static func describe(_ record: DecisionRecord) -> String? {
    let coin = record.decision.coin.map { " \($0)" } ?? ""
    let notes = record.notes.map { "\($0.rule): \($0.text)" }.joined(separator: ", ")
    return switch record.verdict {
    case .held, .accepted: nil
    case .clamped: "\(record.decision.action.rawValue)\(coin) clamped (\(notes))"
    case .rejected:
      // What was cut before does not matter any more; --explain and JSON tell it.
      "\(record.decision.action.rawValue)\(coin) rejected ("
        + (record.notes.last.map { "\($0.rule): \($0.text)" } ?? "") + ")"
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
