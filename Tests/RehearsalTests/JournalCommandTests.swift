import Foundation
import Journal
import Testing
import Trading

extension RehearsalSuite {
  @Suite("The journal on the command line")
  struct JournalOnTheCommandLine {
    /// 2025-01-01 00:00 UTC, where the stage's cycle is.
    private static let start = Timestamp(ms: 1_735_689_600_000)

    /// A state after one cycle, and a trader with records of two days.
    private func stage() throws -> (Rehearsal, JournalFolder) {
      let stage = try Rehearsal()
      try stage.cycle(at: "2025-01-01T00:00Z")
      let database = try JournalDatabase.open(
        path: stage.database.path, mode: .readWrite(durability: .processCrash))
      let journal = JournalFolder(
        path: stage.state.appending(path: "journal").path, store: StateStore(database))
      for cycle in Int64(1)...4 {
        let at = Self.start + .day * (cycle / 3) + .minutes(3) * cycle
        let system = JournalBlob(
          kind: "system", body: JSONValue.text("You trade.\nBe careful.").bytes)
        let line = JournalLine(
          trader: try #require(TraderID("anna")), cycle: cycle, at: at,
          body: Self.turn(cycle, system.hash))
        try journal.append([line], blobs: [system], cycle: cycle, at: at)
      }
      return (stage, journal)
    }

    /// A record as a cycle writes it, with an answer that would move the cursor.
    private static func turn(_ cycle: Int64, _ system: RecordHash) -> [UInt8] {
      let value = JSONValue.object([
        JSONMember(
          "conversation",
          .object([
            JSONMember("reply", .text("{\"decisions\":[]}\n\u{1B}[2Jgone")),
            JSONMember("system", .text(system.hex)),
            JSONMember("user", .text("It is cycle \(cycle).\nBTC is at 100.")),
          ])),
        JSONMember(
          "decisions",
          .array([
            .object([
              JSONMember(
                "decision",
                .object([
                  JSONMember("action", .text("buy_to_enter")), JSONMember("coin", .text("BTC")),
                ])),
              JSONMember("notes", .array([])), JSONMember("verdict", .text("approved")),
            ])
          ])),
        JSONMember("inputs", .text(RecordHash(of: [1]).hex)), JSONMember("run", .number(7)),
        JSONMember("status", .text("running")),
      ])
      return value.bytes
    }

    private func file(_ stage: Rehearsal, _ name: String) -> URL {
      stage.state.appending(path: "journal/anna/\(name).jsonl.gz")
    }

    @Test(arguments: ["", "list", "show", "verify", "prune"])
    func eachHasHelpWithAnExample(command: String) throws {
      let ending = try Rehearsal().shell("\"$NOF0\" journal \(command) --help")

      #expect(ending.code == 0)
      #expect(ending.out.contains("nof0 journal \(command.isEmpty ? "list" : command)"))
      #expect(ending.out.contains("Example"))
    }

    @Test(arguments: [
      ["journal", "list"], ["journal", "show", "--trader", "anna"], ["journal", "verify"],
      ["journal", "prune", "--keep", "1d"],
    ])
    func whereNoRunHasBeenItSaysWhatToDo(command: [String]) throws {
      let stage = try Rehearsal()

      let ending = try stage.finish(try stage.start(command))

      #expect(ending.code == 74)
      #expect(ending.error.contains("Run `nof0 run` first"), "\(ending.error)")
    }

    @Test func aWholeJournalIsProven() throws {
      let (stage, _) = try stage()

      let text = try stage.run("journal", "verify")
      let json = try stage.run("journal", "verify", "--format", "json")

      #expect(text.code == 0)
      #expect(text.out.hasPrefix("The journal is whole: "), "\(text.out)\(text.error)")
      #expect(json.code == 0)
      #expect(json.out.contains("\"ok\":true"))
      #expect(try stage.run("state", "check").code == 0)
    }

    @Test func oneFlippedByteIsNamedAndExitsWithSeventy() throws {
      let (stage, _) = try stage()
      let url = file(stage, "2025-01-02")
      var bytes = try Data(contentsOf: url)
      bytes[bytes.count - 20] ^= 1
      try bytes.write(to: url)

      let text = try stage.run("journal", "verify")
      let json = try stage.run("journal", "verify", "--format", "json")
      let show = try stage.run("journal", "show", "--trader", "anna")

      #expect(text.code == 70)
      #expect(text.out.contains("damaged: \(url.path) record 4"), "\(text.out)")
      #expect(json.code == 70)
      #expect(json.out.contains("\"kind\":\"damaged\",\"record\":4,\"trader\":\"anna\""))
      #expect(show.code == 70)
      #expect(show.error.contains(url.path), "\(show.error)")
      #expect(try stage.run("state", "check").code == 70)
    }

    @Test func aRemovedFileIsNamed() throws {
      let (stage, _) = try stage()
      try FileManager.default.removeItem(at: file(stage, "2025-01-01"))

      let ending = try stage.run("journal", "verify")

      #expect(ending.code == 70)
      #expect(ending.out.contains("there is no such file, expected records 1 to 2"))
    }

    @Test func aRecordIsShownForPeople() throws {
      let (stage, _) = try stage()

      let ending = try stage.run("journal", "show", "--trader", "anna", "--cycle", "3")

      #expect(ending.code == 0)
      for line in [
        "anna, cycle 3, 2025-01-02T00:09:00Z", "status: running", "    | You trade.",
        "    | BTC is at 100.", "action: buy_to_enter", "verdict approved",
      ] {
        #expect(ending.out.contains(line), "\(line)\n\(ending.out)")
      }
      #expect(!ending.out.contains("\u{1B}"))
    }

    @Test func aRecordIsShownForPrograms() throws {
      let (stage, journal) = try stage()
      let head = try #require(try journal.heads()["anna"])

      let ending = try stage.run("journal", "show", "--trader", "anna", "--format", "json")

      let shown = try JSONReader.value(of: ending.out)
      #expect(shown["cycle"]?.whole == 4)
      #expect(shown["sha256"]?.text == head.hash.hex)
      #expect(shown["turn"]?["run"]?.whole == 7)
    }

    @Test func whatIsNotThereIsNamedWithWhatIs() throws {
      let (stage, _) = try stage()

      let trader = try stage.run("journal", "show", "--trader", "nobody")
      let cycle = try stage.run("journal", "show", "--trader", "anna", "--cycle", "9")

      #expect(trader.code == 64)
      #expect(trader.error.contains("no record of nobody; there are: anna"), "\(trader.error)")
      #expect(cycle.code == 64)
      #expect(cycle.error.contains("anna has no record of cycle 9"), "\(cycle.error)")
    }

    @Test func listsFilesAndTheRecordsOfADay() throws {
      let (stage, _) = try stage()

      let files = try stage.run("journal", "list", "--trader", "anna")
      let day = try stage.run("journal", "list", "--trader", "anna", "--day", "2025-01-02")
      let json = try stage.run("journal", "list", "--format", "json")

      #expect(files.out.contains("2025-01-01"))
      #expect(files.out.contains("1–2"))
      #expect(files.out.contains("2 files"), "\(files.out)")
      #expect(day.out.split(separator: "\n").count == 3, "\(day.out)")
      #expect(try JSONReader.value(of: json.out)["heads"]?["anna"]?["seq"]?.whole == 4)
    }

    @Test func pruningKeepsTheRestProven() throws {
      let (stage, _) = try stage()

      let wrong = try stage.run("journal", "prune")
      let both = try stage.run("journal", "prune", "--keep", "1d", "--before", "2025-01-02")
      let short = try stage.run("journal", "prune", "--keep", "2h")
      let pruned = try stage.run("journal", "prune", "--before", "2025-01-02")
      let again = try stage.run("journal", "prune", "--keep", "1d")

      #expect([wrong, both, short].map(\.code) == [64, 64, 64])
      #expect(pruned.code == 0)
      #expect(pruned.out.hasPrefix("Removed "), "\(pruned.out)\(pruned.error)")
      #expect(again.out.hasPrefix("Nothing of that age"), "\(again.out)")
      #expect(!FileManager.default.fileExists(atPath: file(stage, "2025-01-01").path))
      #expect(try stage.run("journal", "verify").code == 0)
      #expect(try stage.run("journal", "show", "--trader", "anna", "--cycle", "1").code == 64)
      #expect(try stage.run("journal", "show", "--trader", "anna", "--cycle", "3").code == 0)
    }

    @Test func theManifestPublishesTheHeads() throws {
      let (stage, journal) = try stage()
      let head = try #require(try journal.heads()["anna"])

      try stage.cycle(at: "2025-01-03T00:00Z")

      let manifest = try JSONReader.value(
        of: [UInt8](Data(contentsOf: stage.out.appending(path: "data/manifest.json"))))
      let published = manifest["journal_head"]?["anna"]
      #expect(published?["seq"]?.whole == 4)
      #expect(published?["sha256"]?.text == head.hash.hex)
    }
  }
}
