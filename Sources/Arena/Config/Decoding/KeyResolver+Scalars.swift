import Trading

extension KeyResolver {
  /// Checks one scalar; `nil` when it is absent or refused.
  mutating func scalar(
    _ node: YAMLNode, _ kind: ScalarKind, _ key: ConfigKey, path: String, fallback: ConfigPlace
  ) -> Setting? {
    if let variable = key.override, let value = environment[variable], !value.isEmpty {
      return overridden(kind, variable, value, path: path, at: node.place)
    }
    guard case .scalar(let raw, _) = node.content else {
      error(
        node.place, path, "\(path): expected \(kind.expectation), was \(node.kind)",
        "for example \(key.name): \(kind.example)")
      return nil
    }
    let place = raw.isEmpty ? fallback : node.place
    if kind == .secret {
      return node.isNull ? nil : secret(raw, key, path: path, at: place)
    }
    let expanded = ExpandedText(node.isNull ? "" : raw, in: environment)
    guard reportsNoTrouble(expanded, key, path: path, at: place) else { return nil }
    let text = trimmed(expanded.text)
    if text.isEmpty, !kind.keepsBlank {
      guard key.isRequired else { return nil }
      error(
        place, path, "\(path): expected \(kind.expectation), was nothing",
        "for example \(key.name): \(kind.example)")
      return nil
    }
    guard kind.accepts(text) else {
      reportRefused(text, raw, expanded, kind, key, path: path, at: place)
      return nil
    }
    var setting = Setting(path: path, text: text, place: place, origin: .file)
    if kind == .argument { setting.shown = raw }
    return setting
  }

  /// A value that an environment variable of a fixed name brings.
  mutating func overridden(
    _ kind: ScalarKind, _ variable: String, _ value: String, path: String, at place: ConfigPlace
  ) -> Setting? {
    if kind == .secret {
      let reference = SecretReference.environment(variable: variable)
      return Setting(
        path: path, text: reference.description, place: place, origin: .environment(variable),
        secret: reference)
    }
    guard kind.accepts(value) else {
      error(
        place, path, "\(path): expected \(kind.expectation) from the variable \(variable)",
        "correct or unset it")
      return nil
    }
    return Setting(path: path, text: value, place: place, origin: .environment(variable))
  }

  /// Checks a list of scalars.
  mutating func list(
    _ node: YAMLNode, _ kind: ScalarKind, _ key: ConfigKey, path: String, atLeast count: Int
  ) -> Section.Field? {
    if node.isNull, !key.isRequired { return nil }
    guard case .sequence(let items) = node.content else {
      error(
        node.place, path, "\(path): expected a list, was \(node.kind)",
        "for example \(key.name): [\(kind.example)]")
      return nil
    }
    guard items.count >= count else {
      error(
        node.place, path, "\(path): expected at least \(count) value, was an empty list",
        "for example \(key.name): [\(kind.example)]")
      return nil
    }
    var element = key
    element.isRequired = true
    var settings: [Setting] = []
    for item in items {
      guard let setting = scalar(item, kind, element, path: path, fallback: item.place) else {
        continue
      }
      if settings.contains(where: { $0.text == setting.text }) {
        error(
          item.place, path, "\(path): \(quoted(setting.text)) appears twice", "keep one of them")
      } else {
        settings.append(setting)
      }
    }
    return .list(settings)
  }

  /// Checks a program and its arguments.
  mutating func arguments(_ node: YAMLNode, _ key: ConfigKey, path: String) -> Section.Field? {
    let example = "\(key.name): [\(ScalarKind.argument.example)]"
    if node.isNull { return nil }
    guard case .sequence(let items) = node.content else {
      error(
        node.place, path, "\(path): expected a list, was \(node.kind)",
        "write the program and each argument apart, for example \(example); no shell reads it")
      return nil
    }
    if items.isEmpty {
      error(
        node.place, path, "\(path): expected a program, was an empty list",
        "for example \(example)")
    }
    var element = key
    element.isRequired = true
    return .list(
      items.compactMap { scalar($0, .argument, element, path: path, fallback: $0.place) })
  }

  /// Checks scalars under freely chosen names.
  mutating func namedScalars(
    _ node: YAMLNode, _ kind: ScalarKind, _ key: ConfigKey, path: String, at place: ConfigPlace
  ) -> Section.Field? {
    if node.isNull { return nil }
    guard case .mapping(let entries) = node.content else {
      error(
        node.place, path, "\(path): expected a group of keys, was \(node.kind)",
        "write NAME: VALUE lines")
      return nil
    }
    var section = Section(name: key.name, path: path, place: node.place)
    for entry in entries {
      let setting = scalar(
        entry.value, kind, key, path: join(path, entry.key), fallback: entry.keyPlace)
      if let setting { section.fields.append((entry.key, .scalar(setting))) }
    }
    return .section(section)
  }

  private mutating func secret(
    _ raw: String, _ key: ConfigKey, path: String, at place: ConfigPlace
  ) -> Setting? {
    let text = trimmed(raw)
    let expanded = ExpandedText(text, in: ConfigEnvironment([:]))
    guard !text.isEmpty else { return nil }
    let reference: SecretReference
    if expanded.text.isEmpty, expanded.used.count == 1, let variable = expanded.used.first {
      reference = .environment(variable: variable)
      // A secret that is used is only needed by a run: ``ConfigAssembly`` tells.
      if key.use != .used, environment[variable, default: ""].isEmpty {
        unset(variable, key, path: path, at: place)
      }
    } else {
      reference = .literal(Redacted(text))
      notice(
        place, path, "\(path) holds a secret itself",
        "write \(key.name): ${A_VARIABLE} and set that variable in the environment or in .env")
    }
    return Setting(
      path: path, text: reference.description, place: place, origin: .file, secret: reference)
  }

  /// Reports variables that are not set and references that cannot be read.
  private mutating func reportsNoTrouble(
    _ expanded: ExpandedText, _ key: ConfigKey, path: String, at place: ConfigPlace
  ) -> Bool {
    for variable in expanded.missing { unset(variable, key, path: path, at: place) }
    if expanded.isMalformed {
      error(
        place, path, "\(path): expected ${NAME} after a $ and a brace",
        "close the brace, or write $$ for a dollar sign")
    }
    return expanded.missing.isEmpty && !expanded.isMalformed
  }

  private mutating func unset(
    _ variable: String, _ key: ConfigKey, path: String, at place: ConfigPlace
  ) {
    let problem = "\(path): the variable \(variable) is not set"
    if key.use == .used {
      error(place, path, problem, "set it in the environment or in .env")
    } else {
      notice(place, path, problem, "nothing in this version needs it")
    }
  }

  private mutating func reportRefused(
    _ text: String, _ raw: String, _ expanded: ExpandedText, _ kind: ScalarKind,
    _ key: ConfigKey, path: String, at place: ConfigPlace
  ) {
    // What a variable holds may be a secret: name the variable, never show what it holds.
    var found = expanded.used.isEmpty ? quoted(text) : "\(quoted(raw)) with what is set for it"
    // So may an address with a user name or a query.
    if kind == .address, text.contains(where: { $0 == "@" || $0 == "?" }) {
      found = "one that may hold a secret"
    }
    // And whoever mixes up two lines of a wallet.
    if kind.mayHideSecret { found = "a text of \(text.utf8.count) letters, which may be a secret" }
    var advice = "for example \(key.name): \(kind.example)"
    if case .word(let words) = kind, let nearest = NearestName.of(text, among: words),
      expanded.used.isEmpty
    {
      advice = "did you mean \(nearest)?"
    }
    error(place, path, "\(path): expected \(kind.expectation), was \(found)", advice)
  }

  /// The text without spaces around it.
  private func trimmed(_ text: String) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
    guard let first = text.first, let last = text.last, isSpace(first) || isSpace(last) else {
      return text
    }
    var rest = text.drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(rest)
  }
}

extension ConfigEnvironment {
  fileprivate subscript(_ name: String, default standard: String) -> String {
    self[name] ?? standard
  }
}
