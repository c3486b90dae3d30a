import Arena
import ArgumentParser

/// The command `nof0 replay`.
struct Replay: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Do recorded cycles again and compare them byte by byte.",
    discussion: """
      Every run keeps what it was told in state/journal. This command does such cycles again from \
      that alone, without network, configuration or market data, and compares prompts, decisions, \
      admissions, orders, fills and figures with the record. Exits with 70 and the first \
      difference, or the stored input that is damaged.

      With --counterfactual the recorded answers are judged under other rules, for example \
      min_confidence=70 or traders.scripted.risk_params.max_positions=2, and what each rule would \
      have saved or cost is told.

      Examples:
        nof0 replay --all
        nof0 replay --trader scripted --cycle 12
        nof0 replay --all --counterfactual min_confidence=70
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions
  @Option(help: "The trader whose record is replayed, with --cycle.")
  var trader: String?
  @Option(help: "The cycle that is replayed, with --trader.")
  var cycle: Int64?
  @Option(help: "The run whose cycle is replayed, for all its traders.")
  var run: Int64?
  @Flag(help: "Replay everything that is kept.")
  var all = false
  @Option(
    name: .customLong("counterfactual"), parsing: .upToNextOption,
    help: ArgumentHelp("Rules to judge by instead.", valueName: "key=value"))
  var rules: [String] = []

  func validate() throws {
    guard all != (trader != nil || cycle != nil || run != nil) else {
      throw ValidationError("expected one of --all, --run N, or --trader T --cycle N")
    }
  }

  func execute() async -> ExitStatus {
    await ReplayCommand.execute(
      ReplayCommand.Request(trader: trader, cycle: cycle, run: run, otherRules: rules),
      places.value, output.value)
  }
}
