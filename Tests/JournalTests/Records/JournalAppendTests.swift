import Foundation
import Journal
import Testing
import Trading

@Suite struct JournalAppendTests {
  @Test func whatIsPutInComesOut() throws {
    let scene = try JournalScene()
    try scene.play(12)

    for name in ["anna", "bob"] {
      let lines = try #require(scene.lines[JournalScene.trader(name)])
      var reading = try scene.journal.records(of: JournalScene.trader(name))
      for (index, line) in lines.enumerated() {
        let record = try #require(try reading.next())
        #expect(record.body == line.body)
        #expect(record.seq == Int64(index + 1))
        #expect(record.cycle == line.cycle)
        #expect(record.at == line.at)
      }
      #expect(try reading.next() == nil)
      let third = try scene.journal.record(of: JournalScene.trader(name), cycle: 3)
      #expect(third?.body == lines[2].body)
      #expect(try scene.journal.record(of: JournalScene.trader(name), cycle: 13) == nil)
    }
    #expect(try scene.journal.verify() == [])
  }

  @Test func eachRecordCarriesTheDigestOfTheLineBefore() throws {
    let scene = try JournalScene()
    try scene.play(5)
    // Across a day's end, too.
    try scene.play(2, at: JournalScene.start + .day)

    var reading = try scene.journal.records(of: JournalScene.trader("anna"))
    var before = RecordHash.none
    while let record = try reading.next() {
      #expect(record.previous == before)
      before = record.hash
    }
    let head = try #require(try scene.journal.heads()["anna"])
    #expect(head == JournalHead(seq: 7, cycle: 7, hash: before))
    #expect(scene.receipts.last?.heads["anna"] == head)
    #expect(
      try scene.journal.files(of: JournalScene.trader("anna")).map(\.records) == [1...5, 6...7])
  }

  /// `zcat` and `sha256sum` know nothing of nof0.
  @Test func filesAreGzipOfLinesThatOthersRead() throws {
    let scene = try JournalScene()
    try scene.play(3)

    let text = try Self.output(of: "/bin/zcat", [scene.path("anna")])
    let lines = text.split(separator: "\n")
    #expect(lines.count == 3)
    let first = try JSONReader.value(of: String(lines[0]))
    #expect(first["seq"]?.whole == 1)
    #expect(first["prev"]?.text == String(repeating: "0", count: 64))
    #expect(first["turn"]?["trader"]?.text == "anna")
    let second = try JSONReader.value(of: String(lines[1]))
    let digest = try Self.output(of: "/usr/bin/sha256sum", [], input: String(lines[0]))
    #expect(second["prev"]?.text == String(digest.prefix(64)))
  }

  @Test func anInputIsKeptOnceADay() throws {
    let scene = try JournalScene()
    try scene.play(10)
    let config = try #require(scene.blobs[1]?.first)

    let lines = try Self.output(of: "/bin/zcat", [scene.path("_shared")]).split(separator: "\n")
    #expect(lines.filter { $0.contains(config.hash.hex) && $0.hasPrefix("{\"hash\"") }.count == 1)
    for blobs in scene.blobs.values {
      for blob in blobs {
        #expect(try scene.journal.blob(blob.hash, day: JournalScene.day) == blob)
      }
    }

    // The next day stands for itself.
    let tomorrow = CivilDay(number: JournalScene.day.number + 1)
    try scene.play(1, at: JournalScene.start + .day)
    #expect(try scene.journal.blob(config.hash, day: tomorrow) == config)
    #expect(try scene.journal.verify() == [])
  }

  @Test func anInputThatIsNotThereIsNamed() throws {
    let scene = try JournalScene()
    try scene.play(1)
    let hash = RecordHash(of: Array("else".utf8))

    #expect(
      throws: JournalError.journalDamaged(
        path: scene.path("_shared"),
        detail: "the input \(hash) of 2026-11-21 is not there as it was written")
    ) { try scene.journal.blob(hash, day: JournalScene.day) }
  }

  @Test func aTradersOwnFolderTakesThePlace() throws {
    let own = NSTemporaryDirectory() + "/nof0-own-\(ProcessInfo.processInfo.globallyUniqueString)"
    // Nothing depends on whether the folder could be removed.
    defer { try? FileManager.default.removeItem(atPath: own) }
    let scene = try JournalScene(own: [JournalScene.trader("bob"): own + "/deep/er"])
    try scene.play(3)

    #expect(FileManager.default.fileExists(atPath: own + "/deep/er/2026-11-21.jsonl.gz"))
    #expect(!FileManager.default.fileExists(atPath: scene.path("bob")))
    #expect(try scene.bodies(of: "bob").count == 3)
    #expect(try scene.journal.verify() == [])
  }

  @Test(arguments: ["", "{\n}"])
  func refusesWhatIsNotOneLine(body: String) throws {
    let scene = try JournalScene()
    try scene.play(1)
    let line = JournalLine(
      trader: JournalScene.trader("anna"), cycle: 2, at: JournalScene.start,
      body: Array(body.utf8))

    #expect(throws: JournalError.self) {
      try scene.journal.append([line], blobs: [], cycle: 2, at: JournalScene.start)
    }
    #expect(try scene.journal.heads()["anna"]?.seq == 1)
    #expect(try scene.journal.verify() == [])
  }

  @Test func nothingToKeepWritesNothing() throws {
    let scene = try JournalScene()

    let receipt = try scene.journal.append([], blobs: [], cycle: 1, at: JournalScene.start)

    #expect(receipt.heads.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: scene.journal.path))
  }

  static func output(
    of program: String, _ arguments: [String], input: String? = nil
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let (output, source) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardInput = source
    try process.run()
    source.fileHandleForWriting.write(Data((input ?? "").utf8))
    try source.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
