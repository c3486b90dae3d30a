import Mustache

/// One row of a table: a variable and how it is made of its subject.
struct PromptEntry<Subject: Sendable>: Sendable {
  let variable: PromptVariable
  /// Text, flag, or an array of scopes, as Mustache takes it.
  let value: @Sendable (Subject) -> any Sendable
  /// The number itself, for `printf`; `nil` for entries that are none.
  let number: (@Sendable (Subject) -> Double?)?

  /// A text.
  static func text(
    _ name: String, _ summary: String, blocks: Set<PromptBlock> = [],
    _ value: @escaping @Sendable (Subject) -> String
  ) -> PromptEntry {
    PromptEntry(
      variable: PromptVariable(name: name, kind: .text, summary: summary, blocks: blocks),
      value: value, number: nil)
  }

  /// A number: how it is shown, and itself.
  static func number(
    _ name: String, _ summary: String, _ shown: @escaping @Sendable (Double?) -> String,
    _ number: @escaping @Sendable (Subject) -> Double?
  ) -> PromptEntry {
    PromptEntry(
      variable: PromptVariable(name: name, kind: .number, summary: summary, blocks: []),
      value: { shown(number($0)) }, number: number)
  }

  /// A whole number; `nil` is shown as `n/a`.
  static func count(
    _ name: String, _ summary: String, _ count: @escaping @Sendable (Subject) -> Int?
  ) -> PromptEntry {
    PromptEntry(
      variable: PromptVariable(name: name, kind: .number, summary: summary, blocks: []),
      value: { count($0).map(String.init) ?? NumberText.missing },
      number: { count($0).map(Double.init) })
  }

  /// A flag.
  static func flag(
    _ name: String, _ summary: String, _ value: @escaping @Sendable (Subject) -> Bool
  ) -> PromptEntry {
    PromptEntry(
      variable: PromptVariable(name: name, kind: .flag, summary: summary, blocks: []),
      value: value, number: nil)
  }

  /// A list of other subjects.
  static func list<Inner: Sendable>(
    _ name: String, _ summary: String, of inner: PromptTable<Inner>,
    blocks: Set<PromptBlock> = [], _ items: @escaping @Sendable (Subject) -> [Inner]
  ) -> PromptEntry {
    PromptEntry(
      variable: PromptVariable(
        name: name, kind: .list(inner.variables), summary: summary, blocks: blocks),
      value: { items($0).map { PromptScope(table: inner, subject: $0) } }, number: nil)
  }
}

/// The variables of one kind of subject.
struct PromptTable<Subject: Sendable>: Sendable {
  /// In the order they are documented.
  let variables: [PromptVariable]
  private let entries: [String: PromptEntry<Subject>]

  init(_ entries: [PromptEntry<Subject>]) {
    variables = entries.map(\.variable)
    self.entries = Dictionary(entries.map { (TemplateKey.plain($0.variable.name), $0) }) {
      first, _ in first
    }
  }

  /// What a key of a compiled template stands for; `nil` for keys of other tables.
  func value(of key: String, in subject: Subject) -> (any Sendable)? {
    if let entry = entries[key] { return entry.value(subject) }
    guard let (name, decimals) = TemplateKey.formatted(key), let entry = entries[name] else {
      return nil
    }
    return NumberText.fixed(entry.number?(subject), decimals)
  }
}

/// A subject as Mustache asks it for its variables.
struct PromptScope<Subject: Sendable>: MustacheParent, Sendable {
  let table: PromptTable<Subject>
  let subject: Subject

  func child(named key: String) -> Any? { table.value(of: key, in: subject) }
}

/// The names that compiled templates hand to Mustache.
///
/// Mustache splits names at dots and knows no formats, so dots become underscores and a number of
/// decimals follows after a dash.
enum TemplateKey {
  static func plain(_ name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: ".")) else { return name }
    return String(name.map { $0 == "." ? "_" : $0 })
  }

  static func formatted(_ name: String, decimals: Int) -> String { "\(plain(name))-\(decimals)" }

  static func formatted(_ key: String) -> (name: String, decimals: Int)? {
    guard let dash = key.lastIndex(of: "-"), let decimals = Int(key[key.index(after: dash)...])
    else { return nil }
    return (String(key[..<dash]), decimals)
  }

  /// The key of a part that is rendered once per coin for all traders.
  static func shared(_ index: Int) -> String { "*\(index)" }

  static func sharedIndex(_ key: String) -> Int? {
    key.hasPrefix("*") ? Int(key.dropFirst()) : nil
  }
}
