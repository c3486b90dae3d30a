/// What may lie in the repository at all.
enum TrackedFiles {
  /// The fixed top level; files whose name begins with a dot may stand beside it.
  static let topLevel: Set<String> = [
    "Package.swift", "Sources", "Tests", "config", "prompts", "state", "out", "crontab.example",
    "README.md", "LICENSE", "CHANGELOG.md",
  ]
  /// Endings of what a machine recorded: market history and databases.
  static let recordings = [".csv.gz", ".sqlite", ".sqlite-wal", ".sqlite-shm"]
  /// Folders the program writes; git keeps only their place.
  static let written = ["state/", "out/"]

  /// Tracked paths that do not belong.
  static func check(_ paths: [String]) -> [Finding] {
    paths.compactMap(check)
  }

  private static func check(_ path: String) -> Finding? {
    func finding(_ word: String, _ advice: String) -> Finding {
      Finding(path: path, line: 0, word: word, advice: advice)
    }
    let top = String(path.prefix { $0 != "/" })
    if !topLevel.contains(top), !top.hasPrefix(".") {
      return finding(
        top,
        "the top level is fixed: documentation lives in Sources/Arena/Arena.docc, "
          + "checks in Tests/HouseTests")
    }
    if let ending = recordings.first(where: path.hasSuffix) {
      return finding(ending, "nothing recorded is committed: keep the script that makes it")
    }
    if written.contains(where: path.hasPrefix), !path.hasSuffix("/.gitkeep") {
      return finding(top + "/", "the program writes here: `git rm --cached` it")
    }
    return nil
  }
}
