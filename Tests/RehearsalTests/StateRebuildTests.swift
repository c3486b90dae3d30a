import Foundation
import Testing

extension RehearsalSuite {
  @Suite("nof0 state rebuild")
  struct StateRebuild {
    private let stage: Rehearsal

    init() throws {
      stage = try Rehearsal()
      #expect(try stage.run("run", "--cycles", "25").code == 0)
    }

    @Test func rebuiltFiguresAreThoseOfTheRecord() throws {
      let ending = try stage.run("state", "rebuild")
      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out == "Made the figures of 5 traders anew from the record.\n")

      let check = try stage.run("state", "rebuild", "--check")
      #expect(check.code == 0, "\(check.out)")
      #expect(check.out == "The figures of 5 traders are those that the record gives.\n")
      try stage.expectWholeBooks()
    }

    @Test(arguments: [
      ("DELETE FROM trader_metrics WHERE trader = 'random'", "were none"),
      ("UPDATE trader_metrics SET aggregate = x'FF00' WHERE trader = 'random'", "cannot be read"),
      (
        """
        UPDATE trader_metrics SET aggregate =
          (SELECT aggregate FROM trader_metrics WHERE trader = 'buy-and-hold')
        WHERE trader = 'random'
        """, "on record, "
      ),
    ])
    func tellsWhatDiffersAndRepairsIt(damage: String, words: String) throws {
      try stage.run("state", "rebuild")
      let books = Books(of: stage)
      let whole = try books.lines("SELECT trader, hex(aggregate) FROM trader_metrics")
      try books.execute(damage)
      let damaged = try books.lines("SELECT trader, hex(aggregate) FROM trader_metrics")

      let check = try stage.run("state", "rebuild", "--check")
      #expect(check.code == 70)
      let told = check.out.split(separator: "\n")
      #expect(told.dropLast().allSatisfy { $0.hasPrefix("✗ random: ") }, "\(check.out)")
      #expect(check.out.contains(words), "\(check.out)")
      #expect(told.last == "`nof0 state rebuild` makes them anew.")
      let json = try stage.run("state", "rebuild", "--check", "--format", "json")
      #expect(json.code == 70)
      #expect(json.out.contains("\"ok\":false"), "\(json.out)")
      #expect(try books.lines("SELECT trader, hex(aggregate) FROM trader_metrics") == damaged)

      #expect(try stage.run("state", "rebuild").code == 0)
      #expect(try books.lines("SELECT trader, hex(aggregate) FROM trader_metrics") == whole)
    }

    @Test func aRunGoesOnAfterIt() throws {
      try stage.run("state", "rebuild")
      let ending = try stage.cycle(at: "2025-01-01T01:15Z")
      #expect(ending.code == 0, "\(ending.error)")
    }
  }
}
