import Foundation
import Testing

/// Kills a run at all of its phases and writes in turn and compares what the next run makes of it.
struct KillSweep {
  /// The state before the run.
  let scene: SharedStage
  /// The time of the run.
  let at: String
  /// The books after a run that is not killed.
  let expected: [String]

  /// Sweeps over every write that the run reaches, and the phases around the orders.
  ///
  /// Nothing is saved between the end of a write and the beginning of the next, so the beginnings
  /// and the last end are all there is to tell apart.
  func run(_ stage: () throws -> SharedStage) throws {
    for place in ["decide", "execute", "export"] {
      let died = try rehearse("phase.\(place)", on: stage())
      #expect(died, "expected the run to reach \(place)")
    }
    var count = 1
    while count < 40, try rehearse("write.before:\(count)", on: stage()) { count += 1 }
    #expect(count > 4, "expected more than 4 writes")
    #expect(try rehearse("write.after:\(count - 1)", on: stage()))
  }

  /// - Returns: Whether the run was killed.
  private func rehearse(_ place: String, on stage: SharedStage) throws -> Bool {
    try stage.rehearsal.takeOver(scene.rehearsal)
    let death = try stage.run("run", "--at", at, fault: place)
    guard death.code == -SIGKILL else { return false }

    let ending = try stage.run("run", "--at", at)

    #expect(ending.code == 0, "\(place): \(ending.error)")
    let books = try stage.books.money()
    #expect(books == expected, "\(place): \(difference(expected, books))")
    return true
  }
}

extension Books {
  /// The books with kill switches and all money that moved, without which cycle it was.
  func money() throws -> [String] {
    let cycles: Set<String> = RehearsalSuite.Kill.numbering
    return try dump(leavingOut: cycles.union(["id", "transfer"]))
      + [
        "kill_switches ORDER BY number", "account_books ORDER BY account",
        "account_transfers ORDER BY account, at_ms, amount",
        "sim_transfers ORDER BY account, at_ms, amount", "allocation ORDER BY one",
        "allocation_members ORDER BY trader",
      ].flatMap { table in
        try lines(
          "SELECT * FROM \(table)", leavingOut: cycles.union(["run", "id", "transfer", "booking"]))
      }
  }
}
