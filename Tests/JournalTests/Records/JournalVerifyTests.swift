import Foundation
import Testing
import Trading

@testable import Journal

@Suite struct JournalVerifyTests {
  /// Each byte of two small files, in one bit of the seed's choice.
  @Test func oneFlippedByteAnywhereIsFoundAndNamed() throws {
    let scene = try JournalScene()
    try scene.play(2, traders: ["anna"])
    var generator = SeededGenerator(seed: 77)

    for stream in ["anna", "_shared"] {
      let whole = try scene.read(scene.path(stream))
      for index in whole.indices {
        try flip(index, bit: generator.below(8), of: stream, in: scene)
      }
    }
    #expect(try scene.journal.verify() == [])
  }

  /// Some bytes of longer journals.
  @Test(arguments: [UInt64(1), 2, 3, 4])
  func flippedBytesOfLongJournalsAreFoundAndNamed(seed: UInt64) throws {
    let scene = try JournalScene(seed: seed)
    try scene.play(9)
    var generator = SeededGenerator(seed: seed &* 77)

    for _ in 0..<25 {
      let stream = ["anna", "bob", "_shared"][generator.below(3)]
      let count = try scene.read(scene.path(stream)).count
      try flip(generator.below(count), bit: generator.below(8), of: stream, in: scene)
    }
    #expect(try scene.journal.verify() == [])
  }

  /// Flips a bit, looks for it, and flips it back.
  private func flip(_ index: Int, bit: Int, of stream: String, in scene: JournalScene) throws {
    let path = scene.path(stream)
    try scene.change(path) { $0[index] ^= 1 << UInt8(bit) }
    let found = try scene.journal.verify()
    #expect(
      found.contains { $0.path == path && $0.seq != nil && $0.kind == .damaged },
      "\(stream), byte \(index), bit \(bit): \(found)")
    try scene.change(path) { $0[index] ^= 1 << UInt8(bit) }
  }

  @Test(arguments: [UInt64(11)])
  func replayNeverReadsAFlippedByte(seed: UInt64) throws {
    let scene = try JournalScene(seed: seed)
    try scene.play(3, traders: ["anna"])
    let path = scene.path("anna")
    let whole = try scene.read(path)

    for index in whole.indices {
      try scene.change(path) { $0[index] ^= 0x10 }
      #expect(throws: JournalError.self, "seed \(seed), byte \(index)") {
        try scene.bodies(of: "anna")
      }
      try scene.write(whole, to: path)
    }
    #expect(try scene.bodies(of: "anna").count == 3)
  }

  /// Takes a file apart into its members; each begins with the same sixteen bytes.
  static func members(_ bytes: [UInt8]) -> [[UInt8]] {
    var starts: [Int] = []
    for index in bytes.indices.dropLast(15) where bytes[index] == 0x1F {
      if bytes[index..<index + 16].elementsEqual(bytes[0..<16]) { starts.append(index) }
    }
    return zip(starts, starts.dropFirst() + [bytes.count]).map { Array(bytes[$0..<$1]) }
  }

  @Test(arguments: 0..<5)
  func aRemovedRecordIsNamed(index: Int) throws {
    let scene = try JournalScene()
    try scene.play(5)
    try scene.change(scene.path("bob")) { bytes in
      var members = Self.members(bytes)
      members.remove(at: index)
      bytes = members.flatMap { $0 }
    }

    let found = try scene.journal.verify()

    #expect(
      found.contains {
        $0.kind == .missing && $0.stream == "bob" && $0.seq == Int64(index + 1)
          && $0.path == scene.path("bob")
      }, "\(found)")
    #expect(found.allSatisfy { $0.stream == "bob" })
  }

  @Test(arguments: [(0, 1), (1, 3), (3, 4), (0, 4)])
  func reorderedRecordsAreNamed(first: Int, second: Int) throws {
    let scene = try JournalScene()
    try scene.play(5)
    try scene.change(scene.path("anna")) { bytes in
      var members = Self.members(bytes)
      members.swapAt(first, second)
      bytes = members.flatMap { $0 }
    }

    let found = try scene.journal.verify()

    #expect(found.contains { $0.kind == .reordered && $0.stream == "anna" }, "\(found)")
    #expect(throws: JournalError.self) { try scene.bodies(of: "anna") }
  }

  @Test func aRecordThatStandsTwiceIsNamed() throws {
    let scene = try JournalScene()
    try scene.play(3)
    try scene.change(scene.path("anna")) { bytes in
      let members = Self.members(bytes)
      bytes = (members + [members[1]]).flatMap { $0 }
    }

    let found = try scene.journal.verify()

    #expect(found.map(\.kind) == [.torn], "\(found)")
  }

  /// A forger makes the same journal with one record told differently: each member proves itself.
  @Test(arguments: 0..<5)
  func aForgedRecordIsNamed(index: Int) throws {
    let scene = try JournalScene()
    try scene.play(5, traders: ["anna"])
    let forged = try JournalScene(seed: 2)
    for (number, line) in try #require(scene.lines[JournalScene.trader("anna")]).enumerated() {
      let body = number == index ? Array(#"{"trader":"anna","words":"forged"}"#.utf8) : line.body
      try forged.journal.append(
        [JournalLine(trader: line.trader, cycle: line.cycle, at: line.at, body: body)],
        blobs: scene.blobs[line.cycle] ?? [], cycle: line.cycle, at: line.at)
    }
    // The forged record alone, among the true ones.
    let other = Self.members(try forged.read(forged.path("anna")))
    try scene.change(scene.path("anna")) { bytes in
      var members = Self.members(bytes)
      members[index] = other[index]
      bytes = members.flatMap { $0 }
    }

    let found = try scene.journal.verify()

    #expect(
      found.contains { $0.kind == .edited && $0.seq == Int64(index + 1) }, "\(found)")
    #expect(throws: JournalError.self) { try scene.bodies(of: "anna") }
  }

  /// The whole chain made anew from a record on ends in another head than the state has.
  @Test func aChainForgedToItsEndIsNamed() throws {
    let scene = try JournalScene()
    try scene.play(5, traders: ["anna"])
    let forged = try JournalScene(seed: 2)
    try forged.play(5, traders: ["anna"])
    try scene.write(try forged.read(forged.path("anna")), to: scene.path("anna"))

    let found = try scene.journal.verify()

    #expect(found.contains { $0.stream == "anna" && $0.path == scene.path("anna") }, "\(found)")
  }

  @Test func aRemovedFileIsNamed() throws {
    let scene = try JournalScene()
    try scene.play(2)
    try scene.play(2, at: JournalScene.start + .day)
    try FileManager.default.removeItem(atPath: scene.path("anna"))

    let found = try scene.journal.verify()

    #expect(
      found.map(\.description) == [
        "missing: \(scene.path("anna")) record 1 (cycle 1): there is no such file, expected "
          + "records 1 to 2"
      ])
  }

  @Test func aForeignFileIsNamedAndLeftAlone() throws {
    let scene = try JournalScene()
    try scene.play(2)
    let strange = [
      scene.folder.file("journal/notes.txt"), scene.folder.file("journal/anna/1999-01-01.jsonl.gz"),
    ]
    for path in strange { try scene.write(Array("mine".utf8), to: path) }

    #expect(
      try scene.journal.verify().filter { $0.kind == .foreign }.map(\.path).sorted()
        == strange.sorted())
    try scene.play(1, at: JournalScene.start + .day)
    for path in strange { #expect(try scene.read(path) == Array("mine".utf8)) }
  }

  @Test func aTruncatedFileIsNamed() throws {
    let scene = try JournalScene()
    try scene.play(3)
    try scene.change(scene.path("anna")) { $0.removeLast(1) }

    let found = try scene.journal.verify()

    #expect(found.contains { $0.kind == .damaged && $0.seq == 3 }, "\(found)")
    #expect(found.contains { $0.detail.contains("bytes, were") })
  }

  @Test func aHeadThatWasChangedInTheStateIsNamed() throws {
    let scene = try JournalScene()
    try scene.play(3)
    try scene.store.database.write("meddle") { session in
      try session.run("UPDATE journal_heads SET seq = 2 WHERE stream = 'bob'")
    }

    #expect(try scene.journal.verify().map(\.kind) == [.head])
  }
}
