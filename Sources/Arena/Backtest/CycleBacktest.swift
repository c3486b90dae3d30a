import Analytics
import Exchanges
import Journal
import Market
import Trading

/// A back-test by the very cycle of `nof0 run`, on a database in memory.
struct CycleBacktest {
  private let config: ArenaConfig
  private let plan: BacktestPlan
  private let markets: [ProviderID: any MarketData]
  private let setting: BacktestStage.Setting
  /// Whether what is open at the end is closed at the last price.
  var closesAtEnd = false
  /// Whether progress is shown.
  var isShown = false
  /// Where it is proved that nothing looks ahead; `nil` = nowhere.
  var proof: BacktestProof?
  /// The cycles in which it is proved that nothing looks ahead; `nil` = none.

  /// A back-test of a configured arena.
  init(
    _ config: ArenaConfig, _ plan: BacktestPlan, markets: [ProviderID: any MarketData],
    _ setting: BacktestStage.Setting
  ) {
    self.config = config
    self.plan = plan
    self.markets = markets
    self.setting = setting
  }

  /// What came of a back-test: its record, and the memory at its end.
  struct Result {
    let record: BacktestRecord
    /// `nil` where the quick way was taken, which has none.
    let database: JournalDatabase?
    /// How long prices were read before the first cycle, ms; `nil` = in between, not told apart.
    var readingMs: Double?
  }

  /// Runs all cycles.
  func run(_ description: BacktestDescription) async throws -> Result {
    let setting = proof?.taped(setting) ?? setting
    let stage = try BacktestStage(
      config, start: plan.start, markets: proof?.heard(markets) ?? markets, setting)
    var description = description
    var tally = BacktestTally(config, cycles: plan.count)
    var progress = BacktestProgress(
      total: plan.count, isShown: isShown, clock: setting.machine)
    var options = CycleOptions(
      isDryRun: true, deadline: .day, publishes: false)
    var done = 0
    for index in 0..<plan.count {
      let now = plan.time(of: index)
      let isLast = index == plan.count - 1 || Shutdown.isRequested
      options.publishes = isLast && !closesAtEnd && setting.exports != nil
      let before = try proof?.begin(index, stage)
      let report = try await stage.run(at: now, options)
      if let before { try await proof?.prove(report, before, stage, setting, options) }
      tally.add(report)
      done = index + 1
      progress.show(done, at: now)
      if isLast { break }
    }
    progress.clear()
    if done < plan.count {
      description.notices.append("stopped after \(done) of \(plan.count) cycles")
    }
    if let proof {
      description.notices.append(
        "\(proof.samples.count) cycles were run again on prices that end at their time: all "
          + "traders were told, asked and decided the same")
    }
    let end = plan.time(of: done - 1)
    if closesAtEnd {
      let closing = try stage.closing(setting)
      options.asksTraders = false
      options.publishes = setting.exports != nil
      options.duties.closing = Set(config.traders.map(\.id))
      tally.amend(try await closing.run(at: end, options))
    }
    let record = try tally.record(
      description, coins: try await coins(until: end), stage.ports.store)
    return Result(record: record, database: stage.database)
  }

  /// What each coin that is traded was worth in the first and in the last cycle.
  private func coins(until end: Timestamp) async throws -> [BacktestCoin] {
    var coins: [Coin: BacktestCoin] = [:]
    for (id, market) in markets.sorted(by: { $0.key < $1.key }) {
      let traded = Set(config.traders.filter { $0.market == id }.flatMap(\.coins)).sorted()
      let first = try await market.quotes(for: traded, at: plan.start)
      let last = try await market.quotes(for: traded, at: end)
      for coin in traded where coins[coin] == nil {
        guard let from = first[coin]?.mid, let to = last[coin]?.mid else { continue }
        coins[coin] = BacktestCoin(coin: coin, first: from, last: to)
      }
    }
    return coins.values.sorted { $0.coin < $1.coin }
  }
}
