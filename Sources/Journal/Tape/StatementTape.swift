import CSQLite
import GRDB
import Synchronization

/// What a cycle read of the database and what it wrote, statement by statement.
///
/// While recording it notes the rows of every statement and a digest of every change. While playing
/// it answers statements with the rows noted and changes nothing; what was never asked is a miss.
/// Statements are told apart by their text with its values, so that the order in which concurrent
/// work asks does not matter.
package final class StatementTape: Sendable {
  private let book = Mutex(Book())

  /// What it does at present.
  enum Mode: Sendable, Equatable {
    case idle
    case recording
    case playing
  }

  private struct Book {
    var mode = Mode.idle
    var noted = TapeEntries()
    var playing: [StatementKey: PlayedStatement] = [:]
    var changed = ChangeDigest()
    var lastChange: StatementKey?
    var misses: [String] = []
  }

  init() {}

  /// Begins to note; what was noted before is forgotten.
  package func record() { book.withLock { $0 = Book(mode: .recording) } }

  /// Begins to answer from what was noted.
  ///
  /// - Throws: ``TapeDamage`` when the lines are not those of a tape.
  package func play(_ lines: [[UInt8]]) throws(TapeDamage) {
    let entries = try PlayedStatement.read(lines)
    book.withLock { $0 = Book(mode: .playing, playing: entries) }
  }

  /// Stops; statements do as they always do.
  package func stop() { book.withLock { $0.mode = .idle } }

  /// What was noted, one JSON array per line: a head for each statement, then its rows.
  package var lines: [[UInt8]] { book.withLock { $0.noted.lines } }

  /// SHA-256 of all changes in their order, in hexadecimal.
  package var changesDigest: String { book.withLock { $0.changed.hex } }

  /// Statements that were asked while playing and never noted, in their order.
  package var misses: [String] { book.withLock { $0.misses } }

  // MARK: For the session

  var mode: Mode { book.withLock { $0.mode } }

  func note(_ key: StatementKey, rows: [[UInt8]]) {
    book.withLock { $0.noted.add(key, rows: rows, changes: nil) }
  }

  func noteChange(_ key: StatementKey, _ sql: UnsafePointer<CChar>) {
    book.withLock { book in
      book.changed.add(sql)
      book.lastChange = key
    }
  }

  /// How many rows the last change changed.
  ///
  /// The number given when recording, the one noted when playing. One row, the usual number, is not
  /// noted.
  func changes(orElse count: Int) -> Int {
    book.withLock { book in
      switch book.mode {
      case .idle: return count
      case .recording:
        if count != 1, let key = book.lastChange {
          book.noted.add(key, rows: [], changes: count)
        }
        return count
      case .playing:
        return book.lastChange.flatMap { book.playing[$0.counting]?.nextCount() } ?? 1
      }
    }
  }

  /// The rows of a statement; `nil` when it was never noted.
  func rows(_ key: StatementKey, of sql: () -> String) -> [TapeRow]? {
    book.withLock { book in
      guard let rows = book.playing[key]?.next() else {
        book.misses.append(sql())
        return nil
      }
      return rows
    }
  }
}

/// Lines that are not those of a tape.
package struct TapeDamage: Error, Sendable, Equatable, CustomStringConvertible {
  /// The line, counted from 0.
  package let line: Int
  /// What was expected.
  package let expected: String

  /// The error in words.
  package var description: String { "line \(line): expected \(expected)" }
}

/// What tells statements apart: 48 bits of the digest of a text with its values.
struct StatementKey: Hashable, Sendable {
  let number: UInt64

  init(number: UInt64) { self.number = number }

  /// FNV-1a over the text; folded, for a cycle has a few thousand statements at the most.
  init(_ text: UnsafePointer<CChar>) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var byte = text
    while byte.pointee != 0 {
      hash = (hash ^ UInt64(UInt8(bitPattern: byte.pointee))) &* 0x100_0000_01b3
      byte += 1
    }
    number = (hash >> 48) ^ (hash & 0xffff_ffff_ffff)
  }

  /// The key under which the number of changed rows is kept.
  var counting: StatementKey { StatementKey(number: number ^ 1 << 52) }
}
