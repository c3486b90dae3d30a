import Journal
import Testing
import Trading

@Suite struct HistoryTests {
  private let anna: TraderID
  private let store: StateStore
  private let run: RunNumber
  private static let start = SampleArena.start

  /// One trader whose record began at a full hour.
  init() throws {
    anna = try #require(TraderID("anna"))
    store = StateStore(try JournalDatabase.inMemory())
    try store.prepare(arenaID: "a", name: "A", createdAt: Self.start)
    run = try store.beginRun(at: Self.start, wallStart: Self.start, pid: 7)
    var changes = StateChanges(cycle: 1, run: run, at: Self.start)
    changes.traders = [
      TraderRecord(
        name: "Anna", executor: "flat", exchange: try #require(ProviderID("sim")),
        account: try #require(AccountID("sim.anna")),
        runtime: TraderRuntime(
          status: .running, inceptionAt: Self.start,
          era: TraderEra(number: 1, startedAt: Self.start, configDigest: "d")),
        ledger: Ledger(trader: anna))
    ]
    try store.commit(changes)
  }

  private func point(_ minute: Int64, _ equity: Int64) -> EquityPoint {
    EquityPoint(
      trader: anna, at: Self.start + .minutes(minute), equity: USD(whole: equity),
      nav: USD(whole: equity), cash: USD(whole: equity), unrealised: .zero, marginUsed: .zero)
  }

  private func save(_ points: [EquityPoint]) throws {
    var changes = StateChanges(cycle: 1, run: run, at: Self.start)
    changes.equityPoints = points
    try store.commit(changes)
  }

  @Test func eachHourKeepsItsLastPoint() throws {
    // Minutes 0, 59 and 60 after inception: hours 0, 0 and 1.
    try save([point(0, 1), point(59, 2), point(60, 3)])
    // An earlier point that comes late does not replace a later one.
    try save([point(30, 9)])

    let totals = try store.hourlyTotals(anna)

    #expect(totals.map(\.hour) == [0, 1])
    #expect(totals.map(\.point.equity) == [USD(whole: 2), USD(whole: 3)])
    #expect(totals.map(\.sharpe) == [nil, nil])
  }

  @Test func aRepeatedInstantReplaces() throws {
    try save([point(5, 1)])
    try save([point(5, 2)])

    #expect(try store.hourlyTotals(anna).map(\.point.equity) == [USD(whole: 2)])
    #expect(
      try store.equityPoints(
        anna, from: Self.start, to: Self.start + .hour, limit: 10
      ).map(\.equity) == [USD(whole: 2)])
  }

  @Test func oldTotalsAreDaily() throws {
    // The record begins at 12:00 UTC; ten days of hourly points, the value is the hour.
    try save((0..<240).map { point($0 * 60, $0 + 1) })

    let totals = try store.hourlyTotals(anna, limitHours: 24, thenDaily: 3)

    // The last 24 hours are 216…239; hour 216 is 12:00 of a day, so the days before that day end
    // with the 23:00 hours: 11 + 24·7 = 179, 203 of them the newest.
    #expect(totals.map(\.hour) == [155, 179, 203] + Array(216...239))
  }

  @Test func pointsComeFromTheStretchAskedFor() throws {
    try save((0..<10).map { point($0, $0 + 1) })

    let points = try store.equityPoints(
      anna, from: Self.start + .minutes(3), to: Self.start + .minutes(8), limit: 4)

    #expect(points == (3...6).map { point($0, $0 + 1) })
  }

  @Test(arguments: [40, 1000, 20_000])
  func thinsOutWhatIsOld(limit: Int) throws {
    // A point each five minutes for 40 days.
    let all = (0..<(40 * 288)).map { point($0 * 5, 1) }
    try save(all)
    let now = Self.start + .day * 40

    // Each call looks at `limit` points, the last of which the next call sees again.
    for _ in 0...(all.count / (limit - 1)) {
      try store.thinEquityPoints(now: now, limit: limit)
    }
    #expect(try store.thinEquityPoints(now: now, limit: limit) == 0)

    let left = try store.equityPoints(anna, from: Self.start, to: now, limit: 100_000).map(\.at)
    func count(_ from: Timestamp, _ to: Timestamp) -> Int {
      left.filter { $0 >= from && $0 < to }.count
    }
    // 2 days of 288 points; 28 days of 96 quarters; 10 days of 24 hours.
    #expect(count(now - .hours(48), now) == 576)
    #expect(count(now - .day * 30, now - .hours(48)) == 2688)
    #expect(count(Self.start, now - .day * 30) == 240)
    #expect(left.first == Self.start + .minutes(55))
  }

  @Test func thinningIsBounded() throws {
    try save((0..<1000).map { point($0, 1) })

    #expect(try store.thinEquityPoints(now: Self.start + .day * 4, limit: 30) <= 30)
  }

  @Test func runsTellTheirPhasesAndErrors() throws {
    let phases = [
      PhaseTiming(phase: "open", tookMs: 1.25), PhaseTiming(phase: "record", tookMs: 2),
    ]
    let end = Self.start + .seconds(9)
    try store.finishRun(run, cycle: 1, wallEnd: end, phases: phases, error: nil)
    let second = try store.beginRun(at: end, wallStart: end, pid: 8)
    try store.finishRun(
      second, cycle: nil, wallEnd: end, phases: [], error: "disk on fire", failure: "fire")
    let third = try store.beginRun(at: end, wallStart: end, pid: 9)
    let fourth = try store.beginRun(at: end, wallStart: end, pid: 10)

    let state = try store.loadState(now: end, run: fourth)
    #expect(state.unfinishedRuns == [UnfinishedRun(run: third, at: end)])
    #expect(state.lastFinishedAt == Self.start)
    var changes = StateChanges(cycle: 1, run: fourth, at: end)
    changes.abandonedRuns = [third]
    try store.commit(changes, finishing: RunFinish(wallEnd: end, phases: phases, error: nil))

    let runs = try store.recentRuns(10)
    #expect(runs.map(\.run) == [fourth, third, second, run])
    #expect(runs.map(\.status) == [.finished, .abandoned, .failed, .finished])
    #expect(runs.map(\.phases) == [phases, [], [], phases])
    #expect(runs.map(\.error) == [nil, nil, "disk on fire", nil])
    #expect(runs.map(\.failure) == [nil, nil, "fire", nil])
    #expect(runs.map(\.cycle) == [1, nil, nil, 1])
    #expect(try store.loadState(now: end).unfinishedRuns == [])
  }

  @Test func alertsOpenOnceAndResolve() throws {
    let alert = Alert(key: "stale BTC", severity: .medium, trader: anna, message: "no candles")
    var changes = StateChanges(cycle: 1, run: run, at: Self.start)
    changes.openAlerts = [alert, alert]
    try store.commit(changes)
    #expect(try store.openAlerts().map(\.alert) == [alert])

    var resolved = StateChanges(cycle: 2, run: run, at: Self.start + .minute)
    resolved.resolvedAlerts = ["stale BTC", "never opened"]
    try store.commit(resolved)
    #expect(try store.openAlerts() == [])
    #expect(try store.recentAlerts(5).map(\.resolvedAt) == [Self.start + .minute])

    try store.commit(changes)
    #expect(try store.openAlerts().count == 1)
    #expect(try store.recentAlerts(5).count == 2)
  }

  @Test func tradesAndTurnsComeBackNewestFirst() throws {
    var arena = try SampleArena(seed: 31, traders: 1)
    let store = StateStore(try JournalDatabase.inMemory())
    try store.prepare(arenaID: SampleArena.arena, name: "A", createdAt: Self.start)
    let run = try store.beginRun(at: Self.start, wallStart: Self.start, pid: 1)
    var trades: [Trade] = []
    var turns: [TurnRecord] = []
    for _ in 0..<60 {
      let (_, changes) = try arena.cycle()
      try store.commit(changes)
      trades += changes.trades
      turns += changes.turns ?? []
    }
    let trader = try #require(arena.state.traders.keys.first)

    #expect(trades.count > 5)
    #expect(try store.recentTrades(trader, limit: 5) == trades.suffix(5).reversed())
    let past = try store.recentTurns(trader, limit: 4)
    #expect(past.map(\.turn) == turns.suffix(4).reversed())
    #expect(past.map(\.cycle) == [60, 59, 58, 57])
    #expect(past.map(\.run) == [run, run, run, run])
    let counts = try store.counts()
    #expect(counts.trades == trades.count)
    #expect(counts.decisions == 180)
    #expect(counts.traders == 1)
  }

  @Test func aTurnSavedAgainReplaces() throws {
    var changes = StateChanges(cycle: 4, run: run, at: Self.start)
    let hold = DecisionRecord(
      trader: anna, index: 0, decision: Decision(.hold, coin: nil), verdict: .held,
      notes: [RuleNote(rule: "a", text: "b")], order: nil)
    changes.turns = [
      TurnRecord(trader: anna, era: 1, slot: 3, failure: nil, decisions: [hold])
    ]
    try store.commit(changes)
    let failed = TurnRecord(trader: anna, era: 1, slot: 3, failure: "timed out", decisions: [])
    changes.turns = [failed]
    try store.commit(changes)

    #expect(try store.recentTurns(anna, limit: 9).map(\.turn) == [failed])
    #expect(try store.loadState(now: Self.start).cycle == 4)
  }
}
