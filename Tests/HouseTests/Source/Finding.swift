/// One breach of a house rule: where it is, what was met, and what to do instead.
struct Finding: Hashable, Comparable, CustomStringConvertible {
  /// The file, relative to the package.
  let path: String
  /// The line counted from 1; 0 when the file as a whole is meant.
  let line: Int
  /// The word, name or measure that broke the rule.
  let word: String
  /// What to write instead.
  let advice: String

  var description: String {
    (line > 0 ? "\(path):\(line)" : path) + ": \(word) — \(advice)"
  }

  static func < (left: Finding, right: Finding) -> Bool {
    (left.path, left.line, left.word) < (right.path, right.line, right.word)
  }
}
