import Mustache

/// One row of a table: a variable and how it is made of its subject.
struct PromptEntry<Subject: Sendable>: Sendable {
  let variable: PromptVariable
  /// As it is written; empty for lists.
  let text: @Sendable (Subject) -> String
  /// The number itself, for `printf`; `nil` for entries that are none.
  let number: (@Sendable (Subject) -> Double?)?
  /// What Mustache opens a section with: a flag or scopes; `nil` for entries that open none.
  let section: (@Sendable (PromptScope<Subject>) -> any Sendable)?

  /// A text.
  static func text(
    _ name: String, _ summary: String, blocks: Set<PromptBlock> = [],
    _ value: @escaping @Sendable (Subject) -> String
  ) -> PromptEntry {
    PromptEntry(
      variable: PromptVariable(name: name, kind: .text, summary: summary, blocks: blocks),
      text: value, number: nil, section: nil)
  }

  /// A number: how it is shown, and itself.
  static func number(
    _ name: String, _ summary: String, _ shown: @escaping @Sendable (Double?) -> String,
    _ number: @escaping @Sendable (Subject) -> Double?
  ) -> PromptEntry {
    PromptEntry(
      variable: PromptVariable(name: name, kind: .number, summary: summary, blocks: []),
      text: { shown(number($0)) }, number: number, section: nil)
  }

  /// A whole number; `nil` is shown as `n/a`.
  static func count(
    _ name: String, _ summary: String, _ count: @escaping @Sendable (Subject) -> Int?
  ) -> PromptEntry {
    PromptEntry(
      variable: PromptVariable(name: name, kind: .number, summary: summary, blocks: []),
      text: { count($0).map(String.init) ?? NumberText.missing },
      number: { count($0).map(Double.init) }, section: nil)
  }

  /// A flag.
  static func flag(
    _ name: String, _ summary: String, _ value: @escaping @Sendable (Subject) -> Bool
  ) -> PromptEntry {
    PromptEntry(
      variable: PromptVariable(name: name, kind: .flag, summary: summary, blocks: []),
      text: { value($0) ? "true" : "false" }, number: nil, section: { value($0.subject) })
  }

  /// A list of other subjects.
  static func list<Inner: Sendable>(
    _ name: String, _ summary: String, of inner: PromptTable<Inner>,
    blocks: Set<PromptBlock> = [], _ items: @escaping @Sendable (Subject) -> [Inner]
  ) -> PromptEntry {
    PromptEntry(
      variable: PromptVariable(
        name: name, kind: .list(inner.variables), summary: summary, blocks: blocks),
      text: { _ in "" }, number: nil,
      section: { outer in
        items(outer.subject).map {
          PromptScope(table: inner, subject: $0, runs: outer.runs, list: name)
        }
      })
  }
}

/// The variables of one kind of subject.
final class PromptTable<Subject: Sendable>: Sendable {
  /// In the order they are documented.
  let variables: [PromptVariable]
  /// In the same order.
  let entries: [PromptEntry<Subject>]
  private let indices: [String: Int]

  init(_ entries: [PromptEntry<Subject>]) {
    variables = entries.map(\.variable)
    self.entries = entries
    indices = Dictionary(
      entries.indices.map { (TemplateKey.section(entries[$0].variable.name), $0) }
    ) { first, _ in first }
  }

  /// What a section of that key opens; `nil` for keys of other tables.
  func section(_ key: String, in scope: PromptScope<Subject>) -> (any Sendable)? {
    indices[key].flatMap { entries[$0].section?(scope) }
  }

  /// A run of text and variables of this table.
  func text(of run: TemplateRun, for subject: Subject) -> String {
    var text = ""
    for piece in run.pieces {
      text += piece.before
      let entry = entries[piece.entry]
      if let decimals = piece.decimals, let number = entry.number {
        text += NumberText.fixed(number(subject), decimals)
      } else {
        text += entry.text(subject)
      }
    }
    return text + run.after
  }
}

/// A subject as Mustache asks it for its variables.
///
/// A class, because Mustache casts it at every look-up, which would copy a value each time.
final class PromptScope<Subject: Sendable>: MustacheParent, Sendable {
  let table: PromptTable<Subject>
  let subject: Subject
  /// Those of the template that is rendered.
  let runs: [TemplateRun]
  /// The list it is an element of; empty outside all lists.
  let list: String

  init(table: PromptTable<Subject>, subject: Subject, runs: [TemplateRun], list: String) {
    self.table = table
    self.subject = subject
    self.runs = runs
    self.list = list
  }

  func child(named key: String) -> Any? {
    guard let index = TemplateKey.run(key) else { return table.section(key, in: self) }
    // A run of an outer scope: Mustache asks that one next.
    return runs[index].list == list ? table.text(of: runs[index], for: subject) : nil
  }
}

/// Text and variables of one scope between two tags of sections.
struct TemplateRun: Sendable, Hashable {
  /// A variable and the text before it.
  struct Piece: Sendable, Hashable {
    let before: String
    /// Its place in the table.
    let entry: Int
    /// For numbers that are formatted.
    let decimals: Int?
  }

  /// The list whose variables it shows; empty for those outside all lists.
  let list: String
  let pieces: [Piece]
  /// The text behind the last variable.
  let after: String
}

/// The names that compiled templates hand to Mustache.
enum TemplateKey {
  /// Mustache splits names at dots, so they become underscores.
  static func section(_ name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: ".")) else { return name }
    return String(name.map { $0 == "." ? "_" : $0 })
  }

  static func run(_ index: Int) -> String { "?\(index)" }

  static func run(_ key: String) -> Int? { index(key, "?") }

  /// A part that is rendered once per coin for all traders.
  static func shared(_ index: Int) -> String { "*\(index)" }

  static func shared(_ key: String) -> Int? { index(key, "*") }

  private static func index(_ key: String, _ mark: Character) -> Int? {
    key.utf8.first == mark.asciiValue ? Int(key.dropFirst()) : nil
  }
}
