import Foundation
import Testing

extension RehearsalSuite {
  @Suite("A run that is killed, and the next one")
  struct Kill {
    /// Where a run may die: every phase, around every write, and in the middle of the exports.
    static let phases = [
      "configure", "lock", "open", "recover", "snapshot", "reconcile", "supervise", "decide",
      "admit", "execute", "record", "measure", "export", "notify",
    ].map { "phase.\($0)" }

    /// More than a cycle reaches of any place; the matrix stops where the run survives.
    static let mostReached = 60

    /// Books that tell apart who decided when: a cycle that is repeated has the next number.
    static let numbering: Set<String> = ["cycle", "claim_cycle", "client_order_id", "nonce"]

    @Test func leavesTheBooksAsIfNothingHappened() throws {
      let play = try Play()
      var killed = 0
      for place in Self.phases + ["export.flip"] {
        let died = try play.rehearse(killedAt: [place])
        #expect(died, "expected a run to reach \(place)")
        killed += died ? 1 : 0
      }
      for place in ["write.before", "write.after", "export.file"] {
        var count = 1
        while count <= Self.mostReached, try play.rehearse(killedAt: ["\(place):\(count)"]) {
          count += 1
        }
        #expect(count > 8, "expected more than 8 of \(place) in a cycle that trades")
        #expect(count < Self.mostReached, "expected a run to survive \(place):\(count)")
        killed += count - 1
      }
      #expect(killed > 40)
    }

    @Test(arguments: [
      ["write.before:3", "write.after:3", "write.before:6"],
      ["phase.execute", "write.after:7", "export.file:4"],
      ["export.file:2", "export.flip", "write.before:2"],
      ["write.after:8", "write.after:2", "phase.notify"],
    ])
    func repeatedlyIsNoWorse(places: [String]) throws {
      let died = try Play().rehearse(killedAt: places)

      #expect(died)
    }

    @Test(arguments: [
      "phase.execute", "write.after:4", "write.before:5", "write.after:5", "write.before:6",
      "write.after:6", "write.before:7", "write.after:7", "write.before:8",
      "phase.record", "phase.export", "export.flip",
    ])
    func isSettledByARunAtALaterTime(place: String) throws {
      let stage = try Rehearsal()
      try stage.run("run", "--at", Play.start, "--cycles", "2")
      let death = try stage.cycle(at: "2025-01-01T00:06Z", fault: "kill@\(place)")
      #expect(death.code == -SIGKILL)

      // By then what never reached the venue has expired.
      let ending = try stage.cycle(at: "2025-01-01T00:09Z")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("did not finish"), "\(ending.out)")
      try stage.expectWholeBooks(place)
      try stage.expectWholeExports(place)
      try stage.expectStops(place)
    }

    @Test func inItsVeryFirstRunIsNoWorse() throws {
      let reference = try Rehearsal()
      #expect(try reference.cycle(at: Play.start).code == 0)
      let expected = try Books(of: reference).dump(leavingOut: Self.numbering)

      for place in [
        "phase.open", "write.before:1", "write.after:1", "write.before:2", "write.after:2",
        "write.before:3", "write.after:4", "phase.snapshot", "write.before:6", "write.after:8",
        "phase.execute", "write.before:9", "write.after:10", "phase.measure", "export.file:1",
        "export.flip", "phase.notify",
      ] {
        let stage = try Rehearsal()
        let death = try stage.cycle(at: Play.start, fault: "kill@\(place)")
        #expect(death.code == -SIGKILL, "\(place)")
        try stage.expectWholeExports(place)

        let ending = try stage.cycle(at: Play.start)

        #expect(ending.code == 0, "\(place): \(ending.error)")
        let books = try Books(of: stage).dump(leavingOut: Self.numbering)
        #expect(books == expected, "\(place): \(difference(expected, books))")
        try stage.expectWholeBooks(place)
        #expect(try stage.expectWholeExports(place) != nil)
      }
    }

    @Test(arguments: ["explode@phase.open", "kill@", "kill@phase.open:0", "kill@phase.open:x"])
    func isRefusedWhereTheFaultIsNotUnderstood(fault: String) throws {
      let stage = try Rehearsal()

      let ending = try stage.cycle(at: Play.start, fault: fault)

      #expect(ending.code == 64)
      #expect(ending.error.contains("NOF0_FAULT"))
    }
  }

  /// A state before a cycle that opens, closes and protects, and what that cycle makes of it.
  final class Play {
    static let start = "2025-01-01T00:00Z"

    private let before: Rehearsal
    private let at: String
    private let expected: [String]
    private let expectedFiles: [String: Data]

    init() throws {
      let scout = try Rehearsal()
      try scout.run("run", "--at", Self.start, "--cycles", "40")
      let cycle = try Books(of: scout).number(
        """
        SELECT cycle FROM orders WHERE cycle > 10 GROUP BY cycle
        HAVING count(DISTINCT purpose) >= 4 ORDER BY cycle LIMIT 1
        """)
      let minutes = (cycle - 1) * 3
      at = "2025-01-01T0\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)Z"

      before = try Rehearsal()
      try before.run("run", "--at", Self.start, "--cycles", "\(cycle - 1)")
      let reference = try Rehearsal()
      try reference.takeOver(before)
      let ending = try reference.cycle(at: at)
      try #require(ending.code == 0, "\(ending.error)")
      expected = try Books(of: reference).dump(leavingOut: Kill.numbering)
      expectedFiles = try Self.files(of: reference)
      try reference.expectWholeBooks("reference")
    }

    /// Kills a run at each place in turn, lets the last one live, and compares everything.
    ///
    /// - Returns: Whether the first run was killed; one that does not reach its place lives.
    func rehearse(killedAt places: [String]) throws -> Bool {
      let stage = try Rehearsal()
      try stage.takeOver(before)
      let generation = try stage.expectWholeExports()
      var hasDied = false
      for (index, place) in places.enumerated() {
        let death = try stage.cycle(at: at, fault: "kill@\(place)")
        #expect([0, -SIGKILL].contains(death.code), "\(places): \(death.error)")
        if index == 0 { hasDied = death.code == -SIGKILL }
        let seen = try #require(try stage.expectWholeExports("\(places)"))
        #expect(seen >= generation ?? 0, "\(places)")
      }
      guard hasDied else { return false }

      let ending = try stage.cycle(at: at)

      let note = "killed at \(places.joined(separator: ", "))"
      #expect(ending.code == 0, "\(note): \(ending.error)")
      let books = try Books(of: stage).dump(leavingOut: Kill.numbering)
      #expect(books == expected, "\(note): \(difference(expected, books))")
      try stage.expectWholeBooks(note)
      try stage.expectWholeExports(note)
      let files = try Self.files(of: stage)
      for name in expectedFiles.keys.sorted() {
        #expect(files[name] == expectedFiles[name], "\(note): \(name)")
      }
      let partial = try FileManager.default.contentsOfDirectory(
        atPath: stage.out.appending(path: ".generations").path
      ).filter { $0.hasSuffix(".partial") }
      #expect(partial == [], "\(note)")
      return true
    }

    /// The files that speak of books and money, not of runs and decisions.
    private static func files(of stage: Rehearsal) throws -> [String: Data] {
      try stage.contents(of: stage.out.appending(path: "data").resolvingSymlinksInPath())
        .filter {
          ["crypto-prices.json", "leaderboard.json", "since-inception-values.json"]
            .contains($0.key)
        }
    }
  }
}
