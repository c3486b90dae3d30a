/// Takes a key out of texts that come from outside.
struct Redaction: Sendable {
  /// Keys with fewer bytes are placeholders of local servers, like `none` or `EMPTY`; taking such
  /// a word out of answers would harm them and protect nothing.
  static let leastBytes = 8

  private let secret: [UInt8]

  /// A redaction of a key; `nil` = there is nothing to take out.
  init(_ key: APIKey?) {
    let bytes = Array((key?.secret ?? "").utf8)
    secret = bytes.count >= Self.leastBytes ? bytes : []
  }

  /// The text with stars for each occurrence of the key.
  func clean(_ text: String) -> String {
    guard !secret.isEmpty, text.utf8.count >= secret.count else { return text }
    let bytes = Array(text.utf8)
    var cleaned: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == secret[0], bytes[index...].starts(with: secret) {
        cleaned.append(contentsOf: "***".utf8)
        index += secret.count
      } else {
        cleaned.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: cleaned, as: UTF8.self)
  }

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
