import Foundation

/// Candles of BTC and ETH from 2025-07-21T18:00Z on that rise for five hours, fall by a quarter
/// within the next half, and rise until 02:00: files of the recorded market.
enum FallingCandles {
  static let startMs = 1_753_120_800_000
  static let minutes = 480

  /// Writes the files and returns their folder.
  static func write(in folder: URL) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (coin, price) in [("BTC", 118_000), ("ETH", 3_715)] {
      try candles(from: price * 10).write(
        to: folder.appending(path: "\(coin)-1m.csv"), atomically: true, encoding: .utf8)
      let funding = (0...(minutes / 60)).map { "\(startMs + $0 * 3_600_000),0.0000125\n" }
      try ("timestamp_ms,funding_rate\n" + funding.joined()).write(
        to: folder.appending(path: "\(coin)-funding-1h.csv"), atomically: true, encoding: .utf8)
    }
    return folder.path
  }

  /// Prices in tenths of a dollar.
  private static func candles(from price: Int) -> String {
    var text = "timestamp_ms,open,high,low,close,volume\n"
    var open = price
    for minute in 0..<minutes {
      // In steps of a hundred-thousandth, with some zigzag.
      let lean = (300..<330).contains(minute) ? -800 : 40
      let close = open + open * (lean + (minute * 7 % 5 - 2) * 12) / 100_000
      let prices = [open, max(open, close), min(open, close), close].map { "\($0 / 10).\($0 % 10)" }
      text += "\(startMs + minute * 60_000),\(prices.joined(separator: ",")),50\n"
      open = close
    }
    return text
  }
}
