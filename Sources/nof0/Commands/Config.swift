import Arena
import ArgumentParser

/// The command `nof0 config`.
struct Config: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Check the configuration and print every value with where it comes from.",
    discussion: """
      Secrets are masked. Every problem is reported at once, with file, line and column.

      Examples:
        nof0 config
        nof0 config --config /path/to/nof0/etc
        nof0 config schema > nof0.schema.json
        nof0 config prompts
        nof0 config rules --trader momentum
      """,
    subcommands: [
      ConfigSchemaCommand.self, ConfigPromptsCommand.self, ConfigRulesCommand.self,
    ])

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus { ConfigCommand.show(places.value, output.value) }
}

/// The command `nof0 config schema`.
struct ConfigSchemaCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of the configuration.")

  func execute() async -> ExitStatus { ConfigCommand.schema() }
}

/// The command `nof0 config prompts`.
struct ConfigPromptsCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "prompts",
    abstract: "Print every variable that a prompt template may use, with what it says.")

  func execute() async -> ExitStatus { ConfigCommand.prompts() }
}

/// The command `nof0 config rules`.
struct ConfigRulesCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Print the rules that every wish of a trader must pass, in their order.",
    discussion: """
      With --trader its limits stand behind their keys. These are the rules that are enforced, \
      and the ones that models are told.

      Examples:
        nof0 config rules
        nof0 config rules --trader momentum
        nof0 config rules --trader momentum --format json
      """)

  @Option(help: ArgumentHelp("The trader whose numbers are shown.", valueName: "id"))
  var trader: String?

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus { ConfigCommand.rules(of: trader, places.value, output.value) }
}
