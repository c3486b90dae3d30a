import Analytics
import Foundation
import Testing
import Trading

/// The curve and the round trips of `Golden/make_backtest.py`.
struct MadeUpBacktest {
  private var state: UInt64 = 20_250_720

  private mutating func draw(_ bound: UInt64) -> Int64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int64((state >> 33) % bound)
  }

  private static func cents(_ cents: Int64) -> USD { USD(mantissa: cents * 1_000_000) }

  /// The record.
  static func record() throws -> BacktestRecord {
    var made = MadeUpBacktest()
    let start: Int64 = 1_752_988_500_000
    let minute: Int64 = 60_000
    var cents: [Int64] = [1_000_000]
    for _ in 1..<(96 * 47 + 30) { cents.append((cents.last ?? 0) + made.draw(4001) - 1985) }
    let id = try #require(TraderID("alpha"))
    var trader = BacktestTrader(
      id: id, name: "Alpha", executor: "made_up", start: USD(whole: 10_000))
    trader.equity = cents.map { $0 * 1_000_000 }
    for index in 0..<70 as Range<Int64> {
      trader.trades.append(try made.trade(index, id, start: start, minute: minute))
    }
    trader.trades.sort { $0.closedAt < $1.closedAt }
    let times = cents.indices.map { (index: Int) -> Int64 in start + Int64(index) * 15 * minute }
    return BacktestRecord(
      source: "made up", isSynthetic: true, timesMs: times, traders: [trader], coins: [],
      cycles: cents.count, traderCycles: cents.count, engine: "cycle", fillRule: "next_open",
      notices: [])
  }

  private mutating func trade(
    _ index: Int64, _ id: TraderID, start: Int64, minute: Int64
  ) throws -> Trade {
    let entry = 100_000 + draw(400_000)
    let change = draw(20_001) - 9_800
    let opened = start + (index * 16 * 60 + draw(900)) * minute
    let closed = opened + (1 + draw(3_000)) * minute
    let side: PositionSide = draw(2) == 0 ? .long : .short
    let coin = try #require(Coin(["BTC", "ETH", "SOL"][Int(draw(3))]))
    let cause = [FillCause.order, .stop, .target, .liquidation][Int(draw(4))]
    let leverage = Int(1 + draw(20))
    let funding = draw(101) - 50
    return Trade(
      position: index + 1, trader: id, coin: coin, side: side,
      size: try #require(Quantity("1")), entryNotional: Self.cents(entry),
      exitNotional: Self.cents(side == .long ? entry + change : entry - change),
      entryFees: Self.cents(45), exitFees: Self.cents(45), funding: Self.cents(funding),
      openedAt: Timestamp(ms: opened), closedAt: Timestamp(ms: closed), entryOrderID: 1,
      entryFillID: 1, exitOrderID: 2, exitFillID: 2, exitCause: cause,
      claim: EntryClaim(
        cycle: 1, leverage: leverage, confidence: nil, riskUSD: .zero,
        exitPlan: ExitPlan(stop: nil, target: nil)))
  }

  /// The figures by their keys.
  static func references() throws -> [String: Double] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/backtest-reference.csv")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
    return try Dictionary(
      uniqueKeysWithValues: lines.map { line in
        let parts = line.split(separator: ",")
        return (String(parts[0]), try #require(Double(parts[1])))
      })
  }
}
