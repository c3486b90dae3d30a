/// Text that no log, message or dump shows.
package struct Redacted: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let text: String

  /// Hides a text.
  package init(_ text: String) { self.text = text }

  /// The text itself, for the one place that signs or authenticates with it.
  package func revealed() -> String { text }

  /// Always `•••`.
  package var description: String { "•••" }

  /// Always `•••`.
  package var debugDescription: String { "•••" }

  /// A mirror without children.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where a secret is to be found; the configuration does not carry the secret itself.
package enum SecretReference: Sendable, Equatable, CustomStringConvertible {
  /// In an environment variable of that name.
  case environment(variable: String)
  /// In a file that only its owner may read (mode 0600).
  case file(path: String)
  /// In the configuration file itself, which is advised against.
  case literal(Redacted)

  /// Where it is to be found, never what it is.
  package var description: String {
    switch self {
    case .environment(let variable): "${\(variable)}"
    case .file(let path): "the file \(path)"
    case .literal: "•••"
    }
  }

  /// The secret, when the configuration or the environment holds it.
  ///
  /// - Returns: `nil` when the variable is not set or blank, and for a secret in a file, which the
  ///   caller has to read.
  package func resolved(in environment: ConfigEnvironment) -> Redacted? {
    switch self {
    case .literal(let secret): secret
    case .environment(let variable):
      environment[variable].flatMap { $0.isEmpty ? nil : Redacted($0) }
    case .file: nil
    }
  }
}
