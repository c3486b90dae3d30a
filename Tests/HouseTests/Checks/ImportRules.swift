/// Which modules each room may import: rooms know the ground, never each other, and each outside
/// thing has one door.
enum ImportRules {
  /// Modules of the standard distribution that a shell room may use.
  static let shell = ["Foundation", "FoundationEssentials", "Glibc", "Synchronization"]
  /// What a pure room may use of it: no files, no clock, no threads.
  static let pure = ["Foundation", "FoundationEssentials"]

  /// The floor plan.
  ///
  /// A new target needs a row here, in Package.swift and in Architecture.md.
  static let allowed: [String: Set<String>] = [
    "Trading": Set(pure),
    "Market": Set(pure + ["Trading"]),
    "Wire": Set(shell + ["Trading", "CCurl"]),
    "Executor": Set(pure + ["Market", "Trading", "Mustache"]),
    "Manager": Set(pure + ["Market", "Trading"]),
    "Analytics": Set(pure + ["Market", "Trading"]),
    "Exchanges": Set(
      shell + ["Market", "Trading", "Wire", "CNettle", "CSecp256k1", "CZlib"]),
    "LLM": Set(shell + ["Trading", "Wire"]),
    "Journal": Set(
      shell + ["Market", "Trading", "CNettle", "CPosix", "CSQLite", "CZlib", "GRDB"]),
    "Arena": Set(
      shell + [
        "Trading", "Market", "Wire", "Executor", "Manager", "Analytics", "Exchanges", "LLM",
        "Journal", "CYaml", "CNettle", "CPosix", "CDashboard", "Logging",
      ]),
    "nof0": Set(shell + ["Arena", "Trading", "ArgumentParser"]),
    "nof0-bench": Set(
      shell + [
        "Trading", "Market", "Analytics", "Exchanges", "Arena", "Journal", "ModelStandIn",
        "CSQLite",
      ]),
    "ModelStandIn": Set(shell + ["Trading"]),
    "ArenaTesting": Set(shell + ["Trading", "Market", "Exchanges", "Testing"]),
  ]

  private static let kinds: Set<String> = [
    "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
  ]

  /// Imports of a source file that its room may not have.
  static func check(_ file: SourceFile) -> [Finding] {
    guard file.isSource else { return [] }
    guard let allowed = allowed[file.target] else {
      return [file.finding(0, file.target, "add a row for this target to ImportRules.allowed")]
    }
    return imports(of: file).filter { !allowed.contains($0.text) }.map { module in
      file.finding(
        module.line, "import \(module.text)",
        "\(file.target) may import only \(allowed.sorted().joined(separator: ", ")); "
          + "move the code to the room whose door this is, or pass a value in")
    }
  }

  private static func imports(of file: SourceFile) -> [Token] {
    file.tokens.indices.filter {
      file.tokens[$0].text == "import" && file.tokens.text(at: $0 - 1) != "."
    }.compactMap { index in
      let hasKind = kinds.contains(file.tokens.text(at: index + 1))
      let module = index + (hasKind ? 2 : 1)
      return file.tokens.indices.contains(module) ? file.tokens[module] : nil
    }
  }
}
