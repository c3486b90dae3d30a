import Testing

/// The house keeps its rules: checks over the source tree as it lies on disk.
@Suite struct HouseTests {
  @Test func importsFollowTheFloorPlan() throws {
    try expectNothing(ImportRules.check)
  }

  @Test func bannedWordsStayOut() throws {
    try expectNothing(BannedWords.check)
  }

  @Test func namesSaySomething() throws {
    try expectNothing(NamingRules.check)
  }

  @Test func filesLinesAndFunctionsAreShort() throws {
    try expectNothing(SizeRules.check)
  }

  @Test func moneyIsNeverFloatingPoint() throws {
    try expectNothing(MoneyRules.check)
  }

  @Test func packageDeclarationsAreDocumented() throws {
    try expectNothing(DocumentationRules.check)
  }

  @Test func plugInsAreListed() throws {
    report(PlugInLists.check(try SourceTree.swiftFiles()))
  }

  @Test func releasedMigrationsAreNeverEdited() throws {
    let path = "Tests/HouseTests/released-migrations.txt"
    let list = try SourceTree.text(of: path)

    let findings = ReleasedMigrations.check(list: list, at: path) {
      // A listed file that cannot be read counts as removed, whatever the cause.
      try? Array(SourceTree.text(of: $0).utf8)
    }

    report(findings)
  }

  @Test(.enabled("needs git and a clone") { SourceTree.trackedPaths() != nil })
  func onlyWhatBelongsIsTracked() throws {
    report(TrackedFiles.check(try #require(SourceTree.trackedPaths())))
  }

  private func expectNothing(
    _ check: (SourceFile) -> [Finding], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let files = try SourceTree.swiftFiles()
    #expect(files.contains { $0.isSource }, sourceLocation: sourceLocation)
    report(files.flatMap(check), sourceLocation: sourceLocation)
  }

  private func report(
    _ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard !findings.isEmpty else { return }
    let text = findings.sorted().map(\.description).joined(separator: "\n")
    Issue.record("\(findings.count) findings:\n\(text)", sourceLocation: sourceLocation)
  }
}
