import Testing
import Trading
import Wire

/// Where places are scarce, the rank decides who gets one, and not who is quicker.
@Suite(.timeLimit(.minutes(30))) struct RateRankTests {
  private let one = RateAllowance(maxConcurrent: 1)
  private let limit = StoppedClock().limit()
  private let order = Notes<Int>()

  private func rank(_ place: Int, tier: Int = 0) -> RateRank { RateRank(tier: tier, place: place) }

  private func note(_ place: Int, within allowance: RateAllowance) async {
    _ = await limit.withPermit(for: "h", within: allowance, rank: rank(place)) { order.add(place) }
  }

  private func wait(untilWaiting count: Int) async {
    while limit.load(of: "h").waiting < count { await Task.yield() }
  }

  @Test func waitsForThoseWhoAnnouncedThemselves() async {
    for place in 0..<10 { limit.announce(rank(place), to: "h") }

    await withTaskGroup(of: Void.self) { group in
      for (count, place) in (1..<10).reversed().enumerated() {
        group.addTask { await note(place, within: one) }
        await wait(untilWaiting: count + 1)
      }
      #expect(order.all == [])
      group.addTask { await note(0, within: one) }
    }

    #expect(order.all == Array(0..<10))
  }

  /// Three places: the third comes in before the first two have asked, the fourth does not.
  @Test func waitsForNobodyWhileThereIsRoomForAllBeforeIt() async {
    let three = RateAllowance(maxConcurrent: 3, perMinute: 3)
    for place in 0..<4 { limit.announce(rank(place), to: "h") }

    #expect(await limit.enter("h", three, rank: rank(2), within: .seconds(1)))
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await note(3, within: three) }
      await wait(untilWaiting: 1)
      #expect(await limit.enter("h", three, rank: rank(0), within: .seconds(1)))
      #expect(await limit.enter("h", three, rank: rank(1), within: .seconds(1)))
      #expect(order.all == [])
      for _ in 0..<3 { limit.leave("h") }
    }

    #expect(order.all == [3])
  }

  @Test func waitsNoMoreForWhoWithdraws() async {
    for place in 0..<3 { limit.announce(rank(place), to: "h") }

    await withTaskGroup(of: Void.self) { group in
      group.addTask { await note(2, within: one) }
      await wait(untilWaiting: 1)
      limit.withdraw(rank(1), from: "h")
      #expect(order.all == [])
      limit.withdraw(rank(0), from: "h")
      limit.withdraw(rank(0), from: "h")
    }

    #expect(order.all == [2])
    #expect(limit.load(of: "h") == (0, 0))
  }

  @Test func waitsNoMoreForWhoIsCancelled() async {
    for place in 0..<2 { limit.announce(rank(place), to: "h") }

    await withTaskGroup(of: Void.self) { group in
      group.addTask { await note(1, within: one) }
      await wait(untilWaiting: 1)
      group.addTask {
        withUnsafeCurrentTask { $0?.cancel() }
        await note(0, within: one)
      }
    }

    #expect(order.all == [1])
  }

  /// The patience ends at once; the announced one may come later all the same.
  @Test func waitsForTheAnnouncedNoLongerThanItsPatience() async {
    limit.announce(rank(0), to: "h")

    #expect(await limit.enter("h", one, rank: rank(1), within: .seconds(1)) == false)
    await note(0, within: one)

    #expect(order.all == [0])
    #expect(limit.load(of: "h") == (0, 0))
  }

  @Test func needsNoPatienceWhereThereIsRoom() async {
    for key in 0..<200 {
      #expect(await limit.enter("\(key)", one, rank: rank(0), within: .zero))
      #expect(await limit.enter("\(key)", one, rank: rank(0), within: .zero) == false)
    }
  }

  @Test func whoAsksAgainComesBeforeThoseBehindIt() async {
    #expect(await limit.enter("h", one, rank: rank(9), within: .seconds(1)))

    await withTaskGroup(of: Void.self) { group in
      for (count, place) in [5, 3, 4, 1].enumerated() {
        group.addTask { await note(place, within: one) }
        await wait(untilWaiting: count + 1)
      }
      group.addTask { _ = await limit.withPermit(for: "h", within: one) { order.add(-1) } }
      await wait(untilWaiting: 5)
      limit.leave("h")
    }

    #expect(order.all == [1, 3, 4, 5, -1])
  }

  @Test func theTierComesBeforeThePlace() {
    let ranks = [rank(0), rank(7), rank(0, tier: 1), rank(7, tier: 1), rank(0, tier: 2)]

    #expect(ranks.shuffled().sorted() == ranks)
  }

  @Test func anAnnouncementHoldsNobodyUpElsewhere() async {
    limit.announce(rank(0), to: "other")

    await note(1, within: one)

    #expect(order.all == [1])
  }

  /// The one who sleeps until the minute has room is no longer the first when it wakes.
  @Test func theSleeperGivesWayToWhoRanksBeforeIt() async {
    let clock = StoppedClock()
    let hold = Hold()
    let limit = RateLimit(
      now: { clock.now },
      sleep: { span in
        await hold.wait()
        try await clock.sleep(span)
      })
    let one = RateAllowance(perMinute: 1)
    _ = await limit.withPermit(for: "h", within: one) {}

    await withTaskGroup(of: Void.self) { group in
      for (count, place) in [2, 1, 0].enumerated() {
        group.addTask {
          _ = await limit.withPermit(for: "h", within: one, rank: rank(place)) {
            order.add(place)
          }
        }
        while limit.load(of: "h").waiting < count + 1 { await Task.yield() }
      }
      hold.letGo()
    }

    #expect(order.all == [0, 1, 2])
    #expect(clock.naps == [60_000, 60_000, 60_000])
  }
}

/// Whatever the order of arrival, and whoever gives up.
@Suite(.timeLimit(.minutes(30))) struct RateRankPropertyTests {
  private struct Run {
    var entered: [Int]
    var expected: ClosedRange<Int>
    var load: (running: Int, waiting: Int)
    /// How many of those who came later rank before it and had still to come in, at most.
    var overtaken: Int
  }

  /// What a caller does with its announcement.
  private enum Manner: CaseIterable, Sendable {
    case asks, asksAgain, asksAndStays, withdraws, isCancelled, isCancelledLater
  }

  private func run(seed: UInt64, places: Int) async -> Run {
    var dice = SeededGenerator(seed: seed)
    let limit = StoppedClock().limit()
    let allowance = RateAllowance(
      maxConcurrent: places, perMinute: dice.below(2) == 0 ? nil : 1 + dice.below(4))
    let count = 2 + dice.below(20)
    let manners = (0..<count).map { _ in
      Manner.allCases[dice.below(2) == 0 ? 0 : dice.below(Manner.allCases.count)]
    }
    let delays = (0..<count).map { _ in dice.below(30) }
    let entered = Notes<Int>()
    for place in 0..<count { limit.announce(RateRank(tier: 0, place: place), to: "h") }

    await withTaskGroup(of: Void.self) { group in
      for place in (0..<count).shuffled(using: &dice) {
        group.addTask {
          for _ in 0..<delays[place] { await Task.yield() }
          await self.behave(manners[place], place, limit, allowance, entered)
        }
      }
    }

    let sure = manners.count { $0 == .asks || $0 == .asksAgain || $0 == .asksAndStays }
    let all = entered.all
    let overtaken = all.indices.map { index in
      all[(index + 1)...].count { $0 < all[index] }
    }
    return Run(
      entered: all, expected: sure...(sure + manners.count { $0 == .isCancelledLater }),
      load: limit.load(of: "h"), overtaken: overtaken.max() ?? 0)
  }

  private func behave(
    _ manner: Manner, _ place: Int, _ limit: RateLimit, _ allowance: RateAllowance,
    _ entered: Notes<Int>
  ) async {
    let rank = RateRank(tier: 0, place: place)
    func ask(staying yields: Int = 0) async {
      _ = await limit.withPermit(for: "h", within: allowance, rank: rank) {
        entered.add(place)
        for _ in 0..<yields { await Task.yield() }
      }
    }
    switch manner {
    case .asks: await ask()
    case .asksAndStays: await ask(staying: 20)
    case .asksAgain:
      await ask()
      // Not counted: when it asks again depends on when it was let in.
      _ = await limit.withPermit(for: "h", within: allowance, rank: rank) {}
    case .withdraws: limit.withdraw(rank, from: "h")
    case .isCancelled:
      withUnsafeCurrentTask { $0?.cancel() }
      await ask()
    case .isCancelledLater:
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await ask() }
        for _ in 0..<10 { await Task.yield() }
        group.cancelAll()
      }
    }
  }

  @Test func onePlaceIsGivenInTheOrderOfRank() async {
    for seed in UInt64(0)..<150 {
      let run = await run(seed: seed, places: 1)

      #expect(run.entered == run.entered.sorted(), "seed \(seed)")
      #expect(run.expected.contains(run.entered.count), "seed \(seed)")
      #expect(run.load == (0, 0), "seed \(seed)")
    }
  }

  /// With k places, k − 1 may be kept free for those before.
  @Test(arguments: [2, 3, 5]) func noMorePlacesThanThereAreAreGivenAhead(places: Int) async {
    for seed in UInt64(0)..<50 {
      let run = await run(seed: seed, places: places)

      #expect(run.overtaken < places, "seed \(seed)")
      #expect(run.expected.contains(run.entered.count), "seed \(seed)")
      #expect(run.load == (0, 0), "seed \(seed)")
    }
  }
}
