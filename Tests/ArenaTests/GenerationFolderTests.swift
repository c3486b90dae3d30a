import Arena
import Foundation
import Synchronization
import Testing
import Trading

/// A folder that goes away with the value.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "nof0-arena-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    // A scratch folder left behind harms nothing.
    try? FileManager.default.removeItem(atPath: path)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
  }

  func write(_ text: String, _ name: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: false, encoding: .utf8)
  }

  func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
  }

  func inode(_ name: String) throws -> Int {
    let facts = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
    return try #require(facts[.systemFileNumber] as? Int)
  }
}

@Suite("Export generations")
struct GenerationFolderTests {
  private static func publish(
    _ files: [String: String], to folder: GenerationFolder
  ) throws -> Int64 {
    try folder.publish(
      files.sorted { $0.key < $1.key }.map {
        PublishedFile(name: $0.key, bytes: Array($0.value.utf8))
      }
    ) { PublishedFile(name: "manifest.json", bytes: Array("generation \($0)".utf8)) }
  }

  @Test func readersSeeTheNewestThroughOneLink() throws {
    let scratch = try ScratchFolder()
    let folder = GenerationFolder(path: scratch.path + "/out")
    #expect(folder.current == nil)

    #expect(try Self.publish(["a.json": "one"], to: folder) == 1)
    #expect(try scratch.text("out/data/a.json") == "one")
    #expect(try Self.publish(["a.json": "two"], to: folder) == 2)

    #expect(try scratch.text("out/data/a.json") == "two")
    #expect(try scratch.text("out/data/manifest.json") == "generation 2")
    #expect(folder.current == 2)
    let target = try FileManager.default.destinationOfSymbolicLink(
      atPath: scratch.path + "/out/data")
    #expect(target == ".generations/2")
  }

  @Test func unchangedFilesAreTheSameFile() throws {
    let scratch = try ScratchFolder()
    let folder = GenerationFolder(path: scratch.path)
    _ = try Self.publish(["same.json": "same", "other.json": "old"], to: folder)
    _ = try Self.publish(["same.json": "same", "other.json": "new"], to: folder)

    let same = try [1, 2].map { try scratch.inode(".generations/\($0)/same.json") }
    let other = try [1, 2].map { try scratch.inode(".generations/\($0)/other.json") }
    #expect(same[0] == same[1])
    #expect(other[0] != other[1])
    #expect(try scratch.text(".generations/1/other.json") == "old")
  }

  @Test func threeGenerationsStay() throws {
    let scratch = try ScratchFolder()
    let folder = GenerationFolder(path: scratch.path)
    for number in 1...5 { _ = try Self.publish(["a.json": "\(number)"], to: folder) }

    #expect(try scratch.names(".generations") == ["3", "4", "5"])
  }

  @Test func whatAKilledRunLeftIsRemoved() throws {
    let scratch = try ScratchFolder()
    let folder = GenerationFolder(path: scratch.path)
    _ = try Self.publish(["a.json": "whole"], to: folder)
    try scratch.write("half", ".generations/2.partial/a.json")

    try folder.removePartial()
    #expect(try scratch.names(".generations") == ["1"])

    try scratch.write("half", ".generations/2.partial/a.json")
    #expect(try Self.publish(["a.json": "next"], to: folder) == 2)
    #expect(try scratch.names(".generations") == ["1", "2"])
    #expect(try scratch.text("data/a.json") == "next")
  }

  /// At every place where a run may be killed the link leads to a whole generation.
  @Test func readersSeeAWholeGenerationAtEveryStep() throws {
    let scratch = try ScratchFolder()
    let seen = Mutex<[String]>([])
    let folder = GenerationFolder(path: scratch.path) { place in
      let first = (try? scratch.text("data/a.json")) ?? "-"  // absent before the first
      let second = (try? scratch.text("data/b.json")) ?? "-"  // the same
      seen.withLock { $0.append("\(place) \(first)\(second)") }
    }
    _ = try Self.publish(["a.json": "1", "b.json": "1"], to: folder)
    seen.withLock { $0 = [] }

    _ = try Self.publish(["a.json": "2", "b.json": "2"], to: folder)

    let places = seen.withLock { $0 }
    #expect(places.contains("export.flip 11"))
    #expect(Set(places.map { $0.suffix(2) }) == ["11"], "\(places)")
    #expect(try scratch.text("data/a.json") + scratch.text("data/b.json") == "22")
  }

  @Test func whereNothingCanBeWrittenTheOldGenerationStays() throws {
    let scratch = try ScratchFolder()
    let folder = GenerationFolder(path: scratch.path)
    _ = try Self.publish(["a.json": "old"], to: folder)
    // A file where the next generation would have its folder.
    try scratch.write("in the way", ".generations/2.partial")

    let failure = #expect(throws: RunFailure.self) {
      try Self.publish(["a.json": "new"], to: folder)
    }

    #expect(failure?.code == .cannotCreate)
    #expect(failure?.phase == .export)
    #expect(failure?.message.contains(".generations/2.partial") == true)
    #expect(failure?.message.contains("The former generation stays in place") == true)
    #expect(try scratch.text("data/a.json") == "old")
  }

  @Test func aFileInPlaceOfTheFolderIsNamed() throws {
    let scratch = try ScratchFolder()
    try scratch.write("a file", "out")

    let failure = #expect(throws: RunFailure.self) {
      try Self.publish(["a.json": "1"], to: GenerationFolder(path: scratch.path + "/out"))
    }

    #expect(failure?.code == .cannotCreate)
    #expect(try scratch.text("out") == "a file")
  }

  @Test func aFolderInPlaceOfTheLinkIsKept() throws {
    let scratch = try ScratchFolder()
    try scratch.write("precious", "data/notes.txt")

    let failure = #expect(throws: RunFailure.self) {
      try Self.publish(["a.json": "1"], to: GenerationFolder(path: scratch.path))
    }

    #expect(failure?.code == .cannotCreate)
    #expect(try scratch.text("data/notes.txt") == "precious")
  }
}
