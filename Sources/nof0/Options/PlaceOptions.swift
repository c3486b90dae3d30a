import Arena
import ArgumentParser

/// Where the configuration, the state and the exports are.
struct PlaceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The folder with the six YAML files.", valueName: "dir"))
  var config = "config"

  @Option(help: ArgumentHelp("The folder with the database and the lock.", valueName: "dir"))
  var state = "state"

  @Option(help: ArgumentHelp("The folder the JSON files are written to.", valueName: "dir"))
  var out = "out"

  /// The same as the arena wants it.
  var value: Places { Places(config: config, state: state, out: out) }
}
