import Foundation
import Testing

/// A folder of candle and funding files in the form in which they are exported, made from a seed.
struct MarketFolder {
  static let startMs = 1_753_056_000_000
  let folder: URL
  private var noise: MarketNoise

  init(_ folder: URL, seed: UInt64) throws {
    self.folder = folder
    noise = MarketNoise(state: seed)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Writes candles of every `minutes`, some left out where `gapEvery` > 0, and returns the lines.
  @discardableResult
  mutating func candles(
    _ coin: String, _ frame: String, minutes: Int, count: Int, gapEvery: Int = 0,
    volumeDecimals: Int = 3
  ) throws -> [String] {
    var lines: [String] = []
    let decimals = noise.next(9)
    let scale = Self.power(decimals)
    var open = (100 + noise.next(90_000)) * (decimals > 3 ? 1 : scale)
    for index in 0..<count {
      let close = max(3, open + noise.next(41) - 20)
      let high = max(open, close) + noise.next(9)
      let low = max(1, min(open, close) - noise.next(9))
      if gapEvery == 0 || noise.next(gapEvery) > 0 {
        let prices = [open, high, low, close].map { Self.decimal($0, decimals) }
        let volume = Self.decimal(noise.next(90_000_000), volumeDecimals)
        lines.append(
          "\(Self.startMs + index * minutes * 60_000),\(prices.joined(separator: ",")),\(volume)")
      }
      open = close
    }
    try write(lines, header: "timestamp_ms,open,high,low,close,volume", to: "\(coin)-\(frame).csv")
    return lines
  }

  /// Writes hourly rates, some left out.
  mutating func funding(_ coin: String, count: Int) throws {
    var lines: [String] = []
    for hour in 0..<count where noise.next(7) > 0 {
      let rate = noise.next(2_000_001) - 1_000_000
      let text = (rate < 0 ? "-" : "") + Self.decimal(abs(rate), 12)
      lines.append("\(Self.startMs + hour * 3_600_000),\(text)")
    }
    try write(lines, header: "timestamp_ms,funding_rate", to: "\(coin)-funding-1h.csv")
  }

  /// Writes a file of lines.
  func write(_ lines: [String], header: String, to name: String) throws {
    try Data(([header] + lines).map { $0 + "\n" }.joined().utf8)
      .write(to: folder.appending(path: name))
  }

  /// A whole number of steps as a decimal without trailing zeros.
  static func decimal(_ steps: Int, _ decimals: Int) -> String {
    let digits = String(steps)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    var fraction = padded.suffix(decimals)
    while fraction.last == "0" { fraction.removeLast() }
    let whole = padded.dropLast(decimals)
    return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
  }

  private static func power(_ exponent: Int) -> Int {
    (0..<exponent).reduce(1) { value, _ in value * 10 }
  }
}

/// SplitMix64.
struct MarketNoise {
  var state: UInt64

  /// A number from 0 to limit − 1.
  mutating func next(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
  }
}
