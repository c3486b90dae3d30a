import Foundation
import Testing
import Trading

@testable import Journal

@Suite struct OpeningTests {
  private static let modes: [JournalDatabase.Mode] = [
    .readWrite(durability: .full), .readWrite(durability: .processCrash), .readOnly,
  ]

  @Test(arguments: modes)
  func leavesGarbageAsItWas(mode: JournalDatabase.Mode) throws {
    let folder = try Folder()
    let garbage = Data(repeating: 0x2A, count: 9000)
    try garbage.write(to: URL(fileURLWithPath: folder.file()))

    #expect(
      throws: JournalError.corrupt(path: folder.file(), detail: "file is not a database")
    ) { try JournalDatabase.open(path: folder.file(), mode: mode) }
    #expect(try folder.bytes() == garbage)
  }

  @Test(arguments: modes)
  func leavesATruncatedFileAsItWas(mode: JournalDatabase.Mode) throws {
    let folder = try Folder()
    let whole = try Self.foldedDatabase(folder)
    let half = whole.prefix(whole.count / 2 / 4096 * 4096)
    try half.write(to: URL(fileURLWithPath: folder.file()))

    #expect(
      throws: JournalError.corrupt(
        path: folder.file(), detail: "database disk image is malformed")
    ) { try JournalDatabase.open(path: folder.file(), mode: mode) }
    #expect(try folder.bytes() == half)
  }

  @Test(arguments: modes)
  func leavesANewerSchemaAsItWas(mode: JournalDatabase.Mode) throws {
    let folder = try Folder()
    try Self.change(folder, "PRAGMA user_version = 99")
    let before = try folder.bytes()

    #expect(
      throws: JournalError.newerSchema(path: folder.file(), found: 99, supported: Schema.version)
    ) { try JournalDatabase.open(path: folder.file(), mode: mode) }
    #expect(try folder.bytes() == before)
  }

  @Test(arguments: [
    "PRAGMA application_id = 42",
    "PRAGMA application_id = 0",
    "PRAGMA application_id = 0; PRAGMA user_version = 0",
  ])
  func leavesForeignDatabasesAsTheyWere(change: String) throws {
    let folder = try Folder()
    try Self.change(folder, change)
    let before = try folder.bytes()

    for mode in Self.modes {
      #expect(throws: JournalError.foreign(path: folder.file())) {
        try JournalDatabase.open(path: folder.file(), mode: mode)
      }
    }
    #expect(try folder.bytes() == before)
  }

  @Test func anEmptyFileBecomesADatabase() throws {
    let folder = try Folder()
    try Data().write(to: URL(fileURLWithPath: folder.file()))

    let database = try JournalDatabase.open(
      path: folder.file(), mode: .readWrite(durability: .full))

    #expect(try StateStore(database).check() == [])
  }

  @Test func aMissingFolderIsNamed() throws {
    let folder = try Folder()
    let path = folder.file("missing/nof0.sqlite")

    #expect(
      throws: JournalError.cannotOpen(
        path: path, why: "there is no directory \(folder.path)/missing; make it first")
    ) { try JournalDatabase.open(path: path, mode: .readWrite(durability: .full)) }
  }

  @Test func aFileInPlaceOfAFolderIsNamed() throws {
    let folder = try Folder()
    try Data().write(to: URL(fileURLWithPath: folder.file("state")))
    let path = folder.file("state/nof0.sqlite")

    #expect(
      throws: JournalError.cannotOpen(path: path, why: "\(folder.path)/state is not a directory")
    ) { try JournalDatabase.open(path: path, mode: .readWrite(durability: .full)) }
  }

  @Test func readersWaitForTheFirstRun() throws {
    let folder = try Folder()

    #expect(
      throws: JournalError.cannotOpen(
        path: folder.file(), why: "there is no such file; the first `nof0 run` makes it")
    ) { try JournalDatabase.open(path: folder.file(), mode: .readOnly) }
    #expect(!FileManager.default.fileExists(atPath: folder.file()))
  }

  @Test func readersWaitForTheNextRunWhenTheSchemaIsOlder() throws {
    let folder = try Folder()
    try Self.change(folder, "PRAGMA user_version = 1")

    #expect(
      throws: JournalError.olderSchema(path: folder.file(), found: 1, supported: Schema.version)
    ) { try JournalDatabase.open(path: folder.file(), mode: .readOnly) }
  }

  @Test(.enabled(if: geteuid() != 0, "permissions do not bind root"))
  func aWriteProtectedFileIsNamed() throws {
    let folder = try Folder()
    _ = try Self.foldedDatabase(folder)
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder.file())

    #expect(throws: JournalError.readOnly(path: folder.file())) {
      try JournalDatabase.open(path: folder.file(), mode: .readWrite(durability: .full))
    }
  }

  @Test func readersCannotWrite() throws {
    let folder = try Folder()
    _ = try Self.foldedDatabase(folder)
    let reader = StateStore(try JournalDatabase.open(path: folder.file(), mode: .readOnly))

    #expect(throws: JournalError.readOnly(path: folder.file())) {
      try reader.beginRun(at: SampleArena.start, wallStart: SampleArena.start, pid: 1)
    }
  }

  @Test func aLargeLogIsFoldedAtTheEnd() throws {
    let folder = try Folder()
    let database = try JournalDatabase.open(
      path: folder.file(), mode: .readWrite(durability: .processCrash))
    let store = StateStore(database)
    try store.prepare(arenaID: "a", name: "A", createdAt: SampleArena.start)
    try database.use("close a small log") { try $0.script("PRAGMA optimize") }
    #expect(database.logBytes > 0)
    let padding = String(repeating: "x", count: 5 << 20)
    try database.write("fill") { try $0.run("UPDATE arena SET name = ?", [padding]) }
    #expect(database.logBytes > 4 << 20)

    try database.close()

    #expect(database.logBytes == 0)
  }

  @Test(arguments: [
    (
      JournalError.newerSchema(path: "s/db", found: 9, supported: 4),
      "s/db was written by a newer nof0 (schema 9, this one knows up to 4). "
        + "It was left as it was; update nof0 or use another --state."
    ),
    (
      .corrupt(path: "s/db", detail: "file is not a database"),
      "s/db is damaged: file is not a database. "
        + "It was left as it was; restore a backup or move it away."
    ),
    (
      .diskFull(path: "s/db"),
      "The disk that holds s/db is full. The state is as it was before this step; "
        + "free some space and run again."
    ),
    (
      .readOnly(path: "s/db"),
      "s/db may not be written. It was left as it was; "
        + "check its owner, its permissions and whether the disk is mounted read-only."
    ),
    (
      .busy(path: "s/db"),
      "Another process is writing s/db. Nothing was changed; try again when it is done."
    ),
    (
      .foreign(path: "s/db"),
      "s/db is an SQLite database, but not one of nof0. It was left as it was; "
        + "use another --state or move it away."
    ),
    (
      .cannotOpen(path: "s/db", why: "there is no directory s; make it first"),
      "s/db could not be opened: there is no directory s; make it first."
    ),
    (
      .positionVanished(7, trader: TraderID("anna") ?? SampleNames.trader),
      "Position 7 of anna is open on record, expected it in the ledger or among the trades. "
        + "The step was undone; the state is as it was before it."
    ),
  ])
  func tellsTheOperatorWhatToDo(error: JournalError, text: String) {
    #expect(error.description == text)
  }

  /// Makes a database whose log is folded into the file, and gives the file's bytes.
  static func foldedDatabase(_ folder: Folder) throws -> Data {
    try change(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    return try folder.bytes()
  }

  /// Makes a database with something in it, changes it by hand and folds its log.
  static func change(_ folder: Folder, _ sql: String) throws {
    let database = try JournalDatabase.open(
      path: folder.file(), mode: .readWrite(durability: .full))
    var arena = try SampleArena(seed: 3)
    try arena.play(3, into: StateStore(database))
    try database.use("change") { try $0.script(sql + "; PRAGMA wal_checkpoint(TRUNCATE)") }
    try database.close()
  }
}

/// Names for tables of cases, where nothing can be required.
enum SampleNames {
  static let trader: TraderID = TraderID("anna") ?? fallback
  private static var fallback: TraderID { preconditionFailure("expected anna to be a name") }
}
