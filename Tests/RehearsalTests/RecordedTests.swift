import Foundation
import Testing

extension RehearsalSuite {
  @Suite("Recorded candles")
  struct Recorded {
    @Test func makeWholeBooksWithFeesAndFunding() throws {
      let stage = try RecordedStage()

      let ending = try stage.run("run", "--at", "2025-07-21T04:00Z", "--cycles", "79")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("79 cycles up to 2025-07-21T07:54:00Z"))
      #expect(!ending.out.contains("synthetic"))
      let books = Books(of: stage.rehearsal)
      #expect(try books.number("SELECT count(*) FROM fills WHERE fee <> '0'") > 5)
      #expect(try books.number("SELECT count(*) FROM funding_payments WHERE amount <> '0'") > 5)
      #expect(try books.number("SELECT count(*) FROM trades") > 0)
      try stage.rehearsal.expectWholeBooks()
      try stage.rehearsal.expectWholeExports()
    }

    @Test func areCaughtUpOverAGapOfHours() throws {
      let stage = try RecordedStage()
      _ = try stage.run("run", "--at", "2025-07-21T04:00Z", "--cycles", "10")
      let books = Books(of: stage.rehearsal)
      let fundingBefore = try books.number("SELECT count(*) FROM funding_payments")

      let ending = try stage.run("run", "--at", "2025-07-21T07:45Z")

      #expect(ending.code == 0, "\(ending.error)")
      // 05:00, 06:00 and 07:00 for the two coins of buy-and-hold at least.
      #expect(try books.number("SELECT count(*) FROM funding_payments") >= fundingBefore + 6)
      let between = """
        SELECT count(*) FROM fills WHERE cause IN ('stop', 'target')
        AND at_ms > \(RecordedCandles.startMs + 270 * 60_000)
        AND at_ms < \(RecordedCandles.startMs + 465 * 60_000)
        """
      #expect(try books.number(between) > 0, "expected stops or targets to be hit meanwhile")
      try stage.rehearsal.expectWholeBooks()
    }

    @Test func beginWhereThereIsHistoryAndGoOnFromThere() throws {
      let stage = try RecordedStage()

      let first = try stage.run("run", "--format", "json")
      let second = try stage.run("run", "--format", "json")

      let times: [Int] = try [first, second].map { ending in
        try JSONDocument(ending.out).value("at_ms")
      }
      #expect(times[0] > RecordedCandles.startMs)
      #expect(times[1] == times[0] + 180_000)
    }

    @Test func namesAMissingFolder() throws {
      let stage = try RecordedStage()

      let ending = try stage.run("run", candles: "/nowhere/candles")

      #expect(ending.code == 74)
      #expect(ending.error.contains("/nowhere/candles"), "\(ending.error)")
      try stage.expectNothingTraded()
    }

    @Test func namesTheVariableThatIsNotSet() throws {
      let stage = try RecordedStage()

      let ending = try stage.rehearsal.run("run")

      #expect(ending.code == 78)
      #expect(ending.error.contains("NOF0_CANDLES"), "\(ending.error)")
      #expect(!stage.rehearsal.exists(stage.rehearsal.state))
    }

    @Test func namesAnEmptyFolder() throws {
      let stage = try RecordedStage()
      let empty = stage.rehearsal.folder.appending(path: "empty")
      try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: false)

      let ending = try stage.run("run", candles: empty.path)

      #expect(ending.code == 74)
      #expect(ending.error.contains(empty.path), "\(ending.error)")
      #expect(ending.error.contains("SYMBOL-INTERVAL.csv"), "\(ending.error)")
      try stage.expectNothingTraded()
    }

    @Test(arguments: [
      "1753057200000,118000,118001,117999", "1753057200000,118000,118001,117999,-1,5",
      "1753057200000,118000,117000,119000,118000,5", "yesterday,1,1,1,1,1", "<html>",
      "1753057200001,118000,118001,117999,118000,5",
    ])
    func namesTheMalformedLine(line: String) throws {
      let stage = try RecordedStage()
      _ = try stage.run("run", "--at", "2025-07-21T04:00Z", "--cycles", "3")
      try stage.candles.replaceLine(22, of: "ETH-1m.csv", by: line)
      let before = try Books(of: stage.rehearsal).dump()

      let ending = try stage.run("run", "--at", "2025-07-21T05:00Z")

      #expect(ending.code == 74)
      #expect(ending.error.contains("ETH-1m.csv:22:"), "\(ending.error)")
      #expect(ending.error.contains("expected"), "\(ending.error)")
      #expect(try Books(of: stage.rehearsal).dump() == before)
      try stage.rehearsal.expectWholeBooks()
      try stage.rehearsal.expectWholeExports()
    }

    @Test func aHoleIsToldAndNothingIsLost() throws {
      let stage = try RecordedStage()
      // BTC has no candles from 04:10 to 04:40.
      try stage.candles.removeLines(252...281, of: "BTC-1m.csv")

      let ending = try stage.run("run", "--at", "2025-07-21T04:00Z", "--cycles", "40")

      #expect(ending.code == 0, "\(ending.error)")
      let status = try stage.rehearsal.run("status")
      #expect(status.out.contains("BTC 1m candles missing"), "\(status.out)")
      try stage.rehearsal.expectWholeBooks()
      try stage.rehearsal.expectWholeExports()
    }

    @Test func afterTheLastCandleNothingIsOpened() throws {
      let stage = try RecordedStage()
      _ = try stage.run("run", "--at", "2025-07-21T06:00Z", "--cycles", "30")
      let books = Books(of: stage.rehearsal)
      let opens = "SELECT count(*) FROM orders WHERE purpose = 'open'"
      let before = try books.number(opens)

      let ending = try stage.run("run", "--at", "2025-07-21T12:00Z", "--force")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(try books.number(opens) == before)
      try stage.rehearsal.expectWholeBooks()
    }
  }
}

extension RecordedStage {
  /// Expects no run on record and no exports.
  fileprivate func expectNothingTraded() throws {
    #expect(!rehearsal.exists(rehearsal.out))
    guard rehearsal.exists(rehearsal.database) else { return }
    #expect(try Books(of: rehearsal).number("SELECT count(*) FROM runs") == 0)
  }
}
