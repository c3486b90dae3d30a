package import Trading

/// What a rule is applied to.
package enum RuleSubject: String, Sendable, Hashable, CaseIterable {
  /// A wish to open or grow a position.
  case entry
  /// A wish to close a position or a part of it.
  case close
  /// A wish for a new stop or target.
  case updateProtection = "update_protection"
  /// What all traders of an account want together.
  case account
}

/// One rule as data, for prompts, configuration and docs.
package struct RuleRow: Sendable, Hashable {
  /// Its stable id; rules about different subjects may share one.
  package let id: String
  /// What it is applied to.
  package let appliesTo: RuleSubject
  /// What it does with what it does not like.
  package let effect: RuleEffect
  /// What it demands, with the trader's numbers after their keys, if there is a trader.
  package let text: String
  /// The configuration keys it reads, in the order of the text.
  package let keys: [String]
  /// Whether it has something to say to the trader; always `true` without one.
  package let isInForce: Bool

  /// A row from its parts.
  package init(
    id: String, appliesTo: RuleSubject, effect: RuleEffect, text: String, keys: [String] = [],
    isInForce: Bool = true
  ) {
    self.id = id
    self.appliesTo = appliesTo
    self.effect = effect
    self.text = text
    self.keys = keys
    self.isInForce = isInForce
  }
}

extension AdmissionTable {
  /// Every rule as data, in the order they are applied: entries, closes, protections, accounts.
  ///
  /// The trader's numbers are filled in; `nil` = none, for docs.
  package static func rows(for trader: TraderSpec?) -> [RuleRow] {
    rows(of: entry, about: .entry, for: trader) + rows(of: close, about: .close, for: trader)
      + rows(of: protection, about: .updateProtection, for: trader) + accountRows
  }

  /// What is judged over all traders of an account, as data: clashes first, then its limits.
  static let accountRows: [RuleRow] =
    ConflictRule.summaries.map { rule in
      RuleRow(id: rule.id, appliesTo: .account, effect: rule.effect, text: rule.text)
    }
    + account.map { rule in
      RuleRow(id: rule.id, appliesTo: .account, effect: rule.effect, text: rule.summary)
    }

  /// The rules in words, with a trader's numbers after their keys.
  ///
  /// For example `Confidence must be at least min_confidence (75).` Entries come first, then
  /// closes, then protections; an id that applies to several appears once for each.
  package static func describe(for trader: TraderSpec) -> [(id: String, text: String)] {
    rows(for: trader).map { ($0.id, $0.text) }
  }

  /// The rules that have something to say to a trader, in words with its numbers, for prompts.
  ///
  /// Rules that are off are left out, and those that are not about entries say so: entries,
  /// closes and protections share ids.
  package static func inForce(for trader: TraderSpec) -> [(id: String, text: String)] {
    rows(for: trader).filter(\.isInForce).map { row in
      (row.id, row.appliesTo == .entry ? row.text : "(\(row.appliesTo.rawValue)) \(row.text)")
    }
  }

  /// The rules as a table in GitHub's Markdown, without any trader's numbers, for the docs.
  package static func markdown() -> String {
    let lines = rows(for: nil).map { row in
      "| `\(row.id)` | \(row.appliesTo.rawValue) | \(row.effect.rawValue) "
        + "| \(escaped(row.text)) |"
    }
    let head = ["| rule | applies to | effect | what it demands |", "|---|---|---|---|"]
    return (head + lines).map { $0 + "\n" }.joined()
  }

  private static func rows<Request>(
    of rules: [RiskRule<Request, AdmissionState>], about subject: RuleSubject,
    for trader: TraderSpec?
  ) -> [RuleRow] {
    let values = trader.map(LimitValues.init)
    return rules.map { rule in
      RuleRow(
        id: rule.id, appliesTo: subject, effect: rule.effect,
        text: values?.filled(into: rule.summary) ?? rule.summary,
        keys: LimitValues.keys(in: rule.summary),
        isInForce: values?.isInForce(rule.summary) ?? true)
    }
  }

  /// Text for a cell of a table: names as code, nothing that ends the cell or begins a tag.
  private static func escaped(_ text: String) -> String {
    var cell = ""
    LimitValues.words(of: text) { word, end in
      cell += word.contains("_") ? "`\(word)`" : word
      cell += "|*<>\\`".contains(end) && !end.isEmpty ? "\\\(end)" : end
    }
    return cell
  }
}
