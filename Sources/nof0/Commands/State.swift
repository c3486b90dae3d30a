import Arena
import ArgumentParser

/// The command `nof0 state`.
struct State: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "state",
    abstract: "Look after the state.",
    subcommands: [StateCheckCommand.self, StateRebuildCommand.self])
}

/// The command `nof0 state check`.
struct StateCheckCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Prove that the books are whole: integrity, foreign keys, conservation, journal.",
    discussion: """
      Recomputes every trader's books from its fills, funding and flows and compares them, to the \
      last digit, with what is stored and with the simulated venue's own books, and proves the \
      chains of the journal. Exits with 70 and one sentence per difference when something does \
      not agree.

      Example: nof0 state check --state state
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus { await StateCommand.check(places.value, output.value) }
}

/// The command `nof0 state rebuild`.
struct StateRebuildCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Make the running figures anew from the record.",
    discussion: """
      Performance figures are brought up to date in every run from what is new. This command makes \
      them from all that is on record. With --check nothing is written: it exits with 70 and says \
      which figures differ by more than a billionth.

      Example: nof0 state rebuild --check --state state
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions
  @Flag(help: "Compare only; change nothing.")
  var check = false

  func execute() async -> ExitStatus {
    check
      ? await StateRebuild.check(places.value, output.value)
      : await StateRebuild.execute(places.value, output.value)
  }
}
