import Manager
import Testing
import Trading

@Suite("Rules as data")
struct RuleRowTests {
  @Test func promptsAndDescriptionsAreTheRows() throws {
    let trader = try Make.trader(guards: ExecutionGuards(cooldownAfterClose: .minutes(10)))

    let rows = AdmissionTable.rows(for: trader)

    #expect(AdmissionTable.describe(for: trader).map(\.text) == rows.map(\.text))
    #expect(AdmissionTable.inForce(for: trader).map(\.id) == rows.filter(\.isInForce).map(\.id))
    #expect(rows.count == AdmissionTable.rows(for: nil).count)
  }

  @Test func namesTheKeysOfARule() throws {
    let rows = AdmissionTable.rows(for: nil).filter { $0.appliesTo == .entry }
    let keys = Dictionary(rows.map { ($0.id, $0.keys) }) { first, _ in first }

    #expect(keys["confidence_low"] == ["min_confidence"])
    #expect(keys["leverage"] == ["major_coin_leverage", "altcoin_leverage"])
    #expect(
      keys["sizing"] == [
        "sizing", "fraction_pct", "risk_pct", "atr_multiple",
        "atr_period",
      ])
    #expect(keys["correlated"] == ["max_correlated_pct"])
    #expect(keys["isolated"] == [])
  }

  @Test(
    "is in force when one of its numbers is on",
    arguments: [
      (SizingMethod.model, nil, ["sizing", "correlated"]), (.atr, 50, []),
      (.fixedFraction, nil, ["correlated"]), (.kelly, 50, []),
    ] as [(SizingMethod, Int64?, [String])])
  func isInForce(method: SizingMethod, correlated: Int64?, off: [String]) throws {
    var risk = try Make.limits()
    risk.sizing = SizingSpec(method: method)
    let trader = try Make.trader(
      risk: risk, guards: ExecutionGuards(maxCorrelated: correlated.map { Pct(whole: $0) }))

    let rows = AdmissionTable.rows(for: trader).filter { ["sizing", "correlated"].contains($0.id) }

    #expect(rows.filter { !$0.isInForce }.map(\.id) == off)
  }

  @Test func tellsTheNumbersOfSizing() throws {
    var risk = try Make.limits()
    risk.sizing = SizingSpec(method: .atr, risk: try Make.pct("1.5"))
    let rows = AdmissionTable.rows(for: try Make.trader(risk: risk))

    let text = try #require(rows.first { $0.id == "sizing" }?.text)

    #expect(text.contains("where sizing (atr) is fixed_fraction"))
    #expect(text.contains("risk_pct (1.5 %)"))
    #expect(text.contains("fraction_pct (off)"))
  }

  @Test func docsAreATable() throws {
    let lines = AdmissionTable.markdown().split(separator: "\n")

    #expect(lines.count == 2 + AdmissionTable.rows(for: nil).count)
    #expect(
      lines.contains(
        "| `confidence_low` | entry | rejects | Confidence must be at least `min_confidence`. |"))
    #expect(
      lines.contains {
        $0.hasPrefix("| `geometry` | update_protection | rejects | Long: `stop_loss` \\< mark")
      })
    #expect(lines.contains { $0.contains("keeps \\|") || $0.contains("\\|entry − `stop_loss`\\|") })
    // A bar that is not escaped would be a fifth column.
    for line in lines {
      let bars = zip(" " + line, line).count { $0 != "\\" && $1 == "|" }
      #expect(bars == 5, "\(line)")
    }
  }

  @Test func breachesAreRulesOfTheTable() {
    let ids = Set(AdmissionTable.rows(for: nil).map(\.id))

    #expect(AdmissionTable.breachRules.isSubset(of: ids))
    #expect(AdmissionTable.breachRules.count == 7)
  }
}
