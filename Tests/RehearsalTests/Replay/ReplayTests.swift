import Foundation
import Testing
import Trading

extension RehearsalSuite {
  @Suite("Cycles done again from the journal")
  struct Replays {
    /// Fifty cycles, run once for all that only look at them.
    private static let fifty = Result { () throws -> ReplayRig in
      let rig = try ReplayRig()
      let ending = try rig.run(50)
      try #require(ending.code == 0, "\(ending.error)")
      return rig
    }

    @Test func fiftyCyclesAreIdentical() throws {
      let rig = try Self.fifty.get()

      let replayed = try rig.replay("--all")

      #expect(replayed.code == 0, "\(replayed.out)\(replayed.error)")
      #expect(replayed.out == "50 cycles, 250 records: identical.\n")
    }

    @Test func anotherDirectoryAndAnotherTimeChangeNothing() throws {
      let rig = try Self.fifty.get()
      let other = try Rehearsal()
      try FileManager.default.copyItem(at: rig.stage.state, to: other.state)

      // `date` proves that the clock of the processes is another one.
      let ending = try other.shell(
        """
        faketime '2031-05-06 07:08:09' date +%Y
        faketime '2031-05-06 07:08:09' "$NOF0" replay --all --state "$STATE" --format json
        """)

      if ending.error.contains("faketime") {
        // Without faketime on this machine, only the directory is another one.
        let plain = try rig.replay("--all", "--format", "json", state: rig.stage.state)
        #expect(plain.code == 0)
        #expect(plain.out.contains("\"identical\":true"), "\(plain.out)")
      } else {
        #expect(ending.out.hasPrefix("2031\n"))
        #expect(ending.out.contains("\"identical\":true"), "\(ending.out)\(ending.error)")
      }
    }

    @Test func oneCycleAndOneRunAreFound() throws {
      let rig = try Self.fifty.get()

      let one = try rig.replay("--trader", "bold", "--cycle", "17")
      let run = try rig.replay("--run", "18")
      let none = try rig.replay("--trader", "bold", "--cycle", "51")

      #expect(one.out == "1 cycle, 1 record: identical.\n", "\(one.error)")
      #expect(run.out == "1 cycle, 5 records: identical.\n", "\(run.error)")
      #expect(none.code == 74 && none.error.contains("no such record"), "\(none.error)")
    }

    @Test(arguments: 0..<24)
    func aFlippedByteIsFoundAndNamed(seed: Int) throws {
      let rig = try Self.fifty.get()
      let other = try Rehearsal()
      try FileManager.default.copyItem(at: rig.stage.state, to: other.state)
      var random = SeededGenerator(seed: UInt64(seed))
      let files = try rig.journal.sorted { $0.key < $1.key }
      // Every second time a byte of what all traders share.
      let (path, bytes) =
        seed % 2 == 0
        ? try #require(files.first { $0.key.hasPrefix("_shared/") })
        : files[Int.random(in: 0..<files.count, using: &random)]
      var damaged = bytes
      let place = Int.random(in: 0..<damaged.count, using: &random)
      damaged[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
      try damaged.write(to: other.state.appending(path: "journal/\(path)"))

      let ending = try other.run("replay", "--all")

      #expect(ending.code == 70, "seed \(seed): byte \(place) of \(path): \(ending.out)")
      #expect(ending.error.contains(path), "seed \(seed): \(ending.error)")
    }

    @Test func cyclesThatWereKilledHalfWayAreReplayed() throws {
      let rig = try ReplayRig()
      var minute = 0
      for fault in [
        nil, "kill@phase.execute", nil, "kill@write.after:4", nil, "kill@phase.export", nil,
        "kill@write.before:3", nil, "kill@phase.measure", nil,
      ] {
        let at = "2025-01-01T00:\(minute < 10 ? "0" : "")\(minute)Z"
        try rig.stage.cycle(at: at, fault: fault)
        minute += 3
      }

      let replayed = try rig.replay("--all")

      #expect(replayed.code == 0, "\(replayed.out)\(replayed.error)")
      #expect(replayed.out.contains("identical"), "\(replayed.out)")
    }

    @Test func otherRulesTellWhatTheyWouldHaveSaved() throws {
      let rig = try Self.fifty.get()

      let ending = try rig.replay(
        "--all", "--format", "json", "--counterfactual", "min_confidence=70")
      let same = try rig.replay("--all", "--counterfactual", "min_confidence=50")
      let unknown = try rig.replay("--all", "--counterfactual", "no_such_key=1")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("\"rule\":\"min_confidence\""), "\(ending.out)")
      #expect(same.out.hasPrefix("Under min_confidence=50, 0 of "), "\(same.out)")
      #expect(unknown.code == 64, "\(unknown.error)")
    }

    @Test func aDryRunIsNotKept() throws {
      let rig = try ReplayRig()
      try rig.run(2)
      let before = try rig.journal

      try rig.stage.run("run", "--dry-run", "--at", "2025-01-01T00:06Z")

      #expect(try rig.journal == before)
    }

    @Test func aFolderThatCannotBeWrittenStopsOpensAndIsTold() throws {
      let rig = try ReplayRig()
      try rig.run(1)
      let folder = rig.stage.state.appending(path: "journal")
      try FileManager.default.moveItem(
        at: folder, to: rig.stage.state.appending(path: "aside"))
      // A file where the folder belongs: nothing can be written, whoever runs the test.
      try Data().write(to: folder)

      let told = try rig.stage.cycle(at: "2025-01-01T00:03Z")
      let barred = try rig.stage.run("run", "--at", "2025-01-01T00:06Z", "--force")
      let books = Books(of: rig.stage)
      let refused = try books.texts(
        "SELECT count(*) FROM decision_validations WHERE cycle = 3 AND note LIKE '%journal%'")
      let open = try books.texts("SELECT key FROM alerts WHERE resolved_at_ms IS NULL")
      try FileManager.default.removeItem(at: folder)
      try FileManager.default.moveItem(
        at: rig.stage.state.appending(path: "aside"), to: folder)
      try rig.stage.cycle(at: "2025-01-01T00:09Z")

      #expect(told.code == 0 && barred.code == 0, "\(told.error)\(barred.error)")
      #expect(open.contains("journal"), "\(open)")
      _ = refused
      #expect(
        try !books.texts("SELECT key FROM alerts WHERE resolved_at_ms IS NULL")
          .contains("journal"))
      #expect(try rig.replay("--all").code == 0)
    }
  }
}
