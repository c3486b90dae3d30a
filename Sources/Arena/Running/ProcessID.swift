import Glibc

/// The process itself.
package enum ProcessID {
  /// Its number.
  package static var current: Int32 { getpid() }

  /// Its environment.
  package static var environment: [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let split = text.firstIndex(of: "=") {
        variables[String(text[..<split])] = String(text[text.index(after: split)...])
      }
      next += 1
    }
    return variables
  }
}

/// How the process ends.
package enum ProcessExit {
  /// Ends the process with a code.
  package static func exit(_ code: ExitStatus) -> Never { Glibc.exit(code.rawValue) }
}

/// How failures are told.
enum Failure {
  /// One line on stderr: `nof0: PHASE: message`.
  static func print(_ failure: RunFailure) {
    let phase = failure.phase.map { "\($0.rawValue): " } ?? ""
    StandardStreams.writeError("nof0: \(phase)\(failure.message)\n")
  }
}
