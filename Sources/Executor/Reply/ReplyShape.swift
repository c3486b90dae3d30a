import Trading

/// One decision as it stands in a reply.
struct ReplyEntry {
  /// Its place, for example `decisions[0]`.
  let path: String
  /// Its members, in order; names may repeat where a nested object was lifted.
  let members: [JSONMember]
  /// The coin named by the member it stands in; `nil` in lists.
  let key: String?
}

/// The shapes in which models write their decisions.
struct ReplyShape {
  /// The decisions, in order.
  private(set) var entries: [ReplyEntry] = []
  /// What was unusual.
  private(set) var notes = ReplyNotes()
  /// Whether it is a single decision without anything around it.
  private(set) var isSingle = false

  private static let listNames: Set<String> = ["decisions", "decision", "actions"]
  private static let nestedName = "trade_signal_args"

  /// Whether a value holds decisions, or is an empty list of them.
  static func isAnswer(_ value: JSONValue) -> Bool {
    switch value {
    case .array(let elements): elements.contains(where: isDecision)
    case .object(let members):
      isDecision(value)
        || members.contains {
          isDecision($0.value) || (listNames.contains(word($0.name)) && isContainer($0.value))
        }
    case .null, .flag, .number, .text: false
    }
  }

  /// The decisions of a value that ``isAnswer(_:)``.
  init(_ root: JSONValue) {
    switch root {
    case .array(let elements):
      notes.add(.rootArray)
      take(elements, at: "")
    case .object(let members): take(members)
    case .null, .flag, .number, .text: break
    }
  }

  private mutating func take(_ members: [JSONMember]) {
    let lists = members.filter { Self.listNames.contains(Self.word($0.name)) }
    if Self.isDecision(.object(members)) {
      isSingle = true
      notes.add(.singleObject)
      if lists.contains(where: { Self.isContainer($0.value) }) {
        return notes.add("expected either one decision or a list named decisions, was both")
      }
      return append(members, at: "decision", key: nil)
    }
    guard let list = lists.first else { return takeCoins(members, at: "") }
    guard lists.count == 1 else {
      return notes.add("expected one list named decisions, was \(lists.count)")
    }
    if members.count > 1 { notes.add(.extraFields) }
    let folded = PlainText.folded(list.name, &notes)
    if folded != "decisions" {
      let word = PlainText.word(folded)
      notes.add(.alias(word == "decisions" ? "field_spelling" : word))
    }
    switch list.value {
    case .array(let elements): take(elements, at: "decisions")
    case .object(let inner) where Self.isDecision(list.value):
      notes.add(.singleObject)
      append(inner, at: "decisions", key: nil)
    case .object(let inner): takeCoins(inner, at: "decisions.")
    case .null, .flag, .number, .text:
      notes.add("decisions: expected a list, was \(list.value.kind)")
    }
  }

  private mutating func take(_ elements: [JSONValue], at path: String) {
    for (index, element) in elements.enumerated() {
      let place = "\(path)[\(index)]"
      guard case .object(let members) = element else {
        notes.add("\(place): expected an object, was \(element.kind)")
        continue
      }
      append(members, at: place, key: nil)
    }
  }

  private mutating func takeCoins(_ members: [JSONMember], at path: String) {
    notes.add(.rootObjectKeyedByCoin)
    for member in members {
      guard case .object(let inner) = member.value, Self.isDecision(member.value) else {
        notes.add(.extraFields)
        if case .object = member.value {
          notes.add(
            "\(path)\(PlainText.quoted(member.name)): expected a decision with a signal, was none")
        }
        continue
      }
      append(inner, at: "\(path)\(PlainText.quoted(member.name))", key: member.name)
    }
  }

  private mutating func append(_ members: [JSONMember], at path: String, key: String?) {
    guard let nested = members.first(where: { $0.name == Self.nestedName })?.value.members else {
      entries.append(ReplyEntry(path: path, members: members, key: key))
      return
    }
    notes.add(.nestedTradeSignalArgs)
    let outer = members.filter { $0.name != Self.nestedName }
    entries.append(ReplyEntry(path: path, members: nested + outer, key: key))
  }
}

extension ReplyShape {
  private static func isContainer(_ value: JSONValue) -> Bool {
    switch value {
    case .array, .object: true
    case .null, .flag, .number, .text: false
    }
  }

  /// Whether a value names what to do, itself or in `trade_signal_args`.
  private static func isDecision(_ value: JSONValue) -> Bool {
    guard case .object(let members) = value else { return false }
    var ignored = ReplyNotes()
    return members.contains {
      $0.name == nestedName
        ? isDecision($0.value)
        : DecisionField.named($0.name, &ignored)?.field == .signal && $0.value.text != nil
    }
  }

  private static func word(_ name: String) -> String {
    var ignored = ReplyNotes()
    return PlainText.word(PlainText.folded(name, &ignored))
  }
}
