import Manager
package import Trading

/// The table of admission rules as `nof0 config rules` prints it.
package struct RuleTable: Sendable {
  private let rows: [(id: String, wish: String, text: String)]

  /// The rules in the order they are applied, with a trader's numbers; without any for `nil`.
  package init(_ trader: TraderSpec?) {
    let wishes =
      AdmissionTable.entry.map { _ in "entry" } + AdmissionTable.close.map { _ in "close" }
      + AdmissionTable.protection.map { _ in "update_protection" }
    let rules = trader.map { AdmissionTable.describe(for: $0) } ?? Self.withoutNumbers
    rows = zip(rules, wishes).map { (id: $0.id, wish: $1, text: $0.text) }
  }

  private static var withoutNumbers: [(id: String, text: String)] {
    AdmissionTable.entry.map { ($0.id, $0.summary) }
      + AdmissionTable.close.map { ($0.id, $0.summary) }
      + AdmissionTable.protection.map { ($0.id, $0.summary) }
  }

  /// Columns under a heading, for people.
  package var text: String {
    var table = TextTable([("RULE", .left), ("WISH", .left), ("WHAT IT SAYS", .left)])
    for row in rows { table.add([row.id, row.wish, row.text]) }
    return table.render()
  }

  /// A JSON array of objects with `rule`, `wish` and `text`, in the order of the rules.
  package var json: String {
    let objects = rows.map { row in
      let members = [("rule", row.id), ("wish", row.wish), ("text", row.text)]
      return "  {"
        + members.map { "\(jsonText($0)): \(jsonText($1))" }.joined(separator: ", ") + "}"
    }
    return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }
}
