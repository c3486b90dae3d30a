import Analytics
import ArenaTesting
import Foundation
import FoundationXML
import Testing
import Trading

@Suite("A report of a back-test, where there is little to tell or much")
struct BacktestReportTests {
  private func parsed(_ svg: String) -> Bool { XMLParser(data: Data(svg.utf8)).parse() }

  private func json(_ report: BacktestReport, speed: BacktestSpeed? = nil) throws -> JSONValue {
    try JSONReader.value(of: report.json(speed: speed))
  }

  // MARK: Nothing

  @Test func ofNothingHasNoFiguresButCanBeShown() throws {
    let report = BacktestReport.make(from: SampleBacktest.record([]))

    let document = try json(report)
    #expect(document["from_ms"] == .null)
    #expect(document["return_pct"] == .null)
    #expect(document["market_change_pct"] == .null)
    #expect(document["total"]?["sharpe"] == .null)
    #expect(document["total"]?["max_drawdown_pct"] == .null)
    #expect(document["trades"]?.whole == 0)
    #expect(report.text(width: 40).contains("Back-test of 0 traders"))
    #expect(report.markdown().hasPrefix("# Back-test\n"))
    #expect(parsed(report.svg))
    #expect(report.svg.contains("No cycles were run."))
  }

  @Test func ofOneCycleHasNoRatios() throws {
    let trader = try SampleBacktest.trader("alpha", start: 100, equity: [100])
    let report = BacktestReport.make(from: SampleBacktest.record([trader]))

    let figures = report.traders[0]
    #expect(figures.returnPct == 0)
    #expect(figures.drawdownPct == 0)
    #expect(figures.growthPct == nil)
    #expect(figures.calmar == nil)
    #expect(figures.tradesPerDay == nil)
    #expect(figures.figure("sharpe") == nil)
    #expect(figures.figure("profit_factor") == nil)
    #expect(figures.trips.best == nil)
    #expect(figures.bestDay == nil)
    #expect(parsed(report.svg))
  }

  @Test func aTraderWithoutMoneyHasNoReturn() throws {
    let trader = try SampleBacktest.trader("alpha", start: 0, equity: [0, 0, 0])
    let report = BacktestReport.make(from: SampleBacktest.record([trader], every: .day))

    #expect(report.traders[0].returnPct == nil)
    #expect(report.traders[0].figure("return_days") == 0)
    #expect(try json(report)["return_pct"] == .null)
    #expect(parsed(report.svg))
  }

  @Test func theMostMoneyThereIsDoesNotStopTheReport() throws {
    let trader = try SampleBacktest.trader("alpha", start: 1, equity: [1, 40_000_000_000, -5])
    let report = BacktestReport.make(from: SampleBacktest.record([trader], every: .day))

    #expect(report.traders[0].drawdownPct ?? 0 > 100)
    #expect(report.text(width: 80).contains("40,000,000,000.00"))
    #expect(parsed(report.svg))
  }

  // MARK: Falls and days

  /// 100, 120, 90, 119, 120, 110, 60, 70: from 120 to 60 is one half; the fall to 90, a quarter,
  /// was over when 120 was reached again.
  @Test func aFallIsMeasuredFromTheLastInstantAtItsPeak() throws {
    let trader = try SampleBacktest.trader(
      "alpha", start: 100, equity: [100, 120, 90, 119, 120, 110, 60, 70])
    let figures = BacktestReport.make(from: SampleBacktest.record([trader], every: .hour)).total

    let fall = try #require(figures.curve.deepest)
    #expect(fall.pct == 50)
    #expect(fall.from == SampleBacktest.start + .hours(4))
    #expect(fall.to == SampleBacktest.start + .hours(6))
    #expect(fall.recoveredAt == nil)
    #expect(fall.amount == USD(whole: 60))
    // 01:00 to 04:00 and 04:00 to 07:00, of seven hours.
    #expect(figures.curve.longestUnderWater?.length == .hours(3))
    #expect(figures.curve.longestUnderWater?.isOver == true)
    #expect(abs(try #require(figures.curve.underWaterPct) - 600 / 7) < 1e-12)
  }

  /// 10 of 20 is half, 80 of 1000 is more money.
  @Test func theCostliestFallNeedNotBeTheDeepest() throws {
    let trader = try SampleBacktest.trader("alpha", start: 20, equity: [20, 10, 1000, 920, 1000])
    let curve = BacktestReport.make(from: SampleBacktest.record([trader])).total.curve

    #expect(curve.deepest?.amount == USD(whole: 10))
    #expect(curve.costliest?.amount == USD(whole: 80))
    #expect(curve.costliest?.recoveredAt == SampleBacktest.start + .hours(24))
  }

  /// Six-hourly from midnight: the day is over after the point of 18:00, not before.
  @Test(arguments: [(3, 0), (4, 1), (5, 1), (8, 2)])
  func aDayIsOverWhenTheNextCycleWouldBeOnAnother(points: Int, days: Int) throws {
    let trader = try SampleBacktest.trader(
      "alpha", start: 100, equity: (0..<points).map { 101 + Int64($0) })
    let figures = BacktestReport.make(from: SampleBacktest.record([trader])).total

    #expect(figures.dayResults.won == days)
    #expect(figures.figure("return_days") == Double(days))
  }

  /// 2025-07-20 is a Sunday; the week begins on the Monday before.
  @Test func weeksBeginOnMondays() throws {
    let trader = try SampleBacktest.trader(
      "alpha", start: 100, equity: [Int64](repeating: 100, count: 13))
    let figures = BacktestReport.make(from: SampleBacktest.record([trader], every: .day)).total

    #expect(figures.periods(.week).map(\.name) == ["2025-07-14", "2025-07-21", "2025-07-28"])
    #expect(figures.periods(.month).map(\.name) == ["2025-07", "2025-08"])
    #expect(figures.periods(.day).count == 13)
  }

  /// A trip that ended on a day without cycles belongs to the next one, where its money shows.
  @Test func aTripThatEndedInAGapCountsOnTheNextDay() throws {
    let trade = try SampleBacktest.trade(
      "alpha", "BTC", .long, from: 100, to: 110, opened: .hours(1), held: .hours(30))
    let trader = try SampleBacktest.trader(
      "alpha", start: 100, equity: [100, 108], trades: [trade])
    let days = BacktestReport.make(
      from: SampleBacktest.record([trader], every: .day * 3)
    ).total.periods(.day)

    #expect(days.map(\.name) == ["2025-07-20", "2025-07-23"])
    #expect(days.map(\.tally.trades) == [0, 1])
  }

  // MARK: Documents

  @Test func theDocumentNamesWhatASweepReads() throws {
    let document = try json(BacktestReport.make(from: try SampleBacktest.arena()))

    #expect(document["final_equity_usd"] == .number("15328"))
    #expect(document["trades"] == .number("4"))
    #expect(document["fees_usd"] == .number("8"))
    #expect(document["cycles"] == .number("36"))
    #expect(document["engine"] == .text("cycle"))
    #expect(document["fill_rule"] == .text("next_open"))
    #expect(document["speed"] == nil)
    #expect(document["traders"]?[1]?["id"] == .text("beta"))
    #expect(document["traders"]?[0]?["rejections"]?["max_positions"] == .number("2"))
  }

  @Test func theSpeedIsThereOnlyWhereItIsGiven() throws {
    let report = BacktestReport.make(from: try SampleBacktest.arena())
    let speed = BacktestSpeed(seconds: 0.5, cycles: 36, bars: 1200, readingSeconds: 0)

    let given = try json(report, speed: speed)
    #expect(given["speed"]?["cycles_per_second"] == .number("72"))
    #expect(given["speed"]?["bars_per_second"] == .number("2400"))
    #expect(given["speed"]?["seconds"] == .number("0.5"))
    let members = try #require(given.members).filter { $0.name != "speed" }
    #expect(try json(report) == .object(members))
    #expect(report.text(speed: speed).contains("took 0.50 s: 72 cycles and 2,400 candles a second"))
    #expect(BacktestSpeed(seconds: 0, cycles: 1, bars: 1).cyclesPerSecond == nil)
    #expect(BacktestSpeed(seconds: .nan, cycles: 1, bars: 1).barsPerSecond == nil)
  }

  @Test func wordsOfOthersStayWords() throws {
    var record = try SampleBacktest.arena()
    record.source = "\u{1B}[2J<b>|`x`\n# http://evil"
    record.traders[0].failures = ["\u{202E}gnp\u{7}": 1]
    let report = BacktestReport.make(from: record)

    for text in [report.text(), report.markdown(), report.svg] {
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
    }
    #expect(report.markdown().contains("&lt;b&gt;\\|\\`x\\` \\# http&#58;//evil"))
    #expect(parsed(report.svg))
  }

  @Test func namesInTwoColumnsLineUp() throws {
    var record = try SampleBacktest.arena()
    record.traders[0].failures = ["没有答案": 3, "no answer": 12]
    let text = BacktestReport.make(from: record).text()

    #expect(text.contains("  no answer              12     0   12\n"))
    #expect(text.contains("  没有答案                3     0    3\n"))
  }

  // MARK: The picture

  @Test func aPictureOfManyTradersStaysSmall() throws {
    var random = SeededGenerator(seed: 7)
    let traders = try (0..<40).map { number in
      var trader = try SampleBacktest.trader("t\(number)", start: 100, equity: [])
      var e8: Int64 = 10_000_000_000
      trader.equity = (0..<5000).map { _ in
        e8 += Int64(random.below(100_000_000)) - 49_000_000
        return e8
      }
      return trader
    }
    let svg = BacktestReport.make(from: SampleBacktest.record(traders, every: .minutes(3))).svg

    #expect(parsed(svg))
    #expect(svg.utf8.count < 100_000)
    #expect(svg.contains("and 30 traders not drawn"))
    #expect(svg.contains("prefers-color-scheme:dark"))
  }

  /// One point of a thousand, far from all others.
  @Test func aPictureShowsAPeakOfOneCycle() throws {
    var equity = [Int64](repeating: 100, count: 20_000)
    equity[12_345] = 200
    let trader = try SampleBacktest.trader("alpha", start: 100, equity: equity)
    let report = BacktestReport.make(from: SampleBacktest.record([trader], every: .minute))

    let returns = try #require(try json(report)["curve"]?["returns_pct"]?.elements)
    #expect(returns.count <= 1000)
    #expect(returns.contains(.number("100")))
    // The top of the picture's value axis is 100 %.
    #expect(report.svg.contains(">100</text>"))
  }
}
