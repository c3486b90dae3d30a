import Glibc

/// Why a secret cannot be had; never a part of it.
package struct SecretFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, beginning with what it is about, for example `the variable KEY is not set`.
  package let problem: String
  /// What to do about it.
  package let advice: String

  /// `problem; advice`.
  package var description: String { "\(problem); \(advice)" }
}

/// Gets secrets from where the configuration says they are.
package enum SecretReader {
  /// The largest file a secret is read from, in bytes.
  private static let maximumBytes = 65_536

  /// The secret that a reference points at, without white space around it.
  ///
  /// - Parameters:
  ///   - reference: Where it is.
  ///   - environment: The variables, those of `.env` added: ``LoadedConfig/environment``.
  /// - Returns: Printable ASCII without spaces, never empty.
  /// - Throws: Why it cannot be had.
  package static func read(
    _ reference: SecretReference, _ environment: ConfigEnvironment
  ) throws(SecretFailure) -> String {
    switch reference {
    case .literal(let secret): return try checked(secret.revealed(), reference)
    case .environment(let variable):
      return try checked(environment[variable] ?? "", reference)
    case .file(let path): return try checked(text(of: path), reference)
    }
  }

  /// The text as a secret, once it can be one.
  static func checked(
    _ text: String, _ reference: SecretReference
  ) throws(SecretFailure) -> String {
    let secret = trimmed(text)
    guard !secret.isEmpty else {
      switch reference {
      case .literal: throw SecretFailure(problem: "the key is empty", advice: "write it")
      case .environment(let variable):
        throw SecretFailure(
          problem: "the variable \(variable) is not set",
          advice: "set it in the environment or in .env")
      case .file(let path):
        throw SecretFailure(
          problem: "the file \(path) holds no key", advice: "write the key into it")
      }
    }
    // Whatever else stood in it could end the header it is sent in.
    guard secret.utf8.allSatisfy({ (33...126).contains($0) }) else {
      throw SecretFailure(
        problem: "the key in \(place(of: reference)) has spaces, line breaks or letters beyond "
          + "ASCII in it",
        advice: "copy it again")
    }
    return secret
  }

  private static func place(of reference: SecretReference) -> String {
    switch reference {
    case .literal: "the configuration"
    case .environment(let variable): "the variable \(variable)"
    case .file(let path): "the file \(path)"
    }
  }

  private static func trimmed(_ text: String) -> String {
    var rest = text.unicodeScalars[...]
    let isSpace: (Unicode.Scalar) -> Bool = { [" ", "\t", "\r", "\n"].contains($0) }
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(rest)
  }

  private static func text(of path: String) throws(SecretFailure) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw SecretFailure(
        problem: "the file \(path) cannot be read: \(String(cString: strerror(errno)))",
        advice: "create it with the key in it and mode 0600")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw SecretFailure(
        problem: "\(path) is not a file", advice: "name a file with the key in it")
    }
    let mode = status.st_mode & 0o777
    guard mode & 0o077 == 0 else {
      throw SecretFailure(
        problem: "the file \(path) has mode 0\(String(mode, radix: 8)), so that others may use it",
        advice: "run chmod 600 \(path)")
    }
    guard case .text(let text) = ConfigFiles.text(of: descriptor, limit: maximumBytes) else {
      throw SecretFailure(
        problem: "the file \(path) cannot be read as a key",
        advice: "write the key and nothing else into it")
    }
    return text
  }
}
