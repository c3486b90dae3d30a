/// A place in a template that cannot be used, and why.
package struct PromptProblem: Sendable, Hashable, CustomStringConvertible {
  /// The path of the template as configured.
  package let path: String
  /// Counted from 1.
  package let line: Int
  /// Counted from 1, in Unicode scalars.
  package let column: Int
  /// What is wrong and what to do, in words.
  package let message: String

  /// The problem in words, for example `prompts/a.mustache:3:5: unknown variable "equty_usd"; did
  /// you mean "equity_usd"?`.
  package var description: String { "\(path):\(line):\(column): \(message)" }
}

/// A template that cannot be used: all its problems, in the order of their places.
package struct PromptTemplateError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Never empty.
  package let problems: [PromptProblem]

  /// The problems in words, one a line.
  package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A prompt that cannot be sent.
package enum PromptError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A message is longer than ``Prompt/maximumBytes``.
  case tooLong(path: String, bytes: Int)

  /// The error in words.
  package var description: String {
    switch self {
    case .tooLong(let path, let bytes):
      "expected a message of at most \(Prompt.maximumBytes) bytes, was \(bytes) from \(path); "
        + "show fewer coins (candidate_limit) or shorten the template"
    }
  }
}
