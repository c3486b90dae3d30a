import Arena
import Testing
import Trading

@Suite("The configuration of the journal") struct ConfigJournalTests {
  private static func load(
    _ arena: String = "name: a\n", _ traders: [[String: String]] = [[:]]
  ) -> LoadedConfig {
    ConfigFixtures.load(["nof0.yaml": arena, "manager.yaml": ConfigFixtures.traders(traders)])
  }

  private static func problems(_ loaded: LoadedConfig) -> [String] {
    loaded.errors.map(\.problem)
  }

  @Test func everyTraderIsKeptForThirtyDays() throws {
    let journal = try #require(Self.load().config).journal

    #expect(journal.isEnabled)
    #expect(journal.keep == .day * 30)
    #expect(journal.silent == [])
    #expect(journal.own == [:])
  }

  @Test func readsEveryKey() throws {
    let loaded = Self.load(
      "journal: {enabled: false, keep: 7d}\n",
      [
        ["journal_enabled": "false"],
        ["journal_dir": "../elsewhere/bob/"],
        ["journal_dir": "/var/lib/carl"],
      ])
    let journal = try #require(loaded.config).journal

    #expect(Self.problems(loaded) == [])
    #expect(!journal.isEnabled)
    #expect(journal.keep == .day * 7)
    #expect(journal.silent.map(\.name) == ["a"])
    #expect(
      journal.own.map { "\($0.key) \($0.value)" }.sorted()
        == ["b ../elsewhere/bob", "c /var/lib/carl"])
  }

  @Test func zeroKeepsForEver() throws {
    #expect(try #require(Self.load("journal: {keep: 0}\n").config).journal.keep == nil)
  }

  @Test(arguments: [
    ("journal: {keep: 2h}\n", "journal.keep: expected at least 1d, was 2h"),
    ("journal: {keep: long}\n", "journal.keep"), ("journal: {enabled: perhaps}\n", "enabled"),
    ("journal: {keeps: 2d}\n", "keeps"),
  ])
  func wrongValuesAreNamed(text: String, problem: String) {
    let problems = Self.problems(Self.load(text))

    #expect(problems.contains { $0.contains(problem) }, "\(problems)")
  }

  @Test func twoTradersMayNotShareAFolder() {
    let problems = Self.problems(
      Self.load(
        "name: a\n",
        [["journal_dir": "here"], ["journal_dir": "here/"]]))

    #expect(problems == ["traders.b.journal_dir: here is the folder of trader a already"])
  }
}
