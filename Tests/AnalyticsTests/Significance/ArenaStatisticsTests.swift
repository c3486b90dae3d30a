import Analytics
import Testing
import Trading

@Suite struct ArenaStatisticsTests {
  private static let effort = 1

  private func series(
    _ name: String, _ returns: [Double], from first: Int64 = 0
  ) throws -> ReturnSeries {
    ReturnSeries(
      trader: try #require(TraderID(name)),
      periods: returns.indices.map { first + Int64($0) }, returns: returns)
  }

  private func compute(
    _ series: [ReturnSeries], period: ArenaStatistics.Period = .day, control: TraderID? = nil
  ) -> ArenaStatistics? {
    ArenaStatistics.compute(series, period: period, control: control, effort: Self.effort)
  }

  @Test func saysNothingOfNobody() throws {
    #expect(compute([]) == nil)
    #expect(compute([try series("a", [0.01])]) == nil)
  }

  @Test func saysNothingButTheNumberBelowTenReturns() throws {
    let few = [0.01, -0.01, 0.02, 0.01, 0, 0.01, -0.02, 0.01, 0.02]

    let traders = [try series("a", few), try series("b", few.reversed())]
    let found = try #require(compute(traders))

    #expect(found.traders == [.init(id: "a", periods: 9), .init(id: "b", periods: 9)])
    #expect(found.pairs.map(\.p) == [nil])
    #expect(found.pairs.map(\.pHolm) == [nil])
    #expect(found.pairs[0].meanDifferencePct.magnitude < 1e-12)
    #expect(found.tiers == [["a", "b"]])
  }

  @Test func isTheSameWhateverTheOrder() throws {
    let arena = MadeUpReturns(noise: .normal, periods: 30, growth: [0, 0.001, 0.002])
    let traders = try arena.series(seed: 1)

    let found = try #require(compute(traders))

    #expect(compute(traders.reversed()) == found)
    #expect(compute(traders) == found)
    #expect(found.traders.map(\.id) == ["t0", "t1", "t2"])
    #expect(found.pairs.map { $0.first + $0.second } == ["t0t1", "t0t2", "t1t2"])
  }

  @Test func itsSeedFollowsFromTheReturns() throws {
    let arena = MadeUpReturns(noise: .normal, periods: 30, growth: [0, 0])
    let traders = try arena.series(seed: 1)
    var changed = traders[1].returns
    changed[7] += 1e-12

    let found = try #require(compute(traders))
    let other = try series("t1", changed)

    #expect(compute([traders[0], other])?.seed != found.seed)
    #expect(compute(traders, period: .hour)?.seed != found.seed)
  }

  @Test(arguments: [(effort: 1, resamples: 199), (30_000, 500), (1_000_000, 999)])
  func effortBoundsItsResamples(effort: Int, resamples: Int) throws {
    let traders = try MadeUpReturns(noise: .normal, periods: 30, growth: [0, 0]).series(seed: 3)

    // 30 periods × 2 traders: 30,000 allows 500.
    let found = ArenaStatistics.compute(traders, period: .day, effort: effort)

    #expect(found?.resamples == resamples)
  }

  @Test func anIdleTraderHasCertainReturnsAndNoSharpeRatio() throws {
    let traders = try MadeUpReturns(noise: .normal, periods: 20, growth: [0]).series(seed: 4)
    let idle = try series("idle", Array(repeating: 0, count: 20))

    let found = try #require(compute(traders + [idle]))
    let figures = try #require(found.traders.first { $0.id == "idle" })

    #expect(figures.returnPct == Interval(low: 0, high: 0))
    #expect(figures.sharpe == nil)
    #expect(figures.psr == nil)
    #expect(figures.minimumTrackDays == nil)
    #expect(found.pairs.compactMap(\.p).allSatisfy { $0 > 0 })
  }

  @Test func twinsCannotBeToldApart() throws {
    let one = try MadeUpReturns(noise: .normal, periods: 40, growth: [0.01]).series(seed: 5)[0]

    let twin = try series("twin", one.returns)
    let found = try #require(compute([one, twin]))

    #expect(found.pairs.map(\.p) == [1])
    #expect(found.pairs.map(\.pHolm) == [1])
    #expect(found.traders.map(\.probabilityBest) == [0.5, 0.5])
    #expect(found.traders.map(\.rank) == Array(repeating: Interval(low: 1, high: 2), count: 2))
  }

  @Test func aGreatEdgeIsToldFromTheOthers() throws {
    let arena = MadeUpReturns(noise: .normal, periods: 60, growth: [0.0, 0.02, 0.0, -0.02])
    let traders = try arena.series(seed: 6)

    let found = try #require(compute(traders, control: traders[0].trader))

    #expect(found.tiers.map { $0.sorted() } == [["t1"], ["t0", "t2"], ["t3"]])
    #expect(found.traders[1].rank == Interval(low: 1, high: 1))
    #expect(found.traders[3].rank == Interval(low: 4, high: 4))
    #expect(found.traders[0].luckPercentile == nil)
    let (best, worst) = (found.traders[1], found.traders[3])
    #expect(best.probabilityBest.map { $0 > 0.99 } == true)
    #expect(best.luckPercentile.map { $0 > 99 } == true)
    #expect(worst.luckPercentile.map { $0 < 1 } == true)
    #expect(best.psr.map { $0 > 0.99 } == true)
    let dsr = try #require(best.dsr)
    #expect(best.psr.map { $0 > dsr } == true)
  }

  @Test func itsBandBeginsAtOneAndEndsInTheInterval() throws {
    let arena = MadeUpReturns(noise: .normal, periods: 100, growth: [0.001])
    let traders = try arena.series(seed: 7)

    let figures = try #require(compute(traders)?.traders.first)
    let interval = try #require(figures.returnPct)
    let last = try #require(figures.band.last)

    #expect(figures.band.count == 60)
    #expect(figures.band.first == [0, 1, 1])
    #expect(last[0] == 100 * 86_400)
    #expect((last[1] - (1 + interval.low / 100)).magnitude < 1e-9)
    #expect((last[2] - (1 + interval.high / 100)).magnitude < 1e-9)
    #expect(zip(figures.band, figures.band.dropFirst()).allSatisfy { $0[0] < $1[0] })
  }

  @Test func pairsUseThePeriodsThatBothHave() throws {
    let arena = MadeUpReturns(noise: .normal, periods: 50, growth: [0, 0, 0])
    let traders = try arena.series(seed: 8)
    let late = try series("late", Array(traders[1].returns.suffix(20)), from: 30)
    let gone = try series("gone", Array(traders[2].returns.prefix(35)))

    let found = try #require(
      ArenaStatistics.compute([traders[0], late, gone], period: .day, effort: 100_000))

    #expect(found.traders.map(\.id) == ["gone", "late", "t0"])
    #expect(found.traders.map(\.periods) == [35, 20, 50])
    // gone & late: 30–34; gone & t0: 0–34; late & t0: 30–49.
    #expect(found.pairs.map(\.periods) == [5, 35, 20])
    #expect(found.pairs.map { $0.p == nil } == [true, false, false])
    #expect(found.traders.allSatisfy { $0.returnPct != nil && $0.sharpe != nil })
  }

  @Test func ruinIsAFigureLikeOthers() throws {
    let traders = try MadeUpReturns(noise: .normal, periods: 20, growth: [0, 0]).series(seed: 9)
    var ruin = traders[1].returns
    ruin[19] = -1

    let ruined = try series("ruined", ruin)
    let found = try #require(compute([traders[0], ruined]))

    for figures in found.traders {
      let numbers = [
        figures.returnPct?.low, figures.returnPct?.high, figures.sharpe?.low,
        figures.sharpe?.high, figures.psr, figures.dsr, figures.probabilityBest,
      ]
      #expect(numbers.compactMap { $0 }.allSatisfy { $0.isFinite }, "\(figures.id)")
    }
    #expect(found.pairs.allSatisfy { $0.p.map { (0...1).contains($0) } ?? true })
  }

  @Test func manyTradersAreComparedInPart() throws {
    let arena = MadeUpReturns(
      noise: .normal, periods: 10, growth: Array(repeating: 0, count: 45))

    let traders = try arena.series(seed: 10)
    let found = try #require(compute(traders))

    #expect(found.traders.count == 45)
    #expect(found.pairs.count == 40 * 39 / 2)
    #expect(found.tiers.flatMap { $0 }.count == 45)
  }

  @Test func returnsComeFromWorths() throws {
    let trader = try #require(TraderID("a"))

    let worths: [(Int64, Double)] = [(10, 8000), (11, 8800), (14, 7920), (15, 0), (16, 5)]
    let cut = ReturnSeries(trader: trader, worths: worths, isWhole: false)
    let whole = ReturnSeries(trader: trader, worths: worths, isWhole: true)

    // 8800 / 8000 − 1, 7920 / 8800 − 1 over the gap, −1, and nothing after ruin.
    #expect(cut.periods == [11, 14, 15])
    #expect(zip(cut.returns, [0.1, -0.1, -1]).allSatisfy { ($0 - $1).magnitude < 1e-12 })
    #expect(cut.start == 0.8)
    // 8000 / 10,000 − 1 since inception.
    #expect(whole.periods == [10, 11, 14, 15])
    #expect(zip(whole.returns, [-0.2, 0.1, -0.1, -1]).allSatisfy { ($0 - $1).magnitude < 1e-12 })
    #expect(whole.start == 1)
    for isWhole in [true, false] {
      #expect(ReturnSeries(trader: trader, worths: [], isWhole: isWhole).returns.isEmpty)
    }
  }

  @Test func theBandOfACutRecordBeginsWhereItStood() throws {
    let made = try MadeUpReturns(noise: .normal, periods: 40, growth: [0.001]).series(seed: 11)[0]
    let cut = ReturnSeries(
      trader: made.trader, periods: made.periods, returns: made.returns, start: 1.5)

    let figures = try #require(compute([cut])?.traders.first)
    let plain = try #require(compute([made])?.traders.first)
    let (low, high) = (try #require(figures.returnPct?.low), try #require(plain.returnPct?.low))

    #expect(figures.band.first == [0, 1.5, 1.5])
    #expect((low - (150 * (1 + high / 100) - 100)).magnitude < 1e-9)
  }

  /// Each is a chance of more than a million times the start, or of more than there are numbers.
  @Test(arguments: [-0.6, -0.9, -1], [48, 500])
  func whatMayBeAnythingHasNoInterval(fall: Double, count: Int) throws {
    var returns = Array(repeating: 0.000_05, count: count)
    returns[count / 3] = fall

    let found = try #require(compute([try series("a", returns)], period: .hour))
    let figures = found.traders[0]

    #expect(figures.returnPct.map { $0.high <= 1e8 } ?? true)
    #expect(figures.band.allSatisfy { $0.allSatisfy { $0 <= 1e12 } })
    #expect(try ArenaStatistics(decoding: found.encoded) == found)
  }

  @Test func oneGreatFallAmongSmallGainsMayBeAnything() throws {
    var returns = Array(repeating: 0.000_05, count: 49)
    returns[30] = -0.6

    let figures = try #require(compute([try series("a", returns)], period: .hour)).traders[0]

    #expect(figures.returnPct == nil)
    #expect(figures.band == [])
  }

  @Test func aRatioOfAlmostNothingNeedsNoNumberOfDays() {
    // The mean is 3e-181: the square of what it would take is beyond all numbers.
    #expect(SharpeConfidence([0.01, -0.01, 1e-180])?.minimumCount == nil)
  }

  @Test func effortBoundsThePairsOfManyBeginnings() throws {
    let made = try MadeUpReturns(
      noise: .normal, periods: 60, growth: Array(repeating: 0, count: 12)
    ).series(seed: 12)
    // Each begins two days after the one before it: every pair has periods of its own.
    let traders = made.enumerated().map { index, one in
      ReturnSeries(
        trader: one.trader, periods: Array(one.periods.dropFirst(2 * index)),
        returns: Array(one.returns.dropFirst(2 * index)))
    }
    // Own records: 60 + 58 + … + 38 = 588 values for each of 199 resamples.
    let few = try #require(ArenaStatistics.compute(traders, period: .day, effort: 199 * 700))
    let none = try #require(ArenaStatistics.compute(traders, period: .day, effort: 1))
    let all = try #require(ArenaStatistics.compute(traders, period: .day, effort: 199 * 9000))

    #expect(all.pairs.count == 66)
    #expect((1..<66).contains(few.pairs.count))
    #expect(none.pairs.isEmpty)
    for found in [few, none, all] {
      #expect(found.traders.allSatisfy { $0.returnPct != nil })
      // Holm's least is p times the number of all pairs, listed or not.
      for pair in found.pairs {
        let (p, corrected) = (try #require(pair.p), try #require(pair.pHolm))
        #expect(corrected >= min(1, p * Double(66 - found.pairs.count + 1)) - 1e-12)
      }
    }
  }

  @Test func hoursAreForTheYoung() {
    #expect(ArenaStatistics.Period.suitable(dailyReturns: 29) == .hour)
    #expect(ArenaStatistics.Period.suitable(dailyReturns: 30) == .day)
    #expect(ArenaStatistics.Period.hour.perYear == 8760)
  }
}
