import Analytics
import Exchanges
import Trading

/// A back-test in one pass over the candles, for traders whose rule alone decides.
///
/// Quick because nothing is asked that has one answer: which bars matter is known before the first
/// one is walked through, and between those only the equity changes. What trades goes through the
/// same rule, venue and ledger as in a run; a test holds both ways equal to the digit.
struct StreamBacktest {
  private let config: ArenaConfig
  private let market: RecordedMarketData
  private let start: Timestamp
  private let step: Span
  private let count: Int
  /// Whether what is open at the end is closed at the last price.
  var closesAtEnd = false

  /// A back-test of a configured arena.
  ///
  /// - Throws: ``StreamObstacle`` when this way cannot be taken.
  init(
    _ config: ArenaConfig, _ plan: BacktestPlan, markets: [ProviderID: any MarketData]
  ) throws(StreamObstacle) {
    if let obstacle = StreamTraders.obstacle(in: config, step: plan.step) {
      throw StreamObstacle(obstacle)
    }
    let names = Set(config.traders.map(\.market))
    guard names.count == 1, let name = names.first,
      let market = markets[name] as? RecordedMarketData
    else { throw StreamObstacle("there is not one recorded market") }
    self.config = config
    self.market = market
    start = plan.start
    step = plan.step
    count = plan.count
  }

  /// Runs all cycles; `hasRead` is called when all prices are in memory.
  ///
  /// - Throws: ``StreamObstacle`` when the candles or a trader turn out not to fit after all.
  func run(_ description: BacktestDescription, hasRead: () -> Void) throws -> BacktestRecord {
    let coins = Set(config.traders.flatMap(\.coins)).sorted()
    let grid = try StreamGrid(market, coins: coins, start: start, step: step, count: count)
    hasRead()
    var traders: [BacktestTrader] = []
    for spec in config.traders {
      guard case .baseline(.emaCross(let rule)) = spec.executor,
        case .sim(let section)? = config.exchangeProviders[spec.exchange]
      else { throw StreamObstacle("\(spec.id) is of another kind") }
      let venue = SimVenue(
        config: Composition.rules(of: section),
        instruments: Dictionary(uniqueKeysWithValues: zip(grid.coins, grid.instruments)))
      guard venue.config.fillAt == .nextOpen else {
        throw StreamObstacle("orders fill at the last close")
      }
      var seat = try StreamSeat(spec, rule, venue: venue, grid: grid, start: start)
      try seat.run(from: start, step: step)
      if closesAtEnd { try seat.closeAll(at: start + step * Int64(count - 1)) }
      traders.append(seat.finish())
    }
    var record = BacktestRecord(
      source: description.source, isSynthetic: false,
      timesMs: (0..<Int64(count)).map { (start + step * $0).ms }, traders: traders,
      coins: grid.coins.indices.compactMap { row in
        guard let first = Price(mantissa: grid.closes[row * count]),
          let last = Price(mantissa: grid.closes[row * count + count - 1])
        else { return nil }
        return BacktestCoin(coin: grid.coins[row], first: first, last: last)
      },
      cycles: count, traderCycles: count * traders.count, engine: BacktestEngine.stream.rawValue,
      fillRule: description.fillRule, notices: description.notices)
    record.market = BacktestMarketLine.values(
      rows: grid.coins.count, count: count
    ) { grid.closes[$0 * count + $1] }
    return record
  }
}
