import Arena
import ArgumentParser
import Trading

/// The command `nof0 run`.
struct Run: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one cycle (or many, on a simulated market).",
    discussion: """
      Examples:
        nof0 run                                one cycle now; what cron calls
        nof0 run --cycles 480                   a day of 3-minute cycles on the synthetic market
        nof0 run --config config/examples/recorded --at 2025-07-21T12:00Z --cycles 480
        nof0 run --dry-run --only ema-cross --force
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Only this trader takes a turn; may be given several times.", valueName: "id"))
  var only: [String] = []

  @Flag(help: "Take turns even when not due.")
  var force = false

  @Flag(help: "Do everything on a copy of the state; send, write and keep nothing.")
  var dryRun = false

  @Option(help: ArgumentHelp("Time the cycle may take; overrides run.deadline.", valueName: "time"))
  var deadline: Span?

  @Option(help: ArgumentHelp("Run this many cycles; simulated markets only.", valueName: "n"))
  var cycles: Int?

  @Option(
    help: ArgumentHelp(
      "Time between the cycles of --cycles; the shortest decision interval by default.",
      valueName: "time"))
  var step: Span?

  @Option(
    help: ArgumentHelp(
      "The time of the (first) cycle, e.g. 2025-07-21T12:00Z; simulated markets only.",
      valueName: "time"))
  var at: Timestamp?

  @Flag(help: "Exit with 3 when a trader failed.")
  var strict = false

  func validate() throws {
    if let cycles, cycles < 1 {
      throw ValidationError("--cycles: expected at least 1, was \(cycles)")
    }
    if let step, step <= .zero { throw ValidationError("--step: expected more than 0s") }
    if let deadline, deadline <= .zero {
      throw ValidationError("--deadline: expected more than 0s")
    }
  }

  func execute() async -> ExitStatus {
    await ArenaRun.execute(
      RunRequest(
        places: places.value, only: only, force: force, isDryRun: dryRun, deadline: deadline,
        cycles: cycles, step: step, at: at, isStrict: strict, output: output.value))
  }
}
