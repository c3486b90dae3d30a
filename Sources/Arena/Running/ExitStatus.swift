/// What the process tells its caller, after BSD's sysexits.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  /// The cycle completed; single traders may have failed, see the summary.
  case success = 0
  /// With `--strict`: some trader failed.
  case traderFailed = 3
  /// The command line was wrong.
  case usage = 64
  /// Something inside failed: the database, a broken promise.
  case internalFailure = 70
  /// The exports could not be created.
  case cannotCreate = 73
  /// Reading or writing failed, or the clock cannot be trusted.
  case inputOutput = 74
  /// Another run holds the lock.
  case locked = 75
  /// The configuration is wrong.
  case configuration = 78

  /// What it means, in one line.
  package var summary: String {
    switch self {
    case .success: "the cycle completed; single traders may have failed, see the summary"
    case .traderFailed: "with --strict: some trader failed"
    case .usage: "the command line is wrong"
    case .internalFailure: "internal: the database or a check of our own failed"
    case .cannotCreate: "the exports could not be created"
    case .inputOutput: "input or output failed, or the clock went back"
    case .locked: "another run holds the lock"
    case .configuration: "the configuration is wrong; nothing was touched"
    }
  }
}

/// A failure that ends the run, with the sentence for the operator and the exit code.
package struct RunFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What the process exits with.
  package let code: ExitStatus
  /// The phase it happened in; `nil` outside of a cycle.
  package let phase: Phase?
  /// What happened and what to do.
  package let message: String

  /// A failure from its parts.
  package init(_ code: ExitStatus, phase: Phase? = nil, _ message: String) {
    self.code = code
    self.phase = phase
    self.message = message
  }

  /// The message.
  package var description: String { message }
}
