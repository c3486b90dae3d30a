import Arena
import ArgumentParser

/// The command `nof0 export`.
struct Export: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the JSON files under out/data anew from the state.",
    discussion: """
      Takes the lock, changes nothing in the state, and publishes one new generation. Prices are \
      those of the last run.

      Example: nof0 export --out /var/www/arena
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus { await ArenaExport.execute(places.value, output.value) }
}
