import Arena
import ArgumentParser

/// The command `nof0 status`.
struct Status: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the leaderboard, positions, last runs and open alerts.",
    discussion: """
      Reads the state without locking it, so it works while a run goes on.

      Example: nof0 status --format json
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus { await ArenaStatus.execute(places.value, output.value) }
}
