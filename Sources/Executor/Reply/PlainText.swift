/// What to make of characters that only look like those of JSON.
enum LookAlike: Equatable {
  /// Stands for an ASCII character.
  case ascii(UInt8)
  /// A space JSON does not know.
  case space
  /// Cannot be seen.
  case zeroWidth
  /// A typographic double quote.
  case smartQuote
  /// The full-width double quote.
  case wideQuote
  /// Anything else.
  case other

  init(_ scalar: UInt32) {
    switch scalar {
    case 0xFF02: self = .wideQuote
    case 0xFF01...0xFF5E: self = .ascii(UInt8(scalar - 0xFEE0))
    case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0xFEFF, 0x00AD: self = .zeroWidth
    case 0x00A0, 0x0085, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: self = .space
    case 0x201C...0x201F: self = .smartQuote
    default: self = .other
    }
  }
}

/// Bytes of UTF-8 that are known to be valid.
enum UTF8Text {
  /// The character at an index and its length in bytes.
  static func scalar(in bytes: [UInt8], at index: Int) -> (value: UInt32, length: Int) {
    let lead = UInt32(bytes[index])
    if lead < 0x80 { return (lead, 1) }
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    var value = lead & (0x7F >> UInt32(length))
    for offset in 1..<length where index + offset < bytes.count {
      value = value << 6 | UInt32(bytes[index + offset] & 0x3F)
    }
    return (value, length)
  }
}

/// Words and numbers of a reply as plain characters; never applied to texts for people.
enum PlainText {
  /// The text with full-width characters made plain, invisible ones dropped, no spaces around it.
  static func folded(_ text: String, _ notes: inout ReplyNotes) -> String {
    if text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return text }
    var plain = ""
    for scalar in text.unicodeScalars {
      switch LookAlike(scalar.value) {
      case .ascii(let byte):
        notes.add(.fullWidth)
        plain.unicodeScalars.append(Unicode.Scalar(byte))
      case .zeroWidth: notes.add(.zeroWidthRemoved)
      case .space:
        notes.add(.unicodeSpace)
        plain.unicodeScalars.append(" ")
      case .smartQuote, .wideQuote, .other: plain.unicodeScalars.append(scalar)
      }
    }
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" }
    let front = plain.drop(while: isSpace)
    return String(front.reversed().drop(while: isSpace).reversed())
  }

  /// A word in lower case with `_` for spaces and dashes.
  static func word(_ text: String) -> String {
    String(text.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
  }

  /// Foreign text for a message: at most 60 characters of one line.
  static func quoted(_ text: String) -> String {
    var quoted = ""
    var count = 0
    for scalar in text.unicodeScalars {
      count += 1
      if count > 60 { return "\"\(quoted)…\"" }
      let isPlain =
        scalar.value >= 0x20 && scalar.value != 0x7F && LookAlike(scalar.value) == .other
      quoted.unicodeScalars.append(isPlain ? scalar : "?")
    }
    return "\"\(quoted)\""
  }
}
