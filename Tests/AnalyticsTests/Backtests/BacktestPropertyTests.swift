import Analytics
import Foundation
import Testing
import Trading

@Suite("Back-tests of chance")
struct BacktestPropertyTests {
  static let seeds = Array(1...60 as ClosedRange<UInt64>)

  /// Each figure of the curve, looked for anew at every point.
  @Test(arguments: seeds) func haveTheFallsOfASlowSearch(seed: UInt64) throws {
    let record = try RandomBacktest.record(seed: seed)
    let report = BacktestReport.make(from: record)
    for (trader, figures) in zip(record.traders, report.traders) {
      var (relative, absolute, under) = (0.0, Int64(0), Int64(0))
      for index in record.timesMs.indices {
        let before = [trader.start.mantissa] + trader.equity[...index]
        let peak = before.max() ?? 0
        absolute = max(absolute, peak - trader.equity[index])
        if peak > 0 { relative = max(relative, 1 - Double(trader.equity[index]) / Double(peak)) }
        // The last instant at the peak; the start is one at the first instant.
        let place = before.lastIndex { $0 == peak } ?? 0
        let from = record.timesMs[max(0, place - 1)]
        // Under water until the next point that is at the peak again.
        if trader.equity[index] < peak {
          let end = record.timesMs[min(index + 1, record.timesMs.count - 1)]
          under = max(under, end - from)
        }
      }

      let curve = figures.curve
      #expect(abs((figures.drawdownPct ?? -1) - 100 * relative) < 1e-9, "seed \(seed)")
      #expect(curve.costliest?.amount.mantissa ?? 0 == absolute, "seed \(seed)")
      #expect(curve.longestUnderWater?.length.ms ?? 0 == under, "seed \(seed)")
      #expect(curve.lowest?.equity.mantissa == trader.equity.min(), "seed \(seed)")
      #expect(curve.highest?.equity.mantissa == trader.equity.max(), "seed \(seed)")
      let share = try #require(curve.underWaterPct ?? (record.timesMs.count == 1 ? 0 : nil))
      #expect(share >= 0 && share <= 100, "seed \(seed)")
    }
  }

  @Test(arguments: seeds) func addUpToTheLastCent(seed: UInt64) throws {
    let record = try RandomBacktest.record(seed: seed)
    let report = BacktestReport.make(from: record)
    func sum(_ amounts: [USD]) -> USD { amounts.reduce(.zero, +) }

    for figures in report.traders + [report.total] {
      let all = figures.trips.all
      for calendar in BacktestCalendar.allCases {
        let periods = figures.periods(calendar)
        #expect(sum(periods.map(\.pnl)) == figures.pnl, "seed \(seed)")
        #expect(sum(periods.map(\.tally.net)) == all.net, "seed \(seed)")
        #expect(periods.reduce(0) { $0 + $1.tally.trades } == all.trades, "seed \(seed)")
        #expect(zip(periods, periods.dropFirst()).allSatisfy { $0.end == $1.start })
        #expect(zip(periods, periods.dropFirst()).allSatisfy { $0.name < $1.name })
      }
      for groups in [figures.trips.symbols, figures.trips.exits] {
        #expect(sum(groups.map(\.tally.net)) == all.net, "seed \(seed)")
        #expect(sum(groups.map(\.tally.funding)) == all.funding, "seed \(seed)")
        #expect(groups.reduce(0) { $0 + $1.tally.trades } == all.trades, "seed \(seed)")
      }
      #expect(figures.trips.longs.net + figures.trips.shorts.net == all.net, "seed \(seed)")
      #expect(all.wins + all.draws + all.losses == all.trades, "seed \(seed)")
      #expect(figures.start + figures.pnl == figures.end, "seed \(seed)")
    }
    let total = report.total
    #expect(sum(report.traders.map(\.pnl)) == total.pnl, "seed \(seed)")
    #expect(sum(report.traders.map(\.fees)) == total.fees, "seed \(seed)")
    #expect(sum(report.traders.map(\.trips.all.net)) == total.trips.all.net, "seed \(seed)")
    #expect(report.traders.reduce(0) { $0 + $1.rejected } == total.rejected, "seed \(seed)")
    // One trader is all of them.
    guard report.traders.count == 1 else { return }
    #expect(report.traders[0].curve == total.curve && report.traders[0].trips == total.trips)
  }

  /// The order of round trips matters for runs of wins; all traders' are in that of their exits.
  @Test(arguments: seeds) func countRunsInTheOrderOfExits(seed: UInt64) throws {
    let record = try RandomBacktest.record(seed: seed)
    let total = BacktestReport.make(from: record).total
    let trades = record.traders.flatMap(\.trades).enumerated().sorted {
      ($0.element.closedAt, $0.element.position, $0.offset)
        < ($1.element.closedAt, $1.element.position, $1.offset)
    }.map(\.element)
    var (run, longest) = (0, 0)
    for trade in trades {
      run = trade.net > .zero ? run + 1 : 0
      longest = max(longest, run)
    }

    #expect(total.figure("longest_wins") == Double(longest), "seed \(seed)")
  }

  /// The figures that `performance.json` has under the same names, from all points.
  @Test(arguments: seeds) func haveTheFiguresOfTheLiveArena(seed: UInt64) throws {
    let record = try RandomBacktest.record(seed: seed)
    let report = BacktestReport.make(from: record)
    let first = try #require(record.timesMs.first)
    let last = try #require(record.timesMs.last)
    for (trader, figures) in zip(record.traders, report.traders) {
      var metrics = TraderMetrics(inception: Timestamp(ms: first))
      let step = record.timesMs.count > 1 ? last - record.timesMs[record.timesMs.count - 2] : 0
      let next = CivilDay(number: CivilDay(Timestamp(ms: last)).number + 1).start
      let isOver = last + step >= next.ms
      let points =
        Array(zip(record.timesMs, trader.equity))
        + (isOver ? [(next.ms, trader.equity.last ?? 0)] : [])
      for (ms, e8) in points {
        let nav = Int128(e8) * 1_000_000_000_000 / Int128(trader.start.mantissa)
        metrics.fold(
          EquityPoint(
            trader: trader.id, at: Timestamp(ms: ms), equity: USD(mantissa: e8),
            nav: USD(mantissa: Int64(nav)), cash: .zero, unrealised: .zero, marginUsed: .zero))
      }
      for trade in trader.trades { metrics.fold(trade, equityAtEntry: nil) }
      let moment = MetricMoment(
        at: Timestamp(ms: last), point: nil, open: [], scale: .raw, riskFree: 0)
      for key in ["sharpe", "sortino", "return_days", "sqn", "profit_factor", "win_rate_pct"] {
        let metric = try #require(Metric.all.first { $0.key == key })
        #expect(figures.figure(key) == metric.value(metrics, moment), "\(key), seed \(seed)")
      }
      let won = try #require(Metric.all.first { $0.key == "days_won" }).value(metrics, moment)
      // A day that begins with nothing left has no return.
      if trader.equity.allSatisfy({ $0 > 0 }) {
        #expect(Double(figures.dayResults.won) == won, "seed \(seed)")
      }
    }
  }

  @Test(arguments: seeds.prefix(12)) func areTheSameBytesTwiceAndFitTheirWidth(seed: UInt64) throws
  {
    let record = try RandomBacktest.record(seed: seed)
    let (one, other) = (BacktestReport.make(from: record), BacktestReport.make(from: record))

    #expect(one == other)
    #expect(one.json() == other.json())
    #expect(one.svg == other.svg)
    #expect(one.markdown() == other.markdown())
    #expect(try JSONReader.value(of: one.json())["engine"] == .text("cycle"), "seed \(seed)")
    for width in [40, 57, 80, 120] {
      let text = one.text(width: width)
      #expect(text == other.text(width: width))
      for line in text.split(separator: "\n") {
        #expect(line.count <= width, "seed \(seed), width \(width): \(line)")
        #expect(line.last != " ", "seed \(seed), width \(width): \(line)")
      }
    }
  }

  /// A letter takes about seven pixels: dates below the curves stay clear of each other,
  /// of chance and of one whole day, whose end is a date of its own.
  @Test(arguments: UInt64(0)...30)
  func datesOfAPictureDoNotCoverEachOther(seed: UInt64) throws {
    let record = seed == 0 ? try Self.oneDay() : try RandomBacktest.record(seed: seed)
    let svg = BacktestReport.make(from: record).svg
    let label =
      #/<text class="dim" x="([0-9.]+)" y="([0-9.]+)" text-anchor="(middle|end)">([^<]+)</#

    var ends: [Substring: Double] = [:]
    var found = 0
    for match in svg.matches(of: label) where match.output.4.first?.isNumber == true {
      let isDate = match.output.4.contains("-") && !match.output.4.contains("%")
      guard isDate, let x = Double(match.output.1) else { continue }
      let width = 6.9 * Double(match.output.4.count)
      let begin = match.output.3 == "end" ? x - width : x - width / 2
      #expect(begin > ends[match.output.2] ?? 0, "seed \(seed): \(match.output.0)")
      ends[match.output.2] = begin + width
      found += 1
    }
    #expect(found > 0 || !svg.contains("<path class=\"grid\""), "seed \(seed)")
  }

  private static func oneDay() throws -> BacktestRecord {
    var trader = BacktestTrader(
      id: try #require(TraderID("alpha")), name: "alpha", executor: "chance",
      start: USD(whole: 100))
    let times = (0...Int64(480)).map { 1_753_142_400_000 + $0 * 180_000 }
    trader.equity = times.map { _ in trader.start.mantissa }
    return BacktestRecord(
      source: "a day", isSynthetic: true, timesMs: times, traders: [trader], coins: [],
      cycles: times.count, traderCycles: times.count, engine: "cycle", fillRule: "last_close",
      notices: [])
  }
}
