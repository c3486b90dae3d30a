import Foundation
import Glibc
import Testing

extension RehearsalSuite {
  @Suite("A run and its neighbours")
  struct Neighbours {
    @Test func secondStartExitsNamingTheHolder() throws {
      let stage = try Rehearsal()
      let first = try stage.startLongRun()
      let pid = first.process.processIdentifier
      // Held still, so that nothing but the second start could change anything.
      try stage.freeze(first)
      let before = try stage.contents(of: stage.folder)

      let second = try stage.run("run")
      let export = try stage.run("export")
      let status = try stage.run("status", "--format", "json")

      #expect(second.code == 75)
      #expect(second.error.contains("pid \(pid)"), "\(second.error)")
      #expect(export.code == 75)
      #expect(status.code == 0, "expected a reader not to wait: \(status.error)")
      let after = try stage.contents(of: stage.folder)
      // Output files of the second start and the index of readers aside, nothing moved.
      func lasting(_ files: [String: Data]) -> [String: Data] {
        files.filter { !$0.key.hasPrefix(".") && !$0.key.hasSuffix("-shm") }
      }
      #expect(lasting(after) == lasting(before))

      kill(pid, SIGKILL)
      kill(pid, SIGCONT)
      #expect(try stage.finish(first).code == -SIGKILL)
      let third = try stage.run("run", "--cycles", "2")
      #expect(third.code == 0, "\(third.error)")
      try stage.expectWholeBooks()
      try stage.expectWholeExports()
    }

    @Test func lockIsHeldByWhoeverHoldsTheFile() throws {
      let stage = try Rehearsal()
      try stage.run("run", "--cycles", "2")
      let lock = open(stage.state.appending(path: "nof0.lock").path, O_RDWR | O_CLOEXEC)
      try #require(lock >= 0)
      defer { close(lock) }
      try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
      let before = try stage.contents(of: stage.state)

      let ending = try stage.run("run", "--cycles", "1")
      let dry = try stage.run("run", "--cycles", "1", "--dry-run")

      #expect(ending.code == 75)
      #expect(ending.error.contains("holder unknown"), "\(ending.error)")
      #expect(dry.code == 0, "expected a dry run to need no lock: \(dry.error)")
      #expect(try stage.contents(of: stage.state)["nof0.sqlite"] == before["nof0.sqlite"])
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func signalEndsARunInOrder(signal: Int32) throws {
      let stage = try Rehearsal()
      let run = try stage.startLongRun()

      kill(run.process.processIdentifier, signal)
      let asked = ContinuousClock.now
      let ending = try stage.finish(run)

      #expect(ContinuousClock.now - asked < .seconds(10))
      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("on the synthetic market"))
      try stage.expectWholeBooks()
      #expect(try stage.expectWholeExports() == 1)
      let running = "SELECT count(*) FROM runs WHERE status = 'running'"
      #expect(try Books(of: stage).number(running) == 0)
      #expect(try stage.run("run", "--cycles", "2").code == 0)
      try stage.expectWholeBooks()
      #expect(try stage.expectWholeExports() == 2)
    }
  }
}

extension Rehearsal {
  /// Starts a run that goes on for long, and returns once it is in the middle of its cycles.
  fileprivate func startLongRun() throws -> Performance {
    let run = try start(["run", "--cycles", "5000"])
    let begun = ContinuousClock.now
    while true {
      // While the file is being made there is nothing to read; the next look finds it.
      if let done = try? Books(of: self).number("SELECT count(*) FROM runs"), done >= 3 { break }
      try #require(run.process.isRunning, "expected the run to go on")
      try #require(ContinuousClock.now - begun < .seconds(60), "expected a cycle in a minute")
      usleep(5_000)
    }
    return run
  }
  /// Stops a process where it is, and returns once all of its threads stand still.
  fileprivate func freeze(_ run: Performance) throws {
    let pid = run.process.processIdentifier
    kill(pid, SIGSTOP)
    let asked = ContinuousClock.now
    let tasks = "/proc/\(pid)/task"
    func isMoving(_ task: String) -> Bool {
      // A thread that is gone does not move. The state stands behind the name in parentheses.
      let stat = try? String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8)
      return stat.map { !$0.contains(") T ") } ?? false
    }
    while try FileManager.default.contentsOfDirectory(atPath: tasks).contains(where: isMoving) {
      try #require(ContinuousClock.now - asked < .seconds(60), "expected \(pid) to stop")
      usleep(2_000)
    }
  }
}
