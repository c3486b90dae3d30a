import Trading

/// The statements noted, each with its rows; the same answer given again is only counted.
struct TapeEntries {
  private var entries: [Entry] = []
  private var last: [StatementKey: Int] = [:]

  private struct Entry {
    let key: StatementKey
    let rows: [[UInt8]]
    /// Rows changed; `nil` = it is a read.
    let changes: Int?
    var times = 1
  }

  /// Notes an answer.
  mutating func add(_ key: StatementKey, rows: [[UInt8]], changes: Int?) {
    let place = changes == nil ? key : key.counting
    if let index = last[place], entries[index].rows == rows, entries[index].changes == changes {
      entries[index].times += 1
      return
    }
    last[place] = entries.count
    entries.append(Entry(key: place, rows: rows, changes: changes))
  }

  /// One line per statement, `[key, times, rows]` or `[key, times, rows, changes]`, then its rows.
  var lines: [[UInt8]] {
    var lines: [[UInt8]] = []
    for entry in entries {
      var head = Array("[\(entry.key.number),\(entry.times),\(entry.rows.count)".utf8)
      if let changes = entry.changes { head += Array(",\(changes)".utf8) }
      head.append(UInt8(ascii: "]"))
      lines.append(head)
      lines += entry.rows
    }
    return lines
  }
}

/// A value of a row as SQLite keeps it.
enum TapeValue: Sendable, Equatable {
  case null
  case whole(Int64)
  case real(Double)
  case text(String)
  case bytes([UInt8])
}

/// A row that was noted.
typealias TapeRow = [TapeValue]

/// The answers to one statement, in the order in which they were given.
struct PlayedStatement {
  private var answers: [(rows: [TapeRow], changes: Int, times: Int)] = []
  private var place = 0
  private var given = 0

  /// The next answer; `nil` when there is none.
  ///
  /// The last one is given as often as it is asked.
  mutating func next() -> [TapeRow]? { step()?.rows }

  /// The next number of changed rows.
  mutating func nextCount() -> Int? { step()?.changes }

  private mutating func step() -> (rows: [TapeRow], changes: Int, times: Int)? {
    guard answers.indices.contains(place) else { return nil }
    if given >= answers[place].times, place + 1 < answers.count {
      place += 1
      given = 0
    }
    given += 1
    return answers[place]
  }

  /// The statements of the lines of a tape.
  static func read(
    _ lines: [[UInt8]]
  ) throws(TapeDamage) -> [StatementKey: PlayedStatement] {
    var found: [StatementKey: PlayedStatement] = [:]
    var index = 0
    while index < lines.count {
      let head = try array(lines[index], index)
      guard (3...4).contains(head.count), let number = head[0].whole, number >= 0,
        let times = head[1].whole, let count = head[2].whole, count >= 0,
        count < lines.count - index
      else { throw TapeDamage(line: index, expected: "the head of a statement") }
      let rows = try rows(of: lines[(index + 1)..<(index + 1 + count)])
      found[StatementKey(number: UInt64(number)), default: PlayedStatement()].answers.append(
        (rows, head.count == 4 ? head[3].whole ?? 0 : 0, times))
      index += 1 + count
    }
    return found
  }

  private static func array(
    _ line: [UInt8], _ index: Int
  ) throws(TapeDamage) -> [JSONValue] {
    // Whatever is wrong with it, it is not what was written.
    guard let elements = (try? JSONReader.value(of: line))?.elements else {
      throw TapeDamage(line: index, expected: "a list")
    }
    return elements
  }

  /// The rows of their lines; pieces of bytes belong to the row behind them.
  private static func rows(of lines: ArraySlice<[UInt8]>) throws(TapeDamage) -> [TapeRow] {
    var rows: [TapeRow] = []
    var pieces: [[UInt8]] = []
    for (line, text) in zip(lines.indices, lines) {
      if text.first == UInt8(ascii: "{") {
        // Whatever is wrong with it, it is not what was written.
        guard let piece = (try? JSONReader.value(of: text))?["piece"]?.text,
          let bytes = TapeText.bytes(of: piece)
        else { throw TapeDamage(line: line, expected: "a piece of bytes") }
        pieces.append(bytes)
        continue
      }
      rows.append(try row(try array(text, line), &pieces, line))
      guard pieces.isEmpty else { throw TapeDamage(line: line, expected: "fewer pieces") }
    }
    guard pieces.isEmpty else {
      throw TapeDamage(line: lines.endIndex, expected: "the row of the pieces before")
    }
    return rows
  }

  private static func row(
    _ elements: [JSONValue], _ pieces: inout [[UInt8]], _ line: Int
  ) throws(TapeDamage) -> TapeRow {
    var row: TapeRow = []
    for element in elements {
      switch element {
      case .null: row.append(.null)
      case .text(let text): row.append(.text(text))
      case .number(let digits):
        guard let whole = Int64(digits) else {
          throw TapeDamage(line: line, expected: "a whole number")
        }
        row.append(.whole(whole))
      case .array(let parts):
        if let real = parts.first?.text.flatMap({ Double($0) }) {
          row.append(.real(real))
        } else if let hex = parts.dropFirst().first?.text, let bytes = TapeText.bytes(of: hex) {
          row.append(.bytes(bytes))
        } else if let count = parts.dropFirst().first?.whole, count > 0, count <= pieces.count {
          row.append(.bytes(Array(pieces.prefix(count).joined())))
          pieces.removeFirst(count)
        } else {
          throw TapeDamage(line: line, expected: "a number or bytes")
        }
      case .flag, .object: throw TapeDamage(line: line, expected: "a value of a row")
      }
    }
    return row
  }
}
