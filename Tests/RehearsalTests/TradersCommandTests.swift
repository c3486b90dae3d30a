import Foundation
import Glibc
import Testing

extension RehearsalSuite {
  @Suite("Traders are steered by command")
  struct TradersCommands {
    @Test func everyCommandHasHelpWithAnExample() throws {
      let moves = ["start", "pause", "resume", "stop", "isolate", "release", "close", "remove"]
      let commands =
        (["list", "show"] + moves).map { "traders \($0)" }
        + ["list", "reset", "fire"].map { "kill-switches \($0)" }
      for command in commands {
        let ending = try Rehearsal().shell("\"$NOF0\" \(command) --help")

        #expect(ending.code == 0, "\(command)")
        #expect(ending.out.contains("Example"), "\(command)")
        #expect(ending.out.contains("--state"), "\(command)")
      }
    }

    @Test func aTraderPausedResumedIsolatedReleasedAndRemoved() throws {
      let stage = try Rehearsal()
      try stage.cycle(at: "2025-01-01T00:00Z")

      let pause = try stage.run("traders", "pause", "ema-cross", "--for", "10m", "--reason", "tea")
      #expect(pause.code == 0, "\(pause.error)")
      #expect(
        pause.out.hasPrefix(
          "ema-cross: running → paused until 2025-01-01T00:10:00Z, as of 2025-01-01T00:00:00Z "
            + "(tea)\n"), "\(pause.out)")
      try stage.cycle(at: "2025-01-01T00:06Z")
      #expect(try status(of: "ema-cross", stage) == "paused")
      #expect(try turns(of: "ema-cross", stage) == 1)
      let list = try stage.run("traders", "list")
      #expect(list.out.contains("paused until 2025-01-01T00:10:00Z"), "\(list.out)")

      let start = try stage.run("traders", "start", "ema-cross")
      #expect(start.code == 64)
      #expect(start.error.contains("Allowed: resume, stop, isolate"), "\(start.error)")
      #expect(try stage.run("traders", "resume", "ema-cross").code == 0)
      try stage.cycle(at: "2025-01-01T00:09Z")
      #expect(try turns(of: "ema-cross", stage) == 2)

      #expect(try stage.run("traders", "isolate", "ema-cross").code == 0)
      try stage.cycle(at: "2025-01-01T00:12Z")
      #expect(try turns(of: "ema-cross", stage) == 2)
      #expect(try stage.run("status").out.contains("ema-cross is isolated (by command)\n"))
      #expect(try stage.run("traders", "start", "ema-cross").code == 64)
      #expect(try stage.run("traders", "release", "ema-cross").code == 0)
      #expect(try status(of: "ema-cross", stage) == "stopped")
      #expect(try stage.run("traders", "start", "ema-cross").code == 0)
      try stage.cycle(at: "2025-01-01T00:15Z")
      #expect(try turns(of: "ema-cross", stage) == 3)
      try stage.expectWholeBooks()
    }

    @Test func aTraderWithPositionsIsNotRemovedAndAFlatOneIs() throws {
      let stage = try Rehearsal()
      try stage.ownConfig()
      try stage.edit("manager.yaml", "rule: random", "rule: flat")
      try stage.edit("manager.yaml", "      seed: 7\n", "")
      try stage.cycle(at: "2025-01-01T00:00Z")

      let held = try stage.run("traders", "remove", "buy-and-hold")
      #expect(held.code == 64)
      #expect(held.error.contains("with --flatten"), "\(held.error)")

      let flat = try stage.run("traders", "remove", "random", "--format", "json")
      #expect(flat.code == 0, "\(flat.error)")
      #expect(flat.out.contains("\"trader\":\"random\""), "\(flat.out)")
      try stage.cycle(at: "2025-01-01T00:03Z")
      #expect(try turns(of: "random", stage) == 1)
      try stage.expectWholeBooks()
    }

    @Test func pausesMustEndInTheArenasFuture() throws {
      let stage = try Rehearsal()
      try stage.cycle(at: "2025-01-01T00:06Z")

      let past = try stage.run("traders", "pause", "momentum", "--until", "2025-01-01T00:06Z")
      let both = try stage.run(
        "traders", "pause", "momentum", "--until", "2025-01-02", "--for", "1h")
      let typo = try stage.run("traders", "stop", "momentun")

      #expect(past.code == 64)
      #expect(
        past.error.contains("expected a time after the arena's present, 2025-01-01T00:06:00Z"))
      #expect(both.code == 64)
      #expect(typo.code == 64)
      #expect(typo.error.contains("did you mean momentum?"), "\(typo.error)")
      #expect(try status(of: "momentum", stage) == "running")
    }

    @Test func steeringWaitsForNobody() throws {
      let stage = try Rehearsal()
      let early = try stage.run("traders", "stop", "momentum")
      #expect(early.code == 74, "\(early.error)")
      try stage.cycle(at: "2025-01-01T00:00Z")
      let lock = open(stage.state.appending(path: "nof0.lock").path, O_RDWR | O_CLOEXEC)
      try #require(lock >= 0)
      defer { close(lock) }
      try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)

      #expect(try stage.run("traders", "stop", "momentum").code == 75)
      #expect(try stage.run("kill-switches", "reset", "1").code == 75)
      #expect(try stage.run("traders", "list").code == 0)
      #expect(try stage.run("traders", "show", "momentum").code == 0)
      #expect(try stage.run("kill-switches", "list").code == 0)
      #expect(try status(of: "momentum", stage) == "running")
    }

    private func status(of trader: String, _ stage: Rehearsal) throws -> String? {
      try Books(of: stage).texts(
        "SELECT status FROM trader_runtime WHERE trader = '\(trader)'"
      ).first
    }

    private func turns(of trader: String, _ stage: Rehearsal) throws -> Int {
      try Books(of: stage).number(
        "SELECT count(*) FROM decision_cycles WHERE trader = '\(trader)'")
    }
  }
}
