/// A value of a YAML document and where it stands.
struct YAMLNode: Sendable {
  /// Where its first character stands.
  let place: ConfigPlace
  let content: Content

  indirect enum Content: Sendable {
    /// Text; plain when it was written without quotes.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    /// Entries in file order, no key twice.
    case mapping([Entry])
  }

  struct Entry: Sendable {
    let key: String
    let keyPlace: ConfigPlace
    let value: YAMLNode
  }

  /// Whether it says "no value": nothing at all, `~` or `null`.
  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// Whether it is a group without keys, or nothing.
  var isEmpty: Bool {
    guard case .mapping(let entries) = content else { return isNull }
    return entries.isEmpty
  }

  /// What it is, for messages.
  var kind: String {
    switch content {
    case .scalar: isNull ? "nothing" : "text"
    case .sequence: "a list"
    case .mapping: "a group of keys"
    }
  }
}
