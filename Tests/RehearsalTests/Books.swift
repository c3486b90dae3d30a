import CSQLite
import Foundation
import Testing

/// What a state's database says, read past nof0's own code.
struct Books {
  private let path: String

  init(of rehearsal: Rehearsal) { path = rehearsal.database.path }

  /// A table whose rows make up the books, and the columns that sort them.
  private static let tables = [
    ("orders", "trader, decided_at_ms, coin, purpose, generation"),
    ("fills", "account, fill_id"), ("positions", "position"), ("lots", "position, ordinal"),
    ("trades", "position"), ("funding_payments", "account, coin, at_ms"),
    ("capital_flows", "trader, at_ms, amount"), ("ledgers", "trader"),
    ("performance", "trader"), ("benchmark", "one"), ("trader_runtime", "trader"),
    ("trader_eras", "trader, number"), ("watermarks", "account"),
    ("coin_closes", "trader, coin"), ("equity_points", "trader, at_ms"),
    ("hourly_totals", "trader, hour"), ("sim_accounts", "account"),
    ("sim_positions", "account, coin"), ("sim_orders", "account, order_id"),
    ("sim_fills", "account, fill_id"), ("sim_funding", "account, coin, at_ms"),
  ]

  /// Which run it was and what the clock said differ from run to run without changing the books.
  private static let leftOut: Set<String> = ["run", "flow"]

  /// Every row of the books, one line each, in a fixed order.
  func dump(leavingOut more: Set<String> = []) throws -> [String] {
    try Self.tables.flatMap { table, order in
      try rows("SELECT * FROM \(table) ORDER BY \(order)").map { row in
        table + " "
          + row.filter { !Self.leftOut.contains($0.name) && !more.contains($0.name) }
          .map { "\($0.name)=\($0.value)" }.joined(separator: " ")
      }
    }
  }

  /// The first column of the first row as a number.
  func number(_ sql: String) throws -> Int {
    let row = try #require(try rows(sql).first?.first, "expected a row from \(sql)")
    return try #require(Int(row.value), "expected a number from \(sql), was \(row.value)")
  }

  /// The first column of every row.
  func texts(_ sql: String) throws -> [String] { try rows(sql).compactMap { $0.first?.value } }

  /// Every row of a query, its columns named.
  func lines(_ sql: String, leavingOut columns: Set<String> = []) throws -> [String] {
    try rows(sql).map { row in
      row.filter { !columns.contains($0.name) }.map { "\($0.name)=\($0.value)" }
        .joined(separator: " ")
    }
  }

  /// Runs statements that change the file.
  func execute(_ sql: String) throws { _ = try rows(sql, flags: SQLITE_OPEN_READWRITE) }

  private func rows(
    _ sql: String, flags: Int32 = SQLITE_OPEN_READONLY
  ) throws -> [[(name: String, value: String)]] {
    var connection: OpaquePointer?
    defer { sqlite3_close(connection) }
    guard sqlite3_open_v2(path, &connection, flags, nil) == SQLITE_OK else {
      throw Trouble(text: "cannot open \(path)")
    }
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else {
      throw Trouble(text: "\(sql): \(String(cString: sqlite3_errmsg(connection)))")
    }
    var rows: [[(name: String, value: String)]] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        rows.append(
          (0..<sqlite3_column_count(statement)).map { column in
            let text = sqlite3_column_text(statement, column)
            return (
              String(cString: sqlite3_column_name(statement, column)),
              text.map { String(cString: $0) } ?? "–"
            )
          })
      case SQLITE_DONE: return rows
      default: throw Trouble(text: "\(sql): \(String(cString: sqlite3_errmsg(connection)))")
      }
    }
  }

  struct Trouble: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }
}

/// The first lines in which two dumps differ, for messages.
func difference(_ left: [String], _ right: [String]) -> String {
  let missing = Set(left).subtracting(right).sorted().prefix(3)
  let added = Set(right).subtracting(left).sorted().prefix(3)
  return "\(left.count) and \(right.count) rows; "
    + (missing.map { "- \($0)" } + added.map { "+ \($0)" }).joined(separator: "\n")
}
