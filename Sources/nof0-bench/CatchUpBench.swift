import Exchanges
import Market
import Trading

/// Candles a second of the simulated exchange's catch-up, with open positions and stops.
enum CatchUpBench {
  static func run() {
    guard let setting = Setting() else {
      print("could not set up the simulated exchange")
      return
    }
    var best = Double.infinity
    for _ in 0..<5 {
      var replay = SimReplay(
        of: setting.account, on: setting.venue, market: setting.replays,
        prices: setting.prices, through: setting.end)
      let start = Clock.nowMs
      replay.run()
      best = min(best, Clock.nowMs - start)
      precondition(replay.stepsDone > 0, "expected candles to be replayed")
    }
    let candles = Double(setting.replays.count * Setting.minutes)
    report("simulated exchange catch-up", candles / best / 1000, "M candles a second")
  }
}

/// Three coins with long positions over a calm year of minutes and hourly funding.
private struct Setting {
  static let minutes = 500_000
  let account: SimAccount
  let venue: SimVenue
  let replays: [Coin: MarketReplay]
  let prices: [Coin: Price]
  let end: Timestamp

  init?() {
    let start = Timestamp(ms: 1_735_689_600_000)
    guard let id = AccountID("bench"), let price = Price("100") else { return nil }
    let coins = ["BTC", "ETH", "SOL"].compactMap { Coin($0) }
    var positions: [Coin: SimPosition] = [:]
    var replays: [Coin: MarketReplay] = [:]
    for coin in coins {
      guard let size = Quantity("1")?.signed(.long) else { return nil }
      positions[coin] = SimPosition(size: size, cost: price * size, leverage: 2)
      replays[coin] = Self.replay(from: start, seed: stableHash(coin.name))
    }
    account = SimAccount(
      id: id, rawUSD: USD(whole: 9700), positions: positions, caughtUpTo: start)
    let fees = FeeSchedule(taker: Bps(whole: 5), maker: Bps(whole: 2))
    venue = SimVenue(
      config: SimConfig(
        spreadBps: Bps(whole: 1), slippageBpsPer100k: Bps(whole: 2),
        depth: USD(whole: 2_000_000), fees: fees, liquidationFeeBps: .zero, marginMode: .cross,
        loseAnswerEvery: 0), instruments: BuiltInInstruments.all)
    self.replays = replays
    prices = Dictionary(uniqueKeysWithValues: coins.map { ($0, price) })
    end = start + .minute * Int64(Self.minutes)
  }

  private static func replay(from start: Timestamp, seed: UInt64) -> MarketReplay {
    var random = SeededGenerator(seed: seed)
    var series = CandleSeries(timeframe: .m1)
    series.reserve(minutes)
    var cents: Int64 = 10_000
    for index in 0..<minutes {
      let next = min(12_000, max(8000, cents + Int64(random.below(5)) - 2))
      let prices = [cents, next, max(cents, next) + 1, min(cents, next) - 1].compactMap {
        Price(mantissa: $0 * 1_000_000)
      }
      guard prices.count == 4,
        let candle = Candle(
          openTime: start + .minute * Int64(index), open: prices[0], high: prices[2],
          low: prices[3], close: prices[1], volume: 1)
      else { continue }
      series.append(candle)
      cents = next
    }
    let funding = (1...(minutes / 60)).map {
      FundingPoint(at: start + .hour * Int64($0), rate: FundingRate(trillionths: 12_500_000))
    }
    return MarketReplay(candles: series, funding: funding, gaps: [])
  }
}
