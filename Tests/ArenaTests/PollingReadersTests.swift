import Analytics
import Arena
import Foundation
import Synchronization
import Testing
import Trading

@Suite("Readers of the exports")
struct PollingReadersTests {
  private static let names = ["a.json", "b.json", "c.json", "metrics.prom"]

  /// Files whose every byte tells their generation; one of them changes only now and then.
  private static func files(_ turn: Int) -> [PublishedFile] {
    names.map { name in
      let tells = name == "c.json" ? turn / 10 : turn
      let line = "\(name) of \(tells)\n"
      return PublishedFile(
        name: name, bytes: Array(String(repeating: line, count: 200 + tells % 50).utf8))
    }
  }

  private static func publish(_ turn: Int, to folder: GenerationFolder) throws {
    let files = files(turn)
    try folder.publish(files) { generation in
      PublishedFile(
        name: ExportManifest.name,
        bytes: ExportManifest.render(
          generation: generation, run: Int64(turn), cycle: Int64(turn),
          at: Timestamp(ms: 1_763_642_400_000 + Int64(turn)), isSynthetic: true,
          files: files.map { ($0.name, $0.bytes.count, SHA256Digest.hex(of: $0.bytes)) }))
    }
  }

  /// Four readers poll while 1000 generations are written: each follows the link once and reads
  /// the manifest and every file it names; sizes and hashes are those of the manifest.
  @Test func neverSeeAMixture() async throws {
    let scratch = try ScratchFolder()
    let folder = GenerationFolder(path: scratch.path + "/out")
    try Self.publish(0, to: folder)
    let tally = Tally()

    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var seen = 0
          while !tally.isOver.load(ordering: .relaxed) {
            switch try Self.look(at: folder.path) {
            case .tooLate: tally.late.wrappingAdd(1, ordering: .relaxed)
            case .whole(let generation):
              #expect(generation >= seen)
              seen = generation
              tally.whole.wrappingAdd(1, ordering: .relaxed)
            }
            await Task.yield()
          }
        }
      }
      group.addTask {
        defer { tally.isOver.store(true, ordering: .relaxed) }
        for turn in 1...1000 {
          try Self.publish(turn, to: folder)
          await Task.yield()
        }
      }
      try await group.waitForAll()
    }

    #expect(folder.current == 1001)
    let (whole, late) = (
      tally.whole.load(ordering: .relaxed), tally.late.load(ordering: .relaxed)
    )
    #expect(whole > 0, "\(late) times too late")
  }

  /// What the readers saw.
  private final class Tally: Sendable {
    let isOver = Atomic(false)
    let whole = Atomic(0)
    let late = Atomic(0)
  }

  private enum Look {
    case whole(Int)
    /// Three more generations were written meanwhile; the reader looks again.
    case tooLate
  }

  private struct Manifest: Decodable {
    struct File: Decodable {
      let name: String
      let sha256: String
      let size_bytes: Int
    }
    let generation: Int
    let files: [File]
  }

  private static func look(at path: String) throws -> Look {
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: path + "/data")
    let place = path + "/" + target
    guard let text = FileManager.default.contents(atPath: place + "/manifest.json") else {
      return .tooLate
    }
    let manifest = try JSONDecoder().decode(Manifest.self, from: text)
    #expect(manifest.files.count == names.count)
    for file in manifest.files {
      guard let bytes = FileManager.default.contents(atPath: place + "/" + file.name) else {
        return .tooLate
      }
      #expect(bytes.count == file.size_bytes, "\(file.name) of \(manifest.generation)")
      #expect(SHA256Digest.hex(of: [UInt8](bytes)) == file.sha256)
    }
    return .whole(manifest.generation)
  }
}

@Suite("Stable files beside the generations")
struct StableFileTests {
  @Test func aFileIsTouchedOnlyWhenItChanges() throws {
    let scratch = try ScratchFolder()
    let folder = GenerationFolder(path: scratch.path)
    try folder.keep(PublishedFile(name: "index.html", bytes: Array("one".utf8)))
    let first = try scratch.inode("index.html")
    try folder.keep(PublishedFile(name: "index.html", bytes: Array("one".utf8)))
    #expect(try scratch.inode("index.html") == first)

    try folder.keep(PublishedFile(name: "index.html", bytes: Array("two".utf8)))

    #expect(try scratch.text("index.html") == "two")
    #expect(try scratch.inode("index.html") != first)
    #expect(try scratch.names("") == ["index.html"])
  }

  @Test func whereItCannotBeWrittenTheOldFileStays() throws {
    let scratch = try ScratchFolder()
    let folder = GenerationFolder(path: scratch.path)
    try folder.keep(PublishedFile(name: "index.html", bytes: Array("one".utf8)))
    try scratch.write("in the way", ".index.html.new/file")

    let failure = #expect(throws: RunFailure.self) {
      try folder.keep(PublishedFile(name: "index.html", bytes: Array("two".utf8)))
    }

    #expect(failure?.code == .cannotCreate)
    #expect(try scratch.text("index.html") == "one")
  }
}
