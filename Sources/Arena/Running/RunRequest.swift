package import Trading

/// How a command answers.
package enum OutputFormat: String, Sendable, CaseIterable {
  /// For people.
  case text
  /// One JSON document on standard output, for programs.
  case json
}

/// What a command prints, and how much.
package struct Output: Sendable, Equatable {
  /// Text or JSON.
  package let format: OutputFormat
  /// The least level of log lines.
  package let logLevel: String
  /// Whether only errors are printed.
  package let isQuiet: Bool

  /// The levels there are, the most talkative first.
  package static let logLevels = [
    "trace", "debug", "info", "notice", "warning", "error", "critical",
  ]

  /// Output settings from their parts.
  package init(format: OutputFormat, logLevel: String, isQuiet: Bool) {
    self.format = format
    self.logLevel = logLevel
    self.isQuiet = isQuiet
  }
}

/// Where things are on disk.
package struct Places: Sendable, Equatable {
  /// The folder of the configuration.
  package let config: String
  /// The folder of the state.
  package let state: String
  /// The folder of the exports.
  package let out: String

  /// Places from their paths.
  package init(config: String, state: String, out: String) {
    self.config = config
    self.state = state
    self.out = out
  }

  /// The database.
  package var database: String { state + "/nof0.sqlite" }
  /// The lock.
  package var lock: String { state + "/nof0.lock" }
}

/// What `nof0 run` was asked to do.
package struct RunRequest: Sendable, Equatable {
  /// Where things are.
  package let places: Places
  /// Ids of the traders that may take turns; empty = all.
  package let only: [String]
  /// Take turns even when not due.
  package let force: Bool
  /// Send, write and keep nothing.
  package let isDryRun: Bool
  /// Time a cycle may take; `nil` = the configuration's.
  package let deadline: Span?
  /// How many cycles; `nil` = one.
  package let cycles: Int?
  /// Time between cycles; `nil` = the shortest decision interval.
  package let step: Span?
  /// The time of the first cycle; `nil` = now, or where the last run ended.
  package let at: Timestamp?
  /// Exit with 3 when some trader failed.
  package let isStrict: Bool
  /// How to answer.
  package let output: Output

  /// A request from its parts.
  package init(
    places: Places, only: [String], force: Bool, isDryRun: Bool, deadline: Span?, cycles: Int?,
    step: Span?, at: Timestamp?, isStrict: Bool, output: Output
  ) {
    self.places = places
    self.only = only
    self.force = force
    self.isDryRun = isDryRun
    self.deadline = deadline
    self.cycles = cycles
    self.step = step
    self.at = at
    self.isStrict = isStrict
    self.output = output
  }
}
