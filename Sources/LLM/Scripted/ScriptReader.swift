import Trading

/// Reads the file of a ``Script``.
struct ScriptReader {
  private let bytes: [UInt8]
  private let file: String
  private static let replyKeys = [
    "delay_ms", "failure", "hang", "json", "message", "reasoning", "retry_after_ms", "text",
    "usage",
  ]

  init(_ bytes: [UInt8], named file: String) {
    self.bytes = bytes
    self.file = file
  }

  func entries() throws(ScriptProblem) -> [Script.Entry] {
    var entries: [Script.Entry] = []
    var index = skipSpace(from: 0)
    let isList = index < bytes.count && bytes[index] == UInt8(ascii: "[")
    if isList { index = skipSpace(from: index + 1) }
    while index < bytes.count, !isList || bytes[index] != UInt8(ascii: "]") {
      if isList, !entries.isEmpty { index = try skip(",", at: index) }
      let start = index
      let value: JSONValue
      do {
        (value, index) = try JSONReader.prefix(of: bytes, from: start)
      } catch {
        throw problem(error.problem, at: error.offset)
      }
      entries.append(try entry(value, at: start))
      index = skipSpace(from: index)
    }
    if isList {
      index = skipSpace(from: try skip("]", at: index))
      guard index >= bytes.count else {
        throw problem("expected the end of the file behind the list", at: index)
      }
    }
    guard !entries.isEmpty else {
      throw problem("expected at least one entry, was none", at: 0)
    }
    return entries
  }
}

extension ScriptReader {
  private func problem(_ problem: String, at offset: Int) -> ScriptProblem {
    let line = bytes.prefix(max(0, offset)).reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    return ScriptProblem(file: file, line: line, problem: problem)
  }

  /// Steps over white space and comment lines.
  private func skipSpace(from start: Int) -> Int {
    var index = start
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "#") {
        while index < bytes.count, bytes[index] != 0x0A { index += 1 }
      } else if [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) {
        index += 1
      } else {
        break
      }
    }
    return index
  }

  private func skip(_ mark: Unicode.Scalar, at index: Int) throws(ScriptProblem) -> Int {
    guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else {
      throw problem("expected \"\(mark)\"", at: index)
    }
    return skipSpace(from: index + 1)
  }

  private func entry(
    _ value: JSONValue, at start: Int
  ) throws(ScriptProblem) -> Script.Entry {
    try check(value, keys: ["model", "one_of", "times", "when"] + Self.replyKeys, at: start)
    let model: ModelAlias? =
      if let name = try text("model", in: value, at: start) {
        try alias(name, at: start)
      } else {
        nil
      }
    let times = try count("times", in: value, at: start)
    guard times.map({ $0 > 0 }) ?? true else {
      throw problem("expected times to be at least 1, was 0", at: start)
    }
    return Script.Entry(
      contains: try contains(in: value, at: start), model: model, times: times,
      replies: try replies(in: value, at: start))
  }

  private func alias(_ name: String, at start: Int) throws(ScriptProblem) -> ModelAlias {
    guard let alias = ModelAlias(name) else {
      throw problem("expected model to be the alias of a model, was \"\(name)\"", at: start)
    }
    return alias
  }

  private func contains(in value: JSONValue, at start: Int) throws(ScriptProblem) -> [String] {
    guard let when = value["when"] else { return [] }
    try check(when, keys: ["contains"], at: start)
    let texts = when["contains"]?.elements ?? when["contains"].map { [$0] } ?? []
    let wanted = texts.compactMap(\.text)
    guard !wanted.isEmpty, wanted.count == texts.count else {
      throw problem("expected when.contains to be a text or a list of texts", at: start)
    }
    return wanted
  }

  private func replies(
    in value: JSONValue, at start: Int
  ) throws(ScriptProblem) -> [Script.Reply] {
    guard let choices = value["one_of"] else { return [try reply(value, at: start)] }
    if let key = Self.replyKeys.first(where: { value[$0] != nil }) {
      throw problem("expected either one_of or \(key), were both", at: start)
    }
    guard let elements = choices.elements, !elements.isEmpty else {
      throw problem("expected one_of to be a list of replies, was \(choices.kind)", at: start)
    }
    var replies: [Script.Reply] = []
    for element in elements {
      try check(element, keys: Self.replyKeys, at: start)
      replies.append(try reply(element, at: start))
    }
    return replies
  }

  private func reply(_ value: JSONValue, at start: Int) throws(ScriptProblem) -> Script.Reply {
    var reply = Script.Reply()
    let kinds = ["text", "json", "failure", "hang"].filter { value[$0] != nil }
    guard kinds.count == 1 else {
      let were = kinds.isEmpty ? "none" : kinds.joined(separator: " and ")
      throw problem("expected one of text, json, failure and hang, was \(were)", at: start)
    }
    reply.text = try text("text", in: value, at: start) ?? value["json"]?.document ?? ""
    guard kinds[0] != "text" || reply.text.contains(where: { !$0.isWhitespace }) else {
      throw problem("expected text to be an answer, was empty; use failure: bad_answer", at: start)
    }
    if let name = try text("failure", in: value, at: start) {
      guard let kind = ModelFailure.Kind(rawValue: name) else {
        let known = ModelFailure.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        throw problem("expected failure to be one of \(known), was \"\(name)\"", at: start)
      }
      reply.failure = kind
    }
    if let hang = value["hang"] {
      guard hang == .flag(true) else {
        throw problem("expected hang to be true, was \(hang.document)", at: start)
      }
      reply.hangs = true
    }
    reply.reasoning = try text("reasoning", in: value, at: start) ?? ""
    reply.message = try text("message", in: value, at: start) ?? reply.message
    reply.retryAfter = try count("retry_after_ms", in: value, at: start).map { .milliseconds($0) }
    reply.delay = .milliseconds(try count("delay_ms", in: value, at: start) ?? 0)
    reply.usage = try usage(in: value, at: start)
    return reply
  }

  private func usage(in value: JSONValue, at start: Int) throws(ScriptProblem) -> TokenUsage? {
    guard let usage = value["usage"] else { return nil }
    try check(usage, keys: ["cached", "completion", "prompt"], at: start)
    return TokenUsage(
      prompt: try count("prompt", in: usage, at: start) ?? 0,
      cachedPrompt: try count("cached", in: usage, at: start) ?? 0,
      completion: try count("completion", in: usage, at: start) ?? 0, isEstimated: false)
  }

  private func check(
    _ value: JSONValue, keys: [String], at start: Int
  ) throws(ScriptProblem) {
    guard let members = value.members else {
      throw problem("expected an object, was \(value.kind)", at: start)
    }
    guard let stranger = members.first(where: { !keys.contains($0.name) }) else { return }
    throw problem(
      "expected one of \(keys.sorted().joined(separator: ", ")), was \"\(stranger.name)\"",
      at: start)
  }

  private func text(
    _ key: String, in value: JSONValue, at start: Int
  ) throws(ScriptProblem) -> String? {
    guard let found = value[key] else { return nil }
    guard let text = found.text else {
      throw problem("expected \(key) to be a text, was \(found.kind)", at: start)
    }
    return text
  }

  private func count(
    _ key: String, in value: JSONValue, at start: Int
  ) throws(ScriptProblem) -> Int? {
    guard let found = value[key] else { return nil }
    guard let count = found.whole, (0...1_000_000_000).contains(count) else {
      throw problem(
        "expected \(key) to be a whole number from 0 to 1000000000, was \(found.document)",
        at: start)
    }
    return count
  }
}
