import Foundation
import Testing

extension RehearsalSuite {
  @Suite("The shipped configuration, offline")
  struct DefaultRun {
    @Test func helpNamesEveryCommand() throws {
      let ending = try Rehearsal().shell("\"$NOF0\" --help")

      #expect(ending.code == 0)
      for command in ["run", "status", "export", "config", "state", "exit-codes"] {
        #expect(ending.out.contains("\n  \(command) "), "expected \(command) in the help")
      }
    }

    @Test func everyCommandHasHelpWithAnExample() throws {
      for command in ["run", "status", "export", "config", "state check", "state rebuild"] {
        let ending = try Rehearsal().shell("\"$NOF0\" \(command) --help")

        #expect(ending.code == 0, "\(command)")
        #expect(ending.out.contains("Example"), "\(command)")
        #expect(ending.out.contains("--state"), "\(command)")
      }
      let codes = try Rehearsal().shell("\"$NOF0\" help exit-codes")
      #expect(codes.code == 0)
      for code in ["0", "3", "64", "70", "73", "74", "75", "78"] {
        #expect(codes.out.contains("  \(code)  "), "expected \(code) in \(codes.out)")
      }
    }

    @Test func sameSeedAndEmptyStateGiveTheSameBytes() throws {
      let first = try Rehearsal()
      let second = try Rehearsal()

      let ending = try first.run("run", "--cycles", "40")
      let again = try second.run("run", "--cycles", "40")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("40 cycles up to 2025-01-01T01:57:00Z"))
      for trader in ["buy-and-hold", "ema-cross", "momentum", "random", "benchmark"] {
        #expect(ending.out.contains(trader), "expected \(trader) on the leaderboard")
      }
      #expect(again.out == ending.out)
      let files = try first.contents(of: first.out)
      #expect(files.count > 10)
      #expect(try second.contents(of: second.out).timeless == files.timeless)
      try first.expectWholeBooks()
      try first.expectWholeExports()
      #expect(
        try Books(of: first).dump() == Books(of: second).dump(), "expected the same books")
    }

    @Test func runsOfOneCycleEqualOneRunOfMany() throws {
      let many = try Rehearsal()
      let single = try Rehearsal()

      #expect(try many.run("run", "--cycles", "5").code == 0)
      for minute in stride(from: 0, to: 15, by: 3) {
        let at = "2025-01-01T00:\(minute < 10 ? "0" : "")\(minute)Z"
        #expect(try single.cycle(at: at).code == 0)
      }

      let expected = try Books(of: many).dump()
      let books = try Books(of: single).dump()
      #expect(books == expected, "\(difference(expected, books))")
      #expect(try single.expectWholeExports() == 5)
    }

    @Test func goesOnAfterALongPause() throws {
      let stage = try Rehearsal()
      try stage.run("run", "--cycles", "3")

      let ending = try stage.cycle(at: "2025-01-02T12:00Z")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(try Books(of: stage).number("SELECT count(*) FROM funding_payments") > 100)
      try stage.expectWholeBooks()
      try stage.expectWholeExports()
    }

    /// The run that wrote the first generation had not ended then: only that is new.
    @Test func exportWritesOnlyWhatChanged() throws {
      let stage = try Rehearsal()
      try stage.run("run", "--cycles", "3")
      let before = try stage.contents(of: stage.out.appending(path: ".generations/1"))

      let ending = try stage.run("export")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("generation 2"))
      #expect(try stage.expectWholeExports() == 2)
      let after = try stage.contents(of: stage.out.appending(path: ".generations/2"))
      #expect(after.timeless == before.timeless)
      #expect(after["runs.json"] != before["runs.json"])
      #expect(
        try stage.contents(of: stage.out)["metrics.prom"] == Data("data/metrics.prom".utf8))
    }

    @Test func exportOfAnUnchangedStateWritesNothing() throws {
      let stage = try Rehearsal()
      try stage.run("run", "--cycles", "3")
      try stage.run("export")
      let before = try stage.contents(of: stage.out)

      let ending = try stage.run("export")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("nothing changed since generation 2"))
      #expect(try stage.contents(of: stage.out) == before)
    }
  }
}

extension [String: Data] {
  /// The files of generations without those that tell what the wall clock said.
  var timeless: [String: Data] {
    filter { path, _ in
      !["runs.json", "metrics.prom", "manifest.json"].contains { path.hasSuffix($0) }
    }
  }
}
