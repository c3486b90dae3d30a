import Foundation
import Market

/// A CSV file of numbers with a header, read column by column.
struct IndicatorTable {
  let columns: [String: [Double?]]
  let timesMs: [Int64]

  /// The columns of a text; empty cells are absent values.
  init(csv: String) throws {
    let lines = csv.split(separator: "\n", omittingEmptySubsequences: true)
    guard let first = lines.first else { throw Unreadable(reason: "expected a header, was empty") }
    let names = first.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var columns = [[Double?]](repeating: [], count: names.count)
    var times: [Int64] = []
    for (row, line) in lines.dropFirst().enumerated() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      guard cells.count == names.count else {
        throw Unreadable(reason: "row \(row): expected \(names.count) cells, was \(cells.count)")
      }
      for (column, cell) in cells.enumerated() {
        let number = Double(cell)
        guard cell.isEmpty || number != nil else {
          throw Unreadable(reason: "row \(row), \(names[column]): expected a number, was \(cell)")
        }
        columns[column].append(number)
        if names[column] == "timestamp_ms", let time = Int64(cell) { times.append(time) }
      }
    }
    self.columns = Dictionary(uniqueKeysWithValues: zip(names, columns))
    timesMs = times
  }

  /// A column that must be there.
  func column(_ name: String) throws -> [Double?] {
    guard let column = columns[name] else {
      throw Unreadable(reason: "expected a column \(name), was none")
    }
    return column
  }

  /// The candles of the table, without empty cells.
  func candles() throws -> IndicatorInput {
    IndicatorInput(
      timesMs: timesMs, highs: try column("high").compactMap(\.self),
      lows: try column("low").compactMap(\.self), closes: try column("close").compactMap(\.self),
      volumes: try column("volume").compactMap(\.self))
  }

  struct Unreadable: Error {
    let reason: String
  }
}

/// Where the tests find their files.
enum IndicatorFiles {
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden")

  /// The shared data beside the package, or where `NOF0_SHARED` says.
  private static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["NOF0_SHARED"] { return URL(filePath: path) }
    let root = golden.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return root.deletingLastPathComponent().appending(path: "shared")
  }()

  static var hasSharedIndicators: Bool {
    let needed = [
      shared.appending(path: "data/indicators").path,
      shared.appending(path: "data/candles/hyperliquid").path, "/usr/bin/gzip",
    ]
    return needed.allSatisfy { FileManager.default.fileExists(atPath: $0) }
  }

  /// A table of the golden folder.
  static func golden(_ name: String) throws -> IndicatorTable {
    try table(golden.appending(path: name))
  }

  /// The shared reference of a market such as `BTC-5m`.
  static func sharedIndicators(_ market: String) throws -> IndicatorTable {
    try table(shared.appending(path: "data/indicators/hl-\(market).indicators.csv"))
  }

  /// The full series that the shared reference was computed from.
  static func sharedCandles(_ market: String) throws -> IndicatorInput {
    let file = shared.appending(path: "data/candles/hyperliquid/\(market).csv.gz")
    return try table(gzip: file).candles()
  }

  private static func table(_ file: URL) throws -> IndicatorTable {
    try IndicatorTable(csv: String(contentsOf: file, encoding: .utf8))
  }

  private static func table(gzip file: URL) throws -> IndicatorTable {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/gzip")
    process.arguments = ["-dc", file.path]
    process.standardOutput = pipe
    try process.run()
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw IndicatorTable.Unreadable(reason: "gzip -dc \(file.path) failed")
    }
    return try IndicatorTable(csv: String(decoding: bytes, as: UTF8.self))
  }
}

/// The first row where two columns differ by more than 1e-9 of the expected value, told in words.
///
/// Differences up to 1e-12 are rounding near zero. An absent value only agrees with an absent one.
func firstDifference(_ name: String, was: [Double?], expected: [Double?]) -> String? {
  guard was.count == expected.count else {
    return "\(name): expected \(expected.count) rows, was \(was.count)"
  }
  for row in expected.indices where !agrees(was[row], expected[row]) {
    return "\(name), row \(row): expected \(text(expected[row])), was \(text(was[row]))"
  }
  return nil
}

private func agrees(_ was: Double?, _ expected: Double?) -> Bool {
  guard let was, let expected else { return was == nil && expected == nil }
  return (was - expected).magnitude <= max(1e-9 * expected.magnitude, 1e-12)
}

private func text(_ value: Double?) -> String {
  value.map(String.init(describing:)) ?? "no value"
}
