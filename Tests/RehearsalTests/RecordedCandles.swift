import Foundation
import Testing

/// Candles of a made-up week, written as files of the recorded market: 1m candles and hourly
/// funding of BTC and ETH over eight hours from 2025-07-21T00:00Z.
struct RecordedCandles {
  static let startMs = 1_753_056_000_000
  static let minutes = 480
  let folder: URL

  /// Writes the files; the same seed writes the same bytes.
  init(in folder: URL, seed: UInt64 = 11) throws {
    self.folder = folder
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var noise = Noise(state: seed)
    for (coin, price, decimals) in [("BTC", 1_180_000, 1), ("ETH", 371_500, 2)] {
      try Self.candles(from: price, decimals: decimals, &noise).write(
        to: folder.appending(path: "\(coin)-1m.csv"), atomically: true, encoding: .utf8)
      try Self.funding(&noise).write(
        to: folder.appending(path: "\(coin)-funding-1h.csv"), atomically: true, encoding: .utf8)
    }
  }

  /// Takes lines out of a file; the header is line 1.
  func removeLines(_ lines: ClosedRange<Int>, of file: String) throws {
    try change(file) { text in
      text.enumerated().filter { !lines.contains($0.offset + 1) }.map(\.element)
    }
  }

  /// Replaces a line of a file; the header is line 1.
  func replaceLine(_ line: Int, of file: String, by text: String) throws {
    try change(file) { lines in
      lines.enumerated().map { $0.offset + 1 == line ? text : $0.element }
    }
  }

  private func change(_ file: String, _ body: ([String]) -> [String]) throws {
    let url = folder.appending(path: file)
    let lines = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
    try body(lines).joined(separator: "\n").write(to: url, atomically: true, encoding: .utf8)
  }

  /// A random walk in steps of at most 0.15 % a minute that leans up for a while, then down.
  private static func candles(from price: Int, decimals: Int, _ noise: inout Noise) -> String {
    var text = "timestamp_ms,open,high,low,close,volume\n"
    var open = price
    for minute in 0..<minutes {
      let lean = minute / 120 % 2 == 0 ? price / 8000 : -price / 8000
      let close = open + noise.next(within: price / 700) + lean
      let high = max(open, close) + abs(noise.next(within: price / 3000))
      let low = min(open, close) - abs(noise.next(within: price / 3000))
      let prices = [open, high, low, close].map { decimal($0, decimals) }
      text += "\(startMs + minute * 60_000),\(prices.joined(separator: ",")),"
      text += "\(50 + abs(noise.next(within: 40)))\n"
      open = close
    }
    return text
  }

  private static func funding(_ noise: inout Noise) -> String {
    var text = "timestamp_ms,funding_rate\n"
    for hour in 0...(minutes / 60) {
      text += "\(startMs + hour * 3_600_000),0.0000\(10 + abs(noise.next(within: 80)))\n"
    }
    return text
  }

  private static func decimal(_ value: Int, _ decimals: Int) -> String {
    let scale = decimals == 1 ? 10 : 100
    let rest = "\(value % scale)"
    return "\(value / scale)."
      + String(repeating: "0", count: decimals - rest.count) + rest
  }

  /// SplitMix64.
  private struct Noise {
    var state: UInt64

    /// A number from -limit to limit.
    mutating func next(within limit: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((mixed ^ (mixed >> 31)) % UInt64(2 * limit + 1)) - limit
    }
  }
}

/// A stage with the shipped example for recorded candles, cut down to two coins.
final class RecordedStage {
  let rehearsal: Rehearsal
  let candles: RecordedCandles

  init() throws {
    rehearsal = try Rehearsal()
    candles = try RecordedCandles(in: rehearsal.folder.appending(path: "candles"))
    try rehearsal.ownConfig(
      from: Repository.root.appending(path: "config/examples/recorded"))
    for file in ["manager.yaml", "market.yaml"] {
      try rehearsal.edit(file, "[BTC, ETH, SOL, BNB, XRP, DOGE]", "[BTC, ETH]")
    }
  }

  /// Runs a command line with the candles' folder in the environment.
  func run(_ arguments: String..., candles folder: String? = nil) throws -> Rehearsal.Ending {
    try rehearsal.finish(
      try rehearsal.start(
        arguments, environment: ["NOF0_CANDLES": folder ?? candles.folder.path]))
  }
}
