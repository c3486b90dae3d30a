import CSQLite
import GRDB

extension StatementTape {
  /// What no cycle decides by, or what is noted elsewhere: the market's and the venues' own books,
  /// as markets and venues are noted by what they answer; and what only the files show.
  static let untold: Set<String> = [
    "keep a leverage", "keep a standing", "keep an account's identity", "keep resting orders",
    "keep the market", "keep the nonce", "look a leverage up", "look a standing up",
    "look an order's purpose up", "look resting orders up", "read candles", "read funding rates",
    "read open interest", "read the turns",
  ]

  /// Tables whose changes are not compared: who ran when, what calls cost, packed texts.
  private static let uncompared = [
    "runs", "run_phases", "llm_", "conversation", "alert_deliveries",
  ]

  /// Whether a change is one that a replay must make, too.
  fileprivate static func isCompared(_ sql: String) -> Bool {
    let words = sql.utf8.split(maxSplits: 4) {
      $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n")
    }
    let isUpdate = words.first?.elementsEqual("UPDATE".utf8) == true
    guard let name = words.dropFirst(isUpdate ? 1 : 2).first else { return true }
    return !uncompared.contains { name.starts(with: $0.utf8) }
  }
}

extension Session {
  /// Runs a statement whose values are bound while a tape records or plays.
  func taped(
    _ tape: StatementTape, _ statement: OpaquePointer, _ sql: String, _ values: [any Column],
    _ wantsMore: (OpaquePointer) throws -> Bool
  ) throws {
    let isChange = sqlite3_stmt_readonly(statement) == 0
    // Beginning and ending transactions neither reads nor changes anything.
    let isControl = !isChange && sqlite3_column_count(statement) == 0
    guard !isControl, let text = try text(of: statement, sql, values) else {
      while true {
        let code = sqlite3_step(statement)
        if code == SQLITE_DONE { return }
        guard code == SQLITE_ROW else { return try check(code, sql) }
      }
    }
    defer { sqlite3_free(text) }
    let key = StatementKey(text)
    if isChange, StatementTape.isCompared(sql) { tape.noteChange(key, text) }
    if tape.mode == .playing {
      // A change that gives nothing back has nothing to play.
      guard sqlite3_column_count(statement) > 0 else { return }
      let rows = tape.rows(key) { String(cString: text) }
      for row in rows ?? [] {
        guard try played(row, wantsMore) else { return }
      }
      return
    }
    var rows: [[UInt8]] = []
    defer {
      if sqlite3_column_count(statement) > 0 { tape.note(key, rows: rows) }
    }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { return try check(code, sql) }
      rows += TapeText.lines(of: statement)
      guard try wantsMore(statement) else { return }
    }
  }

  /// The text of a statement with its values, to be freed; long bytes stand in it by their digest.
  ///
  /// SQLite writes bytes two digits each: of ten traders' figures that alone took 4 ms a cycle.
  private func text(
    of statement: OpaquePointer, _ sql: String, _ values: [any Column]
  ) throws -> UnsafeMutablePointer<CChar>? {
    var long: [(index: Int32, bytes: [UInt8])] = []
    for (index, value) in values.enumerated() {
      if let bytes = value as? [UInt8], bytes.count > TapeText.longBytes {
        long.append((Int32(index + 1), bytes))
      }
    }
    for (index, bytes) in long {
      try check(RecordHash(of: bytes).hex.bind(to: statement, at: index), sql)
    }
    let text = sqlite3_expanded_sql(statement)
    for (index, bytes) in long { try check(bytes.bind(to: statement, at: index), sql) }
    return text
  }

  /// Shows a noted row to whoever reads the rows of a statement.
  private func played(
    _ row: TapeRow, _ wantsMore: (OpaquePointer) throws -> Bool
  ) throws -> Bool {
    let sql = "SELECT " + Array(repeating: "?", count: max(1, row.count)).joined(separator: ", ")
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(db.sqliteConnection, sql, -1, &statement, nil), sql)
    guard let statement else { return false }
    defer { sqlite3_finalize(statement) }
    for (index, value) in row.enumerated() {
      try check(value.bind(to: statement, at: Int32(index + 1)), sql)
    }
    guard sqlite3_step(statement) == SQLITE_ROW else { return false }
    return try wantsMore(statement)
  }
}

extension TapeValue {
  /// Binds the value to a parameter, counted from 1; returns an SQLite result code.
  fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    switch self {
    case .null: sqlite3_bind_null(statement, index)
    case .whole(let number): number.bind(to: statement, at: index)
    case .real(let number): number.bind(to: statement, at: index)
    case .text(let text): text.bind(to: statement, at: index)
    case .bytes(let bytes): bytes.bind(to: statement, at: index)
    }
  }
}
