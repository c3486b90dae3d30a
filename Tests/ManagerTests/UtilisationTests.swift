import Manager
import Testing
import Trading

@Suite("Utilisation and ranking score")
struct UtilisationTests {
  private func trader(_ id: String, _ equity: String, _ margin: String) throws
    -> Utilisation.Trader
  {
    Utilisation.Trader(
      trader: try #require(TraderID(id)), equity: try #require(USD(equity)),
      marginUsed: try Make.usd(margin))
  }

  @Test func nobodyUsesNothing() {
    let report = Utilisation(of: [], treasury: USD(whole: 100), reserve: USD(whole: 10))

    #expect(report.total == USD(whole: 100))
    #expect(report.allocated == .zero)
    #expect(report.utilisationPct == nil)
    #expect(report.overAllocated.isEmpty)
    #expect(!report.isReserveUncovered)
  }

  @Test func addsUpAndNamesWhoHasMoreMarginThanEquity() throws {
    let report = Utilisation(
      of: [
        try trader("d", "-5", "0"), try trader("c", "-5", "1"), try trader("b", "100", "100"),
        try trader("a", "100", "100.01"),
      ], treasury: USD(whole: 810), reserve: USD(whole: 100))

    #expect(report.total == USD(whole: 1000))
    #expect(report.allocated == USD(whole: 190))
    #expect(report.utilised == (try Make.usd("201.01")))
    // 201.01 / 190
    #expect(abs((try #require(report.utilisationPct)) - 105.7947) < 0.0001)
    #expect(report.overAllocated.map(\.name) == ["a", "c"])
    #expect(!report.isReserveUncovered)
  }

  @Test(arguments: [("100", false), ("99.99", true), ("-5", true)])
  func theReserveIsUncoveredWhenTheTreasuryIsLess(treasury: String, isUncovered: Bool) throws {
    let report = Utilisation(
      of: [try trader("a", "900", "0")], treasury: try #require(USD(treasury)),
      reserve: USD(whole: 100))

    #expect(report.isReserveUncovered == isUncovered)
  }

  @Test func aScoreNeedsASharpeRatioAWinRateAndAGain() {
    #expect(RankingScore.of(PerformanceTotals(), navReturnPct: 5) == nil)
    #expect(RankingScore.of(Make.totals(days: 1, trades: 4), navReturnPct: 5) == nil)
    #expect(RankingScore.of(Make.totals(days: 2, trades: 0), navReturnPct: 5) == nil)
    #expect(RankingScore.of(Make.totals(days: 2, trades: 4), navReturnPct: .nan) == nil)
  }

  @Test func aScoreWeighsSharpeProfitAndWinRate() throws {
    let totals = Make.totals(days: 30, sharpe: 2, trades: 4, wins: 3)

    let score = try #require(RankingScore.of(totals, navReturnPct: 12.5))

    // 0.5 · 2 + 0.3 · 12.5 + 0.2 · 0.75 = 1 + 3.75 + 0.15
    #expect(abs(score - 4.9) < 1e-9)
  }
}

extension Make {
  /// A record with that Sharpe ratio: mean m and sample variance 365 · (m / Sharpe)².
  static func totals(
    days: Int, sharpe: Double = 1, trades: Int = 0, wins: Int = 0
  ) -> PerformanceTotals {
    let mean = sharpe < 0 ? -0.01 : 0.01
    let variance = sharpe == 0 ? 1 : 365 * (mean / sharpe) * (mean / sharpe)
    return PerformanceTotals(
      trades: trades, wins: wins, winnings: .zero, losings: .zero, dayStartNAV: nil, lastNAV: nil,
      lastDay: nil, days: days, meanDaily: sharpe == 0 ? 0 : mean,
      sumSquares: variance * Double(max(0, days - 1)), peakNAV: .zero, maxDrawdown: 0)
  }

  static func runtime(
    _ status: TraderStatus = .running, failures: Int = 0, breaches: Int = 0,
    sharpePauseDays: Int? = nil, removedAt: Timestamp? = nil
  ) -> TraderRuntime {
    TraderRuntime(
      status: status, reason: "was so", lastSlot: 7, invocations: 9, failuresInARow: failures,
      inceptionAt: now, era: TraderEra(number: 1, startedAt: now, configDigest: "x"),
      breachesInARow: breaches, sharpePauseDays: sharpePauseDays, removedAt: removedAt)
  }
}
