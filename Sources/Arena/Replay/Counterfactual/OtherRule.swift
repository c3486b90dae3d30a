import Trading

/// A key of the configuration with another value, as in `min_confidence=70`.
package struct OtherRule: Sendable, Equatable, CustomStringConvertible {
  /// The key, with as much of its path as tells it apart.
  package let key: String
  /// Its other value.
  package let value: String

  /// `KEY=VALUE`.
  package var description: String { "\(key)=\(value)" }

  /// A rule from its text; a usage failure when it is none.
  package init(_ text: String) throws(RunFailure) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw RunFailure(.usage, "--counterfactual: expected KEY=VALUE, was \(text)")
    }
    key = String(parts[0])
    value = String(parts[1])
  }

  /// Whether a key of a file, given by its path, is meant.
  fileprivate func means(_ path: String, in file: ConfigFile) -> Bool {
    let whole = "\(file.rawValue.prefix { $0 != "." }).\(path)"
    return whole == key || whole.hasSuffix(".\(key)")
  }
}

extension ConfigSource {
  /// The same with another value of a key, wherever its path fits.
  ///
  /// What is of one trader is of manager.yaml; only where no key of it is meant, others are.
  func with(_ rule: OtherRule) throws(RunFailure) -> ConfigSource {
    for files in [[ConfigFile.manager], ConfigFile.allCases.filter { $0 != .manager }] {
      var changed = self
      var count = 0
      for file in files {
        guard var section = sections[file] else { continue }
        try section.set(rule, file.keys, in: file, &count)
        changed.sections[file] = section
      }
      if count > 0 { return changed }
    }
    throw RunFailure(
      .usage,
      "--counterfactual: the configuration on record has no key \(rule.key); `nof0 config` "
        + "lists the keys")
  }
}

extension Section {
  /// Sets the keys that are meant, here and in the groups within.
  fileprivate mutating func set(
    _ rule: OtherRule, _ keys: [ConfigKey], in file: ConfigFile, _ count: inout Int
  ) throws(RunFailure) {
    for key in keys {
      let path = join(self.path, key.name)
      switch key.shape {
      case .scalar(let kind):
        guard kind != .secret, rule.means(path, in: file) else { continue }
        guard kind.accepts(rule.value) else {
          throw RunFailure(
            .usage, "--counterfactual: \(path): expected \(kind.expectation), was \(rule.value)")
        }
        let setting = Setting(path: path, text: rule.value, place: place, origin: .file)
        fields.removeAll { $0.name == key.name }
        fields.append((key.name, .scalar(setting)))
        count += 1
      case .section(let inner, _): try change(key.name, inner, rule, in: file, &count)
      case .named(let inner), .items(let inner):
        try change(key.name, inner, rule, in: file, &count)
      case .typed(let variants):
        for variant in variants {
          try change(key.name, variant.keys, rule, in: file, &count) {
            $0.text("type") == variant.type
          }
        }
      case .list, .arguments, .namedScalars, .anything: continue
      }
    }
  }

  private mutating func change(
    _ name: String, _ keys: [ConfigKey], _ rule: OtherRule, in file: ConfigFile,
    _ count: inout Int, where fits: (Section) -> Bool = { _ in true }
  ) throws(RunFailure) {
    guard let index = fields.firstIndex(where: { $0.name == name }) else { return }
    switch fields[index].field {
    case .section(var inner):
      guard fits(inner) else { return }
      try inner.set(rule, keys, in: file, &count)
      fields[index].field = .section(inner)
    case .sections(var inners):
      for place in inners.indices where fits(inners[place]) {
        try inners[place].set(rule, keys, in: file, &count)
      }
      fields[index].field = .sections(inners)
    case .scalar, .list: return
    }
  }
}
