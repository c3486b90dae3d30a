import Foundation
import Testing
import VenueStandIn

extension RehearsalSuite {
  @Suite("A day of cron at a venue that fails, beside a person who trades")
  struct VenueDays {
    /// 480 runs are a day; `NOF0_DAY_RUNS` says otherwise, `NOF0_DAY_SEEDS` with which seeds.
    private static let runs =
      ProcessInfo.processInfo.environment["NOF0_DAY_RUNS"].flatMap { Int($0) } ?? 160
    private static let seeds =
      ProcessInfo.processInfo.environment["NOF0_DAY_SEEDS"]?
      .split(separator: ",").compactMap { UInt64($0) } ?? [1]

    /// Keeps what there is to look at after a failure, in the folder `NOF0_DAY_KEEP`.
    private func keep(_ day: VenueDay) throws {
      guard let path = ProcessInfo.processInfo.environment["NOF0_DAY_KEEP"] else { return }
      let folder = URL(filePath: path).appending(path: "\(day.seed)")
      if FileManager.default.fileExists(atPath: folder.path) {
        try FileManager.default.removeItem(at: folder)
      }
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: day.stage.stage.state, to: folder.appending(path: "state"))
      for (name, lines) in [
        ("story", [day.story]), ("diary", day.diary),
        ("orders", day.stage.venue.orders.map { "\($0)" }),
        ("fills", day.stage.venue.fills.map { "\($0)" }),
        ("actions", day.stage.venue.receivedActions.map(Self.line)),
        ("questions", day.stage.venue.receivedQuestions.map { "\($0)" }),
      ] {
        try Data((lines.joined(separator: "\n") + "\n").utf8)
          .write(to: folder.appending(path: "\(name).txt"))
      }
    }

    private static func line(_ action: ReceivedAction) -> String {
      let fault = action.fault.map { "\($0)" } ?? "no fault"
      let body = String(decoding: action.body, as: UTF8.self)
      return "\(action.at) \(fault) \(action.outcome) \(body)"
    }

    @Test("ends with the venue's books", arguments: seeds)
    func endsWithTheVenuesBooks(_ seed: UInt64) throws {
      let day = try VenueDay(seed: seed)
      try day.pass(runs: Self.runs)
      let story = day.story
      try keep(day)
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
    }
  }
}
