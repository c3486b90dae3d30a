import Foundation
import Testing

/// The rows of Golden/significance.csv, which numpy, scipy and arch made.
struct SignificanceReferences {
  struct Row {
    let kind: String
    let parameter: String
    let x: Double
    let value: Double
  }

  let rows: [Row]

  init(path: String = #filePath) throws {
    let folder = URL(filePath: path).deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(
      contentsOf: folder.appending(path: "Golden/significance.csv"), encoding: .utf8)
    rows = try text.split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      try #require(cells.count == 4, "\(line)")
      return Row(
        kind: cells[0], parameter: cells[1], x: try #require(Double(cells[2])),
        value: try #require(Double(cells[3])))
    }
  }

  func of(_ kind: String) -> [Row] { rows.filter { $0.kind == kind } }

  /// The made-up series by name.
  var series: [String: [Double]] {
    Dictionary(grouping: of("series"), by: \.parameter).mapValues { $0.map(\.value) }
  }
}

/// Whether two numbers are equal up to this share of the expected one (or of 1e-300).
func isClose(_ was: Double, _ expected: Double, within share: Double) -> Bool {
  was == expected || (was - expected).magnitude <= share * max(1e-300, expected.magnitude)
}
