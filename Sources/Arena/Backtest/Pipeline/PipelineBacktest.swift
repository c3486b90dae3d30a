import Analytics
import Exchanges
import Executor
import Manager
import Synchronization
import Trading

/// A back-test of control traders with everything on: admission, reservation, stops and targets at
/// the venue, funding, limits, giveback.
///
/// A turn that is sure to hold, on an account to which nothing can have happened, is not looked
/// into; everything else goes through the rules, the venue and the ledger of a run, step for step
/// in its order. A test holds it equal to the cycle of a run to the digit.
struct PipelineBacktest: Sendable {
  private let config: ArenaConfig
  private let market: RecordedMarketData
  private let provider: ProviderID
  private let plan: BacktestPlan
  /// Whether what is open at the end is closed at the last price.
  var closesAtEnd = false

  /// A back-test of a configured arena.
  ///
  /// - Throws: ``StreamObstacle`` when this way cannot be taken.
  init(
    _ config: ArenaConfig, _ plan: BacktestPlan, markets: [ProviderID: any MarketData]
  ) throws(StreamObstacle) {
    if let obstacle = PipelineTraders.obstacle(in: config, step: plan.step) {
      throw StreamObstacle(obstacle)
    }
    self.config = config
    (provider, market) = try BacktestPass.market(of: config, in: markets)
    self.plan = plan
  }

  /// Runs all cycles, on all processors; `hasRead` is called when all prices are in memory.
  ///
  /// - Throws: ``StreamObstacle`` when the candles or what happens do not fit after all.
  func run(
    _ description: BacktestDescription, hasRead: () -> Void
  ) async throws -> BacktestRecord {
    let coins = Set(config.traders.flatMap(\.coins)).sorted()
    let tape = try PipelineTape(
      market, provider: provider, coins: coins, start: plan.start, step: plan.step,
      count: plan.count)
    hasRead()
    let groups = Self.groups(of: config.traders)
    let waiting = PipelineQueue(groups)
    let closesAtEnd = closesAtEnd
    var seats: [PipelineSeat] = []
    try await withThrowingTaskGroup(of: [PipelineSeat].self) { workers in
      for _ in 0..<min(Processors.count, groups.count) {
        workers.addTask {
          let own = tape.copy
          var done: [PipelineSeat] = []
          while let group = waiting.next() {
            try Task.checkCancellation()
            var share = try PipelineShare(config, own, places: group) { spec, tape in
              try seat(of: spec, &tape)
            }
            try share.run(closesAtEnd: closesAtEnd)
            done += share.seats
          }
          return done
        }
      }
      for try await done in workers { seats += done }
    }
    return record(of: &seats, tape, description)
  }

  private func seat(of spec: TraderSpec, _ tape: inout PipelineTape) throws -> PipelineSeat {
    guard case .baseline(let kind) = spec.executor else {
      throw StreamObstacle("\(spec.id) is of another kind")
    }
    let venue = try BacktestPass.venue(
      of: spec, config, coins: tape.coins, instruments: tape.instruments)
    return try PipelineSeat(spec, kind, config, venue: venue, tape: &tape)
  }

  /// The traders that must be walked through together, as some follow others.
  ///
  /// By account, with their places among all. The largest groups come first.
  private static func groups(of traders: [TraderSpec]) -> [[(place: Int, spec: TraderSpec)]] {
    let sorted = traders.sorted { $0.account < $1.account }.enumerated().map {
      (place: $0.offset, spec: $0.element)
    }
    var leaders: [TraderID: TraderID] = [:]
    func leader(of id: TraderID) -> TraderID {
      var id = id
      while let next = leaders[id] { id = next }
      return id
    }
    for (_, spec) in sorted {
      guard let peer = spec.executor.peer else { continue }
      let (own, other) = (leader(of: spec.id), leader(of: peer))
      if own != other { leaders[own] = other }
    }
    return Dictionary(grouping: sorted) { leader(of: $0.spec.id) }.values
      .sorted { ($1.count, $0[0].place) < ($0.count, $1[0].place) }
  }

  private func record(
    of seats: inout [PipelineSeat], _ tape: PipelineTape, _ description: BacktestDescription
  ) -> BacktestRecord {
    let numbers = seats.flatMap(\.positionNumbers).sorted()
    let ranks = Dictionary(
      uniqueKeysWithValues: numbers.enumerated().map { ($1, PositionNumber($0 + 1)) })
    var traders: [TraderID: BacktestTrader] = [:]
    var turns = 0
    var description = description
    description.notices += config.traders.compactMap { spec in
      seats.first { $0.spec.id == spec.id }?.lifeNotice
    }
    for index in seats.indices {
      seats[index].renumber(ranks)
      traders[seats[index].spec.id] = seats[index].finish()
      turns += seats[index].turnsTaken
    }
    return BacktestPass.record(
      of: config.traders.compactMap { traders[$0.id] }, turns: turns, coins: tape.coins, plan,
      description
    ) { tape.courses[$0].prices[$1] }
  }
}

/// The groups of traders that nobody walks through yet.
private final class PipelineQueue: Sendable {
  private let waiting: Mutex<[[(place: Int, spec: TraderSpec)]]>

  init(_ groups: [[(place: Int, spec: TraderSpec)]]) { waiting = Mutex(groups.reversed()) }

  /// The next group; `nil` = there is none left.
  func next() -> [(place: Int, spec: TraderSpec)]? { waiting.withLock { $0.popLast() } }
}

extension SimConfig {
  /// The same fees at the last price, without spread, slippage or end of liquidity.
  var atTheLastPrice: SimConfig {
    var changed = self
    changed.spreadBps = .zero
    changed.slippageBpsPer100k = .zero
    changed.depth = USD(whole: 1_000_000_000)
    changed.fillAt = .lastClose
    return changed
  }
}
