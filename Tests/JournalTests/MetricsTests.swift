import Journal
import Testing
import Trading

/// What running aggregates are kept in, and what they are made from.
@Suite struct MetricsTests {
  private let store: StateStore
  private let anna: TraderID
  private static let start = SampleArena.start

  init() throws {
    store = StateStore(try JournalDatabase.inMemory())
    anna = try #require(TraderID("trader0"))
  }

  /// Plays a random arena and gives back its changes.
  private func play(_ cycles: Int, seed: UInt64, traders: Int = 2) throws -> [StateChanges] {
    try Self.play(cycles, seed: seed, traders: traders, into: store)
  }

  private static func play(
    _ cycles: Int, seed: UInt64, traders: Int, into store: StateStore
  ) throws -> [StateChanges] {
    var arena = try SampleArena(seed: seed, traders: traders)
    try store.prepare(arenaID: SampleArena.arena, name: "A", createdAt: start)
    arena.run = try store.beginRun(at: start, wallStart: start, pid: 1)
    return try (0..<cycles).map { _ in
      let (_, changes) = try arena.cycle()
      try store.commit(changes)
      return changes
    }
  }

  // MARK: Aggregates

  @Test func aggregatesAreSavedWithTheirCycle() throws {
    let cycles = try play(3, seed: 1)
    let benchmark = try #require(TraderID("buynhold_btc"))
    var changes = StateChanges(cycle: 3, run: 1, at: try #require(cycles.last).at)
    changes.metrics = [anna: [1, 0, 255], benchmark: []]
    try store.commit(changes)
    changes.cycle = 4
    changes.metrics = [anna: [2]]
    try store.commit(changes)

    #expect(
      try store.metrics() == [
        anna: StoredMetrics(cycle: 4, aggregate: [2]),
        benchmark: StoredMetrics(cycle: 3, aggregate: []),
      ])
  }

  @Test func aFailedCommitKeepsTheAggregates() throws {
    let cycles = try play(6, seed: 2)
    var again = try #require(cycles.first { !$0.fills.isEmpty })
    again.metrics = [anna: [7]]

    #expect(throws: JournalError.self) { try store.commit(again) }
    #expect(try store.metrics().isEmpty)
  }

  @Test func replacingDropsWhatIsNotGiven() throws {
    _ = try play(5, seed: 3)
    let bea = try #require(TraderID("trader1"))
    var changes = StateChanges(cycle: 2, run: 1, at: Self.start)
    changes.metrics = [anna: [1], bea: [2]]
    try store.commit(changes)

    try store.replaceMetrics([bea: [3]])

    #expect(try store.metrics() == [bea: StoredMetrics(cycle: 5, aggregate: [3])])
  }

  @Test func statisticsAreFoundOnlyForWhatTheyWereMadeFrom() throws {
    #expect(try store.statistics(madeFrom: "a") == nil)
    try store.keepStatistics([1, 2], madeFrom: "a")
    #expect(try store.statistics(madeFrom: "a") == [1, 2])
    try store.keepStatistics([3], madeFrom: "b")
    #expect(try store.statistics(madeFrom: "a") == nil)
    #expect(try store.statistics(madeFrom: "b") == [3])
  }

  // MARK: Medians

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func mediansAreThoseOfAllTrades(seed: UInt64) throws {
    let trades = try play(150 + Int(seed), seed: seed).flatMap(\.trades)
      .filter { $0.trader == anna }
    try #require(trades.count > 3)

    let found = try #require(try store.tradeMiddle(of: anna, trades: trades.count))
    let lengths = trades.map { Double(($0.closedAt - $0.openedAt).ms) }
    #expect(found.holdingMinutes == Self.median(lengths) / 60_000)
    #expect(found.notional == Self.median(trades.map(\.entryNotional.double)))
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func theMiddleIsFoundFromAnEarlierOne(seed: UInt64) throws {
    var arena = try SampleArena(seed: seed, traders: 2)
    try store.prepare(arenaID: SampleArena.arena, name: "A", createdAt: Self.start)
    arena.run = try store.beginRun(at: Self.start, wallStart: Self.start, pid: 1)
    var known: TradeMiddle?
    var waiting: [PositionNumber] = []
    var count = 0
    for cycle in 0..<250 {
      let (_, changes) = try arena.cycle()
      try store.commit(changes)
      let new = changes.trades.filter { $0.trader == anna }.map(\.position)
      count += new.count
      waiting += new
      // Sometimes several come together.
      guard !waiting.isEmpty, cycle % 3 == 0 else { continue }
      let found = try store.tradeMiddle(of: anna, trades: count, from: known, adding: waiting)
      #expect(try found == store.tradeMiddle(of: anna, trades: count), "seed \(seed)")
      known = found
      waiting = []
    }
    #expect(count > 2)
  }

  @Test func anEarlierMiddleThatIsNotThereIsNotUsed() throws {
    let trades = try play(150, seed: 3).flatMap(\.trades).filter { $0.trader == anna }
    let found = try #require(try store.tradeMiddle(of: anna, trades: trades.count))
    let other = TradeMiddle(
      trades: trades.count - 1, byLength: 999_999, byNotional: 999_999, lengthMs: 0, notional: 0)
    let new = [try #require(trades.last).position]
    #expect(
      try store.tradeMiddle(of: anna, trades: trades.count, from: other, adding: new) == found)
  }

  @Test func noTradesHaveNoMedians() throws {
    _ = try play(1, seed: 9)
    #expect(try store.tradeMiddle(of: anna, trades: 0) == nil)
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  // MARK: Totals

  @Test(arguments: 11...14 as ClosedRange<UInt64>)
  func equityAtEntryIsOfTheLastHourThatWasOver(seed: UInt64) throws {
    let points = try play(60, seed: seed).flatMap(\.equityPoints).filter { $0.trader == anna }
    let inception = Self.start
    for minutes in stride(from: Int64(-70), through: 700, by: 7) {
      let at = inception + .minutes(minutes)
      let fullHours = (at - inception).ms / Span.hour.ms
      let expected =
        at < inception
        ? nil : points.last { ($0.at - inception).ms / Span.hour.ms < fullHours }?.equity
      #expect(try store.equityBefore(anna, hourOf: at) == expected, "\(at)")
    }
  }

  /// The benchmark is bought at 10:25 here: its own hours are not those of UTC.
  @Test(arguments: 16...19 as ClosedRange<UInt64>)
  func hourlyNAVsAreOfTheHoursOfUTC(seed: UInt64) throws {
    _ = try play(1, seed: seed)
    let bought = (Self.start + .hours(500)).floored(to: .hour) + .minutes(25)
    let late = try #require(TraderID("late"))
    var random = SeededGenerator(seed: seed)
    var changes = StateChanges(cycle: 2, run: 1, at: bought)
    changes.benchmark = Benchmark(
      id: late, coin: try #require(Coin("BTC")), boughtAt: bought,
      price: try #require(Price("100")), size: try #require(Quantity("1")), fee: .zero,
      start: USD(whole: 10_000))
    var totals = PerformanceTotals()
    var at = bought
    for _ in 0..<300 {
      let nav = USD(whole: 9000 + Int64(random.below(2000)))
      let point = EquityPoint(
        trader: late, at: at, equity: nav, nav: nav, cash: nav, unrealised: .zero,
        marginUsed: .zero)
      totals.fold(point)
      changes.equityPoints.append(point)
      // Now and then the arena is down for some hours.
      at = at + .minutes(1 + Int64(random.below(random.below(30) == 0 ? 300 : 20)))
    }
    changes.benchmarkTotals = totals
    try store.commit(changes)
    var ends: [Int64: USD] = [:]
    for point in changes.equityPoints { ends[point.at.ms / 3_600_000] = point.nav }
    let hours = ends.keys.sorted()

    let found = try #require(try store.hourlyNAVs(limit: 10_000)[late])
    #expect(found.map(\.hour) == hours, "seed \(seed)")
    #expect(found.allSatisfy { ends[$0.hour] == $0.nav }, "seed \(seed)")
    for limit in [1, 7, hours.count] {
      #expect(try store.hourlyNAVs(limit: limit)[late] == Array(found.suffix(limit)))
    }
    // What is thinned out is none of these.
    while try store.thinEquityPoints(now: at + Span.day * 40, limit: 100) > 0 {}
    #expect(try store.hourlyNAVs(limit: 10_000)[late] == found, "seed \(seed)")
  }

  @Test func navsComeOncePerDayAndHour() throws {
    let points = try play(200, seed: 15).flatMap(\.equityPoints)
    for trader in [anna, try #require(TraderID("trader1"))] {
      let own = points.filter { $0.trader == trader }
      var days: [CivilDay: USD] = [:]
      for point in own { days[CivilDay(point.at)] = point.nav }
      let daily = try #require(try store.dailyNAVs(limit: 400)[trader])
      #expect(daily.map(\.day) == days.keys.sorted())
      #expect(Dictionary(uniqueKeysWithValues: daily.map { ($0.day, $0.nav) }) == days)
      #expect(try store.dailyNAVs(limit: 1)[trader] == daily.suffix(1))

      // The sample's record begins at a full hour, so that both kinds of hours are the same.
      var hours: [Int64: USD] = [:]
      for point in own { hours[point.at.ms / 3_600_000] = point.nav }
      let hourly = try #require(try store.hourlyNAVs(limit: 9)[trader])
      #expect(hourly.map(\.hour) == hours.keys.sorted().suffix(9))
      #expect(hourly.allSatisfy { hours[$0.hour] == $0.nav })
    }
  }
}
