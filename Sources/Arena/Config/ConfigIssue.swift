/// Something about the configuration that its owner should know, with its place and what to do.
package struct ConfigIssue: Sendable, Hashable, CustomStringConvertible {
  /// How bad it is.
  package enum Severity: String, Sendable, CaseIterable {
    /// Nothing can run until it is put right.
    case error
    /// It has no effect, or less than its writer may think.
    case notice
  }

  /// How bad it is.
  package let severity: Severity
  /// Where it is.
  package let place: ConfigPlace
  /// The key it is about, with its path, for example `traders.random.symbols`; empty when it is
  /// about a whole file.
  package let key: String
  /// What is wrong, in words that never contain a secret.
  package let problem: String
  /// What to do about it.
  package let advice: String

  /// An issue from its parts.
  package init(
    _ severity: Severity, at place: ConfigPlace, key: String, problem: String, advice: String
  ) {
    self.severity = severity
    self.place = place
    self.key = key
    self.problem = problem
    self.advice = advice
  }

  /// `file:line:column: error: problem; advice`.
  package var description: String { "\(place): \(severity.rawValue): \(problem); \(advice)" }
}

/// A place in a configuration file.
package struct ConfigPlace: Sendable, Hashable, CustomStringConvertible {
  /// The file as its reader knows it, for example `config/manager.yaml`.
  package let file: String
  /// The line, counted from 1.
  package let line: Int
  /// The column in characters, counted from 1.
  package let column: Int

  /// A place from its parts.
  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`.
  package var description: String { "\(file):\(line):\(column)" }
}

extension ConfigIssue {
  /// The same issue with a file name in front of which the directory stands.
  func prefixed(by directory: String) -> ConfigIssue {
    let place = ConfigPlace(
      file: directory + place.file, line: place.line, column: place.column)
    return ConfigIssue(severity, at: place, key: key, problem: problem, advice: advice)
  }
}

/// Foreign text as it may stand in a message: quoted, on one line, at most 40 characters.
func quoted(_ text: String) -> String {
  var shown = ""
  for scalar in text.unicodeScalars.prefix(40) {
    shown.unicodeScalars.append(scalar.value < 32 || scalar.value == 127 ? "\u{FFFD}" : scalar)
  }
  return "\"\(shown)\(text.unicodeScalars.count > 40 ? "…" : "")\""
}
