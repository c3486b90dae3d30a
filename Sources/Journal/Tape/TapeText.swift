import CNettle
import CSQLite
import Trading

/// Rows as text: `[1,"text",null,["0.5"],[0,"base64"]]`.
///
/// Long bytes stand before their row, in lines of their own, `{"piece":"base64"}` each; the row
/// says how many: `[0,3]`. So what changes in the middle of them is one line and not all of them.
enum TapeText {
  /// Above so many bytes they are written in pieces.
  static let longBytes = 512
  /// Bytes of a piece.
  private static let pieceBytes = 192

  /// The lines of the row on which a statement stands, the row itself last.
  static func lines(of statement: OpaquePointer) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var row: [UInt8] = [UInt8(ascii: "[")]
    for index in 0..<sqlite3_column_count(statement) {
      if index > 0 { row.append(UInt8(ascii: ",")) }
      write(statement, index, to: &row, pieces: &lines)
    }
    row.append(UInt8(ascii: "]"))
    lines.append(row)
    return lines
  }

  private static func write(
    _ statement: OpaquePointer, _ index: CInt, to bytes: inout [UInt8], pieces: inout [[UInt8]]
  ) {
    switch sqlite3_column_type(statement, index) {
    case SQLITE_INTEGER:
      bytes.append(contentsOf: String(sqlite3_column_int64(statement, index)).utf8)
    case SQLITE_FLOAT:
      // Swift's shortest text of a number reads back as the same number.
      bytes.append(contentsOf: "[\"\(sqlite3_column_double(statement, index))\"]".utf8)
    case SQLITE_TEXT:
      let text = sqlite3_column_text(statement, index)
      let count = Int(sqlite3_column_bytes(statement, index))
      let utf8 = UnsafeBufferPointer(start: text, count: count)
      if utf8.allSatisfy({ isPlain($0) }) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: utf8)
        bytes.append(UInt8(ascii: "\""))
      } else {
        bytes += JSONValue.text(String(decoding: utf8, as: UTF8.self)).bytes
      }
    case SQLITE_BLOB:
      let start = sqlite3_column_blob(statement, index)
      let whole = UnsafeRawBufferPointer(
        start: start, count: Int(sqlite3_column_bytes(statement, index)))
      guard whole.count > longBytes else {
        bytes.append(contentsOf: "[0,\"".utf8)
        appendBase64(whole, to: &bytes)
        bytes.append(contentsOf: "\"]".utf8)
        return
      }
      let places = stride(from: 0, to: whole.count, by: pieceBytes)
      for place in places {
        var line: [UInt8] = []
        line.reserveCapacity(pieceBytes / 3 * 4 + 16)
        line += "{\"piece\":\"".utf8
        let end = min(place + pieceBytes, whole.count)
        appendBase64(UnsafeRawBufferPointer(rebasing: whole[place..<end]), to: &line)
        line.append(contentsOf: "\"}".utf8)
        pieces.append(line)
      }
      bytes.append(contentsOf: "[0,\((whole.count + pieceBytes - 1) / pieceBytes)]".utf8)
    default: bytes.append(contentsOf: "null".utf8)
    }
  }

  /// Whether a byte of a text needs no escape wherever JSON is put.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x26 && byte != 0x3C && byte != 0x3E
      && byte != 0x5C
  }

  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static func appendBase64(_ source: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
    let length = (source.count * 4 + 2) / 3
    // All at once: an array looks at each append whether it is shared and has room.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length) { text in
      digits.withUnsafeBufferPointer { digits in
        var (index, count) = (0, 0)
        while index < source.count {
          let rest = min(3, source.count - index)
          var group = UInt32(source[index]) << 16
          if rest > 1 { group |= UInt32(source[index + 1]) << 8 }
          if rest > 2 { group |= UInt32(source[index + 2]) }
          for place in 0...rest {
            text[count] = digits[Int(group >> (18 - 6 * UInt32(place)) & 63)]
            count += 1
          }
          index += rest
        }
      }
      bytes.append(contentsOf: UnsafeBufferPointer(text))
    }
  }

  /// The bytes that a text of 64 digits stands for; `nil` when it is none.
  static func bytes(of text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var group: UInt32 = 0
    var held = 0
    for digit in text.utf8 {
      let value: UInt32
      switch digit {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(digit) - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(digit) - 71
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(digit) + 4
      case UInt8(ascii: "-"): value = 62
      case UInt8(ascii: "_"): value = 63
      default: return nil
      }
      group = group << 6 | value
      held += 6
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(held)))
      }
    }
    return bytes
  }
}

/// The digest of all changes of a cycle.
struct ChangeDigest: Sendable {
  private var context = sha256_ctx()

  init() { nettle_sha256_init(&context) }

  /// Adds a change, as its text with its values.
  mutating func add(_ sql: UnsafePointer<CChar>) {
    var length = 0
    while sql[length] != 0 { length += 1 }
    // With the zero that ends it, so that no two changes can be read as one.
    sql.withMemoryRebound(to: UInt8.self, capacity: length + 1) {
      nettle_sha256_update(&context, length + 1, $0)
    }
  }

  /// The digest so far, as hexadecimal digits.
  var hex: String {
    var context = context
    var digest = [UInt8](repeating: 0, count: 32)
    nettle_sha256_digest(&context, digest.count, &digest)
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
