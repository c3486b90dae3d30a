import Arena
import Foundation
import Testing
import Trading

@Suite("The run lock")
struct RunLockTests {
  @Test func theSecondRunIsToldWhoHoldsIt() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/nof0.lock"
    let lock = try RunLock.take(path: path, now: CycleBench.noon)

    let failure = #expect(throws: RunFailure.self) {
      try RunLock.take(path: path, now: CycleBench.noon + .minutes(1))
    }

    withExtendedLifetime(lock) {}
    #expect(failure?.code == .locked)
    #expect(failure?.phase == .lock)
    #expect(
      failure?.message
        == "another run holds \(path) (pid \(ProcessID.current), started 2025-07-21T12:00:00Z); "
        + "nothing was done. It releases the lock when it ends.")
  }

  @Test func itIsReleasedWithItsValue() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/nof0.lock"
    do {
      let lock = try RunLock.take(path: path, now: CycleBench.noon)
      withExtendedLifetime(lock) {}
    }

    let next = try RunLock.take(path: path, now: CycleBench.noon + .minutes(1))

    #expect(
      try scratch.text("nof0.lock")
        == "pid \(ProcessID.current), started 2025-07-21T12:01:00Z\n")
    withExtendedLifetime(next) {}
  }

  @Test func whatADeadRunLeftInTheFileIsReplaced() throws {
    let scratch = try ScratchFolder()
    try scratch.write("pid 1, started long ago, and some more words than usual here\n", "l")

    let lock = try RunLock.take(path: scratch.path + "/l", now: CycleBench.noon)

    #expect(
      try scratch.text("l") == "pid \(ProcessID.current), started 2025-07-21T12:00:00Z\n")
    withExtendedLifetime(lock) {}
  }

  @Test func aMissingFolderIsNamed() throws {
    let scratch = try ScratchFolder()

    let failure = #expect(throws: RunFailure.self) {
      try RunLock.take(path: scratch.path + "/none/nof0.lock", now: CycleBench.noon)
    }

    #expect(failure?.code == .inputOutput)
    #expect(failure?.message.contains("/none/nof0.lock") == true)
  }
}

@Suite("Fault injection")
struct FaultInjectionTests {
  @Test(arguments: [nil, ""] as [String?])
  func isAbsentWithoutAText(text: String?) throws {
    #expect(try FaultInjection.parse(text) == nil)
  }

  @Test(arguments: ["kill@phase.record", "kill@write.after:3", "kill@export.flip:1"])
  func readsAPlaceAndACount(text: String) throws {
    let faults = try #require(try FaultInjection.parse(text))
    // Another place does nothing, or this test would not come to its end.
    faults.reach("elsewhere")
  }

  @Test(arguments: [
    ("kill", "NOF0_FAULT: expected kill@PLACE or kill@PLACE:N, was kill"),
    ("kill@", "NOF0_FAULT: expected kill@PLACE or kill@PLACE:N, was kill@"),
    ("stop@phase.open", "NOF0_FAULT: expected kill@PLACE or kill@PLACE:N, was stop@phase.open"),
    ("kill@write.after:0", "NOF0_FAULT: expected a count of at least 1 in kill@write.after:0"),
    ("kill@write.after:x", "NOF0_FAULT: expected a count of at least 1 in kill@write.after:x"),
  ])
  func refusesOtherTexts(text: String, message: String) {
    let failure = #expect(throws: RunFailure.self) { try FaultInjection.parse(text) }

    #expect(failure?.code == .usage)
    #expect(failure?.message == message)
  }
}
