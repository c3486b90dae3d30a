import Analytics
import Testing
import Trading

@Suite("Running aggregates")
struct MetricsPropertyTests {
  static let riskFree = 0.04

  /// The present of a record's end, with dollars quoted four times as large.
  static func moment(_ record: RandomRecord, benchmark: TraderMetrics? = nil) -> MetricMoment {
    MetricMoment(
      at: record.end, point: record.points.last, open: [],
      scale: DollarScale(base: USD(whole: 10_000), units: Factor(whole: 2500)),
      riskFree: riskFree, benchmark: benchmark)
  }

  static func metrics(
    _ items: some Sequence<RandomRecord.Item>, isBenchmark: Bool = false
  ) -> TraderMetrics {
    var metrics = TraderMetrics(
      inception: RandomRecord.inception, riskFree: riskFree, isBenchmark: isBenchmark)
    RandomRecord.fold(items, into: &metrics)
    return metrics
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64], [0, 3, 40, 1500])
  func agreeWithTheWholeRecord(seed: UInt64, steps: Int) throws {
    let record = try RandomRecord(seed: seed, steps: steps)
    let other = try RandomRecord(seed: seed + 100, steps: steps)
    let oracle = MetricsOracle(
      record.items, inception: RandomRecord.inception, riskFree: Self.riskFree, scale: 4,
      benchmark: other.points
    ).figures

    let metrics = Self.metrics(record.items)
    let moment = Self.moment(
      record,
      benchmark: Self.metrics(other.points.map(RandomRecord.Item.point), isBenchmark: true))

    for metric in Metric.all where steps > 0 {
      guard let expected = oracle[metric.key] else {
        Issue.record("\(metric.key) is not in the oracle")
        continue
      }
      let actual = metric.value(metrics, moment)
      switch (actual, expected) {
      case (nil, nil): break
      case (let actual?, let expected?):
        // Dates are compared to the millisecond.
        #expect(
          abs(actual - expected) <= 1e-9 * max(1, abs(expected)),
          "seed \(seed), \(steps) steps: \(metric.key) expected \(expected), was \(actual)")
      default:
        Issue.record(
          """
          seed \(seed), \(steps) steps: \(metric.key) expected \(expected as Double?), \
          was \(actual as Double?)
          """
        )
      }
    }
    #expect(steps == 0 || oracle.count == Metric.all.count)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func areTheSameHoweverTheRecordIsCut(seed: UInt64) throws {
    let record = try RandomRecord(seed: seed)
    var random = SeededGenerator(seed: seed)
    var metrics = Self.metrics([])
    var rest = record.items[...]

    while !rest.isEmpty {
      let count = 1 + Int(random.below(50))
      RandomRecord.fold(rest.prefix(count), into: &metrics)
      rest = rest.dropFirst(count)
      // As from one run to the next.
      metrics = try TraderMetrics(decoding: metrics.encoded)
    }

    let whole = Self.metrics(record.items)
    #expect(metrics == whole, "seed \(seed)")
    #expect(metrics.encoded == whole.encoded)
    #expect(metrics.differences(from: whole, tolerance: 0) == [])
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func needOnlyTheLastPointOfEachHourAndDay(seed: UInt64) throws {
    let record = try RandomRecord(seed: seed)
    let points = record.points
    let thinned = record.items.filter { item in
      guard case .point(let point) = item else { return true }
      func hour(_ at: Timestamp) -> Int64 { (at - RandomRecord.inception).ms / Span.hour.ms }
      return points.last { hour($0.at) == hour(point.at) } == point
        || points.last { CivilDay($0.at) == CivilDay(point.at) } == point
    }

    #expect(thinned.count < record.items.count)
    #expect(Self.metrics(thinned) == Self.metrics(record.items), "seed \(seed)")
  }

  @Test func kindsDoNotDependOnEachOther() throws {
    let record = try RandomRecord(seed: 9)
    func kind(_ item: RandomRecord.Item) -> Int {
      switch item {
      case .point: 0
      case .trade: 1
      case .turn: 2
      case .fill: 3
      case .funding: 4
      }
    }
    let sorted = (0..<5).reversed().flatMap { wanted in
      record.items.filter { kind($0) == wanted }
    }

    #expect(Self.metrics(sorted) == Self.metrics(record.items))
  }

  @Test func doNotGrowWithHistory() throws {
    let year = try RandomRecord(seed: 5, steps: 20_000)
    let longer = try RandomRecord(seed: 5, steps: 80_000)

    // 400 days of closes and of profit, at 12 bytes each, and the rest.
    #expect(Self.metrics(year.items).encoded.count < 16_000)
    #expect(Self.metrics(longer.items).encoded.count < 16_000)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func tellWhatComesLate(seed: UInt64) throws {
    let trades = try RandomRecord(seed: seed, steps: 300).items.compactMap {
      if case .trade(let trade, equity: _) = $0 { trade } else { nil }
    }
    var metrics = Self.metrics([])
    for (index, trade) in trades.enumerated() {
      #expect(!metrics.isLate(trade), "seed \(seed)")
      metrics.fold(trade, equityAtEntry: nil)
      metrics = try TraderMetrics(decoding: metrics.encoded)
      for earlier in trades.prefix(index) where earlier.closedAt < trade.closedAt {
        #expect(metrics.isLate(earlier), "seed \(seed)")
      }
      #expect(!metrics.isLate(trade))
    }
  }

  /// A young position is stopped out, and at that instant the trader closes an old one.
  @Test func takeExitsOfOneInstantByTheirOrders() throws {
    let trade = try #require(
      RandomRecord(seed: 4, steps: 300).items.lazy.compactMap {
        if case .trade(let trade, equity: _) = $0 { trade } else { nil }
      }.first)
    let stopped = Self.copy(trade, position: 9, exitOrder: 20)
    let closed = Self.copy(trade, position: 3, exitOrder: 21)
    var metrics = Self.metrics([])
    metrics.fold(stopped, equityAtEntry: nil)

    #expect(TraderMetrics.isInOrder(stopped, before: closed))
    #expect(!metrics.isLate(closed))
    metrics.fold(closed, equityAtEntry: nil)
    #expect(metrics.isLate(stopped))
    #expect(try TraderMetrics(decoding: metrics.encoded).isLate(stopped))
  }

  private static func copy(_ trade: Trade, position: PositionNumber, exitOrder: Int64) -> Trade {
    Trade(
      position: position, trader: trade.trader, coin: trade.coin, side: trade.side,
      size: trade.size, entryNotional: trade.entryNotional, exitNotional: trade.exitNotional,
      entryFees: trade.entryFees, exitFees: trade.exitFees, funding: trade.funding,
      openedAt: trade.openedAt, closedAt: trade.closedAt, entryOrderID: trade.entryOrderID,
      entryFillID: trade.entryFillID, exitOrderID: exitOrder, exitFillID: trade.exitFillID,
      exitCause: trade.exitCause, claim: trade.claim)
  }

  @Test func tellWhatDiffers() throws {
    let record = try RandomRecord(seed: 6)
    let whole = Self.metrics(record.items)
    var more = whole
    more.fold(
      TurnRecord(
        trader: try #require(TraderID("alpha")), era: 1, slot: 9, failure: "x", decisions: []),
      at: record.end + .minutes(1))

    let told = whole.differences(from: more, tolerance: 1e-9)

    #expect(told.contains { $0.hasPrefix("behaviour.failed_turns is ") })
    #expect(!told.contains { $0.hasPrefix("trades.") })
  }

  @Test func refuseWhatIsNoAggregate() throws {
    let bytes = Self.metrics(try RandomRecord(seed: 7, steps: 200).items).encoded

    #expect(throws: MetricsError(description: "expected aggregates of layout 3, was nothing")) {
      try TraderMetrics(decoding: [])
    }
    #expect(
      throws: MetricsError(
        description: "expected aggregates of layout 3, was layout 1 in \(bytes.count) bytes")
    ) { try TraderMetrics(decoding: [1] + bytes.dropFirst()) }
    #expect(throws: MetricsError.self) { try TraderMetrics(decoding: bytes.dropLast()) }
    var random = SeededGenerator(seed: 8)
    for _ in 0..<200 {
      var broken = bytes
      broken[1 + Int(random.below(bytes.count - 1))] ^= UInt8(1 + random.below(255))
      #expect(throws: MetricsError.self) { try TraderMetrics(decoding: broken) }
    }
  }
}
