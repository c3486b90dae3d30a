/// The beginning of a foreign text, fit for one line of a message.
enum Excerpt {
  /// At most that many characters; what is not printable ASCII becomes a dot.
  static func of(_ text: some StringProtocol, atMost limit: Int) -> String {
    of(Array(text.utf8.prefix(limit + 1)), atMost: limit)
  }

  /// The same of bytes.
  static func of(_ bytes: [UInt8], atMost limit: Int = 80) -> String {
    let shown = bytes.prefix(limit).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") }
    return String(decoding: shown, as: UTF8.self) + (bytes.count > limit ? "…" : "")
  }
}
