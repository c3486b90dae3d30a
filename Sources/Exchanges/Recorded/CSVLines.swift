import Glibc

/// Walks over the fields of a CSV file in memory without copying them.
///
/// Fields are separated by commas, lines by line feeds with or without a carriage return; quotes
/// have no meaning, as numbers need none.
struct CSVLines {
  let path: String
  private let bytes: UnsafeBufferPointer<UInt8>
  /// Where the next line begins.
  private var position = 0
  /// How many fields the header has.
  private var headerColumns = 0
  /// The number of the current line, counted from 1.
  private(set) var number = 0
  /// The bytes of the current line.
  private(set) var line: Range<Int> = 0..<0

  init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// Goes to the next line; `false` at the end of the file.
  mutating func advance() -> Bool {
    guard position < bytes.count else { return false }
    let start = position
    var end = bytes.count
    if let base = bytes.baseAddress, let found = memchr(base + start, 10, end - start) {
      end = start + (UnsafeRawPointer(found) - UnsafeRawPointer(base + start))
    }
    position = end + 1
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    line = start..<end
    number += 1
    return true
  }

  /// The next field of the current line from `start` on, which moves behind it.
  @inline(__always)
  func field(from start: inout Int) -> UnsafeBufferPointer<UInt8> {
    let first = min(start, line.upperBound)
    var end = first
    while end < line.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
    start = end + 1
    return UnsafeBufferPointer(rebasing: bytes[first..<end])
  }

  /// About how many lines the file has.
  var estimatedLines: Int { bytes.count / 32 + 1 }

  /// How many fields the current line has.
  var columns: Int {
    line.reduce(1) { bytes[$1] == UInt8(ascii: ",") ? $0 + 1 : $0 }
  }

  /// The current line as text, shortened for messages.
  var text: String {
    let shown = line.prefix(80)
    let text = String(decoding: bytes[shown], as: UTF8.self)
    return shown.count < line.count ? text + "…" : text
  }

  /// An error at the current line.
  func malformed(_ cause: String) -> MarketDataError {
    .malformed(path: path, line: max(1, number), cause: cause)
  }

  /// Reads the header line.
  mutating func expect(header: String) throws(MarketDataError) {
    guard advance() else {
      throw malformed("expected the header \"\(header)\", was an empty file")
    }
    guard text == header else {
      throw malformed("expected the header \"\(header)\", was \"\(text)\"")
    }
    headerColumns = columns
  }

  /// Refuses a line that goes on after its last field.
  func expectEnd(after start: Int) throws(MarketDataError) {
    guard start > line.upperBound else { throw malformed(wrongColumns) }
  }

  private var wrongColumns: String { "expected \(headerColumns) columns, was \(columns)" }

  /// An error about a field of the current line, or about its columns when they are too few or
  /// too many.
  func refused(
    _ field: UnsafeBufferPointer<UInt8>, expected: String
  ) -> MarketDataError {
    let text = String(decoding: field.prefix(40), as: UTF8.self)
    return malformed(
      columns == headerColumns ? "expected \(expected), was \"\(text)\"" : wrongColumns)
  }
}

/// Numbers in CSV fields.
enum CSVNumber {
  /// A whole number of at most 18 digits without sign; `nil` for anything else.
  @inline(__always)
  static func whole(_ field: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard (1...18).contains(field.count) else { return nil }
    var value: Int64 = 0
    for byte in field {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    return value
  }

  /// A price in steps of 1e-8, above zero; `nil` for anything else, also for more than eight
  /// decimals that matter.
  @inline(__always)
  static func price(_ field: UnsafeBufferPointer<UInt8>) -> Int64? {
    var value: UInt64 = 0
    var decimals = -1
    var digits = 0
    for byte in field {
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10 {
        digits += 1
        if decimals == 8 {
          guard digit == 0 else { return nil }
          continue
        }
        guard value < 900_000_000_000_000_000 else { return nil }
        value = value &* 10 &+ UInt64(digit)
        if decimals >= 0 { decimals += 1 }
      } else if byte == UInt8(ascii: "."), decimals < 0 {
        decimals = 0
      } else {
        return nil
      }
    }
    guard digits > 0, value > 0 else { return nil }
    let (mantissa, overflowed) = value.multipliedReportingOverflow(
      by: wholePowersOfTen[8 - max(0, decimals)])
    guard !overflowed, mantissa <= UInt64(Int64.max) else { return nil }
    return Int64(mantissa)
  }

  /// The nearest floating-point number, also of text with an exponent; `nil` unless a finite
  /// decimal number.
  @inline(__always)
  static func double(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    var value: UInt64 = 0
    var decimals = -1
    var digits = 0
    for byte in field {
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10, digits < 18 {
        digits += 1
        value = value &* 10 &+ UInt64(digit)
        if decimals >= 0 { decimals += 1 }
      } else if byte == UInt8(ascii: "."), decimals < 0 {
        decimals = 0
      } else {
        return slow(field)
      }
    }
    // Both operands are exact, so the quotient is the nearest number (Clinger's fast path).
    guard digits > 0, value <= 1 << 53 else { return slow(field) }
    return decimals <= 0 ? Double(value) : Double(value) / powersOfTen[decimals]
  }

  private static func slow(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    let allowed = field.allSatisfy {
      (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0)
    }
    guard allowed, let value = Double(String(decoding: field, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }

  private static let wholePowersOfTen: [UInt64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
  ]

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
  ]
}
