import Manager
package import Trading

/// The table of admission rules as `nof0 config rules` prints it.
package struct RuleTable: Sendable {
  private let rows: [RuleRow]

  /// The rules in the order they are applied, with a trader's numbers; without any for `nil`.
  package init(_ trader: TraderSpec?) { rows = AdmissionTable.rows(for: trader) }

  /// Columns under a heading, for people.
  package var text: String {
    var table = TextTable([
      ("RULE", .left), ("ABOUT", .left), ("IT", .left), ("WHAT IT SAYS", .left),
    ])
    for row in rows {
      table.add([
        row.id, row.appliesTo.rawValue, row.isInForce ? row.effect.rawValue : "is off", row.text,
      ])
    }
    return table.render()
  }

  /// One JSON object with the array `rules`, in their order.
  package var json: String {
    let bytes = CanonicalJSON.document { json in
      json.array("rules", rows) { json, row in
        json.object { json in
          json.field("applies_to", row.appliesTo.rawValue)
          json.field("effect", row.effect.rawValue)
          json.field("in_force", row.isInForce)
          json.array("keys", row.keys) { json, key in json.value(key) }
          json.field("rule", row.id)
          json.field("text", row.text)
        }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
