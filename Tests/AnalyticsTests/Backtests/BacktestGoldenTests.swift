import Analytics
import ArenaTesting
import Foundation
import Testing

@Suite("A report of a back-test")
struct BacktestGoldenTests {
  /// The golden files stand beside the tests of the room.
  private static let file = URL(filePath: #filePath).deletingLastPathComponent().path

  private func check(_ bytes: [UInt8], _ name: String) {
    Golden.check(bytes, name: name, file: Self.file)
  }

  @Test func isJSONToTheByte() throws {
    check(BacktestReport.make(from: try SampleBacktest.arena()).json(), "backtest.json")
  }

  @Test func isMarkdownToTheByte() throws {
    let report = BacktestReport.make(from: try SampleBacktest.arena())

    check(Array(report.markdown().utf8), "backtest.md")
  }

  @Test func isAPictureToTheByte() throws {
    check(Array(BacktestReport.make(from: try SampleBacktest.arena()).svg.utf8), "backtest.svg")
  }

  @Test(arguments: [nil, 60, 100])
  func isTextToTheByte(width: Int?) throws {
    let report = BacktestReport.make(from: try SampleBacktest.arena())
    let name = width.map { "backtest-\($0).txt" } ?? "backtest.txt"

    check(Array(report.text(width: width).utf8), name)
  }
}
