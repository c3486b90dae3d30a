import Analytics
import Testing
import Trading

@Suite("The figures of a period")
struct PeriodReportTests {
  private let anna: TraderID
  private let bert: TraderID
  private static let from = Timestamp(ms: 1_753_012_800_000)  // 2025-07-20T12:00Z
  private static let to = from + .day

  init() throws {
    anna = try #require(TraderID("anna"))
    bert = try #require(TraderID("bert"))
  }

  private func point(
    _ trader: TraderID, _ at: Timestamp, nav: Double, cash: Double, unrealised: Double = 0
  ) throws -> EquityPoint {
    let cash = try #require(USD(approximating: cash))
    let unrealised = try #require(USD(approximating: unrealised))
    return EquityPoint(
      trader: trader, at: at, equity: cash + unrealised,
      nav: try #require(USD(approximating: nav)), cash: cash, unrealised: unrealised,
      marginUsed: .zero)
  }

  private func tally(
    _ trader: TraderID, start: EquityPoint?, end: EquityPoint, isRemoved: Bool = false
  ) -> PeriodTally {
    PeriodTally(
      trader: trader, executor: "flat", isRemoved: isRemoved, start: start, end: end,
      from: Self.from, to: Self.to)
  }

  private func report(_ tallies: [PeriodTally]) -> PeriodReport {
    PeriodReport(PeriodRecord(arena: "", from: Self.from, to: Self.to, traders: tallies))
  }

  // MARK: Nothing

  @Test func anArenaWithoutTradersHasNoReturnAndNoBestTrader() {
    let report = report([])

    #expect(report.total.returnPct == nil)
    #expect(report.total.sharpe == nil)
    #expect(report.total.winRatePct == nil)
    #expect(report.best == nil)
    #expect(report.worst == nil)
  }

  @Test func whoHadNothingAndDidNothingIsLeftOut() throws {
    let gone = try point(bert, Self.from, nav: 9000, cash: 0)

    let report = report([tally(bert, start: gone, end: gone, isRemoved: true)])

    #expect(report.traders == [])
  }

  @Test func aLoneTraderIsBestAndNobodyIsWorst() throws {
    let report = report([
      tally(
        anna, start: try point(anna, Self.from, nav: 10_000, cash: 100),
        end: try point(anna, Self.to, nav: 9900, cash: 99))
    ])

    #expect(report.best?.id == anna)
    #expect(report.worst == nil)
  }

  // MARK: Money

  /// 100 at the start, 60 put in after 6 of 24 hours, 170 at the end: a profit of 10.
  ///
  /// The 60 were there for three quarters of the time: 10 / (100 + 45) = 6.8966 %.
  @Test func flowsCountForTheTimeThatTheyWereThere() throws {
    var tally = tally(
      anna, start: try point(anna, Self.from, nav: 10_000, cash: 100),
      end: try point(anna, Self.to, nav: 10_700, cash: 170))
    tally.fold(
      CapitalFlow(
        trader: anna, at: Self.from + .hours(6), amount: USD(whole: 60), reason: "more"))

    let total = report([tally]).total

    #expect(total.pnl == USD(whole: 10))
    #expect(abs(try #require(total.returnPct) - 100 * 10 / 145) < 1e-9)
  }

  /// It began after 12 of 24 hours with 100 and has 103: 3 %, as if the period began there.
  @Test func anArenaThatBeganWithinThePeriodIsMeasuredFromThere() throws {
    var tally = tally(anna, start: nil, end: try point(anna, Self.to, nav: 10_300, cash: 103))
    tally.fold(
      CapitalFlow(
        trader: anna, at: Self.from + .hours(12), amount: USD(whole: 100), reason: "initial"))

    let report = report([tally])

    #expect(abs(try #require(report.total.returnPct) - 3) < 1e-9)
    #expect(abs(try #require(report.traders[0].figures.returnPct) - 3) < 1e-9)
    #expect(report.total.start == .zero)
    #expect(report.total.flows == USD(whole: 100))
  }

  /// Money that moves from one trader to another is no flow of the arena.
  @Test func moneyMovedBetweenTradersChangesNothingForTheArena() throws {
    var giver = tally(
      anna, start: try point(anna, Self.from, nav: 10_000, cash: 100),
      end: try point(anna, Self.to, nav: 10_000, cash: 50))
    var taker = tally(
      bert, start: try point(bert, Self.from, nav: 10_000, cash: 100),
      end: try point(bert, Self.to, nav: 11_000, cash: 165))
    let at = Self.from + .hours(1)
    giver.fold(CapitalFlow(trader: anna, at: at, amount: -USD(whole: 50), reason: "split"))
    taker.fold(CapitalFlow(trader: bert, at: at, amount: USD(whole: 50), reason: "split"))

    let report = report([giver, taker])

    #expect(report.total.flows == .zero)
    #expect(report.total.pnl == USD(whole: 15))
    #expect(abs(try #require(report.total.returnPct) - 7.5) < 1e-9)
    #expect(report.best?.id == bert)
    #expect(report.worst?.id == anna)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func everyDollarReconciles(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func amount() -> USD {
      USD(mantissa: Int64(random.next() % 2_000_000_000_000) - 1_000_000_000_000)
    }
    let tallies = try (0..<5).map { index in
      let id = try #require(TraderID("t\(index)"))
      func point(_ at: Timestamp) -> EquityPoint {
        let (cash, unrealised) = (amount(), amount())
        return EquityPoint(
          trader: id, at: at, equity: cash + unrealised, nav: USD(whole: 10_000), cash: cash,
          unrealised: unrealised, marginUsed: .zero)
      }
      var tally = tally(
        id, start: random.next() % 4 == 0 ? nil : point(Self.from), end: point(Self.to))
      for _ in 0..<(random.next() % 10) {
        tally.fold(fee: amount())
        tally.fold(funding: amount())
        tally.fold(
          CapitalFlow(trader: id, at: Self.from + .hours(3), amount: amount(), reason: ""))
      }
      return tally
    }

    let report = report(tallies)

    for figures in [report.total] + report.traders.map(\.figures) {
      #expect(figures.start + figures.flows + figures.pnl == figures.end, "seed \(seed)")
      #expect(
        figures.pnl == figures.realised - figures.fees + figures.funding
          + figures.unrealisedChange, "seed \(seed)")
      #expect(figures.unexplained == .zero, "seed \(seed)")
    }
  }

  // MARK: Curves

  /// From 100 up to 120, down to 90, up to 110, down to 99: the deepest fall is 25 %.
  @Test func theDrawdownIsTheGreatestFallWithinThePeriod() throws {
    var curve = PeriodCurve(start: USD(whole: 100), from: Self.from, to: Self.to)
    for (minute, nav) in [(1, 120.0), (2, 90), (3, 110), (4, 99)] {
      curve.fold(try point(anna, Self.from + .minutes(Int64(minute)), nav: nav, cash: nav))
    }

    #expect(abs(curve.drawdownPct - 25) < 1e-9)
  }

  /// A curve that only falls counts from where the period began.
  @Test func aFallFromTheBeginningCounts() throws {
    var curve = PeriodCurve(start: USD(whole: 100), from: Self.from, to: Self.to)
    curve.fold(try point(anna, Self.to, nav: 80, cash: 80))

    #expect(abs(curve.drawdownPct - 20) < 1e-9)
  }

  /// Hours that bring 1 % and 0 % in turn, n of them: the mean is 0.005, each deviation 0.005, the
  /// sample variance n/(n − 1) · 0.005²; so the Sharpe ratio is √((n − 1)/n · 8760).
  @Test(arguments: [(24, 8395.0), (20, 8322.0)])
  func hourlyReturnsMakeASharpeRatio(hours: Int, squared: Double) throws {
    let curve = try alternating(hours, each: .hour)

    #expect(abs(try #require(curve.sharpe) - squared.squareRoot()) < 1e-6)
  }

  /// √(19/20 · 365) from twenty days; days go before hours.
  @Test func dailyReturnsAreTakenWhenThereAreEnough() throws {
    let curve = try alternating(20, each: .day)

    #expect(abs(try #require(curve.sharpe) - 346.75.squareRoot()) < 1e-6)
  }

  @Test func tooFewReturnsMakeNone() throws {
    #expect(try alternating(19, each: .hour).sharpe == nil)
    #expect(try alternating(19, each: .day).sharpe == nil)
  }

  @Test func equalReturnsMakeNone() throws {
    var curve = PeriodCurve(start: USD(whole: 10_000), from: Self.from, to: Self.to)
    for hour in 1...24 {
      curve.fold(try point(anna, Self.from + .hours(Int64(hour)), nav: 10_000, cash: 0))
    }

    #expect(curve.sharpe == nil)
  }

  /// Without hour 3, the returns of hours 3 and 4 are not known: 19 of 21 are left.
  @Test func anHourWithoutAPointHasNoReturn() throws {
    #expect(try alternating(21, each: .hour, without: 3).sharpe == nil)
    #expect(try alternating(22, each: .hour, without: 3).sharpe != nil)
  }

  private func alternating(
    _ count: Int, each span: Span, without missing: Int? = nil
  ) throws -> PeriodCurve {
    var curve = PeriodCurve(
      start: USD(whole: 10_000), from: Self.from, to: Self.from + span * Int64(count))
    var nav = 10_000.0
    for index in 1...count {
      if index % 2 == 1 { nav *= 1.01 }
      guard index != missing else { continue }
      curve.fold(try point(anna, Self.from + span * Int64(index), nav: nav, cash: nav))
    }
    return curve
  }
}
