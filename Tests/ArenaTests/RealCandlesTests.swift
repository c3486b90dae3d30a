import Arena
import ArenaTesting
import Exchanges
import Foundation
import Journal
import Market
import Testing
import Trading

/// Where the real candles for development lie; they are not part of the repository.
private let realDirectory: String = {
  let shared =
    ProcessInfo.processInfo.environment["NOF0_SHARED"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../../shared"
  return shared + "/data/candles/hyperliquid"
}()

@Suite(
  "Buy and hold on real candles",
  .enabled(
    if: FileManager.default.fileExists(atPath: realDirectory + "/BTC-1m.csv.gz"),
    "set NOF0_SHARED to the directory that holds data/candles/hyperliquid"))
struct RealCandlesTests {
  private static let coins = ["BTC", "ETH", "SOL"]
  /// Decimals of a size, and of a price at the size of July 2025: BTC 118,148, ETH 3,7xx, SOL 19x.
  private static let sizeDecimals = ["BTC": 5, "ETH": 4, "SOL": 2]
  private static let hours: Int64 = 6

  /// The venue's arithmetic once more, from the rows of the files, in units of 1e-8 dollars:
  /// 98 % split three ways, sized at mid + 5 bps on the price grid, filled at mid + 1 bp + slippage
  /// of 2 bps per 100,000 USD, 4.5 bps fee, funding at each full hour on the close of that minute.
  @Test func equalsTheRowsOfTheFiles() async throws {
    let market = try RecordedMarketData(
      id: provider("market"), directory: realDirectory, coins: Self.coins.map(coin),
      knownUntil: nil)
    let bench = try CycleBench(
      [CycleBench.holder("hodl", symbols: "[BTC, ETH, SOL]")], market: market)

    for turn in 0...(Self.hours * 20) {
      try await bench.run(at: CycleBench.noon + .minutes(3) * turn)
    }

    let end = CycleBench.noon + .hours(Self.hours)
    var cash = Int128(10_000) * Self.one
    var worth = Int128(0)
    for name in Self.coins {
      let course = try Self.course(of: name)
      cash -= course.fee + course.paid
      worth += course.gain
      let position = try #require(try bench.position(of: "hodl", in: name))
      #expect(Int128(position.size.mantissa) == course.size)
      #expect(Int128(position.entryPrice.mantissa) == course.price)
      #expect(Int128(position.funding.mantissa) == -course.paid)
      #expect(course.paid != 0)
    }
    let points = try bench.store.equityPoints(
      bench.trader("hodl"), from: end, to: end, limit: 1)
    #expect(points.map { Int128($0.equity.mantissa) } == [cash + worth])
    try bench.expectProven()
  }

  private static let one = Int128(100_000_000)

  private struct Course {
    var size: Int128
    var price: Int128
    var fee: Int128
    var paid: Int128
    var gain: Int128
  }

  private static func course(of name: String) throws -> Course {
    let closes = try rows("\(name)-1m").reduce(into: [Int64: Int128]()) { closes, row in
      closes[try #require(Int64(row[0])) + 60_000] = try units(row[4], decimals: 8)
    }
    let mid = try #require(closes[CycleBench.noon.ms])
    let lot = power(8 - (sizeDecimals[name] ?? 0))
    // A third of 9,800 USD, floored to 1e-8; sized at the mid + 5 bps, on the grid.
    let share = 9_800 * one / 3
    let sizing = grid(mid * 10_005, over: 10_000, name)
    let size = share * one / sizing / lot * lot
    let notional = ceiling(mid * size, one)
    let shift = ceiling(2 * one * notional, 100_000 * one)
    let touch = mid + ceiling(mid, 10_000)
    let price = grid(touch + ceiling(mid * shift, 10_000 * one), over: 1, name)
    // Price · size is exact: their decimals add up to at most eight.
    let fee = ceiling(price * size / one * 45, 100_000)
    var paid = Int128(0)
    for row in try rows("\(name)-funding-1h") {
      let hour = try #require(Int64(row[0])) / 3_600_000 * 3_600_000
      guard hour > CycleBench.noon.ms, hour <= CycleBench.noon.ms + hours * 3_600_000 else {
        continue
      }
      let close = try #require(closes[hour])
      let rate = try units(row[1], decimals: 12)
      paid += halfEven(size * close * rate, one * power(12))
    }
    let last = try #require(closes[CycleBench.noon.ms + hours * 3_600_000])
    return Course(
      size: size, price: price, fee: fee, paid: paid, gain: (last - price) * size / one)
  }

  /// The rows of a file, split at commas, without the head.
  private static func rows(_ name: String) throws -> [[Substring]] {
    let zcat = Process()
    zcat.executableURL = URL(fileURLWithPath: "/bin/zcat")
    zcat.arguments = ["\(realDirectory)/\(name).csv.gz"]
    let pipe = Pipe()
    zcat.standardOutput = pipe
    try zcat.run()
    let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
    zcat.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",") }
  }

  /// Decimal text, such as `-6.290844e-05`, in units of 10^−decimals.
  private static func units(_ text: Substring, decimals: Int) throws -> Int128 {
    let isNegative = text.first == "-"
    let halves = text.drop { $0 == "-" }.split(separator: "e")
    let parts = halves[0].split(separator: ".")
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    let exponent = halves.count == 2 ? try #require(Int(halves[1])) : 0
    let zeros = decimals - fraction.count + exponent
    try #require(zeros >= 0, "\(text) has more than \(decimals) decimals")
    let value = try #require(Int128(String(parts[0]) + fraction)) * power(zeros)
    return isNegative ? -value : value
  }

  /// Up to the price grid: whole dollars or five significant digits, at most 6 − size decimals.
  private static func grid(_ value: Int128, over divisor: Int128, _ name: String) -> Int128 {
    let whole = String(value / divisor / one).count
    let decimals = max(0, min(6 - (sizeDecimals[name] ?? 0), 5 - whole))
    let step = power(8 - decimals)
    return ceiling(value, divisor * step) * step
  }

  private static func power(_ exponent: Int) -> Int128 {
    (0..<exponent).reduce(Int128(1)) { value, _ in value * 10 }
  }

  /// For values of at least zero.
  private static func ceiling(_ value: Int128, _ divisor: Int128) -> Int128 {
    (value + divisor - 1) / divisor
  }

  private static func halfEven(_ value: Int128, _ divisor: Int128) -> Int128 {
    let whole = value.magnitude / divisor.magnitude
    let rest = 2 * (value.magnitude % divisor.magnitude)
    let isUp = rest > divisor.magnitude || (rest == divisor.magnitude && whole % 2 == 1)
    let rounded = Int128(whole + (isUp ? 1 : 0))
    return value < 0 ? -rounded : rounded
  }
}
