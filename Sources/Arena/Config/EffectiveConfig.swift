/// Every key of the configuration with its value and where that came from, secrets masked.
package struct EffectiveConfig: Sendable, Equatable {
  /// One key.
  package struct Entry: Sendable, Equatable {
    /// The file the key belongs to, for example `manager.yaml`.
    package let file: String
    /// The key with its path, for example `traders.random.risk_params.max_positions`.
    package let key: String
    /// Its value as text; lists are written `[A, B]`, secrets `•••` or `${VARIABLE}`.
    package let value: String
    /// `FILE:LINE`, `default`, `environment NAME`, or how it was derived.
    package let source: String
  }

  /// The keys: files in their order, written keys in file order, then defaults.
  package let entries: [Entry]

  /// One line a key under a heading for each file.
  package var text: String {
    var lines: [String] = []
    var file = ""
    for entry in entries {
      if entry.file != file {
        if !file.isEmpty { lines.append("") }
        file = entry.file
        lines.append("# \(file)")
      }
      lines.append("\(entry.key): \(entry.value)  # \(entry.source)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A JSON array of objects with `file`, `key`, `value` and `source`, in the order of
  /// ``entries``.
  package var json: String {
    let objects = entries.map { entry in
      let members = [
        ("file", entry.file), ("key", entry.key), ("value", entry.value),
        ("source", entry.source),
      ]
      return "  {"
        + members.map { "\(jsonText($0)): \(jsonText($1))" }.joined(separator: ", ") + "}"
    }
    return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }
}

/// A value that no file states but that follows from what the files state.
struct DerivedValue: Sendable {
  var file = ConfigFile.manager
  let key: String
  let value: String
  let source: String
}

extension EffectiveConfig {
  /// What the keys are collected from.
  struct Origin: Sendable, CustomStringConvertible, CustomReflectable {
    var sections: [ConfigFile: Section] = [:]
    var derived: [DerivedValue] = []
    /// What to say beside the source of a key of manager.yaml.
    var remarks: [String: String] = [:]

    /// How many files there are, and nothing of what a variable in them holds.
    var description: String { "the keys of \(sections.count) files" }

    /// A mirror without children.
    var customMirror: Mirror { Mirror(self, children: []) }
  }

  init(_ origin: Origin) {
    var collected: [Entry] = []
    for file in ConfigFile.allCases {
      guard let section = origin.sections[file] else { continue }
      let first = collected.count
      Self.collect(section, file: section.name, into: &collected)
      for index in first..<collected.count where file == .manager {
        guard let remark = origin.remarks[collected[index].key] else { continue }
        let entry = collected[index]
        collected[index] = Entry(
          file: entry.file, key: entry.key, value: entry.value,
          source: "\(entry.source), \(remark)")
      }
      collected += origin.derived.filter { $0.file == file }.map {
        Entry(file: section.name, key: $0.key, value: $0.value, source: $0.source)
      }
    }
    entries = collected
  }

  private static func collect(_ section: Section, file: String, into entries: inout [Entry]) {
    for (name, field) in section.fields {
      switch field {
      case .scalar(let setting):
        entries.append(
          Entry(
            file: file, key: setting.path, value: shown(setting),
            source: source(setting)))
      case .list(let items):
        let place = items.first.map(source) ?? "\(section.place.file):\(section.place.line)"
        entries.append(
          Entry(
            file: file, key: join(section.path, name),
            value: "[" + items.map(shown).joined(separator: ", ") + "]",
            source: place))
      case .section(let inner): collect(inner, file: file, into: &entries)
      case .sections(let inners):
        for inner in inners { collect(inner, file: file, into: &entries) }
      }
    }
  }

  /// A value on one line; blank text is shown as two quotes.
  private static func shown(_ setting: Setting) -> String {
    let text = setting.shown ?? setting.text
    if text.isEmpty { return "\"\"" }
    return text.contains(where: \.isNewline) ? jsonText(text) : text
  }

  private static func source(_ setting: Setting) -> String {
    switch setting.origin {
    case .file: "\(setting.place.file):\(setting.place.line)"
    case .standard: "default"
    case .environment(let name): "environment \(name)"
    }
  }
}

/// Text as a JSON string.
func jsonText(_ text: String) -> String {
  let digits = Array("0123456789abcdef")
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    default:
      if scalar.value < 32 {
        result += "\\u00" + String(digits[Int(scalar.value >> 4)])
        result.append(digits[Int(scalar.value & 15)])
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}
