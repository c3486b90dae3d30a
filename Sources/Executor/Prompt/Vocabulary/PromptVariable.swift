/// What a template may name: a variable, what it is and what it says.
package struct PromptVariable: Sendable, Hashable {
  /// What can be done with a variable in a template.
  package enum Kind: Sendable, Hashable {
    /// Is written as it is.
    case text
    /// Is written, and can be formatted with `printf` in a `.tmpl` template; `n/a` when missing.
    case number
    /// Opens a section that is shown when it holds; written, it is `true` or `false`.
    case flag
    /// Opens a section that is repeated for each element, with these variables inside.
    case list([PromptVariable])

    /// The kind in a word: `text`, `number`, `flag`, `list`.
    package var word: String {
      switch self {
      case .text: "text"
      case .number: "number"
      case .flag: "flag"
      case .list: "list"
      }
    }
  }

  /// Its name in templates; nof0's own names have dots inside, without the leading one.
  package let name: String
  /// What can be done with it.
  package let kind: Kind
  /// What it says, in one sentence, with unit and order.
  package let summary: String
  /// The big blocks it shows; empty for most.
  let blocks: Set<PromptBlock>
}

/// A big part of a prompt that should reach the model once.
enum PromptBlock: String, Sendable, CaseIterable {
  case market = "the market of the coins"
  case positions = "the open positions"
  case candidates = "the candidates"
  case trades = "the recent trades"
  case rules = "the rules"
  case answerForm = "the form of the answer"
}

/// The variables of one kind of message: what templates are checked against, and their
/// documentation.
package struct PromptVocabulary: Sendable {
  /// The message it is for, in words.
  package let message: String
  /// Every variable, in the order they are documented.
  package var variables: [PromptVariable] { table.variables }
  /// How each is made.
  let table: PromptTable<PromptScene>

  /// The variables of the user message: everything a trader sees.
  package static let user = PromptVocabulary(
    message: "the user message",
    table: PromptTable(
      PromptTables.situation + PromptTables.lists + PromptTables.limits
        + PromptTables.nof0Context + PromptTables.nof0Config))

  /// The variables of the system message: who the trader is, and its limits.
  ///
  /// None of our own changes from cycle to cycle, so that providers can cache the message;
  /// nof0's `ContextJSON` does.
  package static let persona = PromptVocabulary(
    message: "the system message",
    table: PromptTable(
      PromptTables.limits + PromptTables.nof0Config + PromptTables.nof0Trader))

  /// Every variable as a line of text: name, kind, sentence; those of a list are indented below.
  package var documentation: String {
    Self.lines(of: variables, indent: "").joined(separator: "\n") + "\n"
  }

  private static func lines(of variables: [PromptVariable], indent: String) -> [String] {
    variables.flatMap { variable -> [String] in
      let line = "\(indent)\(variable.name) (\(variable.kind.word)): \(variable.summary)"
      guard case .list(let inner) = variable.kind else { return [line] }
      return [line] + lines(of: inner, indent: indent + "  ")
    }
  }
}
