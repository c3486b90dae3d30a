import CSQLite
import CSQLite
import FoundationEssentials
import GRDB

/// One stay inside the database; statements are prepared once per connection.
struct Session {
  let db: Database
  /// Notes what is read and changed, or plays it; `nil` = nobody minds.
  var tape: StatementTape?

  /// Runs a statement that gives nothing back.
  func run(_ sql: String, _ values: [any Column] = []) throws {
    try step(sql, values) { _ in true }
  }

  /// Runs several statements that take no values.
  func script(_ sql: String) throws { try db.execute(sql: sql) }

  /// Reads all rows of a query.
  func rows<Value>(
    _ sql: String, _ values: [any Column] = [], _ read: (inout RowReader) throws -> Value
  ) throws -> [Value] {
    var found: [Value] = []
    try step(sql, values) { statement in
      var reader = RowReader(statement: statement)
      found.append(try read(&reader))
      return true
    }
    return found
  }

  /// Reads the first row of a query; `nil` when there is none.
  func first<Value>(
    _ sql: String, _ values: [any Column] = [], _ read: (inout RowReader) throws -> Value
  ) throws -> Value? {
    var found: Value?
    try step(sql, values) { statement in
      var reader = RowReader(statement: statement)
      found = try read(&reader)
      return false
    }
    return found
  }

  /// Runs a statement with values and shows each of its rows until one is the last wanted.
  ///
  /// It steps SQLite's own statement: with GRDB's cursors and copied arguments, looking a row up
  /// costs three times as much.
  private func step(
    _ sql: String, _ values: [any Column], _ wantsMore: (SQLiteStatement) throws -> Bool
  ) throws {
    let statement = try db.cachedStatement(sql: sql).sqliteStatement
    // So that it holds no read lock until it is used again.
    defer { sqlite3_reset(statement) }
    guard Int(sqlite3_bind_parameter_count(statement)) == values.count else {
      throw DatabaseError(
        message: "expected \(sqlite3_bind_parameter_count(statement)) values, were "
          + "\(values.count)", sql: sql)
    }
    for (index, value) in values.enumerated() {
      try check(value.bind(to: statement, at: Int32(index + 1)), sql)
    }
    if let tape, tape.mode != .idle {
      return try taped(tape, statement, sql, values, wantsMore)
    }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { return try check(code, sql) }
      guard try wantsMore(statement) else { return }
    }
  }

  func check(_ code: Int32, _ sql: String) throws {
    guard code != SQLITE_OK else { return }
    throw DatabaseError(
      resultCode: ResultCode(rawValue: code),
      message: String(cString: sqlite3_errmsg(db.sqliteConnection)), sql: sql)
  }

  /// How many rows the last statement changed.
  var changes: Int { tape?.changes(orElse: db.changesCount) ?? db.changesCount }

  /// The number of the row that was added last.
  var lastRow: Int64 { db.lastInsertedRowID }
}

/// Reads the columns of the row a statement stands on, from left to right.
///
/// It reads SQLite's own columns: GRDB's `Row` costs ten times as much for each value.
struct RowReader {
  private let statement: SQLiteStatement
  private var index: CInt = 0

  init(statement: SQLiteStatement) { self.statement = statement }

  /// The value of the next column.
  mutating func next<Value: Column>(_ type: Value.Type = Value.self) throws -> Value {
    guard let value = Value.read(statement, index) else {
      let stored = DatabaseValue(sqliteStatement: statement, index: index)
      let name = sqlite3_column_name(statement, index).map { String(cString: $0) } ?? "?"
      throw DamagedRow(column: name, expected: "\(Value.self)", was: "\(stored)")
    }
    index += 1
    return value
  }

  /// Goes past a number of columns.
  mutating func skip(_ count: Int) { index += CInt(count) }
}

/// A stored value that is not of the type it must have.
struct DamagedRow: Error, CustomStringConvertible {
  let column: String
  let expected: String
  let was: String

  var description: String { "expected a \(expected) in column \(column), was \(was)" }
}

/// The columns of a table in the order in which rows are written and read.
struct Columns {
  let table: String
  let names: [String]

  init(_ table: String, _ names: String) {
    self.table = table
    self.names = names.split { $0 == " " || $0 == "\n" }.map(String.init)
  }

  /// The names with commas between them.
  var list: String { names.joined(separator: ", ") }

  /// The names with the table's short name before each.
  func list(of alias: String) -> String {
    names.map { "\(alias).\($0)" }.joined(separator: ", ")
  }

  /// A statement that adds a row.
  var insert: String {
    let marks = names.map { _ in "?" }.joined(separator: ", ")
    return "INSERT INTO \(table) (\(list)) VALUES (\(marks))"
  }

  /// A statement that adds a row, or makes the row with the same key equal to it.
  func upsert(key: String...) -> String {
    let changes = names.filter { !key.contains($0) }.map { "\($0) = excluded.\($0)" }
    return insert + " ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET "
      + changes.joined(separator: ", ")
  }

  /// A query of whole rows.
  func select(_ rest: String) -> String { "SELECT \(list) FROM \(table) \(rest)" }
}

extension DatabaseValue {
  /// Binds the value to a parameter, counted from 1; returns an SQLite result code.
  ///
  /// GRDB's own way checks and copies all arguments once more, which took half of a commit's time:
  /// 2.3 ms instead of 1.35 ms for ten traders.
  fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch storage {
    case .null: return sqlite3_bind_null(statement, index)
    case .int64(let number): return sqlite3_bind_int64(statement, index, number)
    case .double(let number): return sqlite3_bind_double(statement, index, number)
    case .string(let text):
      return sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), copied)
    case .blob(let data):
      return data.withUnsafeBytes { bytes in
        sqlite3_bind_blob(statement, index, bytes.baseAddress, Int32(bytes.count), copied)
      }
    }
  }
}
