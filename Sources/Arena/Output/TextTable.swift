import Trading

/// Columns of text that line up, for people.
struct TextTable {
  /// How a column is aligned.
  enum Alignment {
    case left
    case right
  }

  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

  /// Adds a row of one text per column.
  mutating func add(_ row: [String]) {
    precondition(
      row.count == columns.count, "expected \(columns.count) cells, was \(row.count)")
    rows.append(row)
  }

  /// The table as lines without trailing spaces, indented by two.
  func render() -> String {
    let all = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      var line = " "
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += " " + (columns[column].alignment == .left ? cell + padding : padding + cell) + " "
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}

/// Numbers as people read them.
package enum Readable {
  /// Dollars with two decimals and thousands separators: `12,345.68`.
  static func usd(_ amount: USD) -> String {
    let cents = ExactMath.divide(Int128(amount.mantissa), by: 1_000_000, .halfEven)
    let magnitude = cents.magnitude
    let decimals = Int(magnitude % 100)
    let sign = cents < 0 ? "-" : ""
    return sign + grouped(UInt64(magnitude / 100)) + (decimals < 10 ? ".0" : ".") + "\(decimals)"
  }

  /// Per cent with two decimals and a sign: `+1.25 %`.
  static func signedPct(_ pct: Double) -> String {
    let hundredths = (abs(pct) * 100).rounded()
    guard hundredths < 1e15 else { return pct < 0 ? "-∞ %" : "+∞ %" }
    let whole = Int64(hundredths)
    let decimals = whole % 100
    let sign = pct < 0 && whole > 0 ? "-" : "+"
    return "\(sign)\(whole / 100).\(decimals < 10 ? "0" : "")\(decimals) %"
  }

  /// A number with two decimals: `1.25`.
  static func decimals2(_ value: Double) -> String {
    String(signedPct(value).dropLast(2).drop { $0 == "+" })
  }

  private static func grouped(_ value: UInt64) -> String {
    var digits = String(value)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }
}
