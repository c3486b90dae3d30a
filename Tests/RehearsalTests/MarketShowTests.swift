import ArenaTesting
import Foundation
import Testing

extension RehearsalSuite {
  @Suite("A market shown")
  struct MarketShown {
    @Test func isTheSameMadeUpMarketEverywhere() throws {
      let stage = try Rehearsal()

      let ending = try stage.run("market", "show", "--at", "2025-07-21T12:00Z")

      #expect(ending.code == 0, "\(ending.error)")
      Golden.check(Array(ending.out.utf8), name: "market-show-synthetic.txt")
      #expect(!stage.exists(stage.state))
    }

    @Test func knowsRecordedCandlesUpToItsTimeOnly() throws {
      let stage = try RecordedStage()
      let show = ["market", "show", "--at", "2025-07-21T04:01:30Z"]

      let ending = try stage.run(show[0], show[1], show[2], show[3])
      // What came later changes nothing.
      for file in ["BTC-1m.csv", "ETH-1m.csv"] {
        try stage.candles.removeLines(243...481, of: file)
      }
      let shorter = try stage.run(show[0], show[1], show[2], show[3])

      #expect(ending.code == 0, "\(ending.error)")
      Golden.check(Array(ending.out.utf8), name: "market-show-recorded.txt")
      #expect(shorter.out == ending.out)
    }

    @Test func isTheSameFromAnExportOfTheStore() throws {
      let stage = try RecordedStage()
      let files = stage.candles.folder.path
      let exported = stage.rehearsal.folder.appending(path: "exported").path
      let first = try stage.run("market", "show", "--format", "json")
      #expect(try stage.run("market", "import", "--provider", "own", files).code == 0)
      #expect(
        try stage.run("market", "export", "--provider", "own", "--dir", exported).code == 0)

      let second = try stage.run("market", "show", "--format", "json", candles: exported)

      #expect(first.code == 0, "\(first.error)")
      #expect(second.out == first.out)
    }

    @Test func hasEveryIndicatorInItsDocument() throws {
      let stage = try Rehearsal()

      let ending = try stage.run(
        "market", "show", "--at", "2025-07-21T12:00Z", "--symbols", "BTC,HYPE", "--timeframes",
        "15m", "--format", "json")

      let document = try JSONDocument(ending.out)
      #expect(try document.value("is_synthetic") == true)
      let coins: [[String: Any]] = try document.value("coins")
      let missing: [[String: Any]] = try document.value("missing")
      #expect(coins.count == 1 && missing.count == 1)
      let frames = try #require(coins[0]["timeframes"] as? [String: [String: Any]])
      let indicators = try #require(frames["15m"]?["indicators"] as? [String: [Any]])
      #expect(indicators.count == 24)
      #expect(indicators.values.allSatisfy { $0.count == 10 })
    }

    @Test(arguments: [
      (["--provider", "synthetik"], "did you mean synthetic?"),
      (["--timeframes", "7m"], "--timeframes: expected some of 1m,3m"),
      (["--symbols", "BTC-PERP"], "--symbols: expected coins such as BTC,ETH, was \"BTC-PERP\""),
    ])
    func namesWhatIsWrong(arguments: [String], words: String) throws {
      let stage = try Rehearsal()

      let ending = try stage.finish(try stage.start(["market", "show"] + arguments))

      #expect(ending.code == 64)
      #expect(ending.error.contains(words), "\(ending.error)")
    }
  }
}
