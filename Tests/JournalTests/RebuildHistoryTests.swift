import Journal
import Testing
import Trading

/// The stream that aggregates are made anew from.
@Suite struct RebuildHistoryTests {
  private static let start = SampleArena.start

  /// More cycles than a page of the stream holds.
  @Test(arguments: [21, 22] as [UInt64])
  func showsAllThatHappenedInTimeOrder(seed: UInt64) throws {
    let store = StateStore(try JournalDatabase.inMemory())
    var arena = try SampleArena(seed: seed, traders: 2)
    try store.prepare(arenaID: SampleArena.arena, name: "A", createdAt: Self.start)
    arena.run = try store.beginRun(at: Self.start, wallStart: Self.start, pid: 1)
    var cycles: [StateChanges] = []
    for _ in 0..<620 {
      let (_, changes) = try arena.cycle()
      try store.commit(changes)
      cycles.append(changes)
    }

    for trader in try ["trader0", "trader1"].map({ try #require(TraderID($0)) }) {
      var found = Found()
      try store.history(of: trader) { found.take($0) }

      let expected = Expected(cycles, trader: trader)
      #expect(found.times == found.times.sorted())
      #expect(found.points == expected.points)
      #expect(found.trades.map(\.0) == expected.trades)
      for (trade, equity) in found.trades {
        #expect(equity == (try store.equityBefore(trader, hourOf: trade.openedAt)))
      }
      #expect(found.turns == expected.turns)
      #expect(found.fills.map(\.0) == expected.fills)
      #expect(found.fills.allSatisfy { $0.1 == .open && $0.2 == $0.0.price })
      #expect(Set(found.funding) == Set(expected.funding))
      #expect(found.funding.count == expected.funding.count)
      #expect(expected.fills.count > 500 && expected.funding.count > 100)
    }
  }

  @Test func theBenchmarkHasPointsOnly() throws {
    let store = StateStore(try JournalDatabase.inMemory())
    var arena = try SampleArena(seed: 23)
    try arena.play(3, into: store)
    var found = Found()

    try store.history(of: try #require(TraderID("buynhold_btc"))) { found.take($0) }

    #expect(found.points.count == 1)
    #expect(found.times.count == 1)
  }

  @Test func nobodyHasNoHistory() throws {
    let store = StateStore(try JournalDatabase.inMemory())
    var found = Found()
    try store.history(of: try #require(TraderID("nobody"))) { found.take($0) }
    #expect(found.times.isEmpty)
  }

  /// A turn without its words.
  private struct Turn: Equatable {
    let cycle: CycleNumber
    let at: Timestamp
    let turn: TurnRecord

    init(cycle: CycleNumber, at: Timestamp, turn: TurnRecord) {
      self.cycle = cycle
      self.at = at
      self.turn = TurnRecord(
        trader: turn.trader, era: turn.era, slot: turn.slot, failure: turn.failure,
        decisions: turn.decisions.map { record in
          var decision = record.decision
          decision.reasoning = ""
          decision.invalidation = ""
          decision.malformedFields = []
          return DecisionRecord(
            trader: record.trader, index: record.index, decision: decision,
            verdict: record.verdict, notes: [], order: record.order)
        })
    }
  }

  private struct Found {
    var times: [Timestamp] = []
    var points: [EquityPoint] = []
    var trades: [(Trade, USD?)] = []
    var turns: [Turn] = []
    var fills: [(Fill, OrderPurpose?, Price?)] = []
    var funding: [FundingPayment] = []

    mutating func take(_ item: HistoryItem) {
      times.append(item.at)
      switch item {
      case .funding(let payment): funding.append(payment)
      case .fill(let fill, let purpose, let mid): fills.append((fill, purpose, mid))
      case .trade(let trade, let equity): trades.append((trade, equity))
      case .turn(let turn, let cycle, let at):
        turns.append(Turn(cycle: cycle, at: at, turn: turn))
      case .point(let point): points.append(point)
      }
    }
  }

  /// The same from what was committed.
  private struct Expected {
    let points: [EquityPoint]
    let trades: [Trade]
    let turns: [Turn]
    let fills: [Fill]
    let funding: [FundingPayment]

    init(_ cycles: [StateChanges], trader: TraderID) {
      let all = cycles.flatMap(\.equityPoints).filter { $0.trader == trader }
      points = zip(all, all.dropFirst().map(Optional.some) + [nil]).filter { point, next in
        guard let next else { return true }
        let isLastOfHour =
          (point.at - SampleArena.start).ms / 3_600_000
          != (next.at - SampleArena.start).ms / 3_600_000
        return isLastOfHour || CivilDay(point.at) != CivilDay(next.at)
      }.map(\.0)
      trades = cycles.flatMap(\.trades).filter { $0.trader == trader }
        .sorted {
          ($0.closedAt, $0.exitOrderID, $0.position) < ($1.closedAt, $1.exitOrderID, $1.position)
        }
      turns = cycles.flatMap { cycle in
        (cycle.turns ?? []).filter { $0.trader == trader }
          .map { Turn(cycle: cycle.cycle, at: cycle.at, turn: $0) }
      }
      fills = cycles.flatMap(\.fills).filter { $0.trader == trader }.map(\.fill)
        .sorted { ($0.at, $0.id) < ($1.at, $1.id) }
      funding = cycles.flatMap(\.funding).filter { $0.trader == trader }.map(\.payment)
    }
  }
}
