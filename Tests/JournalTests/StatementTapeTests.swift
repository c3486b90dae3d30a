import Journal
import Testing
import Trading

@Suite("A tape of statements")
struct StatementTapeTests {
  private let database: JournalDatabase
  private let store: StateStore
  private let anna: TraderID

  init() throws {
    database = try JournalDatabase.inMemory()
    store = StateStore(database)
    anna = try #require(TraderID("anna"))
    try store.prepare(arenaID: "a", name: "A", createdAt: SampleArena.start)
  }

  /// Bytes of a length, none like its neighbours.
  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
  }

  /// What the store gives while a tape plays what it noted, whatever stands in the state by then.
  @Test(arguments: [0, 1, 511, 512, 513, 768, 769, 16_000])
  func givesBackBytesOfAnyLength(count: Int) throws {
    let bytes = Self.bytes(count)
    try store.keepMetrics([anna: bytes], cycle: 1)
    database.tape.record()
    let seen = try store.metrics()
    let lines = database.tape.lines
    database.tape.stop()
    try store.keepMetrics([anna: []], cycle: 2)

    try database.tape.play(lines)
    let played = try store.metrics()

    #expect(seen[anna]?.aggregate == bytes)
    #expect(played == seen)
    #expect(database.tape.misses.isEmpty)
  }

  /// So that a record is written against the one before in a few lines.
  @Test func aByteThatChangesIsOneLine() throws {
    func lines(_ bytes: [UInt8]) throws -> [[UInt8]] {
      try store.keepMetrics([anna: bytes], cycle: 1)
      database.tape.record()
      _ = try store.metrics()
      defer { database.tape.stop() }
      return database.tape.lines
    }
    var bytes = Self.bytes(8000)
    let before = try lines(bytes)
    bytes[4000] ^= 1
    let after = try lines(bytes)

    #expect(before.count == after.count)
    #expect(zip(before, after).count { $0 != $1 } == 1)
  }

  /// Changes are compared by their digest: of long bytes each one counts, too.
  @Test(arguments: [10, 5000])
  func everyByteOfAChangeCounts(count: Int) throws {
    func digest(_ bytes: [UInt8]) throws -> String {
      database.tape.record()
      try store.keepMetrics([anna: bytes], cycle: 1)
      defer { database.tape.stop() }
      return database.tape.changesDigest
    }
    var bytes = Self.bytes(count)
    let whole = try digest(bytes)

    #expect(try digest(bytes) == whole)
    for place in [0, count / 2, count - 1] {
      bytes[place] ^= 1
      #expect(try digest(bytes) != whole)
      bytes[place] ^= 1
    }
    #expect(try digest(bytes + [0]) != whole)
  }

  @Test(arguments: [
    ["[5,1,1]", "{\"piece\":\"AAAA\"}"],
    ["[5,1,2]", "{\"piece\":\"AAAA\"}", "[[0,2]]"],
    ["[5,1,2]", "{\"piece\":\"AAAA\"}", "[1]"],
    ["[5,1,2]", "{\"piece\":\"A*\"}", "[[0,1]]"],
    ["[5,1,2]", "{\"peace\":\"AAAA\"}", "[[0,1]]"],
    ["[5,1,1]", "[[0,-1]]"],
  ])
  func piecesThatDoNotFitTheirRowAreDamage(lines: [String]) {
    #expect(throws: TapeDamage.self) {
      try database.tape.play(lines.map { Array($0.utf8) })
    }
  }
}
