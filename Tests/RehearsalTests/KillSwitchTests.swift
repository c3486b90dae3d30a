import Foundation
import Testing

extension RehearsalSuite {
  @Suite("A kill switch over a falling market")
  struct KillSwitches {
    @Test func closesAtOnceAndRefusesEntriesUntilAPersonResetsIt() throws {
      let stage = try Self.stage(reset: "manual")
      try Self.runUntilItFires(stage)

      let books = stage.books
      let fired = try books.number("SELECT fired_at_ms FROM kill_switches")
      #expect(try books.number("SELECT count(*) FROM positions WHERE status = 'open'") == 0)
      let late = "SELECT count(*) FROM positions WHERE closed_at_ms > \(fired)"
      #expect(try books.number(late) == 0, "expected every position closed in the same run")
      #expect(try books.number("SELECT count(*) FROM sim_orders WHERE status = 'resting'") == 0)
      try stage.expectBalanced("fired")

      // The loss of the day is forgotten at midnight; the switch is not.
      try stage.run("run", "--cycles", "40")
      #expect(try books.number("SELECT count(*) FROM orders WHERE decided_at_ms > \(fired)") == 0)
      #expect(try Self.refused(by: "kill_switch", stage) > 0)
      let listed = try stage.run("kill-switches", "list", "--active")
      #expect(listed.out.contains("global_daily_loss"), "\(listed.out)")

      let reset = try stage.run("kill-switches", "reset", "1", "--reason", "seen")
      #expect(reset.code == 0, "\(reset.error)")
      try stage.run("run", "--cycles", "10")

      #expect(try books.number("SELECT count(*) FROM orders WHERE decided_at_ms > \(fired)") > 0)
      #expect(try books.number("SELECT count(*) FROM kill_switches") == 1)
      let by = try books.texts("SELECT reset_by FROM kill_switches")
      #expect(by == ["command: seen"])
      try stage.expectBalanced("reset")
    }

    @Test func endsByItselfWhenItsTimeIsOver() throws {
      let stage = try Self.stage(reset: "1h")
      try Self.runUntilItFires(stage)
      let books = stage.books
      let fired = try books.number("SELECT fired_at_ms FROM kill_switches")

      try stage.run("run", "--cycles", "30")

      let reset = try books.number("SELECT reset_at_ms FROM kill_switches LIMIT 1")
      #expect(reset == fired + 3_600_000)
      let between = """
        SELECT count(*) FROM orders
        WHERE decided_at_ms > \(fired) AND decided_at_ms < \(reset)
        """
      #expect(try books.number(between) == 0)
      #expect(
        try books.number("SELECT count(*) FROM orders WHERE decided_at_ms >= \(reset)") > 0)
      try stage.expectBalanced()
    }

    /// A kill in the run in which the switch fires, at every write and phase.
    @Test func closesExactlyOnceHoweverItsRunIsKilled() throws {
      let before = try Self.stage(reset: "manual")
      let at = try Self.runUntilItFires(before)
      let scene = try Self.stage(reset: "manual")
      try scene.run("run", "--at", Self.start, "--cycles", "\(at - 1)")
      let time = try before.books.texts(
        "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(fired_at_ms) / 1000, 'unixepoch') "
          + "FROM kill_switches")[0]
      let reference = try Self.stage(reset: "manual")
      try reference.rehearsal.takeOver(scene.rehearsal)
      try reference.run("run", "--at", time)
      try reference.expectBalanced("reference")
      let expected = try reference.books.money()

      try KillSweep(scene: scene, at: time, expected: expected).run {
        try Self.stage(reset: "manual")
      }
    }

    static let start = "2025-07-21T21:30Z"

    private static func stage(reset: String) throws -> SharedStage {
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "nof0-falling-candles-\(ProcessInfo.processInfo.processIdentifier)")
      return try SharedStage(
        [
          ("ema-cross", "kind: baseline, rule: ema_cross"),
          ("momentum", "kind: baseline, rule: momentum"),
          ("random", "kind: baseline, rule: random, seed: 7"),
        ],
        candles: try FallingCandles.write(in: folder),
        changes: [
          ("max_daily_loss_pct: 5", "max_daily_loss_pct: 0.5"),
          ("on_breach: flatten_losers", "on_breach: flatten"), ("reset: 24h", "reset: \(reset)"),
        ])
    }

    /// Runs until the switch fires and returns the number of that cycle.
    @discardableResult
    private static func runUntilItFires(_ stage: SharedStage) throws -> Int {
      try stage.run("run", "--at", start, "--cycles", "29")
      let held = try stage.books.number("SELECT count(*) FROM positions WHERE status = 'open'")
      try #require(held > 1, "expected positions before the fall")
      for cycle in 30..<45 {
        let ending = try stage.run("run")
        try #require(ending.code == 0, "\(ending.error)")
        guard try stage.books.number("SELECT count(*) FROM kill_switches") == 0 else {
          return cycle
        }
      }
      Issue.record("expected the kill switch to fire within 45 minutes of falling prices")
      return 0
    }

    private static func refused(by rule: String, _ stage: SharedStage) throws -> Int {
      try stage.books.number(
        "SELECT count(*) FROM decision_validations WHERE rule = '\(rule)'")
    }
  }
}
