import CSQLite
import GRDB
import Trading

// Values go to and come from SQLite's own memory here, without a DatabaseValue and its texts in
// between: those took half the time of reading an arena of a hundred traders.

extension Column where Self: ExactDecimal {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    withUTF8 { bindText($0, to: statement, at: index) }
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> Self? {
    withText(statement, index) { Self(utf8: $0) }
  }
}

extension Column where Self: NamedID {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    name.bind(to: statement, at: index)
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> Self? {
    String.read(statement, index).flatMap { Self($0) }
  }
}

extension Column where Self: RawRepresentable, RawValue == String {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    rawValue.bind(to: statement, at: index)
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> Self? {
    String.read(statement, index).flatMap { Self(rawValue: $0) }
  }
}

extension String {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    var text = self
    return text.withUTF8 { bindText($0, to: statement, at: index) }
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> String? {
    withText(statement, index) { String(decoding: $0, as: UTF8.self) }
  }
}

extension Int64 {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, self)
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> Int64? {
    guard sqlite3_column_type(statement, index) == SQLITE_INTEGER else { return nil }
    return sqlite3_column_int64(statement, index)
  }
}

extension Int {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, Int64(self))
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> Int? {
    Int64.read(statement, index).flatMap { Int(exactly: $0) }
  }
}

extension Double {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_double(statement, index, self)
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> Double? {
    guard sqlite3_column_type(statement, index) == SQLITE_FLOAT else { return nil }
    return sqlite3_column_double(statement, index)
  }
}

extension [UInt8] {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    // Bytes of no length have no address, which SQLite would take for NULL.
    guard !isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    return withUnsafeBytes {
      sqlite3_bind_blob(statement, index, $0.baseAddress, Int32($0.count), copied)
    }
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> [UInt8]? {
    guard sqlite3_column_type(statement, index) == SQLITE_BLOB else { return nil }
    let start = sqlite3_column_blob(statement, index)
    return Array(
      UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index))))
  }
}

extension Timestamp {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, ms)
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> Timestamp? {
    Int64.read(statement, index).map { Timestamp(ms: $0) }
  }
}

extension DecisionAction {
  /// There are a thousand of them for each trader in each cycle: the length tells which it may be.
  static func read(_ statement: OpaquePointer, _ index: Int32) -> DecisionAction? {
    withText(statement, index) { text in
      let action: DecisionAction? =
        switch text.count {
        case DecisionAction.hold.rawValue.utf8.count: .hold
        case DecisionAction.close.rawValue.utf8.count: .close
        case DecisionAction.buyToEnter.rawValue.utf8.count: .buyToEnter
        case DecisionAction.sellToEnter.rawValue.utf8.count: .sellToEnter
        case DecisionAction.updateProtection.rawValue.utf8.count: .updateProtection
        default: nil
        }
      return action.flatMap { $0.rawValue.utf8.elementsEqual(text) ? $0 : nil }
    }
  }
}

extension Optional where Wrapped: Column {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    switch self {
    case .some(let value): value.bind(to: statement, at: index)
    case .none: sqlite3_bind_null(statement, index)
    }
  }

  static func read(_ statement: OpaquePointer, _ index: Int32) -> Self? {
    if sqlite3_column_type(statement, index) == SQLITE_NULL { return .some(.none) }
    return Wrapped.read(statement, index).map { .some($0) }
  }
}

/// Binds a text, which SQLite copies.
private func bindText(
  _ text: UnsafeBufferPointer<UInt8>, to statement: OpaquePointer, at index: Int32
) -> Int32 {
  let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  return text.withMemoryRebound(to: CChar.self) {
    sqlite3_bind_text(statement, index, $0.baseAddress, Int32($0.count), copied)
  }
}

/// Gives a closure the bytes of a text column; `nil` when the column holds no text.
private func withText<Value>(
  _ statement: OpaquePointer, _ index: Int32,
  _ body: (UnsafeBufferPointer<UInt8>) -> Value?
) -> Value? {
  guard sqlite3_column_type(statement, index) == SQLITE_TEXT,
    let text = sqlite3_column_text(statement, index)
  else { return nil }
  return body(
    UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, index))))
}
