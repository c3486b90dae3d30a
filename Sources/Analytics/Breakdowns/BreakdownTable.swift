import Trading

/// One table of a trader's analytics: named numbers.
///
/// In all tables standard deviations are those of samples (n − 1) and 0 below two values; averages
/// and medians of nothing are 0; minutes have their fraction.
package struct BreakdownTable: Sendable, Equatable {
  /// The table's key in the exports, for example `fee_pnl_moves_breakdown_table`.
  package let name: String
  /// The numbers with their keys, in the order they were added.
  private(set) var entries: [Entry] = []
  /// The numbers by their keys.
  package var figures: [String: Figure] {
    Dictionary(entries.map { ($0.key, $0.figure) }) { _, last in last }
  }

  /// A number and its key.
  struct Entry: Sendable, Equatable {
    let key: String
    let figure: Figure
  }

  /// A number of a table.
  package enum Figure: Sendable, Equatable {
    /// A whole number, written without a point.
    case count(Int)
    /// Any other number.
    case statistic(Double)

    /// The number.
    package var double: Double {
      switch self {
      case .count(let count): Double(count)
      case .statistic(let number): number
      }
    }
  }

  /// A table without numbers yet.
  init(name: String) { self.name = name }

  /// Adds a number.
  mutating func add(_ key: String, _ number: Double) {
    entries.append(Entry(key: key, figure: .statistic(number)))
  }

  /// Adds a whole number.
  mutating func add(_ key: String, count: Int64) {
    entries.append(Entry(key: key, figure: .count(Int(count))))
  }

  /// Adds the average and the deviation of numbers as `avg_KEY` and `std_KEY`.
  mutating func addSpread(_ key: String, _ numbers: Spread) {
    add("avg_\(key)", numbers.mean)
    add("std_\(key)", numbers.deviation ?? 0)
  }

  /// Adds the average and the deviation of amounts in quoted dollars.
  mutating func addSpread(
    _ key: String, _ sum: ExactSum, _ amounts: Spread, scale: DollarScale
  ) {
    add("avg_\(key)", amounts.count == 0 ? 0 : scale(sum) / Double(amounts.count))
    add("std_\(key)", (amounts.deviation ?? 0) * scale.factor)
  }

  /// Adds the average and the deviation of whole numbers, as parts of a unit.
  mutating func addSpread(_ key: String, _ numbers: Histogram, dividedBy unit: Double = 1) {
    add("avg_\(key)", numbers.average / unit)
    add("std_\(key)", numbers.deviation / unit)
  }

  /// A part of a whole in per cent, never above 100 for parts within it; 0 of nothing.
  static func percent(_ part: Double, of whole: Double) -> Double {
    whole == 0 ? 0 : 100 * (part / whole)
  }
}

extension CanonicalJSON {
  /// Writes a table as a field of its name.
  mutating func table(_ table: BreakdownTable) {
    object(table.name) { json in
      // The keys are ASCII, so they sort as their bytes do.
      for entry in table.entries.sorted(by: { $0.key < $1.key }) {
        switch entry.figure {
        case .count(let count): json.field(entry.key, count)
        case .statistic(let number): json.field(entry.key, number)
        }
      }
    }
  }
}
