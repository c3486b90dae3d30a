import Foundation
import Journal
import Testing
import Trading

@Suite struct JournalPruneTests {
  private static let days = (0..<5).map { CivilDay(number: JournalScene.day.number + $0) }

  /// Five days with three cycles each.
  private func played() throws -> JournalScene {
    let scene = try JournalScene()
    for day in Self.days { for _ in 0..<3 { try scene.play(1, at: day.start) } }
    return scene
  }

  @Test(arguments: 0...5)
  func whatIsLeftStaysProven(first: Int) throws {
    let scene = try played()
    let day = CivilDay(number: JournalScene.day.number + Int64(first))

    let pruned = try scene.journal.prune(before: day)

    #expect(pruned.files.count == 3 * first)
    #expect(pruned.records == Int64(9 * first))
    #expect(!pruned.isUnfinished)
    #expect(try scene.journal.verify() == [])
    #expect(try scene.bodies(of: "anna").count == 15 - 3 * first)
    #expect(
      FileManager.default.fileExists(atPath: scene.path("anna", day: Self.days[0])) == (first == 0))
    // The chain goes on where it was, even when no file is left.
    try scene.play(1, at: Self.days[4].start + .day)
    #expect(try scene.journal.heads()["anna"]?.seq == 16)
    #expect(try scene.journal.verify() == [])
  }

  @Test func aBoundedNumberOfFilesIsRemovedTheOldestFirst() throws {
    let scene = try played()
    let now = Self.days[4].start + .hour

    // Three days stay: what is older than 2025-11-23 01:00 less its day's rest.
    let first = try scene.journal.tidy(now: now, keep: .day * 2, limit: 4)
    #expect(first.files.map(\.day) == [Self.days[0], Self.days[0], Self.days[0], Self.days[1]])
    #expect(first.isUnfinished)
    #expect(try scene.journal.verify() == [])
    let second = try scene.journal.tidy(now: now, keep: .day * 2, limit: 4)
    #expect(second.files.count == 2)
    #expect(!second.isUnfinished)
    #expect(try scene.journal.tidy(now: now, keep: .day * 2).files == [])
    #expect(try scene.journal.tidy(now: now, keep: nil).files == [])
    #expect(try scene.bodies(of: "bob").count == 9)
  }

  @Test func filesThatAreGoneAlreadyAreForgotten() throws {
    let scene = try played()
    try FileManager.default.removeItem(atPath: scene.path("anna"))
    #expect(try scene.journal.verify().map(\.kind) == [.missing])

    try scene.journal.prune(before: Self.days[1])

    #expect(try scene.journal.verify() == [])
  }

  @Test func othersFilesStay() throws {
    let scene = try played()
    let notes = scene.folder.file("journal/anna/notes.txt")
    try scene.write([1, 2], to: notes)

    try scene.journal.prune(before: Self.days[4])

    #expect(try scene.read(notes) == [1, 2])
  }
}
