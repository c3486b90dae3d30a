import Foundation
import Journal
import Testing
import Trading

@Suite struct JournalCrashTests {
  /// A run that is killed between the files and the state, at each stage of the chain.
  @Test(arguments: [0, 1, 4])
  func whatAKilledRunLeftIsCutAndTheChainGoesOn(before: Int) throws {
    let scene = try JournalScene()
    try scene.play(before)
    let sizes = try scene.journal.size()
    try scene.addKilled(["anna", "bob"], at: JournalScene.start + .hour)
    #expect(try !scene.journal.verify().isEmpty)
    #expect(try scene.journal.size() == sizes)

    try scene.play(1)

    let notices = try #require(scene.receipts.last?.notices)
    #expect(notices.count == 3, "\(notices)")
    #expect(notices.allSatisfy { $0.contains("left by a run that was cut off") }, "\(notices)")
    #expect(try scene.journal.verify() == [])
    #expect(try scene.bodies(of: "anna").count == before + 1)
    #expect(
      try scene.bodies(of: "anna").last == scene.lines[JournalScene.trader("anna")]?.last?.body)
  }

  /// A tail of any length, whole or not: the records before it stay, the next one follows.
  @Test func aTornTailOfAnyLengthIsCut() throws {
    let scene = try JournalScene()
    try scene.play(2, traders: ["anna"])
    let whole = try scene.read(scene.path("anna"))
    let tail = whole.suffix(120)

    for length in [1, 2, 17, 67, 68, 90, 120] {
      try scene.change(scene.path("anna")) { $0 += tail.prefix(length) }
      let found = try scene.journal.verify()
      #expect(found.map(\.kind) == [.torn], "\(length): \(found)")
      try scene.play(1, traders: ["anna"])
      #expect(try scene.journal.verify() == [], "\(length)")
    }
    #expect(try scene.bodies(of: "anna").count == 9)
  }

  /// Torn within its first member, or lengthened by the disk and never filled (`nil`).
  @Test(arguments: [0, 1, 16, 40, 68, nil])
  func aFirstFileOfTheDayThatIsTornIsReplaced(length: Int?) throws {
    let scene = try JournalScene()
    try scene.play(2, traders: ["anna"])
    let tomorrow = CivilDay(number: JournalScene.day.number + 1)
    let whole = try scene.read(scene.path("anna"))
    try scene.write(
      length.map { Array(whole.prefix($0)) } ?? [UInt8](repeating: 0, count: 4096),
      to: scene.path("anna", day: tomorrow))

    try scene.add([JournalScene.trader("anna")], at: JournalScene.start + .day)

    #expect(try scene.journal.verify() == [])
    #expect(try scene.bodies(of: "anna").count == 3)
  }

  @Test func aKilledRunsFileOfADayThatPassedIsRemoved() throws {
    let scene = try JournalScene()
    try scene.play(2)
    try scene.addKilled(["anna"], at: JournalScene.start + .day)

    try scene.add(
      [JournalScene.trader("anna"), JournalScene.trader("bob")],
      at: JournalScene.start + .day * 2)

    #expect(try scene.journal.verify() == [])
    #expect(scene.receipts.last?.notices.count == 2)
  }

  @Test func aFolderDeletedByHandIsToldAndTheChainGoesOn() throws {
    let scene = try JournalScene()
    try scene.play(3)
    try FileManager.default.removeItem(atPath: scene.journal.path)

    try scene.play(1)

    let notices = try #require(scene.receipts.last?.notices)
    #expect(notices.count == 3)
    #expect(notices.allSatisfy { $0.contains("there is no such file") }, "\(notices)")
    // What is lost stays told; what is new is proven by the same chain.
    let found = try scene.journal.verify()
    #expect(found.map(\.kind) == [.missing, .missing, .missing], "\(found)")
    #expect(FileManager.default.fileExists(atPath: scene.path("anna", part: 2)))
    let trader = JournalScene.trader("anna")
    #expect(try scene.journal.record(of: trader, cycle: 4)?.seq == 4)
    #expect(throws: JournalError.self) { try scene.journal.record(of: trader, cycle: 3) }
    // Inputs that were kept in the lost file are kept again.
    for blob in try #require(scene.blobs[4]) {
      #expect(try scene.journal.blob(blob.hash, day: JournalScene.day) == blob)
    }
    try scene.play(1)
    #expect(scene.receipts.last?.notices == [])
  }

  @Test func aShortenedFileIsLeftAloneAndTheDayGoesOnBesideIt() throws {
    let scene = try JournalScene()
    try scene.play(3, traders: ["anna"])
    try scene.change(scene.path("anna")) { $0.removeLast(5) }
    let damaged = try scene.read(scene.path("anna"))

    try scene.play(2, traders: ["anna"])

    #expect(try scene.read(scene.path("anna")) == damaged)
    let found = try scene.journal.verify()
    #expect(found.allSatisfy { $0.path == scene.path("anna") }, "\(found)")
    #expect(try scene.journal.record(of: JournalScene.trader("anna"), cycle: 5)?.seq == 5)
  }

  @Test func aForeignFileInTheWayStays() throws {
    let scene = try JournalScene()
    try FileManager.default.createDirectory(
      atPath: scene.journal.path + "/anna", withIntermediateDirectories: true)
    try scene.write(Array("not ours".utf8), to: scene.path("anna"))

    try scene.play(2, traders: ["anna"])

    #expect(try scene.read(scene.path("anna")) == Array("not ours".utf8))
    #expect(try scene.bodies(of: "anna").count == 2)
    #expect(try scene.journal.verify().map(\.kind) == [.foreign])
  }

  /// A link in the place of a file is not followed to what it points to.
  @Test func aLinkInTheWayIsNotFollowed() throws {
    let scene = try JournalScene()
    try scene.play(1, traders: ["anna"])
    let victim = scene.folder.file("victim")
    try scene.write(try scene.read(scene.path("anna")), to: victim)
    try FileManager.default.removeItem(atPath: scene.path("anna"))
    try FileManager.default.createSymbolicLink(
      atPath: scene.path("anna"), withDestinationPath: victim)
    let before = try scene.read(victim)

    #expect(throws: JournalError.self) { try scene.play(1, traders: ["anna"]) }

    #expect(try scene.read(victim) == before)
  }

  /// What cannot be written is told, adds nothing, and the next append goes on behind the last.
  @Test func aWriteThatFailsAddsNothing() throws {
    let scene = try JournalScene()
    try scene.play(2)
    let heads = try scene.journal.heads()
    // The last file of the three cannot be made: its folder is a file.
    let carl = scene.folder.file("journal/carl")
    try scene.write([1], to: carl)
    let traders = ["anna", "bob", "carl"].map(JournalScene.trader)

    let error = #expect(throws: JournalError.self) {
      try scene.add(traders, at: JournalScene.start + .hour)
    }

    #expect(error?.description.contains(carl) == true)
    #expect(try scene.journal.heads() == heads)
    #expect(try scene.journal.verify().map(\.path) == [carl])
    try FileManager.default.removeItem(atPath: carl)
    try scene.add(traders, at: JournalScene.start + .hour)
    #expect(try scene.journal.verify() == [])
    #expect(try scene.journal.heads()["anna"]?.seq == 3)
  }

  /// Kills, damage and days in any order: what is told and read is never wrong.
  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
  func anyOrderOfMishapsKeepsTheRecords(seed: UInt64) throws {
    let scene = try JournalScene(seed: seed)
    var generator = SeededGenerator(seed: seed &* 91)
    var at = JournalScene.start
    for _ in 0..<25 {
      at = at + (generator.below(6) == 0 ? .day : .minutes(3))
      let some = ["anna", "bob", "carl"].filter { _ in generator.below(3) > 0 }
      if generator.below(3) == 0 {
        try scene.addKilled(some, at: at)
      } else {
        try scene.add(some.map(JournalScene.trader), at: at)
      }
    }
    // So that every chain has cut what was left in its folder.
    try scene.add(["anna", "bob", "carl"].map(JournalScene.trader), at: at + .day)

    #expect(try scene.journal.verify() == [], "seed \(seed)")
    for (trader, lines) in scene.lines {
      #expect(try scene.bodies(of: trader.name) == lines.map(\.body), "seed \(seed)")
    }
  }
}
