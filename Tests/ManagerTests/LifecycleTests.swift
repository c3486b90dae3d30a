import Manager
import Testing
import Trading

@Suite("Lifecycle")
struct LifecycleTests {
  // MARK: Isolation

  private static let rules = IsolationRules(
    sharpeThreshold: Factor(whole: -1), maxFailures: 5, maxBreaches: 3, closesPositions: false)

  @Test(
    "takes out at the limit and not before",
    arguments: [
      // days, Sharpe, failures, breaches, rule
      (30, 1.0, 0, 0, nil),
      (30, 1.0, 4, 2, nil),
      (30, 1.0, 5, 0, "isolation_failures"),
      (0, 0.0, 6, 0, "isolation_failures"),
      (30, 1.0, 0, 3, "isolation_breaches"),
      (20, -1.01, 0, 0, "isolation_sharpe"),
      (19, -5.0, 0, 0, nil),
      (20, -0.99, 0, 0, nil),
      // The first rule of several is told.
      (30, -2.0, 9, 9, "isolation_sharpe"),
      (19, -2.0, 9, 9, "isolation_failures"),
    ] as [(Int, Double, Int, Int, String?)])
  func takesOut(
    days: Int, sharpe: Double, failures: Int, breaches: Int, rule: String?
  ) {
    let totals = Make.totals(days: days, sharpe: sharpe)

    let note = Isolation.reason(
      Make.runtime(failures: failures, breaches: breaches), totals: totals, rules: Self.rules)
    let off = Isolation.reason(
      Make.runtime(failures: failures, breaches: breaches), totals: totals, rules: .off)

    #expect(note?.rule == rule)
    #expect(off == nil)
  }

  @Test func tellsWhy() {
    let totals = Make.totals(days: 30, sharpe: -1.5)

    let texts = [
      Isolation.reason(Make.runtime(), totals: totals, rules: Self.rules),
      Isolation.reason(
        Make.runtime(failures: 5), totals: PerformanceTotals(), rules: Self.rules),
      Isolation.reason(
        Make.runtime(breaches: 4), totals: PerformanceTotals(), rules: Self.rules),
    ].map { $0?.text }

    #expect(
      texts == [
        "the Sharpe ratio of 30 days is -1.5, expected at least -1",
        "5 decisions in a row failed, expected fewer than 5",
        "4 turns in a row broke a rule, expected fewer than 3",
      ])
  }

  @Test("takes out nobody twice", arguments: TraderStatus.allCases)
  func takesOutNobodyTwice(status: TraderStatus) {
    let note = Isolation.reason(
      Make.runtime(status, failures: 9), totals: PerformanceTotals(), rules: Self.rules)
    let removed = Isolation.reason(
      Make.runtime(status, failures: 9, removedAt: Make.now), totals: PerformanceTotals(),
      rules: Self.rules)

    #expect((note != nil) == [.running, .paused, .error].contains(status))
    #expect(removed == nil)
  }

  @Test func aReleasedTraderIsNotTakenOutBeforeANewDailyReturn() {
    let runtime = Make.runtime(sharpePauseDays: 30)

    let same = Isolation.reason(
      runtime, totals: Make.totals(days: 30, sharpe: -2), rules: Self.rules)
    let next = Isolation.reason(
      runtime, totals: Make.totals(days: 31, sharpe: -2), rules: Self.rules)

    #expect(same == nil)
    #expect(next?.rule == "isolation_sharpe")
  }

  // MARK: Pause by Sharpe ratio

  @Test(
    "pauses a running trader with a long and poor record, once a day",
    arguments: [
      // status, days, Sharpe, paused at days, pauses
      (.running, 20, -0.6, nil, true),
      (.running, 19, -0.6, nil, false),
      (.running, 20, -0.4, nil, false),
      (.running, 20, -0.6, 20, false),
      (.running, 21, -0.6, 20, true),
      (.paused, 20, -0.6, nil, false), (.stopped, 20, -0.6, nil, false),
      (.isolated, 20, -0.6, nil, false), (.error, 20, -0.6, nil, false),
    ] as [(TraderStatus, Int, Double, Int?, Bool)])
  func pauses(status: TraderStatus, days: Int, sharpe: Double, pausedAt: Int?, isPaused: Bool)
    throws
  {
    let guards = ExecutionGuards(
      pauseDuration: .hours(4), sharpePauseThreshold: try Make.factor("-0.5"))
    let runtime = Make.runtime(status, sharpePauseDays: pausedAt)
    let totals = Make.totals(days: days, sharpe: sharpe)

    let pause = SharpePause(of: runtime, totals: totals, guards: guards, at: Make.now)

    #expect(pause?.until == (isPaused ? Make.now + .hours(4) : nil))
    #expect(pause?.days == (isPaused ? days : nil))
    #expect(
      pause?.reason
        == (isPaused ? "the Sharpe ratio of \(days) days is -0.6, expected at least -0.5" : nil))
  }

  @Test func noPauseWithoutDurationOrThreshold() throws {
    let totals = Make.totals(days: 30, sharpe: -9)
    let threshold = try #require(Factor("-0.5"))

    for guards in [
      ExecutionGuards(pauseDuration: .hour), ExecutionGuards(sharpePauseThreshold: threshold),
      ExecutionGuards(pauseDuration: .zero, sharpePauseThreshold: threshold),
    ] {
      #expect(
        SharpePause(of: Make.runtime(), totals: totals, guards: guards, at: Make.now) == nil)
    }
  }

  // MARK: Failures

  @Test(arguments: [(0, false), (2, false), (3, true), (4, true)])
  func onlyReducesAfterThreeFailures(failures: Int, isCurbed: Bool) {
    let reason = FailureStreak.reductionsOnly(after: failures)

    #expect(
      reason
        == (isCurbed
          ? "the \(failures) decisions before this one failed; entries are allowed again after "
            + "one that succeeds" : nil))
  }

  // MARK: Moves

  @Test("moves as the state machine says", arguments: TraderStatus.allCases)
  func movesAsTheStateMachineSays(status: TraderStatus) throws {
    // The whole table of the specification; everything else is refused.
    let table: [TraderStatus: [TraderStatus.Move: TraderStatus]] = [
      .stopped: [.start: .running, .isolate: .isolated],
      .running: [.pause: .paused, .stop: .stopped, .isolate: .isolated],
      .paused: [.resume: .running, .stop: .stopped, .isolate: .isolated],
      .isolated: [.release: .stopped],
      .error: [.stop: .stopped, .isolate: .isolated],
    ]
    let trader = try #require(TraderID("bold"))
    var allowed: [TraderStatus.Move] = []

    for move in TraderStatus.Move.allCases {
      let before = Make.runtime(status, failures: 5, breaches: 4, sharpePauseDays: 3)
      let result = TraderMoves.apply(
        move, to: before, of: trader, at: Make.now, reason: "asked", cause: "command")
      switch result {
      case .success(let (runtime, event)):
        allowed.append(move)
        var wanted = before
        wanted.status = try #require(table[status]?[move], "\(status) \(move)")
        wanted.reason = wanted.status == .running ? "" : "asked"
        wanted.pausedUntil = nil
        if move == .start || move == .release {
          wanted.failuresInARow = 0
          wanted.breachesInARow = 0
        }
        #expect(runtime == wanted, "\(status) \(move)")
        #expect(
          event
            == TraderEvent(
              trader: trader, at: Make.now, what: move.rawValue, status: wanted.status,
              cause: "command", reason: "asked"))
      case .failure(let refusal):
        #expect(table[status]?[move] == nil, "\(status) \(move)")
        #expect(refusal.text.contains("was \(status.rawValue); allowed now: "))
      }
    }

    #expect(allowed == status.allowedMoves)
    #expect(Set(allowed) == Set(try #require(table[status]).keys))
  }

  private func refusal(
    _ move: TraderStatus.Move, _ runtime: TraderRuntime, until: Timestamp? = nil
  ) throws -> String? {
    let result = TraderMoves.apply(
      move, to: runtime, of: try #require(TraderID("bold")), pausedUntil: until, at: Make.now,
      reason: "asked", cause: "command")
    switch result {
    case .success: return nil
    case .failure(let refusal): return refusal.text
    }
  }

  @Test func refusalsNameTheStatusAndWhatIsAllowed() throws {
    #expect(
      try refusal(.start, Make.runtime(.running))
        == "bold: expected a status that allows start, was running; allowed now: pause, stop, "
        + "isolate")
    #expect(
      try refusal(.stop, Make.runtime(.isolated))
        == "bold: expected a status that allows stop, was isolated; allowed now: release")
  }

  @Test("a removed trader makes no move", arguments: TraderStatus.Move.allCases)
  func aRemovedTraderMakesNoMove(move: TraderStatus.Move) throws {
    for status in TraderStatus.allCases {
      #expect(
        try refusal(move, Make.runtime(status, removedAt: Make.now))
          == "bold: expected a trader of the arena for \(move.rawValue), was removed at "
          + "\(Make.now); no move is allowed")
    }
  }

  @Test func aPauseEndsInTheFuture() throws {
    #expect(try refusal(.pause, Make.runtime(), until: Make.now + Span(ms: 1)) == nil)
    #expect(
      try refusal(.pause, Make.runtime(), until: Make.now)
        == "bold: expected a pause that ends after \(Make.now), was \(Make.now)")
    #expect(
      try refusal(.stop, Make.runtime(), until: Make.now + .hour)
        == "bold: expected no end of a pause for stop, was \(Make.now + .hour)")
    let paused = try TraderMoves.apply(
      .pause, to: Make.runtime(), of: try #require(TraderID("bold")),
      pausedUntil: Make.now + .hour, at: Make.now, reason: "asked", cause: "command"
    ).get()
    #expect(paused.runtime.pausedUntil == Make.now + .hour)
  }
}
