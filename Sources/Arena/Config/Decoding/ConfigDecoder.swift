/// Makes the configuration from the texts of its files: pure, so that a test needs no disk.
package enum ConfigDecoder {
  /// The files to read, each with the place that names it.
  ///
  /// - Returns: For each file of ``ConfigFile``, in order, its path relative to the directory of
  ///   nof0.yaml.
  package static func fileNames(
    arenaText: String, environment: ConfigEnvironment
  ) -> [String] {
    let (_, top, _) = resolveArena(arenaText, environment)
    return ConfigFile.allCases.map { name(of: $0, top) }
  }

  /// Decodes the texts of all files, by the names that ``fileNames(arenaText:environment:)`` gave.
  ///
  /// - Parameters:
  ///   - files: Texts by name; a file that does not exist is absent.
  ///   - environment: The variables that the files may refer to.
  ///   - surroundings: What the files may point at.
  /// - Returns: The configuration, `nil` when there is an error, and every issue of every file.
  package static func decode(
    _ files: [String: String], environment: ConfigEnvironment,
    surroundings: ConfigSurroundings = .memory()
  ) -> LoadedConfig {
    decode(files, environment: environment, surroundings: surroundings, unreadable: [])
  }

  /// The same with files that exist but could not be read, about which an error is on record.
  static func decode(
    _ files: [String: String], environment: ConfigEnvironment, surroundings: ConfigSurroundings,
    unreadable: Set<String>
  ) -> LoadedConfig {
    let arenaName = ConfigFile.arena.rawValue
    let (arenaIssues, arena, _) = resolveArena(files[arenaName] ?? "", environment)
    var issues = arenaIssues
    if files[arenaName] == nil, !unreadable.contains(arenaName) {
      issues.append(missing(arenaName, at: start(of: arenaName)))
    }
    var sections: [ConfigFile: Section] = [.arena: arena]
    for file in ConfigFile.allCases where file != .arena {
      let name = name(of: file, arena)
      let text = files[name]
      let isMissing = text == nil && !unreadable.contains(name)
      if isMissing, !file.isOptional || isNamed(file, arena) {
        let place = isNamed(file, arena) ? namePlace(file, arena) : start(of: name)
        issues.append(missing(name, at: place))
      }
      // What an absent file does not say must not be reported key by key.
      guard text != nil || file.isOptional else { continue }
      let (found, section, isReadable) = resolve(file, text ?? "", name: name, environment)
      issues += found
      if isReadable { sections[file] = section }
    }
    var assembly = ConfigAssembly(
      sections: sections, environment: environment, surroundings: surroundings)
    let config = assembly.config()
    issues += assembly.issues
    let failed = !unreadable.isEmpty || issues.contains { $0.severity == .error }
    precondition(
      failed || config != nil, "expected an error beside a configuration that cannot be made")
    let origin = EffectiveConfig.Origin(
      sections: sections, derived: assembly.derived, remarks: assembly.remarks)
    return finished(failed ? nil : config, issues, origin, environment)
  }
}

/// What loading gave.
package struct LoadedConfig: Sendable {
  /// The configuration; `nil` if and only if some issue is an error.
  package let config: ArenaConfig?
  /// Every issue of every file, by file, line and column.
  package let issues: [ConfigIssue]
  /// Every key with its value and where that came from, secrets masked.
  ///
  /// Made when asked for: a run of a thousand traders does not need it.
  package var effective: EffectiveConfig { EffectiveConfig(origin) }
  /// What ``effective`` is made of.
  let origin: EffectiveConfig.Origin
  /// The environment with the variables of `.env` added, to resolve secrets with.
  package var environment = ConfigEnvironment([:])
  /// What the configuration was made from; `nil` where nothing was read.
  package var source: ConfigSource?

  /// The issues that keep the configuration from being used.
  package var errors: [ConfigIssue] { issues.filter { $0.severity == .error } }
}

extension ConfigDecoder {
  private static func resolveArena(
    _ text: String, _ environment: ConfigEnvironment
  ) -> (issues: [ConfigIssue], section: Section, isReadable: Bool) {
    resolve(.arena, text, name: ConfigFile.arena.rawValue, environment)
  }

  private static func resolve(
    _ file: ConfigFile, _ text: String, name: String, _ environment: ConfigEnvironment
  ) -> (issues: [ConfigIssue], section: Section, isReadable: Bool) {
    let (node, syntaxIssues) = YAMLReader.read(text, file: name)
    var resolver = KeyResolver(environment: environment, ignoresCase: file == .arena)
    let section = resolver.section(node, file.keys, name: name, path: "", at: start(of: name))
    // A text that cannot be parsed lacks every key; only the cause is worth a line.
    if node == nil, !syntaxIssues.isEmpty { return (syntaxIssues, section, false) }
    return (syntaxIssues + resolver.issues, section, true)
  }

  private static func start(of file: String) -> ConfigPlace {
    ConfigPlace(file: file, line: 1, column: 1)
  }

  private static func fileSetting(_ file: ConfigFile, _ arena: Section) -> Setting? {
    file.section.flatMap { arena.section($0) }?.setting("file")
  }

  private static func name(of file: ConfigFile, _ arena: Section) -> String {
    fileSetting(file, arena)?.text ?? file.rawValue
  }

  /// Whether nof0.yaml names the file, rather than a default.
  private static func isNamed(_ file: ConfigFile, _ arena: Section) -> Bool {
    fileSetting(file, arena)?.origin == .file
  }

  private static func namePlace(_ file: ConfigFile, _ arena: Section) -> ConfigPlace {
    fileSetting(file, arena)?.place ?? arena.place
  }

  private static func missing(_ name: String, at place: ConfigPlace) -> ConfigIssue {
    ConfigIssue(
      .error, at: place, key: "", problem: "the file \(quoted(name)) does not exist",
      advice: "create it, for example from the shipped config directory")
  }

  private static func finished(
    _ config: ArenaConfig?, _ issues: [ConfigIssue], _ origin: EffectiveConfig.Origin,
    _ environment: ConfigEnvironment
  ) -> LoadedConfig {
    let order = ConfigFile.allCases.compactMap { origin.sections[$0]?.name }
    let ranked = issues.enumerated().sorted { left, right in
      rank(left, order).lexicographicallyPrecedes(rank(right, order))
    }
    return LoadedConfig(
      config: config, issues: ranked.map(\.element), origin: origin,
      environment: environment)
  }

  private static func rank(
    _ issue: (offset: Int, element: ConfigIssue), _ order: [String]
  ) -> [Int] {
    let place = issue.element.place
    let file = order.firstIndex(of: place.file) ?? order.count
    return [file, place.line, place.column, issue.offset]
  }
}
