import Arena
import ArgumentParser

/// The command `nof0 state`.
struct State: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "state",
    abstract: "Look after the state.", subcommands: [StateCheckCommand.self])
}

/// The command `nof0 state check`.
struct StateCheckCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Prove that the books are whole: integrity, foreign keys, conservation.",
    discussion: """
      Recomputes every trader's books from its fills, funding and flows and compares them, to the \
      last digit, with what is stored and with the simulated venue's own books. Exits with 70 and \
      one sentence per difference when something does not agree.

      Example: nof0 state check --state state
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus { await StateCommand.check(places.value, output.value) }
}
