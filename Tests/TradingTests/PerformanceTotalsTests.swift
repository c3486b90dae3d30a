import Testing
import Trading

@Suite struct PerformanceTotalsTests {
  private func totals(_ navs: [(hours: Int64, nav: Int64)]) throws -> PerformanceTotals {
    let trader = try #require(TraderID("a"))
    var totals = PerformanceTotals()
    for (hours, nav) in navs {
      let worth = USD(whole: nav)
      totals.fold(
        EquityPoint(
          trader: trader, at: Timestamp(ms: 0) + .hours(hours), equity: worth, nav: worth,
          cash: worth, unrealised: .zero, marginUsed: .zero))
    }
    return totals
  }

  @Test func theFirstDayHasAReturnSinceInception() throws {
    // The first point is half a day after inception; days end at 9,000 and 9,900.
    let found = try totals([(12, 9500), (23, 9000), (47, 9900), (48, 9900)])

    // 9000 / 10,000 − 1 and 9900 / 9000 − 1.
    #expect(found.days == 2)
    #expect((found.meanDaily - 0).magnitude < 1e-12)
    #expect((found.sumSquares - 0.02).magnitude < 1e-12)
    #expect(found.dayStartNAV == USD(whole: 9900))
  }

  @Test func aFallFromInceptionIsADrawdown() throws {
    #expect(try totals([(1, 9000)]).maxDrawdown == 1 - 0.9)
    #expect(try totals([(1, 9000)]).peakNAV == USD(whole: 10_000))
    #expect(try totals([(1, 12_000), (2, 9000)]).maxDrawdown == 0.25)
  }

  @Test func nothingHasNoPeak() {
    #expect(PerformanceTotals().peakNAV == .zero)
    #expect(PerformanceTotals().dayStartNAV == nil)
  }
}
