import Analytics
import Foundation
import Testing
import Trading

@Suite("Figures of the curve")
struct MetricsReferenceTests {
  private func figure(
    _ key: String, _ metrics: TraderMetrics, at instant: Timestamp, riskFree: Double = 0
  ) throws -> Double? {
    let metric = try #require(Metric.all.first { $0.key == key })
    let moment = MetricMoment(
      at: instant, point: nil, open: [], scale: .raw, riskFree: riskFree)
    return metric.value(metrics, moment)
  }

  private func point(_ at: Timestamp, nav: USD) throws -> EquityPoint {
    EquityPoint(
      trader: try #require(TraderID("alpha")), at: at, equity: nav, nav: nav, cash: nav,
      unrealised: .zero, marginUsed: .zero)
  }

  /// NAVs at the ends of four days: 10,100, 9,999, 10,098.99 and 10,200 on the present one.
  ///
  /// Returns +1 %, −1 %, +1 %: mean 1/300, deviation √(4/3) %, below zero √(1/3) %; annualised
  /// 365/3 % and √(365 · 4/3) %. The fall is 1 % of 10,100.
  @Test func areThoseOfAHandComputation() throws {
    let day = Timestamp(ms: 1_763_596_800_000)  // 2025-11-20T00:00:00Z
    var metrics = TraderMetrics(inception: day)
    let navs = ["10100", "9999", "10098.99", "10200"]
    for (index, nav) in navs.enumerated() {
      metrics.fold(
        try point(day + .hours(Int64(24 * index + 12)), nav: try #require(USD(nav))))
    }
    let now = day + .hours(84)
    let expected: [String: Double] = [
      "total_return_pct": 2, "age_days": 3.5, "return_days": 3, "days_won": 2, "days_lost": 1,
      "best_day_pct": 1, "worst_day_pct": -1, "annualised_return_pct": 365.0 / 3,
      "volatility_pct": (365.0 * 4 / 3).squareRoot(),
      "sharpe": (1.0 / 3) / (4.0 / 3).squareRoot() * 365.0.squareRoot(),
      "sortino": (1.0 / 3) / (1.0 / 3).squareRoot() * 365.0.squareRoot(),
      "max_drawdown_pct": 1, "max_drawdown_from": (day + .hours(12)).seconds,
      "max_drawdown_to": (day + .hours(36)).seconds, "drawdown_pct": 0,
      // 1.02 to the power 365 / 3.5 = exp(104.2857 · 0.0198026273) = exp(2.0651311).
      "cagr_pct": 100 * (exp(365 / 3.5 * log(1.02)) - 1),
      "calmar": 100 * (exp(365 / 3.5 * log(1.02)) - 1),
    ]
    for (key, value) in expected {
      let actual = try #require(try figure(key, metrics, at: now), "\(key)")
      #expect(abs(actual - value) <= 1e-9 * max(1, abs(value)), "\(key) was \(actual)")
    }
  }

  @Test func areNotDefinedBeforeThereIsSomethingToTell() throws {
    let start = Timestamp(ms: 1_763_596_800_000)
    var metrics = TraderMetrics(inception: start)
    for metric in Metric.all where metric.unit != .count && metric.unit != .usd {
      #expect(try figure(metric.key, metrics, at: start) == nil, "\(metric.key)")
    }
    metrics.fold(try point(start + .hours(1), nav: USD(whole: 9000)))
    // The first hour is not over: only the present is known.
    let fall = try #require(try figure("drawdown_pct", metrics, at: start + .hours(1)))
    #expect(abs(fall - 10) < 1e-12)
    #expect(try figure("max_drawdown_from", metrics, at: start + .hours(1)) == start.seconds)
    for key in ["sharpe", "sortino", "volatility_pct", "cagr_pct", "calmar", "sharpe_hourly"] {
      #expect(try figure(key, metrics, at: start + .hours(1)) == nil, "\(key)")
    }
  }

  @Test func equalReturnsHaveNoSharpe() throws {
    let start = Timestamp(ms: 1_763_596_800_000)
    var metrics = TraderMetrics(inception: start)
    for hour in 0..<100 {
      metrics.fold(try point(start + .hours(Int64(hour)), nav: USD(whole: 10_000)))
    }
    for key in ["sharpe", "sortino", "sharpe_hourly", "calmar", "sharpe_trades"] {
      #expect(try figure(key, metrics, at: start + .hours(99)) == nil, "\(key)")
    }
  }

  @Test func sortinoNeedsAggregatesOfItsRate() throws {
    let record = try RandomRecord(seed: 3)
    let metrics = MetricsPropertyTests.metrics(record.items)  // Made with 4 %.

    #expect(try figure("sortino", metrics, at: record.end, riskFree: 0.04) != nil)
    #expect(try figure("sortino", metrics, at: record.end, riskFree: 0.05) == nil)
    #expect(try figure("sharpe", metrics, at: record.end, riskFree: 0.05) != nil)
  }

  @Test func keysAreUniqueAndSentencesEndWithoutAPoint() {
    let keys = Metric.all.map(\.key)
    #expect(Set(keys).count == keys.count)
    for metric in Metric.all {
      #expect(
        metric.key.utf8.allSatisfy {
          (97...122).contains($0) || $0 == 95 || (48...57).contains($0)
        },
        "\(metric.key)")
      #expect(!metric.summary.hasSuffix(".") && !metric.summary.isEmpty, "\(metric.key)")
    }
  }

  /// Figures of an equity curve by empyrical and quantstats, in `data/metrics` of the shared
  /// folder: 20,000 bars of five minutes.
  ///
  /// The NAV is 10,000 at the first bar.
  @Test(.enabled(if: Reference.isThere)) func areThoseOfEmpyricalAndQuantstats() throws {
    let theirs = try Reference()
    let first = try #require(theirs.bars.first)
    let last = try #require(theirs.bars.last)
    var metrics = TraderMetrics(inception: first.at)
    // The last day is over once the next one begins.
    let next = CivilDay(number: CivilDay(last.at).number + 1).start
    for bar in theirs.bars + [(at: next, equity: last.equity)] {
      let nav = try #require(USD(approximating: 10_000 * bar.equity / first.equity))
      metrics.fold(try point(bar.at, nav: nav))
    }

    let daily = theirs.document.daily
    let expected = [
      "return_days": daily.n_returns, "sharpe": daily.sharpe, "sortino": daily.sortino,
      "volatility_pct": 100 * daily.volatility_ann, "best_day_pct": 100 * daily.best,
      "worst_day_pct": 100 * daily.worst,
    ]
    for (key, value) in expected {
      let actual = try #require(try figure(key, metrics, at: next), "\(key)")
      #expect(abs(actual - value) <= 1e-6 * max(1, abs(value)), "\(key): \(value), was \(actual)")
    }
  }
}

/// The reference curve and its figures.
private struct Reference {
  static let folder = Shared.folder.appending(path: "data/metrics")
  static var isThere: Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "metrics_public.json").path)
  }

  let bars: [(at: Timestamp, equity: Double)]
  let document: Document

  struct Document: Decodable {
    struct Daily: Decodable {
      let n_returns: Double
      let sharpe: Double
      let sortino: Double
      let volatility_ann: Double
      let best: Double
      let worst: Double
    }
    let daily: Daily
  }

  init() throws {
    document = try JSONDecoder().decode(
      Document.self,
      from: Data(contentsOf: Self.folder.appending(path: "metrics_public.json")))
    let path = Self.folder.appending(path: "equity_btc_tail20000.csv.gz").path
    let unpacked = try Shared.python([
      "-c", "import gzip,sys; print(gzip.open(sys.argv[1], 'rt').read())", path,
    ])
    bars = unpacked.output.split(separator: "\n").dropFirst().compactMap { line in
      let cells = line.split(separator: ",")
      guard cells.count == 2, let ms = Int64(cells[0]), let equity = Double(cells[1]) else {
        return nil
      }
      return (Timestamp(ms: ms), equity)
    }
  }
}
