/// The version that a template states at its head.
enum VersionHeader {
  /// Bytes that are searched.
  static let searched = 8192

  /// What follows the first `version:` within the first 8 KiB: letters, digits, `.`, `_` and `-`,
  /// in any case; empty when there is none.
  static func version(of bytes: [UInt8]) -> String {
    let head = bytes.prefix(searched)
    let word = Array("version:".utf8)
    var offset = 0
    while offset + word.count < head.count {
      defer { offset += 1 }
      guard word.indices.allSatisfy({ lowered(head[offset + $0]) == word[$0] }) else { continue }
      let value = head[(offset + word.count)...].drop(while: TemplateText.isSpace)
        .prefix(while: isVersionByte)
      if !value.isEmpty { return String(decoding: value, as: UTF8.self) }
    }
    return ""
  }

  /// Where the prompt begins: after a first line that is a plain comment and states the version
  /// (`# version: 2`, `// version: 2`, `<!-- version: 2 -->`).
  ///
  /// Comments of the template's own language need no such care.
  static func end(in text: TemplateText) -> Int {
    let start = text.bytes.firstIndex { !TemplateText.isSpace($0) } ?? 0
    let end = text.find("\n", from: start).map { $0 + 1 } ?? text.bytes.count
    let line = text.string(start..<end)
    guard ["#", "//", "<!--"].contains(where: line.hasPrefix), !line.contains("{{"),
      !line.hasPrefix("<!--") || line.contains("-->"),
      !version(of: Array(line.utf8)).isEmpty
    else { return 0 }
    return end
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte + 32 : byte
  }

  private static func isVersionByte(_ byte: UInt8) -> Bool {
    let low = lowered(byte)
    return (97...122).contains(low) || (48...57).contains(byte) || byte == 0x2E || byte == 0x5F
      || byte == 0x2D
  }
}
