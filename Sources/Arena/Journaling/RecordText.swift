import Journal
import Trading

/// One record of the journal, for people and for programs.
struct RecordText {
  let record: JournalRecord
  /// Finds an input by its digest.
  let input: (RecordHash) throws -> JournalBlob

  /// What comes first, in this order; the rest follows by name, digests last.
  private static let order = [
    "status", "was_due", "failure", "run", "slot", "model", "conversation", "decisions", "orders",
    "fills", "funding", "trades", "positions", "equity", "account", "events", "troubles",
  ]

  /// The record as it stands in its file, and its proof, as one JSON document.
  func json() throws -> String {
    let turn = try JSONReader.value(of: record.body)
    let bytes = CanonicalJSON.document(capacity: record.body.count + 500) { json in
      json.field("at_ms", record.at.ms)
      json.field("cycle", record.cycle)
      json.field("file", record.path)
      json.field("prev", record.previous.hex)
      json.field("seq", record.seq)
      json.field("sha256", record.hash.hex)
      json.field("trader", record.stream)
      json.field("turn", turn)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The record in sections: what it was asked, what it answered, what came of it.
  func text() throws -> String {
    let turn = try JSONReader.value(of: record.body)
    var text = """
      \(record.stream), cycle \(record.cycle), \(record.at)
      record \(record.seq) of its chain, digest \(record.hash.hex.prefix(16))…, in \(record.path)

      """
    guard let members = turn.members else { return text + "\n" + outline(turn, indent: 2) }
    let ranked = members.map { member in (rank: Self.rank(of: member), member: member) }
    for (_, member) in ranked.sorted(by: {
      ($0.rank, $0.member.name) < ($1.rank, $1.member.name)
    }) {
      text += try section(member)
    }
    return text
  }

  private static func rank(of member: JSONMember) -> Int {
    if let index = order.firstIndex(of: member.name) { return index }
    return digest(member.value) == nil ? order.count : order.count + 1
  }

  private static func digest(_ value: JSONValue) -> RecordHash? {
    value.text.flatMap { RecordHash(hex: $0.utf8) }
  }

  private func section(_ member: JSONMember) throws -> String {
    let name = member.name.replacing("_", with: " ")
    switch member.value {
    case .array(let elements) where !elements.isEmpty:
      return "\n\(name)\n" + elements.map { item($0) }.joined()
    case .object(let members) where !members.isEmpty:
      let resolved = try members.map { try self.resolved($0) }
      return "\n\(name)\n" + outline(.object(resolved), indent: 2)
    case _: return "\(name): \(word(member.value) ?? "")\n"
    }
  }

  /// The system message instead of its digest.
  private func resolved(_ member: JSONMember) throws -> JSONMember {
    guard member.name == "system", let hash = Self.digest(member.value) else { return member }
    return JSONMember(member.name, try JSONReader.value(of: try input(hash).body))
  }

  // MARK: Outline

  /// One element of a list: on one line where its members are words, else with its parts below.
  private func item(_ value: JSONValue) -> String {
    guard let members = value.members else { return block("-", value, indent: 2) }
    let words = members.compactMap { member in
      word(member.value).map { "\(member.name.replacing("_", with: " ")) \($0)" }
    }
    let rest = members.filter { word($0.value) == nil }
    let line = "  - " + words.joined(separator: ", ") + "\n"
    return line + outline(.object(rest), indent: 6)
  }

  private func outline(_ value: JSONValue, indent: Int) -> String {
    guard let members = value.members else { return block("", value, indent: indent) }
    return members.map { member in
      block(member.name.replacing("_", with: " ") + ":", member.value, indent: indent)
    }.joined()
  }

  private func block(_ title: String, _ value: JSONValue, indent: Int) -> String {
    let space = String(repeating: " ", count: indent)
    if let word = word(value) { return space + title + (title.isEmpty ? "" : " ") + word + "\n" }
    switch value {
    case .text(let text):
      let lines = Readable.harmless(text).split(separator: "\n", omittingEmptySubsequences: false)
      return "\(space)\(title)\n" + lines.map { "\(space)  | \($0)\n" }.joined()
    case .array(let elements):
      return "\(space)\(title)\n"
        + elements.map { block("-", $0, indent: indent + 2) }.joined()
    case .object(let members):
      return "\(space)\(title)\n" + outline(.object(members), indent: indent + 2)
    case .null, .flag, .number: return "\(space)\(title)\n"
    }
  }

  /// A value that fits on the line of its name; `nil` = it needs lines of its own.
  private func word(_ value: JSONValue) -> String? {
    switch value {
    case .null: return "-"
    case .flag(let flag): return flag ? "yes" : "no"
    case .number(let digits): return digits
    case .text(let text):
      if let hash = RecordHash(hex: text.utf8) { return "\(hash.hex.prefix(16))…" }
      return text.utf8.count <= 100 && !text.contains("\n") ? Readable.harmlessLine(text) : nil
    case .array(let elements):
      let words = elements.map { $0.members == nil ? word($0) : nil }
      guard !words.contains(nil), elements.count <= 8 else { return nil }
      return words.isEmpty ? "none" : words.compactMap { $0 }.joined(separator: ", ")
    case .object(let members): return members.isEmpty ? "none" : nil
    }
  }
}
