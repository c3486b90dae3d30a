import Trading

/// Columns of text that line up, for people.
///
/// Where the width is limited, columns that matter less are left out, the one with the least to
/// say is shortened, and lines end in `…` rather than break.
struct TextTable {
  /// How a column is aligned.
  enum Alignment {
    case left
    case right
  }

  /// One column.
  struct Column {
    let title: String
    let alignment: Alignment
    /// Which columns are left out first where there is little room: the greatest numbers; 0 = it
    /// stays.
    var drop = 0
    /// Characters that it can be shortened to, with `…` at the end; `nil` = it is not.
    var least: Int?

    init(_ title: String, _ alignment: Alignment, drop: Int = 0, least: Int? = nil) {
      self.title = title
      self.alignment = alignment
      self.drop = drop
      self.least = least
    }
  }

  private let columns: [Column]
  private var rows: [Row] = []

  private struct Row {
    let cells: [String]
    let tints: [Int: Tint]
  }

  init(_ columns: [(title: String, alignment: Alignment)]) {
    self.init(columns: columns.map { Column($0.title, $0.alignment) })
  }

  init(columns: [Column]) { self.columns = columns }

  /// Adds a row of one text per column; `tints` by the index of the column.
  mutating func add(_ row: [String], tints: [Int: Tint] = [:]) {
    precondition(
      row.count == columns.count, "expected \(columns.count) cells, was \(row.count)")
    rows.append(Row(cells: row, tints: tints))
  }

  /// The table as lines without trailing spaces, indented by two.
  func render(_ style: TextStyle = .plain) -> String {
    let titles = Row(
      cells: columns.map(\.title),
      tints: Dictionary(uniqueKeysWithValues: columns.indices.map { ($0, .strong) }))
    let all = [titles] + rows
    let natural = columns.indices.map { column in
      all.map { Readable.columns($0.cells[column]) }.max() ?? 0
    }
    let shown = fitting(natural, style.width)
    return all.map { line(of: $0, shown, style) }.joined()
  }

  /// The columns that fit, with their widths.
  private func fitting(_ natural: [Int], _ width: Int?) -> [(column: Int, width: Int)] {
    var shown = columns.indices.map { (column: $0, width: natural[$0]) }
    // Cells have a space on either side; the last one of a line ends with it.
    func total(_ widths: [Int]) -> Int { widths.reduce(0) { $0 + $1 + 2 } }
    guard let width, total(natural) > width else { return shown }
    func shortest(_ column: Int) -> Int {
      min(natural[column], columns[column].least ?? natural[column])
    }
    while total(shown.map { shortest($0.column) }) > width,
      let worst = shown.max(by: { columns[$0.column].drop < columns[$1.column].drop }),
      columns[worst.column].drop > 0
    {
      shown.removeAll { $0.column == worst.column }
    }
    for index in shown.indices.reversed() {
      let excess = total(shown.map(\.width)) - width
      guard excess > 0 else { break }
      let column = shown[index].column
      shown[index].width = max(shortest(column), shown[index].width - excess)
    }
    return shown
  }

  private func line(
    of row: Row, _ shown: [(column: Int, width: Int)], _ style: TextStyle
  ) -> String {
    var line = ""
    var used = 0
    // Spaces are written when something follows them.
    var spaces = 1
    for (column, width) in shown {
      let cell = Readable.cut(row.cells[column], to: width)
      let length = Readable.columns(cell)
      let padding = width - length
      let isRight = columns[column].alignment == .right
      spaces += 1 + (isRight ? padding : 0)
      if length > 0 {
        let room = (style.width ?? .max) - used - spaces
        guard room > 0 else { break }
        line += String(repeating: " ", count: spaces)
        line += style.tinted(Readable.cut(cell, to: room), row.tints[column])
        used += spaces + length
        spaces = 0
      }
      spaces += 1 + (isRight ? 0 : padding)
    }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }
}
