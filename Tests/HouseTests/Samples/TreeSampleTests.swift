import Testing

/// Each check of lists and of the repository finds its bad sample and leaves the good one alone.
@Suite struct TreeSampleTests {
  private let lists = [PlugInLists.List(folder: "Sources/Market/Indicators", type: "Indicator")]

  @Test func refusesAPlugInThatIsNotListed() {
    let found = PlugInLists.check(
      [
        file("Indicator.swift", "extension Indicator { static let all = [sma, .rsi] }"),
        file("SMA.swift", "extension Indicator { static let sma = Indicator(key: 1) { _ in 0 } }"),
        file("RSI.swift", "extension Indicator {\n  static let rsi: Indicator = .init(key: 2)\n}"),
        file("OBV.swift", "extension Indicator {\n  static let obv = Indicator(key: 3)\n}"),
      ], against: lists)

    #expect(found.map(\.word) == ["obv"])
    #expect(found.first?.line == 2)
  }

  @Test func refusesAListThatIsMissingOrFindsNothing() {
    let value = file("SMA.swift", "extension Indicator { static let sma = Indicator(key: 1) }")
    let head = file("Indicator.swift", "extension Indicator { static let all: [Int] = [] }")

    #expect(PlugInLists.check([value], against: lists).map(\.word) == ["all"])
    #expect(PlugInLists.check([head], against: lists).map(\.word) == ["Indicator"])
  }

  @Test func admitsCompleteListsAndAbsentFolders() {
    let value = file("SMA.swift", "extension Indicator { static let sma = Indicator(key: 1) }")
    let head = file(
      "Indicator.swift",
      "extension Indicator { static func all(for a: Int) -> [Indicator] { [.sma] } }")

    #expect(PlugInLists.check([value, head], against: lists).isEmpty)
    #expect(PlugInLists.check([], against: lists).isEmpty)
  }

  /// Reference values of FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv (test suite).
  @Test(arguments: [
    ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8"),
  ])
  func checksumsAreFNV1a(text: String, checksum: String) {
    #expect(ReleasedMigrations.checksum(of: Array(text.utf8)) == checksum)
  }

  @Test func refusesAReleasedMigrationThatWasEditedOrRemoved() {
    let list = "# released\n\n85944171f73967e8 M001.swift\naf63dc4c8601ec8c M002.swift\nM003.swift"
    let found = ReleasedMigrations.check(list: list, at: "list") { path in
      path == "M001.swift" ? Array("foobaz".utf8) : nil
    }

    #expect(found.map(\.line) == [3, 4, 5])
    #expect(found.map(\.word) == ["M001.swift", "M002.swift", "M003.swift"])
  }

  @Test func admitsAReleasedMigrationAsItWas() {
    let found = ReleasedMigrations.check(list: "85944171f73967e8 M001.swift\n", at: "list") { _ in
      Array("foobar".utf8)
    }

    #expect(found.isEmpty)
  }

  @Test(arguments: [
    ("Makefile", "Makefile"), ("docs/a.md", "docs"), ("Package.resolved", "Package.resolved"),
    ("Tests/MarketTests/Golden/BTC-1m.csv.gz", ".csv.gz"),
    ("Tests/ArenaTests/old.sqlite", ".sqlite"), ("out/data/positions.json", "out/"),
  ])
  func refusesFilesThatDoNotBelong(path: String, word: String) {
    #expect(TrackedFiles.check([path]).map(\.word) == [word])
  }

  @Test(arguments: [
    "Package.swift", ".gitignore", ".ci/run", "LICENSE", "config/nof0.yaml", "out/.gitkeep",
    "Tests/MarketTests/Golden/rsi.csv",
  ])
  func admitsTheFixedTopLevel(path: String) {
    #expect(TrackedFiles.check([path]).isEmpty)
  }

  private func file(_ name: String, _ code: String) -> SourceFile {
    SourceFile(path: "Sources/Market/Indicators/\(name)", text: code)
  }
}
