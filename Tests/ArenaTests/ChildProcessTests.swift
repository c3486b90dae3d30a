import Arena
import Foundation
import Testing
import Trading

@Suite struct ChildProcessTests {
  /// Starts a shell on a script that is a file.
  private func answer(
    _ script: String, to input: String = "", withinMs limit: Double = 30_000
  ) async throws -> String {
    let path = NSTemporaryDirectory() + "child-\(UUID().uuidString).sh"
    try script.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }  // a left-over harms nobody
    let child = ChildProcess(
      command: CommandExecutor(arguments: ["/bin/sh", path], passedVariables: [], folder: "/"),
      environment: ["A=1"])
    return String(
      decoding: try await child.answer(to: Array(input.utf8), withinMs: limit), as: UTF8.self)
  }

  private func failure(
    _ script: String, to input: String = "", withinMs limit: Double = 30_000
  ) async -> ChildProcess.Failure? {
    do {
      _ = try await answer(script, to: input, withinMs: limit)
      return nil
    } catch {
      return error as? ChildProcess.Failure
    }
  }

  @Test func speaksWithAProgramInACleanEnvironment() async throws {
    #expect(try await answer("printf %s \"$A$HOME\"; cat", to: "hello") == "1hello")
  }

  @Test func seesNoDescriptorButItsThree() async throws {
    let listed = try await answer("ls /proc/self/fd | wc -l")

    // 0, 1, 2 and the one that ls reads the folder with.
    #expect(listed.trimmingCharacters(in: .whitespacesAndNewlines) == "4")
  }

  @Test func neitherSideWaitsForTheOther() async throws {
    let much = String(repeating: "x", count: 900_000)

    #expect(try await answer("cat", to: much) == much)
    #expect(try await answer("echo done", to: much) == "done\n")
    #expect(try await answer("exec 0<&-; sleep 0.1; echo done", to: much) == "done\n")
  }

  @Test func aProgramThatEndedIsNotWaitedForBecauseOfWhatItStarted() async throws {
    #expect(try await answer("sleep 60 & echo ok") == "ok\n")
  }

  /// It can say nothing any more and waits for the end of an input that nobody sends.
  @Test func aProgramThatClosedItsOutputIsNotFedAnyMore() async throws {
    let much = String(repeating: "x", count: 900_000)

    #expect(
      try await answer("echo ok; exec 1>&- 2>&-; sleep 0.05; cat >/dev/null", to: much)
        == "ok\n")
  }

  @Test func tellsHowAProgramFailed() async {
    #expect(
      await failure("echo no >&2; exit 3") == .ended(how: "ended with status 3", complaint: "no\n"))
    #expect(await failure("kill -9 $$") == .ended(how: "was ended by signal 9", complaint: ""))
    #expect(await failure("sleep 60", withinMs: 50) == .timedOut)
    #expect(await failure("exec 1>&- 2>&-; sleep 60", withinMs: 50) == .timedOut)
    #expect(await failure("yes") == .tooMuchOutput)
    let absent = ChildProcess(
      command: CommandExecutor(arguments: ["/no/such"], passedVariables: [], folder: "/"),
      environment: [])
    await #expect(throws: ChildProcess.Failure.notStarted("No such file or directory")) {
      try await absent.answer(to: [], withinMs: 1000)
    }
  }

  @Test func cancellingEndsIt() async throws {
    let failure = await withTaskGroup(of: ChildProcess.Failure?.self) { group in
      group.addTask { await self.failure("sleep 60") }
      group.cancelAll()
      return await group.next() ?? nil
    }

    #expect(failure == .cancelled)
  }

  @Test func leavesNoDescriptorsOpen() async throws {
    func open() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
    let before = try open()

    for _ in 0..<40 {
      _ = try await answer("cat", to: "x")
      _ = await failure("sleep 60 & sleep 60", withinMs: 1)
    }

    // Other tests run at the same time and have descriptors of their own.
    #expect(try open() < before + 40)
  }
}
