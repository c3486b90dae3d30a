import Analytics
package import Journal
import Trading

/// In which form a report is written.
package enum ReportFormat: String, Sendable, CaseIterable {
  /// For people at a terminal.
  case text
  /// For programs.
  case json
  /// For documents and messages.
  case markdown
}

/// The command `nof0 report`.
package enum ArenaReport {
  /// Alerts told at the most.
  private static let alertsShown = 20
  /// Kill switches told at the most.
  private static let switchesShown = 50

  /// Prints what happened in a period.
  package static func execute(
    _ places: Places, period: String, format: ReportFormat,
    environment: [String: String] = ProcessID.environment
  ) async -> ExitStatus {
    await Failure.told {
      let wanted = try asked { () throws(ReportPeriodError) in try ReportPeriod(period) }
      let store = StateStore(try StateFolder.openForReading(places))
      let report = try report(of: store, on: wanted)
      StandardStreams.writeOut(
        render(report, format, style: .ofStandardOutput(environment)))
      return .success
    }
  }

  /// What ``execute(_:period:format:environment:)`` prints; exit code 64 in its errors for a
  /// period that is none.
  package static func document(
    of store: StateStore, period: String, format: ReportFormat, style: TextStyle = .plain
  ) throws -> String {
    let wanted = try asked { () throws(ReportPeriodError) in try ReportPeriod(period) }
    return render(try report(of: store, on: wanted), format, style: style)
  }

  private static func render(
    _ report: PeriodReport, _ format: ReportFormat, style: TextStyle
  ) -> String {
    switch format {
    case .text: ReportText.render(report, style)
    case .json: ReportDocument.json(report)
    case .markdown: ReportMarkdown.render(report)
    }
  }

  /// Does something with a period; what is wrong with it is the fault of the command line.
  private static func asked<Value>(
    _ work: () throws(ReportPeriodError) -> Value
  ) throws(RunFailure) -> Value {
    do {
      return try work()
    } catch {
      throw RunFailure(.usage, error.description)
    }
  }

  /// Reads the record of a period and sums it up.
  static func report(of store: StateStore, on period: ReportPeriod) throws -> PeriodReport {
    guard let last = try store.lastRun() else {
      throw RunFailure(
        .inputOutput,
        "there is nothing to report yet: no run has finished. Run `nof0 run` first.")
    }
    let (from, to) = try asked { () throws(ReportPeriodError) in
      try period.bounds(lastRun: last.at)
    }
    return try store.snapshot { store in
      var reading = try PeriodReading(store, from: from, to: to)
      try reading.read()
      let opened = try store.alertsOpened(after: from, through: to, limit: alertsShown)
      return PeriodReport(
        PeriodRecord(
          arena: try store.arenaName(), from: from, to: to, traders: reading.tallies,
          symbols: reading.symbolTallies, benchmark: try reading.benchmark(),
          costs: try reading.costs(),
          alerts: PeriodAlerts(counts: opened.counts, newest: opened.newest),
          killSwitches: try store.killSwitches(
            firedAfter: from, through: to, limit: switchesShown)))
    }
  }
}
