import Foundation
import Testing

/// Where the real candles for development lie; they are not part of the repository.
private let realCandles: String = {
  let shared =
    ProcessInfo.processInfo.environment["NOF0_SHARED"]
    ?? Repository.root.path + "/../shared"
  return shared + "/data/candles/hyperliquid"
}()

extension RehearsalSuite {
  @Suite("Ten random traders on one account")
  struct SharedDay {
    /// One owner a coin; or several, whose entries become one order.
    static let rules: [[(old: String, new: String)]] = [
      [
        ("duplicate: aggregate", "duplicate: highest_confidence"),
        ("exclusive_symbols: false", "exclusive_symbols: true"),
      ],
      [],
    ]

    @Test(arguments: 0..<2)
    func endHoursWithBalancedBooksAndExplainedRefusals(rules: Int) throws {
      let stage = try SharedStage(Self.ten, changes: Self.money + Self.rules[rules])

      let ending = try stage.run("run", "--at", "2025-07-21T04:00Z", "--cycles", "79")

      #expect(ending.code == 0, "\(ending.error)")
      try Self.expectExplained(stage)
    }

    @Test(
      .enabled(
        if: FileManager.default.fileExists(atPath: realCandles + "/BTC-1m.csv.gz"),
        "set NOF0_SHARED to the directory that holds data/candles/hyperliquid"),
      arguments: 0..<2)
    func endADayOfRealCandlesWithBalancedBooksAndExplainedRefusals(rules: Int) throws {
      let stage = try SharedStage(
        Self.ten, coins: "[BTC, ETH, SOL, BNB, XRP, DOGE]", candles: realCandles,
        changes: Self.money + Self.rules[rules])

      let ending = try stage.run("run", "--at", "2025-07-22T00:00Z", "--cycles", "480")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(try stage.books.number("SELECT count(*) FROM runs") == 480)
      try Self.expectExplained(stage)
    }

    private static let money = [(old: "total_equity_usd: 30000", new: "total_equity_usd: 100000")]

    private static var ten: [(id: String, executor: String)] {
      (1...10).map { ("random-\($0)", "kind: baseline, rule: random, seed: \($0)") }
    }

    /// Expects balanced books with trades, and a known rule and words for whatever was refused.
    private static func expectExplained(_ stage: SharedStage) throws {
      try stage.expectBalanced()
      let books = stage.books
      #expect(try books.number("SELECT count(*) FROM fills") > 5)
      #expect(try books.number("SELECT count(*) FROM decisions WHERE verdict = 'rejected'") > 5)
      let unexplained = """
        SELECT trader || ' ' || cycle FROM decisions WHERE verdict = 'rejected' AND NOT EXISTS (
          SELECT 1 FROM decision_validations v WHERE v.trader = decisions.trader
          AND v.cycle = decisions.cycle AND v.decision = decisions.ordinal
          AND rule <> '' AND note <> '')
        """
      #expect(try books.texts(unexplained) == [])
      let known = try rules(of: stage)
      let noted = try books.texts("SELECT DISTINCT rule FROM decision_validations")
      #expect(Set(noted).subtracting(known) == [])
      try expectShown(stage, rules: known)
    }

    private static func rules(of stage: SharedStage) throws -> Set<String> {
      let rows: [[String: Any]] = try JSONDocument(
        stage.run("config", "rules", "--format", "json").out
      ).value("rules")
      return Set(rows.compactMap { $0["rule"] as? String })
    }

    private static func expectShown(_ stage: SharedStage, rules: Set<String>) throws {
      let status = try JSONDocument(try stage.run("status", "--format", "json").out)
      let text = try stage.run("status").out
      let refusals: [[String: Any]] = try status.value("refusals")
      #expect(!refusals.isEmpty)
      for refusal in refusals {
        let rule = try #require(refusal["rule"] as? String)
        #expect(rules.contains(rule), "expected \(rule) in the table of rules")
        for key in ["text", "trader", "action"] {
          let word = try #require(refusal[key] as? String)
          #expect(!word.isEmpty, "\(key)")
        }
        #expect(text.contains(rule), "\(text)")
      }
      let conflicts: [[String: Any]] = try status.value("conflicts")
      let count = try stage.books.number("SELECT count(*) FROM conflicts")
      #expect(count > 0 && conflicts.count == min(count, 10), "\(count) conflicts")
      for conflict in conflicts {
        for key in ["type", "severity", "resolution", "reason", "symbol", "account"] {
          let word = try #require(conflict[key] as? String, "\(key) of \(conflict)")
          #expect(!word.isEmpty, "\(key)")
        }
        let traders = try #require(conflict["traders"] as? [String])
        #expect(traders.count >= 2)
      }
    }
  }
}
