import Foundation
import Testing

extension RehearsalSuite {
  @Suite("Bad surroundings")
  struct Surroundings {
    @Test(arguments: [
      (["run", "--bogus"], "--bogus"), (["run", "--cycles", "0"], "at least 1, was 0"),
      (["run", "--cycles", "some"], "some"), (["run", "--at", "noon"], "noon"),
      (["run", "--step", "0s"], "more than 0s"), (["run", "--only", "nobody"], "nobody"),
      (["run", "--format", "xml"], "xml"),
    ])
    func wrongCommandLineIsRefused(arguments: [String], words: String) throws {
      let stage = try Rehearsal()

      let ending = try stage.finish(try stage.start(arguments))

      #expect(ending.code == 64, "\(ending.error)")
      #expect(ending.error.contains(words), "\(ending.error)")
      #expect(ending.out == "")
      #expect(!stage.exists(stage.state))
    }

    @Test(arguments: ["run", "export", "config"])
    func brokenConfigurationNamesThePlace(command: String) throws {
      let stage = try Rehearsal()
      try stage.ownConfig()
      try stage.edit("market.yaml", "    seed: 7", "    seed: [7")
      try stage.edit("exchange.yaml", "spread_bps: 1", "spred_bps: 1")

      let ending = try stage.run(command)

      #expect(ending.code == 78)
      #expect(
        ending.error.firstMatch(of: /config\/market\.yaml:\d+:\d+: error/) != nil,
        "\(ending.error)")
      #expect(
        ending.error.firstMatch(of: /config\/exchange\.yaml:\d+:\d+: error/) != nil,
        "expected all problems at once: \(ending.error)")
      #expect(ending.error.contains("spread_bps"), "expected the nearest key: \(ending.error)")
      #expect(!stage.exists(stage.state))
      #expect(!stage.exists(stage.out))
    }

    @Test func folderOfNOF0LoadsWithNotices() throws {
      let stage = try Rehearsal()
      try stage.ownConfig()
      try stage.edit(
        "nof0.yaml", "name: nof0",
        "Name: nof0\nHost: 0.0.0.0\nPort: 8888\nTTL: {Short: 10}\nCors: {AllowOrigins: ['*']}")
      try stage.edit("executor.yaml", "max_concurrent_decisions: 0", "signing_key: ${SIGNING_KEY}")

      let ending = try stage.finish(
        try stage.start(["config"], environment: ["SIGNING_KEY": "0xc0ffee1234567890"]))

      #expect(ending.code == 0, "\(ending.error)")
      for key in ["host", "port", "ttl", "cors", "signing_key"] {
        #expect(ending.error.contains(key), "expected a notice on \(key): \(ending.error)")
      }
      #expect(!(ending.out + ending.error).contains("c0ffee"), "expected the key masked")
      #expect(try stage.run("run", "--cycles", "2").code == 0)
      try stage.expectWholeBooks()
    }

    @Test func missingConfigurationIsNamed() throws {
      let stage = try Rehearsal()
      stage.config = stage.folder.appending(path: "nowhere")

      let ending = try stage.run("run")

      #expect(ending.code == 78)
      #expect(ending.error.contains(stage.config.path), "\(ending.error)")
      #expect(!stage.exists(stage.state))
    }

    @Test(arguments: ["run", "status", "state check", "export"])
    func damagedDatabaseIsLeftAsItWas(command: String) throws {
      let stage = try Rehearsal()
      try FileManager.default.createDirectory(
        at: stage.state, withIntermediateDirectories: false)
      let garbage = Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
      try garbage.write(to: stage.database)

      let arguments = command.split(separator: " ").map(String.init)
      let ending = try stage.finish(try stage.start(arguments))

      #expect(ending.code == 70, "\(ending.error)")
      #expect(ending.error.contains("damaged"), "\(ending.error)")
      #expect(ending.error.contains("left as it was"), "\(ending.error)")
      #expect(try Data(contentsOf: stage.database) == garbage)
    }

    @Test(arguments: ["run", "status", "state check", "export"])
    func newerSchemaNamesBothVersions(command: String) throws {
      let stage = try Rehearsal()
      try stage.run("run", "--cycles", "2")
      let books = Books(of: stage)
      let version = try books.number("PRAGMA user_version")
      try books.execute("PRAGMA user_version = 99")
      let before = try Books(of: stage).dump()

      let arguments = command.split(separator: " ").map(String.init)
      let ending = try stage.finish(try stage.start(arguments))

      #expect(ending.code == 70, "\(ending.error)")
      for words in ["newer nof0", "schema 99", "up to \(version)"] {
        #expect(ending.error.contains(words), "\(ending.error)")
      }
      #expect(try books.dump() == before)
      try books.execute("PRAGMA user_version = \(version)")
      #expect(try stage.run("run", "--cycles", "2").code == 0)
      try stage.expectWholeBooks()
    }

    @Test func stateThatCannotBeMadeIsRefused() throws {
      let stage = try Rehearsal()
      let file = stage.folder.appending(path: "file")
      try Data().write(to: file)

      for state in [file.path, file.path + "/state", stage.folder.path + "/no/state"] {
        let ending = try stage.shell("\"$NOF0\" run --config \"$CONFIG\" --state \(state)")

        #expect(ending.code == 74, "\(state): \(ending.error)")
        #expect(ending.error.contains(state), "\(ending.error)")
      }
    }

    @Test(arguments: [
      ["status"], ["export"], ["state", "check"], ["state", "rebuild"],
      ["state", "rebuild", "--check"],
    ])
    func withoutAStateThereIsNothingToShow(arguments: [String]) throws {
      let stage = try Rehearsal()

      let ending = try stage.finish(try stage.start(arguments))

      #expect(ending.code == 74)
      #expect(ending.error.contains("Run `nof0 run` first"), "\(ending.error)")
      #expect(!stage.exists(stage.out))
    }

    @Test func exportsThatCannotBeMadeDoNotStopTheBooks() throws {
      let stage = try Rehearsal()
      try Data("in the way".utf8).write(to: stage.out)

      let ending = try stage.cycle(at: "2025-01-01T00:00Z")

      #expect(ending.code == 73, "\(ending.error)")
      #expect(ending.error.contains(stage.out.path), "\(ending.error)")
      let books = Books(of: stage)
      #expect(try books.number("SELECT count(*) FROM equity_points") == 5)
      #expect(try books.number("SELECT count(*) FROM fills") > 6)
      try stage.expectWholeBooks()
      try FileManager.default.removeItem(at: stage.out)
      #expect(try stage.cycle(at: "2025-01-01T00:03Z").code == 0)
      #expect(try stage.expectWholeExports() == 1)
      let unhindered = try Rehearsal()
      for at in ["2025-01-01T00:00Z", "2025-01-01T00:03Z"] { try unhindered.cycle(at: at) }
      let expected = try Books(of: unhindered).dump()
      let found = try books.dump()
      #expect(found == expected, "\(difference(expected, found))")
    }

    @Test func clockThatGoesBackIsRefused() throws {
      let stage = try Rehearsal()
      try stage.cycle(at: "2025-01-01T01:00Z")
      let before = try Books(of: stage).dump()

      let ending = try stage.cycle(at: "2025-01-01T00:57Z")

      #expect(ending.code == 74)
      #expect(ending.error.contains("before the last finished"), "\(ending.error)")
      #expect(try Books(of: stage).dump() == before)
      try stage.expectWholeBooks()
    }

    @Test func wallClockBehindTheStateIsRefused() throws {
      let stage = try Rehearsal()
      try stage.cycle(at: "2100-01-01T00:00Z")
      let before = try stage.contents(of: stage.out)

      let ending = try stage.run("run")

      #expect(ending.code == 74)
      #expect(ending.error.contains("Correct the clock"), "\(ending.error)")
      #expect(try stage.contents(of: stage.out) == before)
      try stage.expectWholeBooks()
    }
  }
}
