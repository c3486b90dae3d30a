/// A part of a parsed template.
indirect enum TemplateNode: Sendable {
  case text(String)
  /// A value; with decimals, a number in that form.
  case variable(TemplateName, decimals: Int?)
  /// Shown when a flag holds, or for each element of a list; inverted, when not or for none.
  case section(TemplateName, isInverted: Bool, [TemplateNode])
}

/// A name in a template and where it stands.
struct TemplateName: Sendable, Hashable {
  /// Without nof0's leading dot.
  let name: String
  let place: TemplatePlace

  /// Whether it is made of letters, digits, underscores and single dots, and begins with a letter
  /// or an underscore.
  static func admits(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      guard let first = part.first, !(48...57).contains(first) else { return false }
      return part.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
      }
    }
  }
}

/// A place in a template; line and column are counted from 1.
struct TemplatePlace: Sendable, Hashable, Comparable {
  let line: Int
  let column: Int

  static func < (left: TemplatePlace, right: TemplatePlace) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A problem before its template's path is known to it.
struct TemplateFault: Sendable, Hashable {
  let place: TemplatePlace
  let message: String
}

/// The text of a template as bytes, with places.
struct TemplateText: Sendable {
  /// UTF-8 with line feeds only.
  let bytes: [UInt8]
  private let lineStarts: [Int]

  init(_ text: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      // CR LF is one Character, so this goes byte by byte.
      if byte == UInt8(ascii: "\n"), bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      bytes.append(byte)
    }
    self.bytes = bytes
    lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }

  func place(_ offset: Int) -> TemplatePlace {
    let line = lineStarts.lastIndex { $0 <= offset } ?? 0
    let scalars = bytes[lineStarts[line]..<min(offset, bytes.count)].count { $0 & 0xC0 != 0x80 }
    return TemplatePlace(line: line + 1, column: scalars + 1)
  }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Where a text begins at or after an offset; `nil` when it does not occur.
  func find(_ text: StaticString, from start: Int) -> Int? {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes.count - wanted.count >= start else { return nil }
    return (start...(bytes.count - wanted.count)).first { offset in
      wanted.indices.allSatisfy { bytes[offset + $0] == wanted[$0] }
    }
  }

  func hasPrefix(_ byte: Character, at offset: Int) -> Bool {
    offset < bytes.count && bytes[offset] == byte.asciiValue
  }

  /// The range without white space at its ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, Self.isSpace(bytes[low]) { low += 1 }
    while low < high, Self.isSpace(bytes[high - 1]) { high -= 1 }
    return low..<high
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// Control characters, which no prompt needs and which the compiled form uses as marks.
  var faults: [TemplateFault] {
    bytes.indices.filter { (bytes[$0] < 0x20 && !Self.isSpace(bytes[$0])) || bytes[$0] == 0x7F }
      .map {
        TemplateFault(
          place: place($0),
          message: "control character \(bytes[$0]) in the text; remove it")
      }
  }
}
