import Arena
import ArgumentParser

extension ReportFormat: ExpressibleByArgument {}

/// The command `nof0 report`.
struct Report: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Tell what a period brought: P&L, trades, best and worst trader, costs, alerts.",
    discussion: """
      The named periods end at the last run that finished: hour, day, week (7 days), month (30 \
      days). FROM..TO takes UTC dates or instants; a date as TO is included; without TO the period \
      ends at the last run. Returns are free of money put in or taken out. Reads the state without \
      locking it.

      Example: nof0 report --period week
      Example: nof0 report --period 2025-07-01..2025-07-31 --format markdown
      """)

  @OptionGroup var places: PlaceOptions

  @Option(help: "hour, day, week, month or FROM..TO.")
  var period = "day"

  @Option(help: "text for people, json for programs, markdown for documents.")
  var format: ReportFormat = .text

  func execute() async -> ExitStatus {
    await ArenaReport.execute(places.value, period: period, format: format)
  }
}
