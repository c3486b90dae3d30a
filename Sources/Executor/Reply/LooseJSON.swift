/// A list or object of a reply, written again as strict JSON where only its spelling is off.
///
/// Outside texts: full-width and typographic characters become plain ones, invisible ones vanish, a
/// comma before a closing bracket is dropped, NaN and Infinity become texts. Inside texts only
/// control characters are escaped. Comments, single quotes, names without quotes and everything
/// else stay as they are, so that strict reading refuses them.
struct LooseJSON {
  /// The block as strict JSON should read it.
  private(set) var bytes: [UInt8] = []
  /// The index behind its closing bracket; `nil` when it never closes.
  private(set) var end: Int?
  /// What was changed.
  private(set) var notes = ReplyNotes()

  private let source: [UInt8]
  private var index: Int
  private var open: [UInt8] = []

  /// Deepest nesting that is followed.
  private static let maxDepth = 64

  /// The block whose opening bracket is at an index.
  init(_ source: [UInt8], from start: Int) {
    self.source = source
    index = start
    while index < source.count, end == nil {
      guard step() else { return }
    }
  }

  /// Takes in the next character; `false` when brackets do not match.
  private mutating func step() -> Bool {
    let byte = source[index]
    guard byte >= 0x80 else {
      index += 1
      return take(byte)
    }
    let (scalar, length) = UTF8Text.scalar(in: source, at: index)
    index += length
    switch LookAlike(scalar) {
    case .ascii(let byte):
      notes.add(.fullWidth)
      return take(byte)
    case .zeroWidth: notes.add(.zeroWidthRemoved)
    case .space:
      notes.add(.unicodeSpace)
      bytes.append(0x20)
    case .smartQuote:
      notes.add(.smartQuotes)
      takeText(closedBy: .smartQuote)
    case .wideQuote:
      notes.add(.fullWidth)
      takeText(closedBy: .wideQuote)
    case .other: bytes.append(contentsOf: source[(index - length)..<index])
    }
    return true
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""): takeText(closedBy: .ascii(byte))
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard open.count < Self.maxDepth else { return false }
      // Both closing brackets come two places behind their opening ones.
      open.append(byte + 2)
      bytes.append(byte)
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      guard open.popLast() == byte else { return false }
      dropTrailingComma()
      bytes.append(byte)
      if open.isEmpty { end = index }
    case UInt8(ascii: "N"), UInt8(ascii: "I"): takeWord(byte)
    default: bytes.append(byte)
    }
    return true
  }

  private mutating func dropTrailingComma() {
    var last = bytes.count - 1
    while last > 0, bytes[last] <= 0x20 { last -= 1 }
    guard last > 0, bytes[last] == UInt8(ascii: ",") else { return }
    var before = last - 1
    while before > 0, bytes[before] <= 0x20 { before -= 1 }
    guard ![UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{")].contains(bytes[before]) else {
      return
    }
    bytes.remove(at: last)
    notes.add(.trailingComma)
  }

  /// A word outside texts: NaN and Infinity, with their sign, become texts.
  private mutating func takeWord(_ first: UInt8) {
    let start = index
    while index < source.count, Self.isLetter(source[index]) { index += 1 }
    let rest = Array(source[start..<index])
    guard
      (first == UInt8(ascii: "N") && rest == Array("aN".utf8))
        || (first == UInt8(ascii: "I") && rest == Array("nfinity".utf8))
    else {
      bytes.append(first)
      bytes.append(contentsOf: rest)
      return
    }
    if bytes.last == UInt8(ascii: "-") { bytes.removeLast() }
    bytes.append(contentsOf: "\"not finite\"".utf8)
    notes.add(.bareNaN)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }

  /// The plain ASCII characters up to the next one that needs a look.
  private mutating func takePlainText() {
    let start = index
    index = source.withUnsafeBufferPointer { source in
      var end = start
      while end < source.count, (0x20..<0x80).contains(source[end]), source[end] != 0x22,
        source[end] != 0x5C
      {
        end += 1
      }
      return end
    }
    bytes.append(contentsOf: source[start..<index])
  }

  /// A text whose opening quote has been read, up to its closing quote or the end.
  private mutating func takeText(closedBy quote: LookAlike) {
    bytes.append(UInt8(ascii: "\""))
    while index < source.count {
      takePlainText()
      guard index < source.count else { return }
      let byte = source[index]
      let (scalar, length) = UTF8Text.scalar(in: source, at: index)
      index += length
      if byte == UInt8(ascii: "\\"), index < source.count, source[index] < 0x80 {
        bytes.append(byte)
        bytes.append(source[index])
        index += 1
      } else if byte < 0x20 {
        notes.add(.lineBreakInText)
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(UInt8(ascii: "0") + byte >> 4)
        bytes.append(Array("0123456789abcdef".utf8)[Int(byte & 15)])
      } else if (byte < 0x80 ? .ascii(byte) : LookAlike(scalar)) == quote {
        bytes.append(UInt8(ascii: "\""))
        return
      } else {
        if byte == UInt8(ascii: "\"") { bytes.append(UInt8(ascii: "\\")) }
        bytes.append(contentsOf: source[(index - length)..<index])
      }
    }
  }
}
