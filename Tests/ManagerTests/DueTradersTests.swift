import Manager
import Testing
import Trading

@Suite("Due traders")
struct DueTradersTests {
  /// Slot 100 of three minutes begins at 18,000,000 ms.
  static let start: Int64 = 18_000_000

  @Test(
    "counts slots whatever the timer does",
    arguments: [
      // offset of now from the start of slot 100, last slot, due
      (0, nil, true), (0, 99, true), (0, 100, false),
      (40, 99, true), (40, 100, false), (174_999, 100, false), (174_999, 99, true),
      (180_000, 100, true), (180_040, 100, true),
      // A timer that fires up to 5 s early (a tenth of three minutes would be 18 s) has the turn
      // of slot 100, and none is left for a second one within the slot.
      (-40, 99, true), (-40, 100, false), (-5000, 99, true), (-5001, 99, false),
      // Runs were missed for a day: one turn, not many.
      (86_400_000, 100, true),
    ] as [(Int64, Int64?, Bool)])
  func countsSlots(offset: Int64, last: Int64?, isDue: Bool) throws {
    let list = DueTraders.list(
      [try seat("a", last: last)], at: Timestamp(ms: Self.start + offset), isForced: false)

    #expect(list.turns.count == (isDue ? 1 : 0))
    #expect(list.notes.isEmpty)
  }

  @Test(
    "a timer may be early by a tenth of the interval, at most five seconds",
    arguments: [
      // interval ms, tolerance ms
      (1, 0), (9, 0), (10, 1), (1000, 100), (49_999, 4999), (50_000, 5000), (180_000, 5000),
      (86_400_000, 5000),
    ] as [(Int64, Int64)])
  func toleratesEarlyTimers(intervalMs: Int64, toleranceMs: Int64) {
    let interval = Span(ms: intervalMs)
    let start = 1000 * intervalMs

    #expect(DueTraders.tolerance(of: interval) == Span(ms: toleranceMs))
    #expect(DueTraders.slot(at: Timestamp(ms: start - toleranceMs), interval: interval) == 1000)
    #expect(DueTraders.slot(at: Timestamp(ms: start - toleranceMs - 1), interval: interval) == 999)
  }

  @Test(
    "a jittering timer gets exactly one turn per slot", arguments: 1...40 as ClosedRange<UInt64>)
  func jitterNeverLosesOrDoublesATurn(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let interval = Span(ms: Int64(1000 + random.below(600_000)))
    let tolerance = Int(DueTraders.tolerance(of: interval).ms)
    var last: Int64?
    var turns: [Int64] = []

    for slot in Int64(5000)..<5200 {
      // The timer fires, and a person runs it by hand a moment later.
      let jitter = Int64(random.below(2 * tolerance + 1) - tolerance)
      for delay in [0, Int64(random.below(tolerance + 1))] {
        let now = Timestamp(ms: slot * interval.ms + jitter + delay)
        let due = DueTraders.list(
          [try seat("a", last: last, interval: interval)], at: now, isForced: false)
        guard let turn = due.turns.first else { continue }
        turns.append(turn.slot)
        last = turn.slot
      }
    }

    #expect(turns == Array(5000..<5200), "seed \(seed), interval \(interval)")
  }

  @Test func aTurnCarriesItsSlot() throws {
    let list = DueTraders.list(
      [try seat("a", last: 99)], at: Timestamp(ms: Self.start + 5), isForced: false)

    #expect(list.turns.map(\.slot) == [100])
  }

  @Test func aClockThatWentBackIsNotedAndNotDue() throws {
    let seats = [try seat("a", last: 105)]

    let list = DueTraders.list(seats, at: Timestamp(ms: Self.start), isForced: false)
    let forced = DueTraders.list(seats, at: Timestamp(ms: Self.start), isForced: true)

    #expect(list.turns.isEmpty)
    #expect(
      list.notes.map(\.text) == [
        "expected a slot of at least 105, was 100: the clock went back, or the interval was made "
          + "longer; due again after slot 105, or with --force"
      ])
    #expect(forced.turns.map(\.slot) == [105])
  }

  @Test(
    "only running traders are due, forced or not",
    arguments: TraderStatus.allCases, [false, true])
  func onlyRunningTradersAreDue(status: TraderStatus, isForced: Bool) throws {
    let list = DueTraders.list(
      [try seat("a", status: status, last: 99)], at: Timestamp(ms: Self.start), isForced: isForced)

    #expect(list.turns.count == (status == .running ? 1 : 0))
    #expect(list.resumed.isEmpty)
  }

  @Test(
    "a pause ends by itself at its time",
    arguments: [(1, false), (0, true), (-1, true)] as [(Int64, Bool)])
  func aPauseEnds(offset: Int64, isOver: Bool) throws {
    let seat = try seat(
      "a", status: .paused, pausedUntil: Timestamp(ms: Self.start + offset), last: 99)

    let list = DueTraders.list([seat], at: Timestamp(ms: Self.start), isForced: false)

    #expect(list.turns.count == (isOver ? 1 : 0))
    #expect(list.resumed == (isOver ? [seat.trader.id] : []))
  }

  @Test func forceIgnoresTheSlot() throws {
    let list = DueTraders.list(
      [try seat("a", last: 100)], at: Timestamp(ms: Self.start), isForced: true)

    #expect(list.turns.map(\.slot) == [100])
  }

  @Test func ordersByPositionsThenEquityThenID() throws {
    let seats = [
      try seat("d", equity: 100), try seat("c", equity: 100), try seat("b", equity: 900),
      try seat("a", holds: true, equity: 1), try seat("e", holds: true, equity: 2),
    ]

    let list = DueTraders.list(seats, at: Timestamp(ms: Self.start), isForced: false)

    #expect(list.turns.map(\.trader.name) == ["e", "a", "b", "c", "d"])
  }

  @Test func ordersByPositionsThenSharpeThenEquity() throws {
    let seats = [
      try seat("loser", equity: 900, sharpe: -0.1), try seat("new", equity: 100),
      try seat("rich", equity: 800), try seat("broken", equity: 700, sharpe: .nan),
      try seat("best", equity: 1, sharpe: 2), try seat("holder", holds: true, sharpe: -3),
    ]

    let list = DueTraders.list(seats, at: Timestamp(ms: Self.start), isForced: false)
    let reversed = DueTraders.list(
      seats.reversed(), at: Timestamp(ms: Self.start), isForced: false)

    #expect(
      list.turns.map(\.trader.name) == ["holder", "best", "rich", "broken", "new", "loser"])
    #expect(reversed.turns == list.turns)
  }

  @Test func peersComeBeforeThoseWhoLookAtThem() throws {
    let seats = [
      try seat("mirror", peer: "shadow", holds: true, equity: 900),
      try seat("shadow", peer: "model", equity: 800), try seat("rich", equity: 700),
      try seat("model", equity: 10), try seat("orphan", peer: "absent", equity: 5),
    ]

    let list = DueTraders.list(seats, at: Timestamp(ms: Self.start), isForced: false)

    #expect(list.turns.map(\.trader.name) == ["model", "shadow", "mirror", "rich", "orphan"])
  }

  @Test func tradersInACircleEachGetOneTurn() throws {
    let seats = [try seat("a", peer: "b"), try seat("b", peer: "a"), try seat("c", peer: "c")]

    let list = DueTraders.list(seats, at: Timestamp(ms: Self.start), isForced: false)

    #expect(list.turns.map(\.trader.name).sorted() == ["a", "b", "c"])
  }

  private func seat(
    _ id: String, status: TraderStatus = .running, pausedUntil: Timestamp? = nil,
    last: Int64? = nil, peer: String? = nil, holds: Bool = false, equity: Int64 = 1000,
    sharpe: Double? = nil, interval: Span = .minutes(3)
  ) throws -> TraderSeat {
    let executor: ExecutorSpec = .baseline(
      try peer.map { .inverseOf(try #require(TraderID($0))) } ?? .flat)
    return TraderSeat(
      trader: try Make.trader(id, executor: executor, interval: interval),
      runtime: TraderRuntime(
        status: status, pausedUntil: pausedUntil, lastSlot: last, inceptionAt: Timestamp(ms: 0),
        era: TraderEra(number: 1, startedAt: Timestamp(ms: 0), configDigest: "x")),
      holdsPosition: holds, equity: USD(whole: equity), sharpe: sharpe)
  }
}
