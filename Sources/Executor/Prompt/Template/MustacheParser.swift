/// Reads `.mustache` templates: variables, sections, inverted sections and comments.
///
/// Lines that hold nothing but a section tag or a comment disappear, as Mustache demands.
struct MustacheParser {
  private enum Kind: Equatable {
    case variable, open, inverted, close, comment
  }

  private struct Tag {
    let kind: Kind
    let name: TemplateName
    /// Of the whole tag, braces included; grown over its line when it stands alone.
    var range: Range<Int>
  }

  private let text: TemplateText
  private(set) var faults: [TemplateFault] = []
  private var tags: [Tag] = []

  init(_ text: TemplateText) { self.text = text }

  /// The parts of the template from an offset on.
  mutating func parse(from start: Int) -> [TemplateNode] {
    findTags(from: start)
    for index in tags.indices where tags[index].kind != .variable {
      tags[index].range = standalone(tags[index].range, from: start)
    }
    return tree(from: start)
  }

  // MARK: Tags

  private mutating func findTags(from start: Int) {
    var offset = start
    while let open = text.find("{{", from: offset) {
      let isTriple = text.hasPrefix("{", at: open + 2)
      let body = open + (isTriple ? 3 : 2)
      let end = isTriple ? text.find("}}}", from: body) : text.find("}}", from: body)
      guard let end else {
        fault(open, "tag is not closed; expected \(isTriple ? "}}}" : "}}")")
        return
      }
      let range = open..<(end + (isTriple ? 3 : 2))
      read(text.trimmed(body..<end), in: range, isTriple: isTriple)
      offset = range.upperBound
    }
  }

  private mutating func read(_ body: Range<Int>, in range: Range<Int>, isTriple: Bool) {
    guard let mark = body.first.map({ text.bytes[$0] }) else {
      fault(range.lowerBound, "tag without a name")
      return
    }
    guard !isTriple else {
      add(.variable, body, range)
      return
    }
    let rest = text.trimmed(body.dropFirst())
    switch Character(Unicode.Scalar(mark)) {
    case "!": tags.append(Tag(kind: .comment, name: name(body), range: range))
    case "#": add(.open, rest, range)
    case "^": add(.inverted, rest, range)
    case "/": add(.close, rest, range)
    case "&": add(.variable, rest, range)
    case ">", "<", "$":
      fault(range.lowerBound, "partials and blocks are not supported; write the text here")
    case "=": fault(range.lowerBound, "other delimiters are not supported; use {{ and }}")
    case "%": fault(range.lowerBound, "pragmas are not supported; text is never escaped")
    default: add(.variable, body, range)
    }
  }

  private mutating func add(_ kind: Kind, _ body: Range<Int>, _ range: Range<Int>) {
    let found = name(body)
    if found.name.contains("(") {
      fault(body.lowerBound, "functions are not supported: \"\(found.name)\"; name a variable")
    } else if found.name.isEmpty {
      fault(body.lowerBound, "tag without a name; name a variable")
    } else if !TemplateName.admits(found.name) {
      fault(
        body.lowerBound,
        "expected a name of letters, digits, _ and dots, was \"\(found.name)\"")
    } else {
      tags.append(Tag(kind: kind, name: found, range: range))
    }
  }

  private func name(_ range: Range<Int>) -> TemplateName {
    let name = text.string(range)
    return TemplateName(
      name: name.hasPrefix(".") ? String(name.dropFirst()) : name,
      place: text.place(range.lowerBound))
  }

  /// The tag's range, grown to its whole lines when nothing else stands on them.
  private func standalone(_ range: Range<Int>, from start: Int) -> Range<Int> {
    var low = range.lowerBound
    while low > start, text.bytes[low - 1] == 0x20 || text.bytes[low - 1] == 0x09 { low -= 1 }
    guard low == start || text.bytes[low - 1] == UInt8(ascii: "\n") else { return range }
    var high = range.upperBound
    while high < text.bytes.count, text.bytes[high] == 0x20 || text.bytes[high] == 0x09 {
      high += 1
    }
    guard high < text.bytes.count else { return low..<high }
    return text.bytes[high] == UInt8(ascii: "\n") ? low..<(high + 1) : range
  }

  // MARK: Tree

  private mutating func tree(from start: Int) -> [TemplateNode] {
    var stack: [(tag: Tag?, nodes: [TemplateNode])] = [(nil, [])]
    var offset = start
    for tag in tags {
      append(offset..<max(offset, tag.range.lowerBound), to: &stack)
      offset = tag.range.upperBound
      switch tag.kind {
      case .comment: break
      case .variable: stack[stack.count - 1].nodes.append(.variable(tag.name, decimals: nil))
      case .open, .inverted: stack.append((tag, []))
      case .close: close(tag, &stack)
      }
    }
    append(offset..<text.bytes.count, to: &stack)
    for open in stack.dropFirst().compactMap(\.tag) {
      faults.append(
        TemplateFault(
          place: open.name.place,
          message: "section \"\(open.name.name)\" is not closed; "
            + "expected {{/\(open.name.name)}}"))
    }
    return stack[0].nodes
  }

  private func append(
    _ range: Range<Int>, to stack: inout [(tag: Tag?, nodes: [TemplateNode])]
  ) {
    guard !range.isEmpty else { return }
    stack[stack.count - 1].nodes.append(.text(text.string(range)))
  }

  private mutating func close(
    _ tag: Tag, _ stack: inout [(tag: Tag?, nodes: [TemplateNode])]
  ) {
    guard let open = stack.last?.tag, open.name.name == tag.name.name else {
      let expected = stack.last?.tag.map { "expected {{/\($0.name.name)}}" } ?? "none is open"
      faults.append(
        TemplateFault(
          place: tag.name.place, message: "{{/\(tag.name.name)}} closes no section; \(expected)"))
      return
    }
    let nodes = stack.removeLast().nodes
    stack[stack.count - 1].nodes.append(
      .section(open.name, isInverted: open.kind == .inverted, nodes))
  }

  private mutating func fault(_ offset: Int, _ message: String) {
    faults.append(TemplateFault(place: text.place(offset), message: message))
  }
}
