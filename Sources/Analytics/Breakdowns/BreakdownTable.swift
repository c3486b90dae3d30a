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
  mutating func add(_ key: String, count: Int) {
    entries.append(Entry(key: key, figure: .count(count)))
  }

  /// Adds the average and the deviation of values as `avg_KEY` and `std_KEY`.
  mutating func addSpread(_ key: String, of values: [Double]) {
    add("avg_\(key)", Sample.average(values))
    add("std_\(key)", Sample.deviation(values))
  }

  /// Adds the average, median and deviation of values as `avg_KEY`, `median_KEY` and `std_KEY`.
  mutating func addDistribution(_ key: String, of values: [Double]) {
    addSpread(key, of: values)
    add("median_\(key)", Sample.median(values))
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

/// Statistics of a sample as the tables want them.
enum Sample {
  /// The mean; 0 of nothing.
  static func average(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// The standard deviation with n − 1; 0 below two values.
  static func deviation(_ values: [Double]) -> Double {
    guard values.count >= 2 else { return 0 }
    let mean = average(values)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The middle value, or the mean of the two in the middle; 0 of nothing.
  static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// A part of a whole in per cent, never above 100 for parts within it; 0 of nothing.
  static func percent(_ part: Double, of whole: Double) -> Double {
    whole == 0 ? 0 : 100 * (part / whole)
  }
}
