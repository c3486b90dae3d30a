import Executor
import Manager
import Trading

/// `nof0 config`, and how every command reads the configuration.
package enum ConfigCommand {
  /// Loads the configuration and prints its problems.
  ///
  /// With `toRun` it must also be fit for a run of this version. Exit code 78 when there is an
  /// error.
  static func load(
    _ places: Places, _ environment: [String: String], _ output: Output, toRun: Bool
  ) throws(RunFailure) -> ArenaConfig {
    try loadWithEnvironment(places, environment, output, toRun: toRun).config
  }

  /// ``load(_:_:_:toRun:)`` with the environment that secrets are resolved in.
  static func loadWithEnvironment(
    _ places: Places, _ environment: [String: String], _ output: Output, toRun: Bool
  ) throws(RunFailure) -> (config: ArenaConfig, environment: ConfigEnvironment) {
    let (config, loaded) = try loadWhole(places, environment, output, toRun: toRun)
    return (config, loaded.environment)
  }

  /// ``load(_:_:_:toRun:)`` with all that is known of the configuration.
  static func loadWhole(
    _ places: Places, _ environment: [String: String], _ output: Output, toRun: Bool
  ) throws(RunFailure) -> (config: ArenaConfig, loaded: LoadedConfig) {
    let loaded = ConfigFiles.load(directory: places.config, environment: environment)
    var issues = loaded.issues
    if toRun, let config = loaded.config { issues += config.issuesForRun }
    let errors = issues.filter { $0.severity == .error }
    let shown = output.isQuiet || toRun ? errors : issues
    for issue in shown { StandardStreams.writeError("\(issue)\n") }
    guard errors.isEmpty, let config = loaded.config else {
      throw RunFailure(
        .configuration, phase: .configure,
        "\(errors.count) problem\(errors.count == 1 ? "" : "s") in \(places.config); "
          + "nothing was touched")
    }
    return (config, loaded)
  }

  /// Prints every value with where it comes from.
  package static func show(
    _ places: Places, _ output: Output,
    environment: [String: String] = ProcessID.environment
  ) -> ExitStatus {
    let loaded = ConfigFiles.load(directory: places.config, environment: environment)
    for issue in loaded.issues where !output.isQuiet || issue.severity == .error {
      StandardStreams.writeError("\(issue)\n")
    }
    guard loaded.config != nil else { return .configuration }
    switch output.format {
    case .text: StandardStreams.writeOut(loaded.effective.text)
    case .json: StandardStreams.writeOut(loaded.effective.json)
    }
    return .success
  }

  /// Prints the variables of prompt templates.
  package static func prompts() -> ExitStatus {
    for (key, vocabulary) in [
      ("prompt_template", PromptVocabulary.persona),
      ("executor_prompt_template", PromptVocabulary.user),
    ] {
      StandardStreams.writeOut(
        "\(vocabulary.message) (\(key) of a trader in manager.yaml)\n"
          + vocabulary.documentation + "\n")
    }
    return .success
  }

  /// Prints the rules that decide about a trader's wishes, with its numbers.
  ///
  /// Without a trader it prints them without numbers, and needs no configuration.
  package static func rules(
    of trader: String?, _ places: Places, _ output: Output,
    environment: [String: String] = ProcessID.environment
  ) -> ExitStatus {
    var spec: TraderSpec?
    if let trader {
      let loaded = ConfigFiles.load(directory: places.config, environment: environment)
      for issue in loaded.errors { StandardStreams.writeError("\(issue)\n") }
      guard let traders = loaded.config?.traders else { return .configuration }
      spec = traders.first { $0.id.name == trader }
      guard spec != nil else {
        let ids = traders.map(\.id.name)
        let advice =
          NearestName.of(trader, among: ids).map { "did you mean \($0)?" }
          ?? "use one of \(ids.joined(separator: ", "))"
        StandardStreams.writeError(
          "--trader: \(places.config) has no trader \(quoted(trader)); \(advice)\n")
        return .usage
      }
    }
    let table = RuleTable(spec)
    switch output.format {
    case .text: StandardStreams.writeOut(table.text)
    case .json: StandardStreams.writeOut(table.json)
    }
    return .success
  }

  /// Prints the JSON Schema of the configuration.
  package static func schema() -> ExitStatus {
    StandardStreams.writeOut(ConfigSchema.text)
    return .success
  }
}
