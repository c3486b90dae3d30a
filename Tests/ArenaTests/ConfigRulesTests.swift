import Arena
import Foundation
import Manager
import Testing
import Trading

/// The table that `nof0 config rules` prints.
@Suite struct ConfigRulesTests {
  private func trader() throws -> TraderSpec {
    let text = ConfigFixtures.trader(risk: ["min_confidence": "61"])
    return try #require(ConfigFixtures.load(["manager.yaml": text]).config?.traders.first)
  }

  private func rows(_ table: RuleTable) throws -> [[String: String]] {
    try JSONDecoder().decode([[String: String]].self, from: Data(table.json.utf8))
  }

  @Test func listsEveryRuleInItsOrder() throws {
    let expected =
      AdmissionTable.entry.map { "\($0.id) entry" } + AdmissionTable.close.map { "\($0.id) close" }
      + AdmissionTable.protection.map { "\($0.id) update_protection" }

    for spec in [nil, try trader()] {
      let rows = try rows(RuleTable(spec))
      #expect(rows.map { "\($0["rule"] ?? "") \($0["wish"] ?? "")" } == expected)
      #expect(rows.allSatisfy { $0.count == 3 && $0["text"]?.isEmpty == false })
    }
  }

  @Test func showsTheNumbersOfATraderAndNoneWithout() throws {
    let trader = try trader()
    let own = RuleTable(trader).text
    let common = RuleTable(nil).text

    #expect(own.contains("min_confidence (61)"))
    #expect(common.contains("min_confidence"))
    #expect(!common.contains("min_confidence ("))
    #expect(own.split(separator: "\n").count == 1 + AdmissionTable.describe(for: trader).count)
  }
}
