import Glibc
package import Logging
import Trading

/// Log lines on stderr: level, message, key=value; one line each.
package struct LineLog: LogHandler {
  /// The least level that is written.
  package var logLevel: Logger.Level
  /// Values that every line carries.
  package var metadata: Logger.Metadata = [:]

  /// A handler that writes lines of at least this level.
  package init(level: Logger.Level) { logLevel = level }

  /// A value that every line carries.
  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes a line.
  package func log(event: LogEvent) {
    let pairs = metadata.merging(event.metadata ?? [:]) { _, new in new }
    var line = "\(event.level) \(event.message)"
    for (key, value) in pairs.sorted(by: { $0.key < $1.key }) {
      line += " \(key)=\(quoted("\(value)"))"
    }
    StandardStreams.writeError(Readable.harmlessLine(line) + "\n")
  }

  private func quoted(_ value: String) -> String {
    value.isEmpty || value.contains { $0 == " " || $0.isNewline } ? "\"\(value)\"" : value
  }
}

/// The process's output, unbuffered.
package enum StandardStreams {
  /// Writes to standard output.
  package static func writeOut(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Writes to standard error.
  package static func writeError(_ text: String) { write(text, to: STDERR_FILENO) }

  /// Whether standard output is a terminal.
  package static var outIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether standard error is a terminal.
  package static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      // A reader that went away (a closed pipe) is no reason to fail a run that has done its work.
      guard count > 0 else { return }
      written += count
    }
  }
}
