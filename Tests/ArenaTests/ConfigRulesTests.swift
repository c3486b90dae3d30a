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

  private struct Rules: Decodable {
    struct Rule: Decodable {
      let rule: String
      let applies_to: String
      let text: String
      let effect: String
    }
    let rules: [Rule]
  }

  private func rows(_ table: RuleTable) throws -> [Rules.Rule] {
    try JSONDecoder().decode(Rules.self, from: Data(table.json.utf8)).rules
  }

  @Test func listsEveryRuleInItsOrder() throws {
    let expected =
      AdmissionTable.entry.map { "\($0.id) entry" } + AdmissionTable.close.map { "\($0.id) close" }
      + AdmissionTable.protection.map { "\($0.id) update_protection" }
      + ConflictRule.summaries.map { "\($0.id) account" }
      + AdmissionTable.account.map { "\($0.id) account" }

    for spec in [nil, try trader()] {
      let rows = try rows(RuleTable(spec))
      #expect(rows.map { "\($0.rule) \($0.applies_to)" } == expected)
      #expect(rows.allSatisfy { !$0.text.isEmpty && !$0.effect.isEmpty })
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
