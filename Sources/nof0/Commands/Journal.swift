import Arena
import ArgumentParser
import Trading

/// The command `nof0 journal`.
struct JournalCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Look at the record of every cycle, and prove that nobody changed it.",
    discussion: """
      One record per trader and cycle is kept in state/journal/TRADER/YYYY-MM-DD.jsonl.gz (read it \
      with zcat), inputs that traders share in state/journal/_shared. Each record carries the \
      SHA-256 of the one before it; where the chains end is kept in the state and published in \
      out/data/manifest.json.

      Examples:
        nof0 journal list
        nof0 journal show --trader ema-cross --cycle 12
        nof0 journal verify && echo whole
      """,
    subcommands: [
      JournalListCommand.self, JournalShowCommand.self, JournalVerifyCommand.self,
      JournalPruneCommand.self,
    ])
}

/// The command `nof0 journal list`.
struct JournalListCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the files of the journal, or the records of one trader's day.",
    discussion: """
      Reads without locking, so it works while a run goes on. With --trader and --day each record \
      has a line.

      Examples:
        nof0 journal list --trader ema-cross
        nof0 journal list --trader ema-cross --day 2025-07-21 --format json
      """)

  @Option(help: ArgumentHelp("Only this trader.", valueName: "id"))
  var trader: String?

  @Option(help: ArgumentHelp("Only this UTC day.", valueName: "day"))
  var day: CivilDay?

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus {
    await JournalListing.execute(
      JournalRequest(places: places.value, output: output.value, trader: trader, day: day))
  }
}

/// The command `nof0 journal show`.
struct JournalShowCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one record: prompt, answer, decisions, admissions, orders, fills.",
    discussion: """
      The record is proven by the one behind it, or by the head in the state; exits with 70 when \
      it is not the one that was written, with 64 when there is none.

      Examples:
        nof0 journal show --trader ema-cross
        nof0 journal show --trader ema-cross --cycle 12 --format json
      """)

  @Option(help: ArgumentHelp("The trader.", valueName: "id"))
  var trader: String

  @Option(help: ArgumentHelp("The cycle; the trader's last one when absent.", valueName: "number"))
  var cycle: Int64?

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus {
    await JournalShow.execute(
      JournalRequest(places: places.value, output: output.value, trader: trader), cycle: cycle)
  }
}

/// The command `nof0 journal verify`.
struct JournalVerifyCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that no record was edited, removed, put in or reordered.",
    discussion: """
      Reads every file and compares each byte, each link of the chains and each shared input with \
      the digests kept. Exits with 70 and one line per finding: what, file, record, cycle. Exits \
      with 75 when the only findings may be what a run is writing just now.

      Example: nof0 journal verify --state state
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus {
    await JournalCommand.verify(JournalRequest(places: places.value, output: output.value))
  }
}

/// The command `nof0 journal prune`.
struct JournalPruneCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Remove the files of old days; what stays is still proven.",
    discussion: """
      Every run does so by itself with journal.keep of nof0.yaml. Takes the run lock: while a run \
      goes on it exits with 75 and nothing is done. --keep counts back from the newest record's \
      day, which always stays.

      Examples:
        nof0 journal prune --keep 30d
        nof0 journal prune --before 2025-07-01
      """)

  @Option(help: ArgumentHelp("The first UTC day that stays.", valueName: "day"))
  var before: CivilDay?

  @Option(help: ArgumentHelp("How long records stay, e.g. 30d.", valueName: "time"))
  var keep: Span?

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (before == nil) != (keep == nil) else {
      throw ValidationError(
        "expected one of --before and --keep, "
          + (before == nil ? "were neither" : "were both"))
    }
    if let keep, keep < .day {
      throw ValidationError("--keep: expected at least 1d, was \(keep)")
    }
  }

  func execute() async -> ExitStatus {
    let request = JournalRequest(places: places.value, output: output.value)
    if let before { return await JournalCommand.prune(request, keeping: .from(before)) }
    return await JournalCommand.prune(request, keeping: .span(keep ?? .day))
  }
}

extension CivilDay: ExpressibleByArgument {
  /// Reads a day of the command line, for example `2025-07-21`.
  package init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
    guard argument.utf8.count == 10, parts.count == 3, let year = Int64(parts[0]),
      let month = Int64(parts[1]), let day = Int64(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }
}
