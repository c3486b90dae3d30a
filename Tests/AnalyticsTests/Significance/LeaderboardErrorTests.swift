import Analytics
import Testing
import Trading

/// The short variant of `nof0-bench leaderboard`, with fixed seeds.
@Suite("The leaderboard errs as seldom as it says")
struct LeaderboardErrorTests {
  private static let arenas = 40
  private static let traders = 4

  @Test(arguments: MadeUpReturns.Noise.allCases)
  func equalTradersAreSeldomToldApartAndIntervalsHoldTheTruth(
    noise: MadeUpReturns.Noise
  ) throws {
    let arena = MadeUpReturns(
      noise: noise, periods: 30, growth: Array(repeating: 0.001, count: Self.traders))
    // exp(30 × 0.001) − 1 in per cent; the mean of exp(g) is that of g and half its variance.
    let total = 100 * (Elementary.exp(0.03) - 1)
    let sharpe = (0.001 + 0.5 * 0.0004) / 0.02 * 365.0.squareRoot()
    var claims = 0
    var returns = 0
    var sharpes = 0

    for seed in 0..<UInt64(Self.arenas) {
      let series = try arena.series(seed: seed)
      let found = try #require(ArenaStatistics.compute(series, period: .day, effort: 1))
      claims += found.pairs.contains { ($0.pHolm ?? 1) < 0.05 } ? 1 : 0
      returns += found.traders.count { $0.returnPct.map { $0.holds(total) } ?? false }
      sharpes += found.traders.count { $0.sharpe.map { $0.holds(sharpe) } ?? false }
    }

    // 5 % of 40 arenas are 2, and two binomial deviations of 1.4 above that 5.
    #expect(claims <= 5, "seeds 0–39")
    // 95 % of 160 intervals are 152; half of each is shared, so three deviations are about 13.
    #expect((139...160).contains(returns), "seeds 0–39, \(returns)")
    #expect((139...160).contains(sharpes), "seeds 0–39, \(sharpes)")
  }

  @Test func aPlantedEdgeIsFound() throws {
    // A difference deviates by 2 %: the edge is 0.02 × 6 / √30, six standard errors.
    let arena = MadeUpReturns(
      noise: .normal, periods: 30, growth: [0.0219] + Array(repeating: 0, count: 3))
    var right = 0
    var wrong = 0

    for seed in 0..<20 as Range<UInt64> {
      let series = try arena.series(seed: seed)
      let found = try #require(ArenaStatistics.compute(series, period: .day, effort: 1))
      let sure = found.pairs.filter { ($0.pHolm ?? 1) < 0.05 }
      right += sure.count { $0.first == "t0" && $0.meanDifferencePct > 0 }
      wrong += sure.count { $0.first != "t0" || $0.meanDifferencePct < 0 }
    }

    // Of 60 pairs; with 8 degrees of freedom Holm asks for 2.9 to 3.5 standard errors.
    #expect(right >= 45, "\(right)")
    #expect(wrong <= 3, "\(wrong)")
  }
}

extension Interval {
  fileprivate func holds(_ truth: Double) -> Bool { low <= truth && truth <= high }
}
