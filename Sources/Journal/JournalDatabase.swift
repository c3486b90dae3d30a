import CSQLite
import GRDB
import Glibc

/// The one SQLite file that outlives a run, or a copy of it in memory.
///
/// Several connections may read while one writes; readers see the last commit and never wait.
package final class JournalDatabase: Sendable {
  /// How much a commit outlasts.
  package enum Durability: Sendable, Equatable {
    /// Survives a loss of power: each commit waits for the disk.
    case full
    /// Survives `kill -9`; the last commits may be lost with the power, never half of one. For
    /// simulated runs of many cycles.
    case processCrash
  }

  /// What a connection may do.
  package enum Mode: Sendable, Equatable {
    /// Reads and writes; makes the file and brings its schema up to date.
    case readWrite(durability: Durability)
    /// Reads only.
    case readOnly
  }

  /// Where tests interrupt: called with `write.before` just before each commit and with
  /// `write.after` just after it.
  package typealias FaultHook = @Sendable (String) -> Void

  /// The file; `:memory:` for databases without one.
  package let path: String
  let queue: DatabaseQueue
  /// Notes what cycles read and change, or plays it.
  package let tape = StatementTape()
  private let faultHook: FaultHook

  private init(path: String, queue: DatabaseQueue, faultHook: @escaping FaultHook) {
    self.path = path
    self.queue = queue
    self.faultHook = faultHook
  }

  /// Opens the database of a path.
  ///
  /// Whatever cannot be used (damaged, foreign, newer) is found before anything is written; the
  /// file then stays as it was.
  package static func open(
    path: String, mode: Mode, faultHook: @escaping FaultHook = { _ in }
  ) throws(JournalError) -> JournalDatabase {
    let database = try connect(path: path, readonly: mode == .readOnly, faultHook: faultHook)
    let version = try database.inspectedVersion()
    switch mode {
    case .readOnly:
      guard version == Schema.version else {
        throw .olderSchema(path: path, found: version, supported: Schema.version)
      }
    case .readWrite(let durability):
      try database.configure(durability)
      try database.bringUpToDate(from: version)
    }
    return database
  }

  /// A new, empty database in memory.
  package static func inMemory(
    faultHook: @escaping FaultHook = { _ in }
  ) throws(JournalError) -> JournalDatabase {
    let database = try connect(path: ":memory:", readonly: false, faultHook: faultHook)
    try database.bringUpToDate(from: 0)
    return database
  }

  /// A throw-away copy in memory, up to date; an empty database when there is no file yet.
  package static func copyInMemory(
    of path: String, faultHook: @escaping FaultHook = { _ in }
  ) throws(JournalError) -> JournalDatabase {
    guard access(path, F_OK) == 0 else { return try inMemory(faultHook: faultHook) }
    let source = try connect(path: path, readonly: true, faultHook: { _ in })
    let version = try source.inspectedVersion()
    let copy = try connect(path: ":memory:", readonly: false, faultHook: faultHook)
    do {
      try source.queue.backup(to: copy.queue)
      try source.queue.close()
    } catch {
      throw translate(error, path: path, operation: "copy the state")
    }
    try copy.bringUpToDate(from: version)
    return copy
  }

  /// Ends the connection; folds a large write-ahead log back into the file first.
  ///
  /// Dropping the last reference ends it too, without that.
  package func close() throws(JournalError) {
    if logBytes > Self.largestLogBytes {
      // A reader that is still at work only postpones this to the next close.
      try use("fold the log") { try $0.run("PRAGMA wal_checkpoint(TRUNCATE)") }
    }
    do {
      try queue.close()
    } catch {
      throw Self.translate(error, path: path, operation: "close")
    }
  }

  /// Size of the write-ahead log; 0 when there is none.
  var logBytes: Int64 {
    var entry = stat()
    return stat(path + "-wal", &entry) == 0 ? Int64(entry.st_size) : 0
  }

  private static let largestLogBytes: Int64 = 4 << 20
  /// With SQLite's 2 MiB a cycle of a hundred traders read most of its pages several times.
  private static let cacheKiB = 24 << 10
  /// Readers never block the writer and the run lock keeps writers apart, so this only bridges the
  /// moment in which another connection opens or folds the log.
  private static let busySeconds = 0.5
}

// MARK: - Access

extension JournalDatabase {
  /// Reads from one snapshot of the database.
  func read<Value>(
    _ operation: String, _ body: (Session) throws -> Value
  ) throws(JournalError) -> Value {
    try use(operation) { session in
      guard !session.db.isInsideTransaction else { return try body(session) }
      // GRDB would compile BEGIN and COMMIT anew for each of the thousands of reads.
      try session.run("BEGIN DEFERRED TRANSACTION")
      do {
        let value = try body(session)
        try session.run("COMMIT TRANSACTION")
        return value
      } catch {
        // After some failures SQLite has already rolled back by itself.
        if session.db.isInsideTransaction { try session.run("ROLLBACK TRANSACTION") }
        throw error
      }
    }
  }

  /// Changes the database in one transaction: all of it or nothing.
  func write<Value>(
    _ operation: String, _ body: (Session) throws -> Value
  ) throws(JournalError) -> Value {
    try use(operation) { session in
      var value: Value?
      try session.db.inTransaction(.immediate) {
        value = try body(session)
        faultHook("write.before")
        return .commit
      }
      faultHook("write.after")
      guard let value else { preconditionFailure("expected a value from \(operation), was none") }
      return value
    }
  }

  /// Runs statements outside of a transaction.
  func use<Value>(
    _ operation: String, _ body: (Session) throws -> Value
  ) throws(JournalError) -> Value {
    do {
      let tape = StatementTape.untold.contains(operation) ? nil : tape
      return try queue.unsafeReentrantWrite { try body(Session(db: $0, tape: tape)) }
    } catch {
      throw Self.translate(error, path: path, operation: operation)
    }
  }

  static func translate(_ error: any Error, path: String, operation: String) -> JournalError {
    switch error {
    case let error as JournalError: return error
    case let error as DamagedRow: return .corrupt(path: path, detail: error.description)
    case let error as DatabaseError:
      let message = error.message ?? "SQLite code \(error.extendedResultCode.rawValue)"
      switch error.resultCode {
      case .SQLITE_FULL: return .diskFull(path: path)
      case .SQLITE_READONLY: return .readOnly(path: path)
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .corrupt(path: path, detail: message)
      case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy(path: path)
      case .SQLITE_CANTOPEN: return .cannotOpen(path: path, why: whyNotOpened(path))
      default: return .failed(operation: operation, detail: message)
      }
    default: return .failed(operation: operation, detail: "\(error)")
    }
  }
}

// MARK: - Opening

extension JournalDatabase {
  private static func connect(
    path: String, readonly: Bool, faultHook: @escaping FaultHook
  ) throws(JournalError) -> JournalDatabase {
    var configuration = Configuration()
    configuration.readonly = readonly
    configuration.busyMode = .timeout(busySeconds)
    configuration.prepareDatabase { db in
      // A checkpoint at every close would cost 20 ms a run; close() does it when it pays.
      guard nof0_sqlite_keep_wal_on_close(UnsafeMutableRawPointer(db.sqliteConnection)) == SQLITE_OK
      else { throw DatabaseError(message: "expected SQLite to keep its log on close, it did not") }
    }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      return JournalDatabase(path: path, queue: queue, faultHook: faultHook)
    } catch {
      throw translate(error, path: path, operation: "open")
    }
  }

  /// The schema version found, 0 for an empty file; throws for files that are not to be touched.
  private func inspectedVersion() throws(JournalError) -> Int {
    try use("open") { session in
      let version = try session.first("PRAGMA user_version") { try $0.next(Int.self) } ?? 0
      let application = try session.first("PRAGMA application_id") { try $0.next(Int64.self) } ?? 0
      let tables = "SELECT count(*) FROM (SELECT 1 FROM sqlite_schema LIMIT 1)"
      let isEmpty = try session.first(tables) { try $0.next(Int.self) } == 0
      if application == 0, version == 0, isEmpty { return 0 }
      guard application == Schema.applicationID else { throw JournalError.foreign(path: path) }
      guard version <= Schema.version else {
        throw JournalError.newerSchema(path: path, found: version, supported: Schema.version)
      }
      return version
    }
  }

  private func configure(_ durability: Durability) throws(JournalError) {
    try use("open") { session in
      // SQLite opens a file it may not write for reading, and says so only here.
      guard sqlite3_db_readonly(session.db.sqliteConnection, "main") == 0 else {
        throw JournalError.readOnly(path: path)
      }
      let journal = try session.first("PRAGMA journal_mode = WAL") { try $0.next(String.self) }
      guard journal == "wal" else {
        throw JournalError.failed(
          operation: "open",
          detail: "expected a write-ahead log, was \(journal ?? "nothing"); "
            + "is the file on a network disk?")
      }
      let level = durability == .full ? "FULL" : "NORMAL"
      try session.script(
        "PRAGMA synchronous = \(level); PRAGMA wal_autocheckpoint = 4000; "
          + "PRAGMA cache_size = -\(Self.cacheKiB)")
    }
  }

  private func bringUpToDate(from version: Int) throws(JournalError) {
    guard version < Schema.version else { return }
    try write("bring the schema up to date") { session in
      try Schema.migrate(session, from: version, to: Schema.version)
    }
  }

  /// Half a sentence about a path that SQLite cannot open.
  private static func whyNotOpened(_ path: String) -> String {
    let folder = parent(of: path)
    var entry = stat()
    guard stat(folder, &entry) == 0 else {
      return errno == ENOTDIR
        ? "\(folder) is not a directory" : "there is no directory \(folder); make it first"
    }
    guard entry.st_mode & S_IFMT == S_IFDIR else { return "\(folder) is not a directory" }
    guard stat(path, &entry) == 0 else {
      return access(folder, W_OK) == 0
        ? "there is no such file; the first `nof0 run` makes it"
        : "the directory \(folder) may not be written"
    }
    guard entry.st_mode & S_IFMT == S_IFREG else { return "it is not a regular file" }
    guard access(path, R_OK) == 0 else { return "it may not be read; check its permissions" }
    return "its log \(path)-wal cannot be used; check that \(folder) may be written"
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
