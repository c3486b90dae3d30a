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
  private let plan: BacktestPlan
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
    self.config = config
    market = try BacktestPass.market(of: config, in: markets).market
    self.plan = plan
  }

  /// Runs all cycles; `hasRead` is called when all prices are in memory.
  ///
  /// - Throws: ``StreamObstacle`` when the candles or a trader turn out not to fit after all.
  func run(_ description: BacktestDescription, hasRead: () -> Void) throws -> BacktestRecord {
    let coins = Set(config.traders.flatMap(\.coins)).sorted()
    let grid = try StreamGrid(
      market, coins: coins, start: plan.start, step: plan.step, count: plan.count)
    hasRead()
    var traders: [BacktestTrader] = []
    for spec in config.traders {
      guard case .baseline(.emaCross(let rule)) = spec.executor else {
        throw StreamObstacle("\(spec.id) is of another kind")
      }
      let venue = try BacktestPass.venue(
        of: spec, config, coins: grid.coins, instruments: grid.instruments)
      guard venue.config.fillAt == .nextOpen else {
        throw StreamObstacle("orders fill at the last close")
      }
      var seat = try StreamSeat(spec, rule, venue: venue, grid: grid, start: plan.start)
      try seat.run(from: plan.start, step: plan.step)
      if closesAtEnd { try seat.closeAll(at: plan.end) }
      traders.append(seat.finish())
    }
    return BacktestPass.record(
      of: traders, turns: plan.count * traders.count, coins: grid.coins, plan, description
    ) { grid.closes[$0 * grid.count + $1] }
  }
}
