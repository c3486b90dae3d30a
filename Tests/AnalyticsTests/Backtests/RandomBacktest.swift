import Analytics
import Testing
import Trading

/// Back-tests of chance: gaps in time, lulls, ruin, trades of all kinds; the same for a seed.
enum RandomBacktest {
  static func record(seed: UInt64) throws -> BacktestRecord {
    var random = SeededGenerator(seed: seed)
    let count = 1 + random.below(400)
    var ms = 1_752_900_000_000 + Int64(random.below(86_400)) * 1000
    let step = Int64([180_000, 900_000, 7_200_000, 50_000_000][random.below(4)])
    var times: [Int64] = []
    for _ in 0..<count {
      times.append(ms)
      ms += random.below(30) == 0 ? step * 40 : step
    }
    let names = ["alpha", "beta", "gamma"].prefix(1 + random.below(3))
    let traders = try names.map { try trader($0, times, &random) }
    return BacktestRecord(
      source: "chance", isSynthetic: true, timesMs: times, traders: traders, coins: [],
      cycles: count, traderCycles: count * traders.count, engine: "cycle",
      fillRule: "last_close", notices: [])
  }

  private static func trader(
    _ name: String, _ times: [Int64], _ random: inout SeededGenerator
  ) throws -> BacktestTrader {
    var trader = BacktestTrader(
      id: try #require(TraderID(name)), name: name, executor: "chance",
      start: USD(whole: Int64(1 + random.below(20_000))))
    var e8 = trader.start.mantissa
    let swing = trader.start.mantissa / 10 + 1
    for _ in times {
      if random.below(3) > 0 { e8 += Int64(random.next() % UInt64(2 * swing)) - swing }
      trader.equity.append(e8)
    }
    let first = times.first ?? 0
    let length = max(1, (times.last ?? 0) - first)
    for number in 0..<random.below(40) {
      let opened = first + Int64(random.next() % UInt64(length))
      let closed = opened + Int64(random.next() % UInt64(length))
      trader.trades.append(
        try trade(trader.id, PositionNumber(number + 1), opened, closed, &random))
    }
    trader.trades.sort { ($0.closedAt, $0.position) < ($1.closedAt, $1.position) }
    for rule in ["confidence_low", "geometry", "kill_switch"] where random.below(2) == 0 {
      trader.rejections[rule] = 1 + random.below(9)
    }
    trader.fees = USD(mantissa: Int64(random.below(1_000_000)))
    trader.decisions = ["hold": random.below(100)]
    return trader
  }

  private static func trade(
    _ id: TraderID, _ number: PositionNumber, _ opened: Int64, _ closed: Int64,
    _ random: inout SeededGenerator
  ) throws -> Trade {
    let entry = 1000 + random.below(1000)
    let change = random.below(3) == 0 ? 2 : random.below(201) - 100
    let side: PositionSide = random.below(2) == 0 ? .long : .short
    return Trade(
      position: number, trader: id,
      coin: try #require(Coin(["BTC", "ETH", "SOL"][random.below(3)])),
      side: side, size: try #require(Quantity("2")), entryNotional: USD(whole: Int64(entry)),
      exitNotional: USD(whole: Int64(side == .long ? entry + change : entry - change)),
      entryFees: USD(whole: 1), exitFees: USD(whole: 1),
      funding: USD(mantissa: Int64(random.below(2001) - 1000)), openedAt: Timestamp(ms: opened),
      closedAt: Timestamp(ms: closed), entryOrderID: 1, entryFillID: 1, exitOrderID: 2,
      exitFillID: 2, exitCause: FillCause.allCases[random.below(FillCause.allCases.count)],
      claim: EntryClaim(
        cycle: 1, leverage: random.below(20), confidence: nil, riskUSD: .zero,
        exitPlan: ExitPlan(stop: nil, target: nil)))
  }
}
