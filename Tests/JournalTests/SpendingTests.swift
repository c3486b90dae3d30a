import Journal
import Testing
import Trading

/// Names and amounts for tests of spending.
enum Sample {
  static let wall = Timestamp(ms: 1_753_099_200_000)  // 2025-07-21T12:00:00Z
  static let day = CivilDay(wall)

  static func trader(_ index: Int) throws -> TraderID {
    try #require(TraderID("trader\(index)"))
  }

  static func model(_ name: String = "deep/seek") throws -> ModelAlias {
    try #require(ModelAlias(name))
  }

  static func spent(_ tokens: Int, _ cost: String) throws -> Spent {
    Spent(tokens: tokens, cost: try #require(USD(cost)))
  }

  static func wish(
    _ trader: Int, worst: Spent, estimate: Spent = .zero, model: String = "deep/seek"
  ) throws -> CallWish {
    CallWish(
      trader: try self.trader(trader), model: try self.model(model), purpose: .decision,
      cycle: 3, worst: worst, estimate: estimate, questionDigest: "d")
  }

  static func caps(
    arenaTokens: Int? = nil, arenaCost: String? = nil, traderTokens: Int? = nil,
    traderCost: String? = nil, isStrict: Bool = true
  ) -> SpendingCaps {
    SpendingCaps(
      arenaTokens: arenaTokens, arenaCost: arenaCost.flatMap { USD($0) },
      traderTokens: traderTokens, traderCost: traderCost.flatMap { USD($0) },
      alertAt: Pct(whole: 80), isStrict: isStrict)
  }

  static func end(
    _ call: CallNumber, _ status: CallStatus = .answered, prompt: Int = 0, completion: Int = 0,
    cost: String = "0"
  ) throws -> CallSettlement {
    CallSettlement(
      call: call, status: status,
      usage: TokenUsage(prompt: prompt, completion: completion, isEstimated: false),
      cost: try #require(USD(cost)), latencyMs: 12.5, answeredBy: "deepseek-chat-v3",
      finishReason: "stop", error: status == .failed ? "503" : "")
  }
}

extension SpendingStore {
  /// Reserves a dry run's calls for a minute.
  func reserve(
    _ wishes: [CallWish], caps: SpendingCaps = .none, run: RunNumber? = nil,
    at: Timestamp = Sample.wall
  ) throws -> [Result<CallNumber, SpendingRefusal>] {
    try reserve(wishes, caps: caps, run: run, at: at, expiresAt: at + .minute)
  }
}

@Suite struct SpendingTests {
  private let store: SpendingStore
  private let state: StateStore

  init() throws {
    let database = try JournalDatabase.inMemory()
    store = SpendingStore(database)
    state = StateStore(database)
    try state.prepare(arenaID: "a", name: "A", createdAt: Sample.wall)
  }

  @Test func aBudgetForSevenAdmitsTheFirstSevenOfTwenty() throws {
    let worst = try Sample.spent(1000, "0.1")
    let wishes = try (0..<20).map { try Sample.wish($0, worst: worst) }

    let results = try store.reserve(wishes, caps: Sample.caps(arenaTokens: 7999))

    #expect(results.prefix(7).compactMap { try? $0.get() } == [1, 2, 3, 4, 5, 6, 7])
    #expect(results.dropFirst(7).allSatisfy { (try? $0.get()) == nil })
    #expect(try store.day(Sample.day).calls == 7)
  }

  @Test(arguments: [
    (
      Sample.caps(arenaTokens: 99), "budget.daily_token_limit", "99 tokens", "0 tokens",
      "100 tokens"
    ),
    (Sample.caps(arenaCost: "0.24"), "budget.daily_usd_limit", "0.24 USD", "0 USD", "0.25 USD"),
    (
      Sample.caps(arenaTokens: 100, traderTokens: 99), "budget.trader_daily_token_limit",
      "99 tokens", "0 tokens", "100 tokens"
    ),
    (
      Sample.caps(arenaCost: "9", traderCost: "0"), "budget.trader_daily_usd_limit", "0 USD",
      "0 USD", "0.25 USD"
    ),
  ])
  func aRefusalNamesItsCap(
    caps: SpendingCaps, cap: String, limit: String, used: String, needed: String
  ) throws {
    let wish = try Sample.wish(0, worst: try Sample.spent(100, "0.25"))

    let results = try store.reserve([wish], caps: caps)

    #expect(
      results == [
        .failure(SpendingRefusal(cap: cap, limit: limit, used: used, needed: needed))
      ])
    #expect(try store.day(Sample.day) == DaySpending(arena: .zero, traders: [:], calls: 0))
    #expect(try store.latestCalls(9) == [])
  }

  @Test func aCapIsOfOneTraderOnOneDay() throws {
    let caps = Sample.caps(traderTokens: 100)
    let worst = try Sample.spent(100, "0")
    func admits(_ trader: Int, _ at: Timestamp, _ model: String) throws -> Bool {
      let wish = try Sample.wish(trader, worst: worst, model: model)
      guard case .success = try store.reserve([wish], caps: caps, at: at)[0] else { return false }
      return true
    }

    #expect(try admits(0, Sample.wall, "a"))
    #expect(try !admits(0, Sample.wall, "b"))
    #expect(try admits(1, Sample.wall, "a"))
    #expect(try !admits(0, Sample.day.start + .day - Span(ms: 1), "a"))
    #expect(try admits(0, Sample.day.start + .day, "a"))
  }

  @Test func capsThatAreNotStrictAdmitEverything() throws {
    let wishes = try (0..<3).map { try Sample.wish($0, worst: try Sample.spent(500, "3")) }

    let results = try store.reserve(
      wishes, caps: Sample.caps(arenaTokens: 1, traderCost: "0", isStrict: false))

    #expect(results == [.success(1), .success(2), .success(3)])
    #expect(try store.day(Sample.day).arena == Sample.spent(1500, "9"))
  }

  @Test func aSettlementTakesThePlaceOfTheWorstCase() throws {
    let worst = try Sample.spent(1000, "2")
    _ = try store.reserve([try Sample.wish(0, worst: worst), try Sample.wish(1, worst: worst)])
    let end = try Sample.end(1, prompt: 300, completion: 21, cost: "0.00000321")

    #expect(try store.settle([end], at: Sample.wall + .seconds(9)) == [])

    let expected = DaySpending(
      arena: try Sample.spent(1321, "2.00000321"),
      traders: [
        try Sample.trader(0): try Sample.spent(321, "0.00000321"), try Sample.trader(1): worst,
      ], calls: 2)
    #expect(try store.day(Sample.day) == expected)
    let calls = try store.latestCalls(2)
    #expect(calls.map(\.status) == [.reserved, .answered])
    #expect(calls[1].usage == end.usage)
    #expect(calls[1].answeredBy == "deepseek-chat-v3")
    #expect(calls[1].settledAt == Sample.wall + .seconds(9))
    #expect(try state.check() == [])
  }

  @Test func aCallIsSettledOnce() throws {
    _ = try store.reserve([try Sample.wish(0, worst: try Sample.spent(1000, "2"))])
    let first = try Sample.end(1, prompt: 10, completion: 5, cost: "0.5")
    let second = try Sample.end(1, .failed, prompt: 700, completion: 0, cost: "1")

    #expect(try store.settle([first, second], at: Sample.wall) == [1])
    #expect(try store.settle([first], at: Sample.wall) == [1])

    #expect(try store.day(Sample.day).arena == Sample.spent(15, "0.5"))
    #expect(try store.latestCalls(1).map(\.status) == [.answered])
  }

  @Test func aReleasedCallCostsNothing() throws {
    _ = try store.reserve([try Sample.wish(0, worst: try Sample.spent(1000, "2"))])

    try store.settle([try Sample.end(1, .released, prompt: 5, cost: "1")], at: Sample.wall)

    #expect(try store.day(Sample.day) == DaySpending(arena: .zero, traders: [:], calls: 0))
    #expect(try state.check() == [])
  }

  @Test(arguments: [
    (CallNumber(2), CallStatus.answered, "0", "expected call 2 on record, was none"),
    (1, .reserved, "0", "was reserved with 0 USD, 0 and 0 tokens"),
    (1, .failed, "-1", "was failed with -1 USD, 0 and 0 tokens"),
  ])
  func refusesSettlementsThatMakeNoSense(
    call: CallNumber, status: CallStatus, cost: String, part: String
  ) throws {
    _ = try store.reserve([try Sample.wish(0, worst: try Sample.spent(10, "2"))])
    let before = try store.day(Sample.day)

    let error = #expect(throws: JournalError.self) {
      try store.settle([try Sample.end(call, status, cost: cost)], at: Sample.wall)
    }

    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    #expect(try store.day(Sample.day) == before)
  }

  @Test func refusesAmountsThatCannotBeKept() throws {
    let huge = Spent(tokens: Int.max, cost: USD(mantissa: .max))
    _ = try store.reserve([try Sample.wish(0, worst: huge)])

    for worst in [huge, Spent(tokens: -1, cost: .zero), try Sample.spent(0, "-0.00000001")] {
      #expect(throws: JournalError.self) {
        _ = try store.reserve([try Sample.wish(1, worst: worst)])
      }
    }

    #expect(try store.day(Sample.day).arena == huge)
    let refused = try store.reserve(
      [try Sample.wish(1, worst: huge)], caps: Sample.caps(arenaTokens: .max))
    #expect(refused.count == 1)
    #expect((try? refused[0].get()) == nil)
  }

  @Test func aDeadRunsCallBecomesItsEstimate() throws {
    let dead = try state.beginRun(at: Sample.wall, wallStart: Sample.wall, pid: 1)
    let live = try state.beginRun(at: Sample.wall, wallStart: Sample.wall, pid: 2)
    let worst = try Sample.spent(1000, "2")
    let wish = try Sample.wish(0, worst: worst, estimate: try Sample.spent(400, "0.7"))
    for run in [dead, live, nil] { _ = try store.reserve([wish], run: run) }

    let found = try store.settleAbandoned(now: Sample.wall + .seconds(1), liveRun: live)

    #expect(found.map(\.call) == [1])
    #expect(found.map(\.run) == [dead])
    #expect(found.map(\.booked) == [try Sample.spent(400, "0.7")])
    #expect(try store.day(Sample.day).arena == Sample.spent(2400, "4.7"))
    #expect(try store.latestCalls(3).map(\.status) == [.reserved, .reserved, .abandoned])
    #expect(try store.latestCalls(3)[2].usage.isEstimated)
    #expect(try store.settleAbandoned(now: Sample.wall + .seconds(2), liveRun: live) == [])
    #expect(try state.check() == [])
  }

  @Test func aDryRunKnowsOnlyWhatIsOverOrExpired() throws {
    let running = try state.beginRun(at: Sample.wall, wallStart: Sample.wall, pid: 1)
    let over = try state.beginRun(at: Sample.wall, wallStart: Sample.wall, pid: 2)
    let wish = try Sample.wish(0, worst: try Sample.spent(10, "1"))
    for run in [running, over, nil] { _ = try store.reserve([wish], run: run) }
    try state.finishRun(over, cycle: nil, wallEnd: Sample.wall, phases: [], error: "killed")

    let first = try store.settleAbandoned(now: Sample.wall + .seconds(59), liveRun: nil)
    let second = try store.settleAbandoned(now: Sample.wall + .minute, liveRun: running)
    let third = try store.settleAbandoned(now: Sample.wall + .minute, liveRun: nil)

    #expect([first, second, third].map { $0.map(\.call) } == [[2], [3], [1]])
  }

  @Test func aLateSettlementReplacesTheEstimate() throws {
    let wish = try Sample.wish(
      0, worst: try Sample.spent(1000, "2"), estimate: try Sample.spent(5000, "0.7"))
    _ = try store.reserve([wish])
    try store.settleAbandoned(now: Sample.wall + .hour, liveRun: nil)
    // An estimate above the worst case is cut to it.
    #expect(try store.day(Sample.day).arena == Sample.spent(1000, "0.7"))

    let end = try Sample.end(1, prompt: 90, completion: 9, cost: "0.1")
    #expect(try store.settle([end], at: Sample.wall + .hour) == [])

    #expect(try store.day(Sample.day).arena == Sample.spent(99, "0.1"))
    #expect(try store.settle([end], at: Sample.wall + .hour) == [1])
    #expect(try state.check() == [])
  }

  @Test func aCallAskedAgainIsSettledAndReservedAtOnce() throws {
    let wish = try Sample.wish(0, worst: try Sample.spent(100, "1"))
    let caps = Sample.caps(arenaTokens: 130)
    _ = try store.reserve([wish], caps: caps)

    let results = try store.settle(
      [try Sample.end(1, prompt: 25, completion: 5, cost: "0.5")], thenReserve: [wish, wish],
      caps: caps, run: nil, at: Sample.wall, expiresAt: Sample.wall)

    #expect(results.map { try? $0.get() } == [2, nil])
    #expect(try store.day(Sample.day).arena == Sample.spent(130, "1.5"))
  }

  @Test func tellsWhatWasUsedByTraderAndModel() throws {
    let worst = try Sample.spent(10, "1")
    let calls = [(0, "b", 0), (0, "a", 1), (1, "a", 25), (0, "a", 26)]
    for (trader, model, hour) in calls {
      _ = try store.reserve(
        [try Sample.wish(trader, worst: worst, model: model)],
        at: Sample.day.start + .hours(Int64(hour)))
    }
    try store.settle([try Sample.end(4, .released)], at: Sample.wall)
    func lines(_ uses: [ModelUse]) -> [String] {
      uses.map { "\($0.trader) \($0.model) \($0.calls) \($0.spent.tokens) \($0.spent.cost)" }
    }

    let next = CivilDay(number: Sample.day.number + 1)
    #expect(
      lines(try store.use(from: Sample.day, through: next))
        == ["trader0 a 1 10 1", "trader0 b 1 10 1", "trader1 a 1 10 1"])
    #expect(lines(try store.use(from: next, through: next)) == ["trader1 a 1 10 1"])
    #expect(
      lines(try store.use(since: Sample.day.start + .hours(1)))
        == ["trader0 a 1 10 1", "trader1 a 1 10 1"])
  }

  @Test func oldCallsGoAndTheirTotalsStay() throws {
    let wish = try Sample.wish(0, worst: try Sample.spent(10, "1"))
    _ = try store.reserve(Array(repeating: wish, count: 5))
    try store.settle(try (1...4).map { try Sample.end($0, prompt: 2) }, at: Sample.wall)
    let before = try store.day(Sample.day)
    let next = CivilDay(number: Sample.day.number + 1)

    #expect(try store.dropCalls(before: Sample.day, limit: 9) == 0)
    #expect(try store.dropCalls(before: next, limit: 3) == 3)
    #expect(try state.check() == [])
    #expect(try store.dropCalls(before: next, limit: 3) == 1)
    #expect(try store.dropCalls(before: next, limit: 3) == 0)

    #expect(try store.day(Sample.day) == before)
    #expect(try store.latestCalls(9).map(\.call) == [5])
    #expect(try store.reserve([wish]) == [.success(6)])
  }

  @Test func keptAnswersServeUntilTheyAreOld() throws {
    let long = String(repeating: "{\"action\":\"hold\"} — déjà vu\u{0}", count: 999)
    let answer = KeptAnswer(
      questionDigest: "q", at: Sample.wall, model: try Sample.model(), answeredBy: "m",
      reply: long, reasoning: "")
    let older = KeptAnswer(
      questionDigest: "q", at: Sample.wall - .hour, model: try Sample.model(), answeredBy: "m",
      reply: "old", reasoning: "")
    try store.settle([], keeping: [answer], at: Sample.wall)
    try store.keep([older])

    #expect(try store.cachedAnswer(digest: "q", since: Sample.wall) == answer)
    #expect(try store.cachedAnswer(digest: "q", since: Sample.wall + Span(ms: 1)) == nil)
    #expect(try store.cachedAnswer(digest: "other", since: Sample.wall) == nil)
    #expect(try store.dropAnswers(before: Sample.wall, limit: 9) == 0)
    #expect(try store.dropAnswers(before: Sample.wall + .hour, limit: 9) == 1)
    #expect(try store.cachedAnswer(digest: "q", since: Sample.wall) == nil)
  }
}
