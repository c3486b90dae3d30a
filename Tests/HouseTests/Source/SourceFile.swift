/// A Swift file taken apart far enough for the house rules.
struct SourceFile {
  /// Where it is, relative to the package: `Sources/ROOM/…` or `Tests/…`.
  let path: String
  /// Its lines as written.
  let lines: [Substring]
  /// Comment text of each line, as long as `lines`; the empty string where there is none.
  let comments: [String]
  /// Its words and marks without comments and string literals; code inside `\(…)` is kept.
  let tokens: [Token]
  /// What it declares, in order.
  let declarations: [Declaration]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let stripped = SourceStripper.strip(Array(text.utf8))
    comments = stripped.comments
    tokens = Token.all(in: stripped.code)
    declarations = DeclarationReader.declarations(in: tokens)
  }

  /// The folder below `Sources/` or `Tests/`: the target's name.
  var target: String {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : ""
  }

  /// Whether it is part of the program rather than of its tests.
  var isSource: Bool { path.hasPrefix("Sources/") }

  /// The comment of a line, counted from 1; empty when there is none.
  func comment(onLine line: Int) -> String {
    comments.indices.contains(line - 1) ? comments[line - 1] : ""
  }

  /// The comment block that ends right above a line, and the comment on the line itself.
  func comment(at line: Int) -> String {
    var text = comment(onLine: line)
    var above = line - 1
    while above >= 1, isCommentOnly(above) {
      text = comment(onLine: above) + "\n" + text
      above -= 1
    }
    return text
  }

  /// Whether a line, counted from 1, holds a comment and nothing else.
  func isCommentOnly(_ line: Int) -> Bool {
    guard !comment(onLine: line).isEmpty else { return false }
    let text = lines[line - 1].drop { $0 == " " }
    return text.hasPrefix("//") || text.hasPrefix("/*") || text.hasPrefix("*")
  }

  /// A finding in this file.
  func finding(_ line: Int, _ word: String, _ advice: String) -> Finding {
    Finding(path: path, line: line, word: word, advice: advice)
  }
}

/// A word or a single mark of Swift code.
struct Token: Equatable {
  let text: String
  /// The line it stands on, counted from 1.
  let line: Int
  /// Whether it stands right behind the one before, as the mark of `try!` does.
  let isGlued: Bool

  /// The tokens of code without comments and literals.
  static func all(in code: [UInt8]) -> [Token] {
    var tokens: [Token] = []
    var line = 1
    var index = 0
    while index < code.count {
      let start = index
      while index < code.count, isWordByte(code[index]) { index += 1 }
      if index == start { index += 1 }
      if code[start] == UInt8(ascii: "\n") { line += 1 }
      guard code[start] > 32 else { continue }
      let text = String(decoding: code[start..<index], as: UTF8.self)
      tokens.append(Token(text: text, line: line, isGlued: start > 0 && code[start - 1] > 32))
    }
    return tokens
  }

  /// The token texts of a pattern such as `Date()`.
  static func pattern(_ text: String) -> [String] { all(in: Array(text.utf8)).map(\.text) }

  /// Letters, digits, `_`, `$`, the backtick, and everything beyond ASCII.
  private static func isWordByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || byte == 95 || byte == 36 || byte == 96 || byte >= 128
  }
}

extension [Token] {
  /// The positions at which the pattern's tokens follow each other; `!` and `?` only where they
  /// are glued to the word before.
  func positions(of pattern: [String]) -> [Int] {
    guard let first = pattern.first, count >= pattern.count else { return [] }
    return (0...(count - pattern.count)).filter { start in
      self[start].text == first
        && pattern.indices.allSatisfy { offset in
          let token = self[start + offset]
          let isMark = ["!", "?"].contains(token.text)
          return token.text == pattern[offset] && (token.isGlued || !isMark)
        }
    }
  }

  /// The text at a position; empty outside.
  func text(at index: Int) -> String { indices.contains(index) ? self[index].text : "" }
}
