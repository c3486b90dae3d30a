import Arena
import ArgumentParser
import Trading

/// The command `nof0 run`.
struct Run: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run one cycle (or many, on a simulated market).",
    discussion: """
      Examples:
        nof0 run                                one cycle now; what cron calls
        nof0 run --cycles 480                   a day of 3-minute cycles on the synthetic market
        nof0 run --config config/examples/recorded --at 2025-07-21T12:00Z --cycles 480
        nof0 run --dry-run --only ema-cross --force
        nof0 run --live                         real orders, if exchange.yaml agrees
        nof0 run --dump-prompt --only deepseek  what a model would see; nobody is asked
        nof0 run --explain deepseek             why its decisions went the way they did
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Only this trader takes a turn; may be given several times.", valueName: "id"))
  var only: [String] = []

  @Flag(help: "Take turns even when not due.")
  var force = false

  @Flag(
    help: "Do everything on a copy of the state; send no order, keep nothing but what models cost.")
  var dryRun = false

  @Flag(
    help: ArgumentHelp(
      "Send real orders.",
      discussion: """
        Needed besides live: true in exchange.yaml; without both a run on a real venue is dry. \
        On simulated exchanges it changes nothing.
        """))
  var live = false

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
      "The time of the (first) cycle, e.g. 2025-07-21T12:00Z; simulated markets and stand-ins "
        + "only.",
      valueName: "time"))
  var at: Timestamp?

  @Flag(help: "Exit with 3 when a trader failed.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "Tell this trader's way from prompt to order; may be given several times.",
      valueName: "id"))
  var explain: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Print what the traders (of --only) would be sent and ask nobody.",
      discussion: "Works on a copy of the state, as --dry-run does, and takes every turn."))
  var dumpPrompt = false

  @Option(
    help: ArgumentHelp(
      "Add every exchange with a model to this file, without keys.", valueName: "file"))
  var record: String?

  @Option(
    help: ArgumentHelp(
      "Answer for the models from a file of --record; no network.", valueName: "file"))
  var replay: String?

  func validate() throws {
    if let cycles, cycles < 1 {
      throw ValidationError("--cycles: expected at least 1, was \(cycles)")
    }
    if let step, step <= .zero { throw ValidationError("--step: expected more than 0s") }
    if let deadline, deadline <= .zero {
      throw ValidationError("--deadline: expected more than 0s")
    }
    if record != nil, replay != nil {
      throw ValidationError("--record and --replay: expected one of them, were both")
    }
    if dumpPrompt, cycles != nil {
      throw ValidationError("--dump-prompt: expected one cycle, was --cycles")
    }
  }

  func execute() async -> ExitStatus {
    await ArenaRun.execute(
      RunRequest(
        places: places.value, only: only, force: force || dumpPrompt,
        isDryRun: dryRun || dumpPrompt, isLive: live, deadline: deadline, cycles: cycles,
        step: step, at: at, isStrict: strict, output: output.value,
        inspection: Inspection(explained: explain, dumpsPrompts: dumpPrompt), cassette: cassette))
  }

  private var cassette: CassetteUse {
    if let record { return .record(path: record) }
    if let replay { return .replay(path: replay) }
    return .off
  }
}
