/// Reads nof0's `.tmpl` templates: the part of Go's text/template that they use.
struct GoTemplateParser {
  private static let supported =
    "supported are {{.Field}}, {{printf \"%.2f\" .Field}}, {{/* comments */}} and trimming with "
    + "{{- and -}}"

  private let text: TemplateText
  private(set) var faults: [TemplateFault] = []
  private var nodes: [TemplateNode] = []

  init(_ text: TemplateText) { self.text = text }

  /// The parts of the template from an offset on.
  mutating func parse(from start: Int) -> [TemplateNode] {
    var offset = start
    var trimsNext = false
    while let open = text.find("{{", from: offset) {
      let trims = text.hasPrefix("-", at: open + 2) && isSpace(open + 3)
      append(offset..<open, trimStart: trimsNext, trimEnd: trims)
      let body = open + (trims ? 3 : 2)
      guard let end = end(of: body) else {
        fault(open, "action is not closed; expected }}")
        return nodes
      }
      trimsNext = end >= body + 2 && text.hasPrefix("-", at: end - 1) && isSpace(end - 2)
      read(text.trimmed(body..<(trimsNext ? end - 1 : end)))
      offset = end + 2
    }
    append(offset..<text.bytes.count, trimStart: trimsNext, trimEnd: false)
    return nodes
  }

  /// Where the action's closing braces begin; those inside quotes and comments do not count.
  private func end(of body: Int) -> Int? {
    var offset = text.trimmed(body..<text.bytes.count).lowerBound
    if text.hasPrefix("/", at: offset), text.hasPrefix("*", at: offset + 1) {
      return text.find("*/", from: offset + 2).flatMap { text.find("}}", from: $0) }
    }
    var isQuoted = false
    while offset + 1 < text.bytes.count {
      let byte = text.bytes[offset]
      if byte == UInt8(ascii: "\n"), isQuoted { return nil }
      if isQuoted, byte == UInt8(ascii: "\\") {
        offset += 1
      } else if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if !isQuoted, byte == UInt8(ascii: "}"), text.hasPrefix("}", at: offset + 1) {
        return offset
      }
      offset += 1
    }
    return nil
  }

  private mutating func append(_ range: Range<Int>, trimStart: Bool, trimEnd: Bool) {
    let trimmed = text.trimmed(range)
    let low = trimStart ? trimmed.lowerBound : range.lowerBound
    let high = trimEnd ? max(low, trimmed.upperBound) : range.upperBound
    if low < high { nodes.append(.text(text.string(low..<high))) }
  }

  private mutating func read(_ body: Range<Int>) {
    if text.hasPrefix("/", at: body.lowerBound), text.hasPrefix("*", at: body.lowerBound + 1) {
      return
    }
    let words = words(in: body)
    guard let first = words.first else {
      fault(body.lowerBound, "action without a field; \(Self.supported)")
      return
    }
    if text.string(first) == "printf", words.count > 1 {
      readFormat(words[1], fields: Array(words.dropFirst(2)))
    } else if words.count == 1, let field = field(first) {
      nodes.append(.variable(field, decimals: nil))
    } else {
      fault(first.lowerBound, "\"\(text.string(body))\" is not supported; \(Self.supported)")
    }
  }

  /// `printf "…%.2f…" .Field …`: as many fields as verbs.
  private mutating func readFormat(_ quoted: Range<Int>, fields: [Range<Int>]) {
    guard let format = GoFormat(text.string(quoted)) else {
      fault(
        quoted.lowerBound,
        "expected a format in quotes with %.0f to %.8f, %d, %s, %v or %%, "
          + "was \(text.string(quoted))")
      return
    }
    guard format.verbs == fields.count else {
      fault(
        quoted.lowerBound,
        "expected \(format.verbs) fields after the format, was \(fields.count)")
      return
    }
    var rest = fields[...]
    for piece in format.pieces {
      switch piece {
      case .text(let text): nodes.append(.text(text))
      case .verb(let decimals):
        guard let word = rest.popFirst() else { continue }
        guard let field = field(word) else {
          fault(word.lowerBound, "expected a field, was \"\(text.string(word))\"")
          continue
        }
        nodes.append(.variable(field, decimals: decimals))
      }
    }
  }

  private func field(_ range: Range<Int>) -> TemplateName? {
    let name = text.string(range)
    guard name.hasPrefix("."), TemplateName.admits(String(name.dropFirst())) else { return nil }
    return TemplateName(name: String(name.dropFirst()), place: text.place(range.lowerBound))
  }

  /// The words of an action; a text in quotes is one.
  private func words(in body: Range<Int>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var offset = body.lowerBound
    while offset < body.upperBound {
      if isSpace(offset) {
        offset += 1
        continue
      }
      let start = offset
      var isQuoted = false
      while offset < body.upperBound, isQuoted || !isSpace(offset) {
        if isQuoted, text.hasPrefix("\\", at: offset) {
          offset += 1
        } else if text.hasPrefix("\"", at: offset) {
          isQuoted.toggle()
        }
        offset += 1
      }
      words.append(start..<min(offset, body.upperBound))
    }
    return words
  }

  private func isSpace(_ offset: Int) -> Bool {
    offset < text.bytes.count && TemplateText.isSpace(text.bytes[offset])
  }

  private mutating func fault(_ offset: Int, _ message: String) {
    faults.append(TemplateFault(place: text.place(offset), message: message))
  }
}

/// A format of Go's printf in its pieces.
private struct GoFormat {
  enum Piece {
    case text(String)
    /// `nil` for `%d`, `%s` and `%v`: as the variable is shown.
    case verb(decimals: Int?)
  }

  private(set) var pieces: [Piece] = []

  var verbs: Int {
    pieces.count { if case .verb = $0 { true } else { false } }
  }

  /// `nil` for anything but quoted text with the verbs that are supported.
  init?(_ quoted: String) {
    guard quoted.utf8.count >= 2, quoted.hasPrefix("\""), quoted.hasSuffix("\"") else {
      return nil
    }
    var rest = Array(quoted.dropFirst().dropLast())[...]
    var plain = ""
    while let next = rest.popFirst() {
      switch next {
      case "\\":
        guard let escaped = rest.popFirst().flatMap(Self.unescaped) else { return nil }
        plain.append(escaped)
      case "%":
        guard let verb = Self.verb(&rest) else { return nil }
        switch verb {
        case .text(let text): plain += text
        case .verb:
          if !plain.isEmpty { pieces.append(.text(plain)) }
          plain = ""
          pieces.append(verb)
        }
      default: plain.append(next)
      }
    }
    if !plain.isEmpty { pieces.append(.text(plain)) }
  }

  private static func unescaped(_ character: Character) -> Character? {
    switch character {
    case "n": "\n"
    case "t": "\t"
    case "\"", "\\": character
    default: nil
    }
  }

  private static func verb(_ rest: inout ArraySlice<Character>) -> Piece? {
    switch rest.popFirst() {
    case "%": return .text("%")
    case "d", "s", "v": return .verb(decimals: nil)
    case "f": return .verb(decimals: 6)
    case ".":
      guard let digit = rest.popFirst()?.wholeNumberValue, (0...8).contains(digit),
        rest.popFirst() == "f"
      else { return nil }
      return .verb(decimals: digit)
    case .some, nil: return nil
    }
  }
}
