import Analytics
import Exchanges
import Executor
import Manager
import Trading

/// A back-test of control traders with everything on: admission, reservation, stops and targets at
/// the venue, funding, limits, giveback.
///
/// A turn that is sure to hold, on an account to which nothing can have happened, is not looked
/// into; everything else goes through the rules, the venue and the ledger of a run, step for step
/// in its order. A test holds it equal to the cycle of a run to the digit.
struct PipelineBacktest {
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

  /// Runs all cycles; `hasRead` is called when all prices are in memory.
  ///
  /// - Throws: ``StreamObstacle`` when the candles or what happens do not fit after all.
  func run(_ description: BacktestDescription, hasRead: () -> Void) throws -> BacktestRecord {
    let coins = Set(config.traders.flatMap(\.coins)).sorted()
    var tape = try PipelineTape(
      market, provider: provider, coins: coins, start: plan.start, step: plan.step,
      count: plan.count)
    hasRead()
    var seats = try config.traders.sorted { $0.account < $1.account }.map { spec in
      try seat(of: spec, &tape)
    }
    let order = Self.decidingOrder(of: seats)
    var nextPosition = PositionNumber(1)
    for cycle in 0..<plan.count {
      try self.cycle(cycle, &seats, order, tape, &nextPosition)
    }
    if closesAtEnd {
      var moment = PipelineMoment(tape, cycle: plan.count - 1)
      for index in seats.indices {
        let venue = SimVenue(
          config: seats[index].venue.config.atTheLastPrice,
          instruments: seats[index].venue.instruments)
        seats[index].closeAll(&moment, tape, on: venue, nextPosition: &nextPosition)
      }
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

  /// The places of the traders in the order they decide in: who is followed comes first.
  private static func decidingOrder(of seats: [PipelineSeat]) -> [(seat: Int, peer: Int?)] {
    var order: [(seat: Int, peer: Int?)] = []
    var waiting = Array(seats.indices)
    while !waiting.isEmpty {
      let ready = waiting.filter { index in
        guard let peer = seats[index].spec.executor.peer else { return true }
        return !waiting.contains { seats[$0].spec.id == peer }
      }
      let group = ready.isEmpty ? waiting : ready
      for index in group {
        let peer = seats[index].spec.executor.peer
        order.append((index, peer.flatMap { id in seats.firstIndex { $0.spec.id == id } }))
      }
      waiting.removeAll { group.contains($0) }
    }
    return order
  }

  private func cycle(
    _ cycle: Int, _ seats: inout [PipelineSeat], _ order: [(seat: Int, peer: Int?)],
    _ tape: PipelineTape, _ nextPosition: inout PositionNumber
  ) throws {
    var moment = PipelineMoment(tape, cycle: cycle)
    var measured: [Int: SimAccount] = [:]
    for index in seats.indices {
      if cycle > 0 {
        try seats[index].catchUp(to: cycle, tape, nextPosition: &nextPosition)
        seats[index].observePeaks(cycle, tape)
      }
      try refuseIsolation(of: seats[index])
    }
    for index in seats.indices where seats[index].spec.guards.giveback != nil {
      let before = seats[index].books
      try seats[index].reduce(&moment, tape, nextPosition: &nextPosition)
      if seats[index].books != before { measured[index] = before }
    }
    var wishes: [(seat: Int, decisions: [Decision])] = []
    for (index, peer) in order {
      let decisions = try seats[index].decide(&moment, tape, peer: peer.map { seats[$0] })
      if let decisions { wishes.append((index, decisions)) }
    }
    for (index, decisions) in wishes.sorted(by: { $0.seat < $1.seat }) {
      try seats[index].carryOut(
        decisions, measured: measured[index] ?? seats[index].books, &moment, tape,
        nextPosition: &nextPosition)
    }
    for index in seats.indices {
      seats[index].protect(&moment, tape, nextPosition: &nextPosition)
      seats[index].record(cycle, tape)
      seats[index].tidy(at: moment.now)
    }
  }

  /// A trader that is taken out gives its money back: that is for the cycle of a run.
  private func refuseIsolation(of seat: PipelineSeat) throws(StreamObstacle) {
    guard seat.runtime.breachesInARow > 0 || seat.totals.days >= SharpeRecord.leastDays,
      let finding = Isolation.reason(seat.runtime, totals: seat.totals, rules: config.isolation)
    else { return }
    throw StreamObstacle("\(seat.spec.id) is isolated: \(finding.text)")
  }

  private func record(
    of seats: inout [PipelineSeat], _ tape: PipelineTape, _ description: BacktestDescription
  ) -> BacktestRecord {
    var traders: [TraderID: BacktestTrader] = [:]
    var turns = 0
    for index in seats.indices {
      traders[seats[index].spec.id] = seats[index].finish()
      turns += seats[index].turnsTaken
    }
    return BacktestPass.record(
      of: config.traders.compactMap { traders[$0.id] }, turns: turns, coins: tape.coins, plan,
      description
    ) { tape.courses[$0].prices[$1] }
  }
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
