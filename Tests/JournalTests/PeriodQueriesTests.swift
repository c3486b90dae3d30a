import Journal
import Testing
import Trading

@Suite("What reports read")
struct PeriodQueriesTests {
  /// Plays cycles of one run each and keeps every trader's books after each.
  private static func play(
    _ cycles: Int, seed: UInt64, into store: StateStore
  ) throws -> [(run: RunNumber, at: Timestamp, ledgers: [TraderID: Ledger])] {
    var arena = try SampleArena(seed: seed)
    try store.prepare(arenaID: SampleArena.arena, name: "Test", createdAt: SampleArena.start)
    var seen: [(run: RunNumber, at: Timestamp, ledgers: [TraderID: Ledger])] = []
    for cycle in 1...cycles {
      arena.run = RunNumber(cycle)
      let (sim, changes) = try arena.cycle()
      let run = try store.beginRun(at: arena.now, wallStart: arena.now, pid: 1)
      try #require(run == arena.run)
      try store.saveSim(sim)
      try store.commit(changes)
      try store.finishRun(
        run, cycle: arena.state.cycle, wallEnd: arena.now, phases: [], error: nil)
      seen.append((run, arena.now, arena.state.traders.mapValues(\.ledger)))
    }
    return seen
  }

  private struct Sums: Equatable {
    var flows: USD = .zero
    var fees: USD = .zero
    var funding: USD = .zero
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func bookingsOfAnyStretchAreTheDifferenceOfTheBooks(seed: UInt64) throws {
    let store = StateStore(try JournalDatabase.inMemory())
    let seen = try Self.play(40, seed: seed, into: store)
    var random = SeededGenerator(seed: seed)

    for _ in 0..<25 {
      let first = Int(random.next() % 40)
      let last = first + Int(random.next() % UInt64(40 - first))
      var sums: [TraderID: Sums] = [:]
      try store.bookings(after: seen[first].run, through: seen[last].run) { row in
        #expect(row.run > seen[first].run && row.run <= seen[last].run)
        switch row.booking {
        case .flow(let flow): sums[flow.trader, default: Sums()].flows += flow.amount
        case .fee(let trader, let fee): sums[trader, default: Sums()].fees += fee
        case .funding(let trader, let paid): sums[trader, default: Sums()].funding += paid
        }
      }
      for (trader, after) in seen[last].ledgers {
        let before = try #require(seen[first].ledgers[trader])
        let expected = Sums(
          flows: after.flows - before.flows, fees: after.fees - before.fees,
          funding: after.funding - before.funding)
        #expect(sums[trader] ?? Sums() == expected, "seed \(seed), runs \(first) to \(last)")
      }
    }
  }

  /// What a report calls realised: the change of cash less flows and funding, plus fees.
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func cashTellsWhatWasRealised(seed: UInt64) throws {
    let store = StateStore(try JournalDatabase.inMemory())
    let seen = try Self.play(30, seed: seed, into: store)

    for (first, last) in [(4, 29), (10, 11), (17, 25)] {
      for (trader, after) in seen[last].ledgers {
        let before = try #require(seen[first].ledgers[trader])
        let start = try #require(try store.lastPoint(of: trader, notAfter: seen[first].at))
        let end = try #require(try store.lastPoint(of: trader, notAfter: seen[last].at))
        var others = USD.zero
        try store.bookings(after: seen[first].run, through: seen[last].run) { row in
          guard row.booking.trader == trader else { return }
          switch row.booking {
          case .flow(let flow): others += flow.amount
          case .fee(_, let fee): others -= fee
          case .funding(_, let paid): others += paid
          }
        }
        #expect(end.cash - start.cash - others == after.realised - before.realised)
      }
    }
  }

  @Test func theLastRunBeforeAnInstantIsFoundByItsTime() throws {
    let store = StateStore(try JournalDatabase.inMemory())
    try store.prepare(arenaID: "a", name: "A", createdAt: SampleArena.start)
    #expect(try store.lastRun(notAfter: SampleArena.start) == 0)
    // Two runs of one time: the second repeats the cycle of the first.
    for minute in [0, 3, 3, 9, 12] as [Int64] {
      _ = try store.beginRun(
        at: SampleArena.start + .minutes(minute), wallStart: SampleArena.start, pid: 1)
    }

    let found = try ([-1, 0, 2, 3, 8, 9, 100] as [Int64]).map {
      try store.lastRun(notAfter: SampleArena.start + .minutes($0))
    }

    #expect(found == [0, 1, 1, 3, 3, 4, 5])
  }

  @Test func tradesAndPointsAreThoseOfTheStretch() throws {
    let store = StateStore(try JournalDatabase.inMemory())
    let seen = try Self.play(30, seed: 3, into: store)
    let (after, through) = (seen[9].at, seen[20].at)

    var trades: [Trade] = []
    try store.tradesEnded(after: after, through: through) { trades.append($0) }

    let all = try seen[0].ledgers.keys.flatMap { try store.recentTrades($0, limit: 10_000) }
    let expected = all.filter { $0.closedAt > after && $0.closedAt <= through }
    #expect(!trades.isEmpty)
    #expect(Set(trades.map(\.position)) == Set(expected.map(\.position)))
    #expect(trades.map(\.closedAt) == trades.map(\.closedAt).sorted())
    let trader = try #require(seen[0].ledgers.keys.min())
    var points: [Timestamp] = []
    try store.points(of: trader, after: after, through: through) { points.append($0.at) }
    #expect(points == seen[10...20].map(\.at))
  }

  /// Ten points, one each minute, in five parts: the second of each pair.
  @Test func aCurveHasTheLastPointOfEachPart() throws {
    let store = StateStore(try JournalDatabase.inMemory())
    try store.prepare(arenaID: "a", name: "A", createdAt: SampleArena.start)
    let anna = try #require(TraderID("anna"))
    let run = try store.beginRun(at: SampleArena.start, wallStart: SampleArena.start, pid: 1)
    var changes = StateChanges(cycle: 1, run: run, at: SampleArena.start)
    changes.equityPoints = (1...10).map { minute in
      EquityPoint(
        trader: anna, at: SampleArena.start + .minutes(minute), equity: .zero,
        nav: USD(whole: minute), cash: .zero, unrealised: .zero, marginUsed: .zero)
    }
    try store.commit(changes)

    let curve = try store.navCurve(
      of: anna, after: SampleArena.start, through: SampleArena.start + .minutes(10), parts: 5)

    #expect(curve == [2, 4, 6, 8, 10].map { USD(whole: $0) })
  }

  /// Whole days come from their totals, edges from their calls.
  @Test func modelUseIsThatOfTheStretch() throws {
    let store = StateStore(try JournalDatabase.inMemory())
    let spending = SpendingStore(store.database)
    let worst = try Sample.spent(100, "1")
    for hours in [-30, -13, -12, 0, 11, 12, 40] as [Int64] {
      let at = Sample.wall + .hours(hours)
      let call = try #require(
        try spending.reserve([try Sample.wish(1, worst: worst)], at: at).first
      ).get()
      try spending.settle(
        [try Sample.end(call, prompt: 3, completion: 2, cost: "0.25")], at: at)
    }

    // From 00:00 of the day to 00:00 of the next: the calls at −12, 0, 11 and 12 hours.
    let use = try store.modelUse(
      from: Sample.wall - .hours(12), to: Sample.wall + .hours(12))
    let more = try store.modelUse(
      from: Sample.wall - .hours(36), to: Sample.wall + .hours(40))

    #expect(use.map(\.calls) == [4])
    #expect(use.map(\.spent) == [try Sample.spent(20, "1")])
    #expect(more.map(\.calls) == [7])
  }

  @Test func alertsAreCountedWhenTheyOpen() throws {
    let store = StateStore(try JournalDatabase.inMemory())
    try store.prepare(arenaID: "a", name: "A", createdAt: SampleArena.start)
    for minute in 0..<6 {
      let at = SampleArena.start + .minutes(Int64(minute))
      let run = try store.beginRun(at: at, wallStart: at, pid: 1)
      var changes = StateChanges(cycle: Int64(minute) + 1, run: run, at: at)
      changes.openAlerts = [
        Alert(
          key: "k.\(minute)", severity: minute % 2 == 0 ? .high : .low, trader: nil,
          message: "\(minute)")
      ]
      changes.resolvedAlerts = ["k.\(minute - 1)"]
      try store.commit(changes)
    }

    let opened = try store.alertsOpened(
      after: SampleArena.start, through: SampleArena.start + .minutes(4), limit: 3)

    #expect(opened.counts == [.high: 2, .low: 2])
    #expect(opened.newest.map(\.alert.message) == ["4", "3", "2"])
  }
}
