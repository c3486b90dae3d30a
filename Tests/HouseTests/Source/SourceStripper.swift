/// Separates Swift code from its comments and string literals.
///
/// It knows line comments, nested block comments, plain, raw and multi-line strings and their
/// interpolations. It does not know regex literals, which this code base does not use.
struct SourceStripper {
  private let bytes: [UInt8]
  private var index = 0
  private var code: [UInt8] = []
  private var comments: [[UInt8]] = [[]]

  /// The code with line breaks kept, and the comment text of every line.
  static func strip(_ bytes: [UInt8]) -> (code: [UInt8], comments: [String]) {
    var stripper = SourceStripper(bytes: bytes)
    stripper.readCode(untilClosingParenthesis: false)
    return (stripper.code, stripper.comments.map { String(decoding: $0, as: UTF8.self) })
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func at(_ offset: Int) -> UInt8 {
    index + offset < bytes.count ? bytes[index + offset] : 0
  }

  private func starts(with text: String) -> Bool {
    var offset = 0
    for byte in text.utf8 {
      guard at(offset) == byte else { return false }
      offset += 1
    }
    return true
  }

  private mutating func skip() {
    if at(0) == UInt8(ascii: "\n") {
      code.append(UInt8(ascii: "\n"))
      comments.append([])
    }
    index += 1
  }

  private mutating func keep() {
    if at(0) != UInt8(ascii: "\n") { code.append(at(0)) }
    skip()
  }

  private mutating func readCode(untilClosingParenthesis: Bool) {
    var depth = 0
    while index < bytes.count {
      if starts(with: "//") {
        readLineComment()
      } else if starts(with: "/*") {
        readBlockComment()
      } else if let hashes = hashesOfString() {
        readString(hashes: hashes)
      } else {
        if at(0) == UInt8(ascii: "(") { depth += 1 }
        if at(0) == UInt8(ascii: ")") {
          if untilClosingParenthesis, depth == 0 { return }
          depth -= 1
        }
        keep()
      }
    }
  }

  private mutating func readLineComment() {
    while index < bytes.count, at(0) != UInt8(ascii: "\n") {
      comments[comments.count - 1].append(at(0))
      index += 1
    }
  }

  private mutating func readBlockComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") { depth += 1 }
      if starts(with: "*/") { depth -= 1 }
      let length = starts(with: "/*") || starts(with: "*/") ? 2 : 1
      for _ in 0..<length {
        if at(0) != UInt8(ascii: "\n") { comments[comments.count - 1].append(at(0)) }
        skip()
      }
    } while depth > 0 && index < bytes.count
    code.append(UInt8(ascii: " "))
  }

  /// The number of `#` before a string that begins here; `nil` when none does.
  private func hashesOfString() -> Int? {
    var hashes = 0
    while at(hashes) == UInt8(ascii: "#") { hashes += 1 }
    return at(hashes) == UInt8(ascii: "\"") ? hashes : nil
  }

  private mutating func readString(hashes: Int) {
    index += hashes
    let isMultiline = starts(with: "\"\"\"")
    let rail = String(repeating: "#", count: hashes)
    let end = (isMultiline ? "\"\"\"" : "\"") + rail
    let escape = "\\" + rail
    index += isMultiline ? 3 : 1
    // A literal leaves one mark behind so that the code around it does not run together.
    code.append(UInt8(ascii: "\""))
    while index < bytes.count, !starts(with: end) {
      if !isMultiline, at(0) == UInt8(ascii: "\n") { return }
      if starts(with: escape + "(") {
        index += escape.utf8.count
        keep()
        readCode(untilClosingParenthesis: true)
        keep()
      } else if starts(with: escape) {
        index += escape.utf8.count
        skip()
      } else {
        skip()
      }
    }
    index += end.utf8.count
  }
}
