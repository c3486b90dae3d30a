import Trading

/// Checks the nodes of one file against the table of its keys, reporting every difference, and
/// fills in the defaults.
struct KeyResolver {
  let environment: ConfigEnvironment
  /// Whether `Name` is the key `name`, as in nof0.yaml.
  let ignoresCase: Bool
  var issues: [ConfigIssue] = []

  init(environment: ConfigEnvironment, ignoresCase: Bool) {
    self.environment = environment
    self.ignoresCase = ignoresCase
  }

  /// Checks a group of keys; a missing one is as good as an empty one.
  mutating func section(
    _ node: YAMLNode?, _ keys: [ConfigKey], name: String, path: String, at outer: ConfigPlace,
    otherKeys: [String: String] = [:]
  ) -> Section {
    let written = entries(of: node, key: path)
    let place = written.first?.keyPlace ?? node?.place ?? outer
    var section = Section(name: name, path: path, place: place)
    for entry in written {
      guard let key = keys.first(where: { matches(entry.key, $0) }) else {
        reportUnknown(entry, keys, path: path, otherKeys: otherKeys)
        continue
      }
      guard section[key.name] == nil else {
        error(
          entry.keyPlace, join(path, key.name), "the key \(key.name) appears twice",
          "keep one of its spellings")
        continue
      }
      if !entry.value.isNull { section.stated.insert(key.name) }
      if let field = field(entry, key, path: join(path, key.name), inside: place) {
        section.fields.append((key.name, field))
      }
    }
    for key in keys where section[key.name] == nil {
      let isWritten = written.contains { matches($0.key, key) && !$0.value.isNull }
      if let field = absent(key, path: join(path, key.name), at: place, isWritten: isWritten) {
        section.fields.append((key.name, field))
      }
    }
    return section
  }

  mutating func error(
    _ place: ConfigPlace, _ key: String, _ problem: String, _ advice: String
  ) {
    issues.append(ConfigIssue(.error, at: place, key: key, problem: problem, advice: advice))
  }

  mutating func notice(
    _ place: ConfigPlace, _ key: String, _ problem: String, _ advice: String
  ) {
    issues.append(ConfigIssue(.notice, at: place, key: key, problem: problem, advice: advice))
  }
}

/// A path with one more name.
func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

extension KeyResolver {
  private func matches(_ written: String, _ key: ConfigKey) -> Bool {
    guard ignoresCase else { return written == key.name }
    let lowered = written.lowercased()
    return lowered == key.name || lowered == key.alias
  }

  private mutating func entries(of node: YAMLNode?, key: String) -> [YAMLNode.Entry] {
    guard let node, !node.isNull else { return [] }
    if case .mapping(let entries) = node.content { return entries }
    let subject = key.isEmpty ? "" : "\(key): "
    error(
      node.place, key, "\(subject)expected a group of keys, was \(node.kind)",
      "write KEY: VALUE lines")
    return []
  }

  private mutating func reportUnknown(
    _ entry: YAMLNode.Entry, _ keys: [ConfigKey], path: String, otherKeys: [String: String]
  ) {
    let scope = path.isEmpty ? "" : " in \(path)"
    let known = keys.filter { if case .meaningless = $0.use { false } else { true } }.map(\.name)
    let advice: String
    if let other = otherKeys[entry.key] {
      advice = "it belongs to type \(other)"
    } else if let nearest = NearestName.of(entry.key, among: known) {
      advice = "did you mean \(nearest)?"
    } else {
      advice = "remove it, or use one of \(known.prefix(12).joined(separator: ", "))"
    }
    error(entry.keyPlace, path, "unknown key \(quoted(entry.key))\(scope)", advice)
  }

  private mutating func field(
    _ entry: YAMLNode.Entry, _ key: ConfigKey, path: String, inside: ConfigPlace
  ) -> Section.Field? {
    let node = entry.value
    if case .meaningless(let advice) = key.use {
      notice(entry.keyPlace, path, "\(path) has no meaning here", advice)
      return nil
    }
    switch key.shape {
    case .scalar(let kind):
      return scalar(node, kind, key, path: path, fallback: entry.keyPlace).map { .scalar($0) }
    case .list(let kind, let count):
      return list(node, kind, key, path: path, atLeast: count)
    case .arguments: return arguments(node, key, path: path)
    case .section(let keys, let isOptional):
      if isOptional, node.isNull { return nil }
      return .section(section(node, keys, name: key.name, path: path, at: entry.keyPlace))
    case .named(let keys):
      return .sections(
        entries(of: node, key: path).compactMap { named in
          section(
            named.value, keys, name: named.key, path: join(path, named.key), at: named.keyPlace)
        })
    case .typed(let variants):
      if node.isEmpty {
        error(
          entry.keyPlace, path, "\(path): expected at least one name, was nothing",
          "add NAME: and below it type: \(variants[0].type)")
      }
      return .sections(
        entries(of: node, key: path).compactMap { typed($0, variants, path: path) })
    case .namedScalars(let kind):
      return namedScalars(node, kind, key, path: path, at: entry.keyPlace)
    case .items(let keys):
      return node.isNull ? nil : .sections(items(node, keys, path: path))
    case .anything: return nil
    }
  }

  private mutating func absent(
    _ key: ConfigKey, path: String, at place: ConfigPlace, isWritten: Bool
  ) -> Section.Field? {
    if let variable = key.override, let value = environment[variable], !value.isEmpty,
      case .scalar(let kind) = key.shape
    {
      return overridden(kind, variable, value, path: path, at: place).map { .scalar($0) }
    }
    switch key.shape {
    case .scalar where key.standard != nil:
      return .scalar(
        Setting(path: path, text: key.standard ?? "", place: place, origin: .standard))
    case .section(let keys, isOptional: false):
      return .section(section(nil, keys, name: key.name, path: path, at: place))
    case .named, .typed, .namedScalars, .items, .scalar, .list, .arguments, .section, .anything:
      guard key.isRequired, !isWritten else { return nil }
      error(place, path, "\(path) is missing", "add \(sample(key))")
      return nil
    }
  }

  private func sample(_ key: ConfigKey) -> String {
    switch key.shape {
    case .scalar(let kind): "for example \(key.name): \(kind.example)"
    case .list(let kind, _): "for example \(key.name): [\(kind.example)]"
    case .arguments: "for example \(key.name): [\(ScalarKind.argument.example)]"
    case .items: "\(key.name): with at least one item"
    case .section, .named, .typed, .namedScalars, .anything:
      "\(key.name): with at least one name"
    }
  }

  private mutating func typed(
    _ entry: YAMLNode.Entry, _ variants: [ConfigKey.TypeVariant], path: String
  ) -> Section? {
    let path = join(path, entry.key)
    guard ProviderID(entry.key) != nil else {
      error(
        entry.keyPlace, path, "expected \(ScalarKind.name.expectation), was \(quoted(entry.key))",
        "choose another name for it")
      return nil
    }
    let types = variants.map(\.type)
    let typeKey = ConfigKey.required("type", .word(types), "What it is.")
    let children = entries(of: entry.value, key: path)
    var variant: ConfigKey.TypeVariant?
    if let type = children.first(where: { $0.key == "type" })?.value,
      case .scalar(let raw, _) = type.content
    {
      let text = ExpandedText(raw, in: environment).text.lowercased()
      variant = variants.first { $0.type == text }
    }
    // Without a type nobody knows which keys are right: say only that.
    let only = YAMLNode(
      place: entry.value.place,
      content: .mapping(children.filter { variant != nil || $0.key == "type" }))
    var others: [String: String] = [:]
    for other in variants.reversed() where other.type != variant?.type {
      for key in other.keys { others[key.name] = other.type }
    }
    return section(
      only, [typeKey] + (variant?.keys ?? []), name: entry.key, path: path, at: entry.keyPlace,
      otherKeys: others)
  }

  private mutating func items(
    _ node: YAMLNode, _ keys: [ConfigKey], path: String
  ) -> [Section] {
    guard case .sequence(let items) = node.content else {
      error(
        node.place, path, "\(path): expected a list, was \(node.kind)",
        "begin each item with a dash")
      return []
    }
    if items.isEmpty {
      error(node.place, path, "\(path): expected at least one item, was an empty list", "add one")
    }
    return items.enumerated().map { index, item in
      var name = String(index + 1)
      if case .mapping(let entries) = item.content,
        case .scalar(let id, _)? = entries.first(where: { $0.key == "id" })?.value.content,
        TraderID(id) != nil
      {
        name = id
      }
      return section(item, keys, name: name, path: join(path, name), at: item.place)
    }
  }
}
