/// A table of a report: a first column of names, and columns that line up on the right.
///
/// Where the width is limited, columns that do not fit stand in further blocks below, each with
/// the names again, so that nothing is left out.
struct BacktestTable: Sendable, Equatable {
  /// The heading; empty = none.
  let title: String
  /// Titles of the columns; the first is that of the names.
  let columns: [String]
  /// Columns of words: they line up on the left.
  var words: Set<Int> = [0]
  /// One text per column.
  private(set) var rows: [[String]] = []

  init(_ title: String, _ columns: [String], words: Set<Int> = [0]) {
    self.title = title
    self.columns = columns
    self.words = words
  }

  /// Adds a row of one text per column.
  mutating func add(_ row: [String]) {
    precondition(row.count == columns.count, "expected \(columns.count) cells, was \(row.count)")
    rows.append(row)
  }

  /// The least width of the names.
  private static let leastNames = 10
  /// Spaces between two columns.
  private static let gap = 2

  /// The table as lines without trailing spaces, indented by two.
  func text(width: Int?) -> String {
    var widths = columns.indices.map { column in
      (rows + [columns]).map { Self.width(of: $0[column]) }.max() ?? 0
    }
    let widest = widths.dropFirst().max() ?? 0
    if let width {
      let room = width - 2 - (widest > 0 ? Self.gap + widest : 0)
      widths[0] = min(widths[0], max(Self.leastNames, room))
    }
    let blocks = blocks(of: widths, width: width)
    let body = blocks.map { block in
      // Rows that say nothing in this block are left out of it.
      let shown = rows.filter { row in block.isEmpty || block.contains { row[$0] != "" } }
      return ([columns] + shown).map { line($0, block, widths, limit: width) }.joined()
    }.joined(separator: "\n")
    return (title.isEmpty ? "" : title + "\n") + body
  }

  /// The table in Markdown.
  var markdown: String {
    let rules = columns.indices.map { words.contains($0) ? ":--" : "--:" }
    let lines = ([columns, rules] + rows).enumerated().map { index, row in
      "| " + row.map { index == 1 ? $0 : Self.markdown($0) }.joined(separator: " | ") + " |\n"
    }
    return (title.isEmpty ? "" : "## \(BacktestWords.markdown(title))\n\n") + lines.joined()
  }

  /// A cell in Markdown, where spaces do not show that a line belongs to the one above.
  private static func markdown(_ cell: String) -> String {
    cell.hasPrefix("  ")
      ? "↳ " + BacktestWords.markdown(String(cell.dropFirst(2))) : BacktestWords.markdown(cell)
  }

  /// Columns that stand beside each other, the names left out.
  private func blocks(of widths: [Int], width: Int?) -> [[Int]] {
    var blocks: [[Int]] = [[]]
    var used = 0
    for column in columns.indices.dropFirst() {
      let more = Self.gap + widths[column]
      if let width, !(blocks.last ?? []).isEmpty, 2 + widths[0] + used + more > width {
        blocks.append([])
        used = 0
      }
      blocks[blocks.count - 1].append(column)
      used += more
    }
    return blocks
  }

  private func line(_ row: [String], _ block: [Int], _ widths: [Int], limit: Int?) -> String {
    var line = "  "
    for column in [0] + block {
      if column > 0 { line += String(repeating: " ", count: Self.gap) }
      let cell = Self.cut(BacktestWords.line(row[column]), to: widths[column])
      let padding = String(repeating: " ", count: max(0, widths[column] - Self.width(of: cell)))
      line += words.contains(column) ? cell + padding : padding + cell
    }
    while line.last == " " { line.removeLast() }
    return Self.cut(line, to: limit ?? .max) + "\n"
  }
}

extension BacktestTable {
  /// Columns that a text takes: two for each character of East Asian width and each pictograph.
  static func width(of text: String) -> Int { text.reduce(0) { $0 + width(of: $1) } }

  /// A text of at most so many columns; what is cut off ends in `…`.
  static func cut(_ text: String, to width: Int) -> String {
    guard self.width(of: text) > width else { return text }
    var used = 1
    let kept = text.prefix {
      used += self.width(of: $0)
      return used <= width
    }
    return kept + "…"
  }

  /// Lines of at most so many columns, broken between words; what follows is indented by four.
  static func wrapped(_ text: String, to width: Int?) -> String {
    guard let width, self.width(of: text) > width else { return text }
    var lines: [String] = []
    var current = ""
    for word in text.split(separator: " ") {
      let joined = current.isEmpty ? String(word) : current + " " + word
      if current.isEmpty || self.width(of: joined) <= width {
        current = joined
      } else {
        lines.append(current)
        current = "    " + word
      }
    }
    return (lines + [current]).map { cut($0, to: width) }.joined(separator: "\n")
  }

  private static func width(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case ..<0x1100: return 1
    // Unicode Standard Annex 11, in rough blocks.
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
