import Foundation
import Testing
import Trading

extension RehearsalSuite {
  @Suite("Cycles done again from the journal")
  struct Replays {
    private func rig(cycles: Int) throws -> ReplayRig {
      let rig = try ReplayRig()
      let ending = try rig.run(cycles)
      try #require(ending.code == 0, "\(ending.error)")
      return rig
    }

    @Test func fiftyCyclesAreIdenticalHereAndElsewhere() throws {
      let rig = try rig(cycles: 50)

      let replayed = try rig.replay("--all")
      // In another directory, days after the time of the cycles, without a configuration.
      let elsewhere = try rig.replay("--all", "--format", "json", state: rig.stage.state)

      #expect(replayed.code == 0, "\(replayed.out)\(replayed.error)")
      #expect(replayed.out == "50 cycles, 250 records: identical.\n")
      #expect(elsewhere.code == 0, "\(elsewhere.error)")
      #expect(elsewhere.out == "{\"cycles\":50,\"identical\":true,\"records\":250}\n")
    }

    @Test func oneCycleAndOneRunAreFound() throws {
      let rig = try rig(cycles: 4)

      let one = try rig.replay("--trader", "bold", "--cycle", "3")
      let run = try rig.replay("--run", "2")
      let none = try rig.replay("--trader", "bold", "--cycle", "5")

      #expect(one.out == "1 cycle, 1 record: identical.\n", "\(one.error)")
      #expect(run.out == "1 cycle, 5 records: identical.\n", "\(run.error)")
      #expect(none.code == 74 && none.error.contains("no such record"), "\(none.error)")
    }

    @Test func aFlippedByteIsFoundAndNamed() throws {
      let rig = try rig(cycles: 6)
      let files = try rig.journal.sorted { $0.key < $1.key }
      let shared = try #require(files.first { $0.key.hasPrefix("_shared/") })
      for seed in 0..<16 as Range<UInt64> {
        var random = SeededGenerator(seed: seed)
        // Every second time a byte of what all traders share.
        let (path, bytes) =
          seed % 2 == 0 ? shared : files[Int.random(in: 0..<files.count, using: &random)]
        var damaged = bytes
        let place = Int.random(in: 0..<damaged.count, using: &random)
        damaged[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
        let file = rig.stage.state.appending(path: "journal/\(path)")
        try damaged.write(to: file)

        let ending = try rig.replay("--all")

        #expect(ending.code == 70, "seed \(seed): byte \(place) of \(path): \(ending.out)")
        #expect(ending.error.contains(path), "seed \(seed): \(ending.error)")
        try bytes.write(to: file)
      }
      #expect(try rig.replay("--all").code == 0)
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
      #expect(try rig.stage.run("journal", "verify").code == 0)
    }

    @Test func otherRulesTellWhatTheyWouldHaveSaved() throws {
      let rig = try rig(cycles: 20)

      let ending = try rig.replay(
        "--all", "--format", "json", "--counterfactual", "min_confidence=90")
      let same = try rig.replay("--all", "--counterfactual", "min_confidence=50")
      let unknown = try rig.replay("--all", "--counterfactual", "no_such_key=1")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("\"rule\":\"confidence_low\""), "\(ending.out)")
      #expect(ending.out.contains("\"saved_usd\":"), "\(ending.out)")
      #expect(same.out.hasPrefix("Under min_confidence=50, 0 of "), "\(same.out)")
      #expect(unknown.code == 64, "\(unknown.error)")
    }

    @Test func aDryRunIsNotKept() throws {
      let rig = try rig(cycles: 2)
      let before = try rig.journal

      try rig.stage.run("run", "--dry-run", "--at", "2025-01-01T00:06Z")

      #expect(try rig.journal == before)
    }

    @Test func aJournalThatCannotBeWrittenStopsOpensAndIsTold() throws {
      let rig = try ReplayRig()
      // A file where the folder belongs: nothing can be written, whoever runs the test.
      try rig.stage.run("status")
      try FileManager.default.createDirectory(
        at: rig.stage.state, withIntermediateDirectories: true)
      let folder = rig.stage.state.appending(path: "journal")
      try Data().write(to: folder)

      for minute in ["00", "03", "06"] {
        #expect(try rig.stage.cycle(at: "2025-01-01T00:\(minute)Z").code == 0)
      }
      let books = Books(of: rig.stage)
      let alerts = "SELECT key FROM alerts WHERE resolved_at_ms IS NULL AND key = 'journal'"
      #expect(try books.texts(alerts) == ["journal"])
      let opens = "SELECT client_order_id FROM orders WHERE purpose = 'open' AND cycle > 1"
      #expect(try books.texts(opens) == [])
      try FileManager.default.removeItem(at: folder)
      for minute in ["09", "12"] { try rig.stage.cycle(at: "2025-01-01T00:\(minute)Z") }

      #expect(try books.texts(alerts) == [])
      #expect(try rig.replay("--all").out == "2 cycles, 10 records: identical.\n")
    }
  }
}
