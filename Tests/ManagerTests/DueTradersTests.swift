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
      (40, 99, true), (40, 100, false), (179_999, 100, false), (179_999, 99, true),
      (180_000, 100, true), (180_040, 100, true),
      // A timer that fires 40 ms early is still in slot 99.
      (-40, 98, true), (-40, 99, false),
      // Runs were missed for a day: one turn, not many.
      (86_400_000, 100, true),
    ] as [(Int64, Int64?, Bool)])
  func countsSlots(offset: Int64, last: Int64?, isDue: Bool) throws {
    let list = DueTraders.list(
      [try seat("a", last: last)], at: Timestamp(ms: Self.start + offset), isForced: false)

    #expect(list.turns.count == (isDue ? 1 : 0))
    #expect(list.notes.isEmpty)
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
    last: Int64? = nil, peer: String? = nil, holds: Bool = false, equity: Int64 = 1000
  ) throws -> TraderSeat {
    let executor: ExecutorSpec = .baseline(
      try peer.map { .inverseOf(try #require(TraderID($0))) } ?? .flat)
    return TraderSeat(
      trader: try Make.trader(id, executor: executor),
      runtime: TraderRuntime(
        status: status, pausedUntil: pausedUntil, lastSlot: last, inceptionAt: Timestamp(ms: 0),
        era: TraderEra(number: 1, startedAt: Timestamp(ms: 0), configDigest: "x")),
      holdsPosition: holds, equity: USD(whole: equity))
  }
}
