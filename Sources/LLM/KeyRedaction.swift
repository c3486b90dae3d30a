import Wire

/// Takes the key of a model out of texts that come from outside.
struct KeyRedaction: Sendable {
  private let redaction: Redaction

  /// A redaction of a key; of none and of placeholders nothing is taken out.
  init(_ key: APIKey?) {
    let secrets = [key?.secret].compactMap { $0 }
    redaction = Redaction(
      secrets: secrets.filter { $0.utf8.count >= Redaction.leastSecretBytes })
  }

  /// The text with stars for each occurrence of the key.
  func clean(_ text: String) -> String { redaction.text(text) }

  /// One line of at most 300 characters without the key, for messages; cut after cleaning.
  func excerpt(_ text: String) -> String {
    let words = clean(text).unicodeScalars.split {
      $0.properties.isWhitespace || $0.properties.generalCategory == .control
    }
    let line = words.map { String($0) }.joined(separator: " ").unicodeScalars
    guard line.count > 300 else { return String(line) }
    return String(line.prefix(300)) + "…"
  }
}
