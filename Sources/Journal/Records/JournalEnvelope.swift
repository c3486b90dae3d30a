import Trading

/// A line of a chain: its place, and what it says.
///
/// As text: `{"at_ms":1,"cycle":2,"prev":"…","seq":3,"trader":"anna","turn":…}`. What it says
/// stands last so that a place is read without reading all of the line.
struct JournalEnvelope {
  let at: Timestamp
  let cycle: CycleNumber
  let previous: RecordHash
  let seq: Int64
  let stream: String
  let body: ArraySlice<UInt8>

  /// The line, without a line feed.
  var line: [UInt8] {
    CanonicalJSON.fragment(capacity: body.count + 200) { json in
      json.field("at_ms", at.ms)
      json.field("cycle", cycle)
      json.field("prev", previous.hex)
      json.field("seq", seq)
      json.field("trader", stream)
      json.key("turn")
      json.value(fragment: Array(body))
    }
  }
}

extension JournalEnvelope {
  /// What a line says; `nil` when it does not begin and end as a line of ours.
  init?(line: ArraySlice<UInt8>) {
    var text = LineScanner(line)
    guard text.skip("{\"at_ms\":"), let at = text.number(), text.skip(",\"cycle\":"),
      let cycle = text.number(), text.skip(",\"prev\":"), let prev = text.word(),
      let previous = RecordHash(hex: prev), text.skip(",\"seq\":"), let seq = text.number(),
      text.skip(",\"trader\":"), let trader = text.word(), text.skip(",\"turn\":"),
      let body = text.valueToTheEnd()
    else { return nil }
    self.init(
      at: Timestamp(ms: at), cycle: cycle, previous: previous, seq: seq,
      stream: String(decoding: trader, as: UTF8.self), body: body)
  }
}

/// A line that holds an input.
///
/// As text: `{"hash":"…","kind":"candles","value":…}`.
struct BlobLine {
  let hash: RecordHash
  let kind: String
  let body: ArraySlice<UInt8>

  /// The line of an input, without a line feed.
  static func line(of blob: JournalBlob) -> [UInt8] {
    CanonicalJSON.fragment(capacity: blob.body.count + 120) { json in
      json.field("hash", blob.hash.hex)
      json.field("kind", blob.kind)
      json.key("value")
      json.value(fragment: blob.body)
    }
  }

  /// What a line says; `nil` when it does not begin and end as such a line.
  init?(line: ArraySlice<UInt8>) {
    var text = LineScanner(line)
    guard text.skip("{\"hash\":"), let digits = text.word(), let hash = RecordHash(hex: digits),
      text.skip(",\"kind\":"), let kind = text.word(), text.skip(",\"value\":"),
      let body = text.valueToTheEnd()
    else { return nil }
    self.hash = hash
    self.kind = String(decoding: kind, as: UTF8.self)
    self.body = body
  }
}

/// Steps over a line whose first members are known.
private struct LineScanner {
  private var rest: ArraySlice<UInt8>

  init(_ line: ArraySlice<UInt8>) { rest = line }

  mutating func skip(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  mutating func number() -> Int64? {
    let digits = rest.prefix { $0 == UInt8(ascii: "-") || (48...57).contains($0) }
    rest = rest.dropFirst(digits.count)
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  /// A text in quotes that needs no escapes.
  mutating func word() -> ArraySlice<UInt8>? {
    guard rest.first == UInt8(ascii: "\"") else { return nil }
    rest = rest.dropFirst()
    let word = rest.prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    rest = rest.dropFirst(word.count)
    guard rest.first == UInt8(ascii: "\"") else { return nil }
    rest = rest.dropFirst()
    return word
  }

  /// All but the bracket at the end.
  func valueToTheEnd() -> ArraySlice<UInt8>? {
    guard rest.count > 1, rest.last == UInt8(ascii: "}") else { return nil }
    return rest.dropLast()
  }
}
