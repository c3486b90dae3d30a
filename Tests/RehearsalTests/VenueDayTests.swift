import Foundation
import Testing

extension RehearsalSuite {
  @Suite("A day of cron at a venue that fails, beside a person who trades")
  struct VenueDays {
    /// 480 runs are a day; `NOF0_DAY_RUNS` says otherwise, `NOF0_DAY_SEEDS` with which seeds.
    private static let runs =
      ProcessInfo.processInfo.environment["NOF0_DAY_RUNS"].flatMap { Int($0) } ?? 160
    private static let seeds =
      ProcessInfo.processInfo.environment["NOF0_DAY_SEEDS"]?
      .split(separator: ",").compactMap { UInt64($0) } ?? [1]

    @Test("ends with the venue's books", arguments: seeds)
    func endsWithTheVenuesBooks(_ seed: UInt64) throws {
      let day = try VenueDay(seed: seed)
      try day.pass(runs: Self.runs)
      let story = day.story
      let check = try day.stage.stage.run("state", "check")
      #expect(
        check.code == 0 && check.out.contains("whole"), "\(story)\n\(check.out)\(check.error)")
      for desk in VenueDayStage.desks {
        let end = VenueDayEnd(stage: day.stage, desk: desk, note: "\(desk.name), \(story)")
        try end.expectSameBooks()
        try end.expectSameSums()
        try end.expectProtection()
        try end.expectOrdersOnce()
        try end.expectNothingUnexplained()
      }
      if ProcessInfo.processInfo.environment["NOF0_DAY_TELL"] != nil { print(story) }
    }
  }
}
