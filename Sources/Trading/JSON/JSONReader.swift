/// Why a text is not JSON.
package struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where, in bytes from the start.
  package let offset: Int
  /// What was expected and what was there.
  package let problem: String

  /// The error in words.
  package var description: String { "byte \(offset): \(problem)" }
}

/// Reads JSON strictly after RFC 8259.
///
/// A name that appears twice in an object, a nesting deeper than ``maxDepth``, a lone surrogate and
/// invalid UTF-8 are refused: what is read has one meaning only.
package struct JSONReader {
  private let bytes: [UInt8]
  private var index: Int
  private var depth = 0

  /// The deepest nesting that is read.
  package static let maxDepth = 64

  /// The value of a whole document; only white space may surround it.
  package static func value(of bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
    let (value, end) = try prefix(of: bytes, from: 0)
    var reader = JSONReader(bytes: bytes, index: end)
    reader.skipSpace()
    guard reader.index == bytes.count else { throw reader.expected("the end of the document") }
    return value
  }

  /// The value of a whole document given as text; see ``value(of:)-(Array<UInt8>)``.
  package static func value(of text: String) throws(JSONSyntaxError) -> JSONValue {
    try value(of: Array(text.utf8))
  }

  /// The value that begins at an index, white space before it allowed, and the index behind it.
  ///
  /// What follows is not looked at.
  package static func prefix(
    of bytes: [UInt8], from start: Int
  ) throws(JSONSyntaxError) -> (value: JSONValue, end: Int) {
    var reader = JSONReader(bytes: bytes, index: start)
    let value = try reader.readValue()
    return (value, reader.index)
  }

  private init(bytes: [UInt8], index: Int) {
    self.bytes = bytes
    self.index = index
  }
}

extension JSONReader {
  private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func expected(_ what: String) -> JSONSyntaxError {
    let found =
      switch byte {
      case nil: "the end of the text"
      case let byte? where byte > 0x20 && byte < 0x7F: "\"\(Character(Unicode.Scalar(byte)))\""
      case let byte?: "byte \(byte)"
      }
    return JSONSyntaxError(offset: index, problem: "expected \(what), was \(found)")
  }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
  }

  private mutating func readValue() throws(JSONSyntaxError) -> JSONValue {
    skipSpace()
    switch byte {
    case UInt8(ascii: "{"): return try readObject()
    case UInt8(ascii: "["): return try readArray()
    case UInt8(ascii: "\""): return .text(try readText())
    case UInt8(ascii: "t"): return try readWord("true", .flag(true))
    case UInt8(ascii: "f"): return try readWord("false", .flag(false))
    case UInt8(ascii: "n"): return try readWord("null", .null)
    default: return .number(try readNumber())
    }
  }

  private mutating func readWord(
    _ word: String, _ value: JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    guard bytes[index...].starts(with: word.utf8) else { throw expected("a value") }
    index += word.utf8.count
    return value
  }

  private mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    guard depth <= Self.maxDepth else {
      throw JSONSyntaxError(
        offset: index, problem: "expected at most \(Self.maxDepth) nested lists and objects")
    }
    index += 1
    skipSpace()
  }

  private mutating func readArray() throws(JSONSyntaxError) -> JSONValue {
    try enter()
    var elements: [JSONValue] = []
    if byte != UInt8(ascii: "]") {
      repeat { elements.append(try readValue()) } while try another(closedBy: "]")
    }
    index += 1
    depth -= 1
    return .array(elements)
  }

  private mutating func readObject() throws(JSONSyntaxError) -> JSONValue {
    try enter()
    var members: [JSONMember] = []
    var names: Set<String> = []
    if byte != UInt8(ascii: "}") {
      repeat {
        skipSpace()
        guard byte == UInt8(ascii: "\"") else { throw expected("a name in quotes") }
        let start = index
        let name = try readText()
        guard names.insert(name).inserted else {
          throw JSONSyntaxError(
            offset: start, problem: "expected each name once, was \"\(name)\" a second time")
        }
        skipSpace()
        guard byte == UInt8(ascii: ":") else { throw expected("a colon") }
        index += 1
        members.append(JSONMember(name, try readValue()))
      } while try another(closedBy: "}")
    }
    index += 1
    depth -= 1
    return .object(members)
  }

  /// Steps over a comma; `false` at the closing bracket, which is left in place.
  private mutating func another(
    closedBy bracket: Unicode.Scalar
  ) throws(JSONSyntaxError) -> Bool {
    skipSpace()
    if byte == UInt8(ascii: ",") {
      index += 1
      return true
    }
    guard byte == UInt8(ascii: bracket) else { throw expected("a comma or \(bracket)") }
    return false
  }

  private mutating func readNumber() throws(JSONSyntaxError) -> String {
    let start = index
    if byte == UInt8(ascii: "-") { index += 1 }
    if byte == UInt8(ascii: "0") {
      index += 1
    } else {
      try readDigits(or: "a value")
    }
    if byte == UInt8(ascii: ".") {
      index += 1
      try readDigits(or: "a digit")
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      index += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { index += 1 }
      try readDigits(or: "a digit")
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func readDigits(or what: String) throws(JSONSyntaxError) {
    guard let first = byte, (48...57).contains(first) else { throw expected(what) }
    while let byte, (48...57).contains(byte) { index += 1 }
  }

  /// The text whose opening quote is the present byte.
  private mutating func readText() throws(JSONSyntaxError) -> String {
    let start = index
    index += 1
    var text: [UInt8] = []
    while true {
      guard let byte else { throw expected("a closing quote") }
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        guard let read = String(validating: text, as: UTF8.self) else {
          throw JSONSyntaxError(offset: start, problem: "expected a text in UTF-8")
        }
        return read
      case UInt8(ascii: "\\"): try readEscape(into: &text)
      case 0..<0x20: throw expected("a control character to be escaped")
      default: appendPlain(to: &text)
      }
    }
  }

  /// Takes over what needs no look: bytes up to the next quote, backslash or control character.
  private mutating func appendPlain(to text: inout [UInt8]) {
    let start = index
    index = bytes.withUnsafeBufferPointer { bytes in
      var end = start
      while end < bytes.count, bytes[end] >= 0x20, bytes[end] != 0x22, bytes[end] != 0x5C {
        end += 1
      }
      return end
    }
    text.append(contentsOf: bytes[start..<index])
  }

  private mutating func readEscape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    index += 1
    guard let byte else { throw expected("an escape") }
    if let plain = Self.plain(ofEscape: byte) {
      text.append(plain)
      index += 1
      return
    }
    guard byte == UInt8(ascii: "u") else { throw expected("an escape") }
    var code = try readHex()
    if (0xD800..<0xDC00).contains(code), byteAt(0) == UInt8(ascii: "\\"),
      byteAt(1) == UInt8(ascii: "u")
    {
      index += 1
      let low = try readHex()
      guard (0xDC00..<0xE000).contains(low) else {
        throw expected("the second half of a surrogate pair")
      }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw expected("a character, not half of a surrogate pair")
    }
    text.append(contentsOf: String(Character(scalar)).utf8)
  }

  /// The character of a short escape such as `\n`; `nil` for other bytes.
  private static func plain(ofEscape byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  private func byteAt(_ offset: Int) -> UInt8? {
    index + offset < bytes.count ? bytes[index + offset] : nil
  }

  /// The four digits behind the `u` that is the present byte.
  private mutating func readHex() throws(JSONSyntaxError) -> UInt32 {
    index += 1
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw expected("four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      index += 1
    }
    return code
  }
}
