import Foundation
import Manager
import Testing

@Suite("The rules in the documentation")
struct RulesPageTests {
  private static let page = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/Arena/Arena.docc/Rules.md").standardized

  private static let head = """
    # The rules

    Every rule that a wish of a trader must pass, in the order in which they are applied: entries,
    closes, new protections, then what the traders of one account want together. A rule rejects a
    wish, or clamps it to what it admits; `nof0 config rules --trader ID` prints this table with the
    numbers of a trader.


    """

  /// With `NOF0_UPDATE_GOLDEN=1` (or `UPDATE_GOLDEN=1`) the page is written anew.
  @Test func thePageIsTheTable() throws {
    let made = Self.head + AdmissionTable.markdown()
    let environment = ProcessInfo.processInfo.environment
    if environment["NOF0_UPDATE_GOLDEN"] == "1" || environment["UPDATE_GOLDEN"] == "1" {
      try Data(made.utf8).write(to: Self.page)
      Issue.record("rewrote \(Self.page.path); look at its diff and run again")
      return
    }
    let found = try String(contentsOf: Self.page, encoding: .utf8)
    #expect(
      found == made,
      "Rules.md is not the table of rules; run this test with NOF0_UPDATE_GOLDEN=1")
  }

  @Test func everyRuleIsOnThePage() throws {
    let found = try String(contentsOf: Self.page, encoding: .utf8)
    let missing = AdmissionTable.rows(for: nil).filter {
      !found.contains("| `\($0.id)` | \($0.appliesTo.rawValue) |")
    }
    #expect(missing.isEmpty, "\(missing.map(\.id))")
  }
}
