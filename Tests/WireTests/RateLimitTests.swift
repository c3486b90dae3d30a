import Testing
import Wire

@Suite(.timeLimit(.minutes(30))) struct RateLimitTests {
  @Test func sleepsUntilTheMinuteHasRoom() async {
    let clock = StoppedClock()
    let limit = clock.limit()
    let begun = Notes<Int64>()

    for _ in 0..<7 {
      _ = await limit.withPermit(for: "h", within: RateAllowance(perMinute: 3)) {
        begun.add(clock.now)
      }
    }

    #expect(begun.all == [0, 0, 0, 60_000, 60_000, 60_000, 120_000])
    #expect(clock.naps == [60_000, 60_000])
  }

  @Test func hasRoomOfItsOwnForEachKey() async {
    let clock = StoppedClock()
    let limit = clock.limit()

    for key in ["a", "b", "c"] {
      _ = await limit.withPermit(for: key, within: RateAllowance(perMinute: 1)) {}
    }

    #expect(clock.naps == [])
  }

  @Test func neverRunsMoreAtOnceThanAllowed() async {
    let limit = StoppedClock().limit()
    let crowd = Crowd()

    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask {
          _ = await limit.withPermit(for: "h", within: RateAllowance(maxConcurrent: 3)) {
            crowd.enter()
            await Task.yield()
            crowd.leave()
          }
        }
      }
    }

    #expect(crowd.all == 200)
    #expect((1...3).contains(crowd.most))
  }

  @Test func letsInWhoAskedFirst() async {
    let limit = StoppedClock().limit()
    let order = Notes<Int>()
    let hold = Hold()
    let one = RateAllowance(maxConcurrent: 1)

    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await limit.withPermit(for: "h", within: one) { await hold.wait() } }
      while limit.load(of: "h").running == 0 { await Task.yield() }
      for index in 1...20 {
        group.addTask { _ = await limit.withPermit(for: "h", within: one) { order.add(index) } }
        while limit.load(of: "h").waiting < index { await Task.yield() }
      }
      hold.letGo()
    }

    #expect(order.all == Array(1...20))
  }

  @Test func losesNoRoomToTheCancelled() async {
    let limit = StoppedClock().limit()
    let one = RateAllowance(maxConcurrent: 1)
    let hold = Hold()
    let served = Notes<Int>()

    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await limit.withPermit(for: "h", within: one) { await hold.wait() } }
      while limit.load(of: "h").running == 0 { await Task.yield() }
      // One at the door and four in line give up; those behind them are served all the same.
      await withTaskGroup(of: Bool.self) { impatient in
        for index in 1...5 {
          impatient.addTask {
            await limit.withPermit(for: "h", within: one) { served.add(-index) } == nil
          }
          while limit.load(of: "h").waiting < index { await Task.yield() }
        }
        group.addTask { _ = await limit.withPermit(for: "h", within: one) { served.add(1) } }
        while limit.load(of: "h").waiting < 6 { await Task.yield() }
        impatient.cancelAll()
        for await wasCancelled in impatient { #expect(wasCancelled) }
      }
      hold.letGo()
    }
    _ = await limit.withPermit(for: "h", within: one) { served.add(2) }

    #expect(served.all == [1, 2])
    #expect(limit.load(of: "h").running == 0)
  }

  @Test func aSleeperThatIsCancelledGivesWay() async {
    let clock = StoppedClock()
    let gone = RateLimit(now: { 0 }, sleep: { _ in throw CancellationError() })
    let allowance = RateAllowance(perMinute: 1)

    #expect(await gone.withPermit(for: "h", within: allowance) { 1 } == 1)
    #expect(await gone.withPermit(for: "h", within: allowance) { 2 } == nil)
    #expect(gone.load(of: "h").waiting == 0)
    #expect(clock.naps == [])
  }

  @Test func givesTheRoomBackAfterAnError() async {
    struct Failure: Error {}
    let limit = StoppedClock().limit()
    let one = RateAllowance(maxConcurrent: 1)

    for _ in 0..<3 {
      await #expect(throws: Failure.self) {
        try await limit.withPermit(for: "h", within: one) { throw Failure() }
      }
    }
  }
}
