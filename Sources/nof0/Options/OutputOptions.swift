import Arena
import ArgumentParser
import Trading

extension OutputFormat: ExpressibleByArgument {}

/// How a command answers.
struct OutputOptions: ParsableArguments {
  @Option(help: "text for people, json for programs.")
  var format: OutputFormat = .text

  @Option(
    help: "The least level of log lines on stderr: trace debug info notice warning error critical.")
  var logLevel = "notice"

  @Flag(help: "Print nothing but errors.")
  var quiet = false

  func validate() throws {
    guard Output.logLevels.contains(logLevel) else {
      throw ValidationError(
        "--log-level: expected one of \(Output.logLevels.joined(separator: ", ")), "
          + "was \(logLevel)")
    }
  }

  /// The same as the arena wants it.
  var value: Output { Output(format: format, logLevel: logLevel, isQuiet: quiet) }
}

extension Span: ExpressibleByArgument {
  /// Reads a duration of the command line, for example `3m`.
  package init?(argument: String) { self.init(argument) }
}

extension Timestamp: ExpressibleByArgument {
  /// Reads an instant of the command line, for example `2025-07-21T12:00Z`.
  package init?(argument: String) { self.init(argument) }
}
