import Analytics
import Testing
import Trading

/// Back-tests made by hand.
enum SampleBacktest {
  /// 2025-07-20T00:00Z, a Sunday.
  static let start = Timestamp(ms: 1_752_969_600_000)

  /// A trader with these values of equity, in whole dollars.
  static func trader(
    _ name: String, start: Int64, equity: [Int64], trades: [Trade] = []
  ) throws -> BacktestTrader {
    var trader = BacktestTrader(
      id: try #require(TraderID(name)), name: name.uppercased(), executor: "ema_cross",
      start: USD(whole: start))
    trader.equity = equity.map { $0 * exactDecimalScale }
    trader.trades = trades
    for trade in trades {
      trader.cash += trade.net + trade.funding
      trader.fees += trade.entryFees + trade.exitFees
      trader.funding += trade.funding
      trader.volume += trade.entryNotional + trade.exitNotional
      trader.fills += 2
    }
    return trader
  }

  /// A record of these traders, valued every so often.
  static func record(_ traders: [BacktestTrader], every span: Span = .hours(6)) -> BacktestRecord {
    let count = traders.first?.equity.count ?? 0
    let times = (0..<count).map { (index: Int) -> Int64 in (start + span * Int64(index)).ms }
    return BacktestRecord(
      source: "hand-made prices", isSynthetic: true,
      timesMs: times, traders: traders, coins: [],
      cycles: count, traderCycles: count * traders.count, engine: "cycle",
      fillRule: "next_open", notices: [])
  }

  /// A round trip of one coin's size with fees of 1 USD at either end.
  static func trade(
    _ trader: String, _ coin: String, _ side: PositionSide, from entry: Int64, to exit: Int64,
    opened: Span, held: Span, cause: FillCause = .order, funding: String = "0",
    position: PositionNumber = 1, leverage: Int = 5
  ) throws -> Trade {
    Trade(
      position: position, trader: try #require(TraderID(trader)),
      coin: try #require(Coin(coin)), side: side, size: try #require(Quantity("1")),
      entryNotional: USD(whole: entry), exitNotional: USD(whole: exit),
      entryFees: USD(whole: 1), exitFees: USD(whole: 1), funding: try #require(USD(funding)),
      openedAt: start + opened, closedAt: start + opened + held, entryOrderID: position * 10,
      entryFillID: position * 10, exitOrderID: position * 10 + 1,
      exitFillID: position * 10 + 1, exitCause: cause,
      claim: EntryClaim(
        cycle: 1, leverage: leverage, confidence: nil, riskUSD: .zero,
        exitPlan: ExitPlan(stop: nil, target: nil)))
  }

  /// Two traders over nine days, every six hours: one that rises and falls, one that does little.
  static func arena() throws -> BacktestRecord {
    let swings: [Int64] = [0, 90, -150, 40, 300, -60]
    let waves = (0..<36).map { (index: Int) -> Int64 in
      let swing = swings[index % 6] * Int64(1 + index / 6)
      return 10_000 + Int64(index) * 20 + swing
    }
    var alpha = try trader(
      "alpha", start: 10_000, equity: waves,
      trades: [
        trade(
          "alpha", "BTC", .long, from: 5000, to: 5102, opened: .hours(2), held: .hours(30),
          cause: .target, funding: "-1.25"),
        trade(
          "alpha", "ETH", .short, from: 3000, to: 3058, opened: .hours(40), held: .hours(4),
          cause: .stop, position: 3),
        trade(
          "alpha", "BTC", .short, from: 5100, to: 4898, opened: .hours(100), held: .minutes(95),
          funding: "0.5", position: 5),
      ])
    alpha.decisions = ["hold": 30, "buy_to_enter": 3, "sell_to_enter": 4]
    alpha.rejections = ["confidence_low": 2, "max_positions": 2]
    alpha.openPositions = 1
    var beta = try trader(
      "beta", start: 5000,
      equity: [Int64](repeating: 5000, count: 20)
        + [Int64](repeating: 4988, count: 16),
      trades: [
        trade(
          "beta", "ETH", .long, from: 2000, to: 1990, opened: .hours(115), held: .hours(5),
          cause: .liquidation, position: 2, leverage: 20)
      ])
    beta.decisions = ["hold": 35, "buy_to_enter": 1]
    beta.failures = ["no recorded answer": 4]
    var record = record([alpha, beta])
    record.coins = [
      BacktestCoin(
        coin: try #require(Coin("ETH")), first: try #require(Price("2000")),
        last: try #require(Price("1900.5"))),
      BacktestCoin(
        coin: try #require(Coin("BTC")), first: try #require(Price("5000")),
        last: try #require(Price("5500"))),
    ]
    record.market = (0..<36).map { (index: Int) -> Int64 in 100_000_000 + Int64(index) * 71_786 }
    record.notices = ["BTC has a gap of 2 candles at 2025-07-21T00:00:00Z"]
    return record
  }
}
