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
  /// The journal.
  package var journal: String { state + "/journal" }
}

/// Where the exchanges with models and http executors are kept or come from.
package enum CassetteUse: Sendable, Equatable {
  /// They go over the network and are kept nowhere else than in the state.
  case off
  /// They go over the network and are added to this file.
  case record(path: String)
  /// They come from this file; the network is not touched.
  case replay(path: String)
}

/// What of the traders' thinking is shown.
package struct Inspection: Sendable, Equatable {
  /// Ids of the traders whose way from prompt to order is told.
  package let explained: [String]
  /// Whether to print what the traders would be sent, and ask nobody.
  package let dumpsPrompts: Bool

  /// An inspection from its parts.
  package init(explained: [String], dumpsPrompts: Bool) {
    self.explained = explained
    self.dumpsPrompts = dumpsPrompts
  }

  /// Nothing of it.
  package static let none = Inspection(explained: [], dumpsPrompts: false)
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
  package private(set) var isDryRun: Bool
  /// Whether real orders are wanted; the configuration has to want them too, see ``LiveRule``.
  package let isLive: Bool
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
  /// What of the traders' thinking is shown.
  package let inspection: Inspection
  /// Where exchanges with models are kept or come from.
  package let cassette: CassetteUse

  /// A request from its parts.
  package init(
    places: Places, only: [String], force: Bool, isDryRun: Bool, isLive: Bool,
    deadline: Span?, cycles: Int?, step: Span?, at: Timestamp?, isStrict: Bool, output: Output,
    inspection: Inspection = .none, cassette: CassetteUse = .off
  ) {
    self.places = places
    self.only = only
    self.force = force
    self.isDryRun = isDryRun
    self.isLive = isLive
    self.deadline = deadline
    self.cycles = cycles
    self.step = step
    self.at = at
    self.isStrict = isStrict
    self.output = output
    self.inspection = inspection
    self.cassette = cassette
  }
}

extension RunRequest {
  /// The request as it is carried out with a configuration: dry where real orders are not wanted
  /// both here and there.
  ///
  /// - Returns: The request, and why it became dry; empty where it was asked to be, or is not.
  func made(of config: ArenaConfig) -> (request: RunRequest, reasons: [String]) {
    guard !isDryRun,
      case .dry(let reasons) = LiveRule.mode(of: config, isLive: isLive, isDryRun: false)
    else { return (self, []) }
    var dry = self
    dry.isDryRun = true
    return (dry, reasons)
  }
}
