import Trading

/// A list or object found in a reply.
struct ReplyBlock {
  /// Where it stands, in bytes.
  let range: Range<Int>
  /// What it says.
  let value: JSONValue
  /// What was done to read it.
  let notes: ReplyNotes
}

/// Finds the lists and objects of a reply among prose, fences and reasoning.
///
/// Tags and fences count only outside of blocks: a text inside an answer may hold anything. Parts
/// of a broken block are never read on their own.
struct ReplyScan {
  /// Complete blocks in order, those of the reasoning left out.
  private(set) var blocks: [ReplyBlock] = []
  /// The last broken answer and where it begins; `nil` when there is none.
  private(set) var broken: (start: Int, problem: String)?
  /// Whether the reply ends within its reasoning.
  private(set) var endsInReasoning = false
  /// What was ignored around the blocks.
  private(set) var notes = ReplyNotes()

  private let bytes: [UInt8]
  private var index = 0

  /// Names of tags that hold reasoning.
  private static let reasoningTags: Set<String> = [
    "think", "thinking", "thought", "thoughts", "reasoning", "reflection", "analysis", "scratchpad",
  ]

  /// A scan of a whole reply.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    while index < bytes.count { step() }
  }

  private mutating func step() {
    let byte = bytes[index]
    switch byte {
    case 0x20, 0x0A, 0x0D, 0x09: index += 1
    case UInt8(ascii: "{"), UInt8(ascii: "["): takeBlock()
    case UInt8(ascii: "<"): takeTag()
    case UInt8(ascii: "`"): takeFence()
    case 0x80...: takeForeign()
    default:
      notes.add(.proseAround)
      index += 1
    }
  }

  private mutating func takeForeign() {
    let (scalar, length) = UTF8Text.scalar(in: bytes, at: index)
    switch LookAlike(scalar) {
    case .ascii(UInt8(ascii: "{")), .ascii(UInt8(ascii: "[")): takeBlock()
    case .zeroWidth:
      notes.add(.zeroWidthRemoved)
      index += length
    case .space: index += length
    case .ascii, .smartQuote, .wideQuote, .other:
      notes.add(.proseAround)
      index += length
    }
  }

  private mutating func takeFence() {
    let start = index
    while index < bytes.count, bytes[index] == UInt8(ascii: "`") { index += 1 }
    guard index - start >= 3 else { return notes.add(.proseAround) }
    notes.add(.fenceStripped)
    while index < bytes.count, Self.isLetter(bytes[index]) { index += 1 }
  }

  // MARK: Blocks

  private mutating func takeBlock() {
    let start = index
    do {
      let (value, end) = try JSONReader.prefix(of: bytes, from: start)
      append(ReplyBlock(range: start..<end, value: value, notes: ReplyNotes()))
    } catch {
      takeLooseBlock(from: start, strict: error)
    }
  }

  private mutating func takeLooseBlock(from start: Int, strict: JSONSyntaxError) {
    let loose = LooseJSON(bytes, from: start)
    guard let end = loose.end else { return skipUnclosed(from: start, strict) }
    guard !loose.notes.repairs.isEmpty else { return skip(start..<end, strict.description) }
    do {
      let value = try JSONReader.value(of: loose.bytes)
      append(ReplyBlock(range: start..<end, value: value, notes: loose.notes))
    } catch {
      skip(start..<end, error.problem)
    }
  }

  private mutating func append(_ block: ReplyBlock) {
    index = block.range.upperBound
    if ReplyShape.isAnswer(block.value) {
      blocks.append(block)
    } else {
      notes.add(.proseAround)
    }
  }

  /// Steps over a closed block that cannot be read.
  private mutating func skip(_ range: Range<Int>, _ problem: String) {
    notes.add(.proseAround)
    if speaksOfDecisions(range) {
      broken = (range.lowerBound, problem)
      index = range.upperBound
    } else {
      // A bracket of the prose; what it holds may be an answer.
      index += UTF8Text.scalar(in: bytes, at: index).length
    }
  }

  /// What to do at a bracket that never closes: when it opens an answer, the reply was cut there.
  private mutating func skipUnclosed(from start: Int, _ error: JSONSyntaxError) {
    notes.add(.proseAround)
    guard opensAnswer(start) else {
      index += UTF8Text.scalar(in: bytes, at: index).length
      return
    }
    // A draft in reasoning that began in the prompt may stay open; its closing tag ends it.
    let end = closingTag(from: start) ?? bytes.count
    if speaksOfDecisions(start..<end) { broken = (start, error.description) }
    index = end
  }

  /// Where the next closing tag of reasoning stands outside of texts; `nil` when there is none.
  private func closingTag(from start: Int) -> Int? {
    var isInText = false
    var at = start
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\\"): at += 1
      case UInt8(ascii: "\""): isInText.toggle()
      case UInt8(ascii: "<") where !isInText && at + 1 < bytes.count:
        if bytes[at + 1] == UInt8(ascii: "/"), Self.reasoningTags.contains(name(from: at + 2)) {
          return at
        }
      default: break
      }
      at += 1
    }
    return nil
  }

  /// The name of a tag, at most 16 letters, in lower case.
  private func name(from start: Int) -> String {
    var end = start
    while end < bytes.count, end - start < 16, Self.isLetter(bytes[end]) { end += 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
  }

  /// Whether a bracket is followed by what follows it in JSON, or in something like it.
  private func opensAnswer(_ start: Int) -> Bool {
    var at = start + UTF8Text.scalar(in: bytes, at: start).length
    while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
    guard at < bytes.count else { return true }
    if bytes[at] >= 0x80 || "\"'{[/".utf8.contains(bytes[at]) { return true }
    while at < bytes.count, Self.isLetter(bytes[at]) { at += 1 }
    return at < bytes.count && bytes[at] == UInt8(ascii: ":")
  }

  /// Whether a stretch of the reply names what only an answer has.
  private func speaksOfDecisions(_ range: Range<Int>) -> Bool {
    let words = ["signal", "action", "decision"].map { Array($0.utf8) }
    var at = range.lowerBound
    while at < range.upperBound {
      let small = bytes[at] | 0x20
      for word in words where small == word[0] && at + word.count <= range.upperBound {
        if word.indices.allSatisfy({ bytes[at + $0] | 0x20 == word[$0] }) { return true }
      }
      at += 1
    }
    return false
  }

  // MARK: Tags

  private mutating func takeTag() {
    let start = index
    index += 1
    let closes = index < bytes.count && bytes[index] == UInt8(ascii: "/")
    if closes { index += 1 }
    let name = name(from: index)
    guard Self.reasoningTags.contains(name), let end = tagEnd(from: index + name.utf8.count) else {
      notes.add(.proseAround)
      index = start + 1
      return
    }
    index = end
    notes.add(.reasoningTagStripped)
    if closes {
      // Everything so far was reasoning whose opening tag stood in the prompt.
      blocks = []
      broken = nil
    } else {
      skipReasoning(of: Array(name.utf8))
    }
  }

  private func tagEnd(from start: Int) -> Int? {
    var at = start
    while at < bytes.count, at - start < 80 {
      if bytes[at] == UInt8(ascii: ">") { return at + 1 }
      guard at > start || bytes[at] == 0x20 else { return nil }
      at += 1
    }
    return nil
  }

  /// Steps behind the closing tag of that name; to the end when there is none.
  private mutating func skipReasoning(of name: [UInt8]) {
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<"), index + name.count + 2 < bytes.count,
        bytes[index + 1] == UInt8(ascii: "/"),
        name.indices.allSatisfy({ bytes[index + 2 + $0] | 0x20 == name[$0] }),
        let end = tagEnd(from: index + 2 + name.count)
      else {
        index += 1
        continue
      }
      index = end
      return
    }
    endsInReasoning = true
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
  }
}
