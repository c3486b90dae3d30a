/// What a file declares: a type, a member, a function.
struct Declaration: Equatable {
  /// The keyword, for example `struct`, `func` or `case`.
  let kind: String
  /// Its name; the first argument label for an `init`; the extended type for an `extension`.
  let name: String
  /// Modifiers before the keyword, without attributes: `package`, `static`, `private(set)`.
  let modifiers: [String]
  /// The line of its first modifier or attribute, counted from 1.
  let firstLine: Int
  /// The line of its keyword.
  let line: Int
  /// The line of its closing brace, or of its last token where it has no body.
  var lastLine: Int
  /// The declaration around it as an index into the file's declarations; `nil` at file level.
  let parent: Int?
  /// Position of the keyword among the file's tokens.
  let start: Int
  /// Position after its last token.
  var end: Int
  /// Whether it has a body in braces.
  var hasBody = false

  /// Whether it is a nominal type or an alias of one.
  var isType: Bool {
    ["struct", "class", "enum", "actor", "protocol", "typealias"].contains(kind)
  }
}

/// Finds the declarations of a file by its keywords and braces.
///
/// Only members and file-level declarations count, and functions wherever they are; variables
/// inside bodies do not.
struct DeclarationReader {
  private static let keywords: Set<String> = [
    "func", "init", "deinit", "var", "let", "subscript", "struct", "class", "enum", "actor",
    "protocol", "extension", "typealias", "associatedtype", "case",
  ]
  private static let containers: Set<String> = [
    "struct", "class", "enum", "actor", "protocol", "extension",
  ]
  private static let modifiers: Set<String> = [
    "package", "public", "open", "internal", "private", "fileprivate", "static", "class", "final",
    "mutating", "nonmutating", "nonisolated", "override", "indirect", "lazy", "weak", "unowned",
    "consuming", "borrowing", "prefix", "postfix", "infix", "required", "convenience", "dynamic",
  ]

  private let tokens: [Token]
  private var found: [Declaration] = []
  /// For each open brace, the declaration it belongs to; `nil` for a statement or a closure.
  private var braces: [Int?] = []
  /// The declaration whose body has not begun yet.
  private var pending: Int?
  private var parentheses = 0

  static func declarations(in tokens: [Token]) -> [Declaration] {
    var reader = DeclarationReader(tokens: tokens)
    reader.read()
    return reader.found
  }

  private init(tokens: [Token]) { self.tokens = tokens }

  private mutating func read() {
    for index in tokens.indices {
      switch tokens[index].text {
      case "(", "[": parentheses += 1
      case ")", "]": parentheses -= 1
      case "{": open(at: index)
      case "}": close(at: index)
      case let word where Self.keywords.contains(word): declare(word, at: index)
      default: break
      }
    }
    finishPending(before: tokens.count)
  }

  private mutating func open(at index: Int) {
    guard parentheses == 0, let pending else {
      braces.append(nil)
      return
    }
    braces.append(pending)
    found[pending].hasBody = true
    self.pending = nil
  }

  private mutating func close(at index: Int) {
    if parentheses == 0 { finishPending(before: index) }
    guard let owner = braces.popLast(), let owner else { return }
    found[owner].lastLine = tokens[index].line
    found[owner].end = index + 1
  }

  private mutating func finishPending(before index: Int) {
    guard let pending, index > 0 else { return }
    found[pending].lastLine = tokens[index - 1].line
    found[pending].end = index
    self.pending = nil
  }

  private mutating func declare(_ word: String, at index: Int) {
    let next = tokens.text(at: index + 1)
    let isFunction = word == "func" || (word == "init" && !isCallOfInit(at: index))
    guard isDeclarationKeyword(word, at: index), isFunction || (parentheses == 0 && isMemberLevel)
    else { return }
    let first = firstToken(of: index)
    if parentheses == 0 { finishPending(before: first) }
    var name = next
    if word == "init" || word == "subscript" {
      let paren = tokens[index...].prefix(8).firstIndex { $0.text == "(" } ?? index
      name = tokens.text(at: paren + 1)
    }
    found.append(
      Declaration(
        kind: word, name: name, modifiers: modifierWords(from: first, to: index),
        firstLine: tokens[first].line, line: tokens[index].line, lastLine: tokens[index].line,
        parent: braces.last(where: { $0 != nil }) ?? nil, start: index, end: index + 1))
    pending = found.count - 1
  }

  /// Whether the place is the file itself or the body of a type.
  private var isMemberLevel: Bool {
    guard let innermost = braces.last else { return true }
    guard let owner = innermost else { return false }
    return Self.containers.contains(found[owner].kind)
  }

  private func isCallOfInit(at index: Int) -> Bool {
    let body = braces.last.flatMap { $0 }.map { found[$0].kind }
    return tokens.text(at: index - 1) == "." || body.map(Self.containers.contains) != true
  }

  private func isDeclarationKeyword(_ word: String, at index: Int) -> Bool {
    let before = tokens.text(at: index - 1)
    let next = tokens.text(at: index + 1)
    if before == "." || before == "import" || next == ":" { return false }
    switch word {
    case "class": return !Self.keywords.contains(next) && before != ":"
    case "actor": return next.first?.isUppercase == true
    case "case":
      let owner = braces.last.flatMap { $0 }
      return owner.map { found[$0].kind == "enum" } ?? false
    default: return true
    }
  }

  /// Position of the first modifier or attribute of the declaration whose keyword is at `index`.
  private func firstToken(of index: Int) -> Int {
    var first = index
    while first > 0 {
      let before = tokens[first - 1].text
      if before == ")" {
        guard let open = opening(of: first - 1), open > 0 else { return first }
        if Self.modifiers.contains(tokens[open - 1].text) {
          first = open - 1
        } else if tokens.text(at: open - 2) == "@" {
          first = open - 2
        } else {
          return first
        }
      } else if Self.modifiers.contains(before), !isName(at: first - 1) {
        first -= 1
      } else if tokens.text(at: first - 2) == "@" {
        first -= 2
      } else {
        return first
      }
    }
    return first
  }

  /// Whether a word that could be a modifier is the name of something: `case open`.
  private func isName(at index: Int) -> Bool {
    let before = tokens.text(at: index - 1)
    return Self.keywords.contains(before) || [".", ",", "=", ":"].contains(before)
  }

  private func opening(of closing: Int) -> Int? {
    var depth = 0
    for index in stride(from: closing, through: 0, by: -1) {
      if tokens[index].text == ")" { depth += 1 }
      if tokens[index].text == "(" { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  private func modifierWords(from first: Int, to keyword: Int) -> [String] {
    var words: [String] = []
    for index in first..<keyword where Self.modifiers.contains(tokens[index].text) {
      let isSetter = tokens.text(at: index + 1) == "(" && tokens.text(at: index + 2) == "set"
      words.append(tokens[index].text + (isSetter ? "(set)" : ""))
    }
    return words
  }
}
