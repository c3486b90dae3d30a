import Analytics
import Trading

/// Whether the honest leaderboard is: its errors over made-up arenas whose truth is known.
///
/// `nof0-bench leaderboard [--arenas N] [--days N] [--effort N]`. Figures carry ± one Monte Carlo
/// standard error.
enum LeaderboardBench {
  private static let traders = 12

  /// Prints the tables; `false` when an argument is not understood.
  static func run(_ arguments: [String]) -> Bool {
    var arenas = 1000
    var days = [30, 90, 365]
    var effort = 4_000_000
    var rest = arguments[...]
    while let option = rest.popFirst() {
      guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else { return false }
      switch option {
      case "--arenas": arenas = value
      case "--days": days = [value]
      case "--effort": effort = value
      default: return false
      }
    }
    print("\(arenas) arenas of \(traders) traders each, in per cent ± Monte Carlo error")
    print("\nEqual traders: 'A beats B' said of anybody, intervals of 95 %, luck beyond 95 of 100")
    print(
      row(["returns", "days", "false claim", "return", "Sharpe", "luck", "resamples", "ms"]))
    for scatter in Scatter.allCases {
      for count in days { equal(scatter, days: count, arenas: arenas, effort: effort) }
    }
    print("\nOne trader with an edge over eleven equals, edge = mean / deviation of the")
    print("difference in a year: pairs found, alone in the first tier, any false claim;")
    print("\(max(2, arenas / 5)) arenas each")
    print(row(["returns", "days", "edge", "pairs", "first tier", "false claim"]))
    for scatter in Scatter.allCases {
      for count in days {
        // True differences of 3, 4.5 and 6 standard errors.
        for errors in [3.0, 4.5, 6] {
          planted(
            scatter, days: count, errors: errors, arenas: max(2, arenas / 5), effort: effort)
        }
      }
    }
    return true
  }

  /// Traders of equal growth whose volatility differs, 1 % to 3 % a day.
  private static func equal(_ scatter: Scatter, days: Int, arenas: Int, effort: Int) {
    let arena = SyntheticArena(
      scatter: scatter, periods: days, growth: Array(repeating: 0.001, count: traders),
      deviations: (0..<traders).map { 0.01 + 0.02 * Double($0) / Double(traders - 1) })
    let truth = arena.sharpe().map { $0 * 365.0.squareRoot() }
    let total = 100 * (Elementary.exp(0.001 * Double(days)) - 1)
    var claims = Tally()
    var returns = Tally()
    var sharpes = Tally()
    var luck = Tally()
    var resamples = 0
    var spent = 0.0
    for index in 0..<arenas {
      let series = arena.series(seed: UInt64(index) &+ stableHash(scatter.rawValue))
      let start = Clock.nowMs
      guard
        let found = ArenaStatistics.compute(
          series, period: .day, control: series.first?.trader, effort: effort)
      else { continue }
      spent += Clock.nowMs - start
      resamples = found.resamples
      claims.add(found.pairs.contains { ($0.pHolm ?? 1) < 0.05 } ? 1 : 0)
      returns.add(share(found.traders.map { $0.returnPct.contains(total) }))
      sharpes.add(share(zip(found.traders, truth).map { $0.sharpe.contains($1) }))
      luck.add(share(found.traders.compactMap { $0.luckPercentile }.map { $0 > 95 }))
    }
    print(
      row([
        scatter.rawValue, "\(days)", "\(claims)", "\(returns)", "\(sharpes)", "\(luck)",
        "\(resamples)", "\((spent / Double(arenas) * 10).rounded() / 10)",
      ]))
  }

  /// Traders of 2 % a day, the first of which grows faster than the others.
  private static func planted(
    _ scatter: Scatter, days: Int, errors: Double, arenas: Int, effort: Int
  ) {
    // Half the variance is shared, so that a difference deviates by 2 %, too.
    let edge = errors / Double(days).squareRoot()
    let arena = SyntheticArena(
      scatter: scatter, periods: days,
      growth: [0.001 + 0.02 * edge] + Array(repeating: 0.001, count: traders - 1),
      deviations: Array(repeating: 0.02, count: traders))
    var pairs = Tally()
    var first = Tally()
    var claims = Tally()
    for index in 0..<arenas {
      let series = arena.series(seed: UInt64(index) &+ stableHash(scatter.rawValue) &+ 1 << 40)
      guard let found = ArenaStatistics.compute(series, period: .day, effort: effort) else {
        continue
      }
      let sure = found.pairs.filter { ($0.pHolm ?? 1) < 0.05 }
      let right = sure.count { $0.first == "t00" && $0.meanDifferencePct > 0 }
      pairs.add(Double(right) / Double(traders - 1))
      first.add(found.tiers.first == ["t00"] ? 1 : 0)
      claims.add(right < sure.count ? 1 : 0)
    }
    let yearly = (edge * 365.0.squareRoot() * 10).rounded() / 10
    print(row([scatter.rawValue, "\(days)", "\(yearly)", "\(pairs)", "\(first)", "\(claims)"]))
  }

  private static func share(_ claims: [Bool]) -> Double {
    claims.isEmpty ? 0 : Double(claims.count { $0 }) / Double(claims.count)
  }

  private static func row(_ cells: [String]) -> String {
    cells.map { $0 + String(repeating: " ", count: max(1, 16 - $0.count)) }.joined()
  }
}

extension Interval? {
  /// Whether there is an interval and the truth lies in it.
  fileprivate func contains(_ truth: Double) -> Bool {
    map { $0.low <= truth && truth <= $0.high } ?? false
  }
}

/// A mean over arenas and its Monte Carlo error.
private struct Tally: CustomStringConvertible {
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    sum += value
    squares += value * value
  }

  var description: String {
    guard count > 1 else { return "–" }
    let mean = sum / count
    let error = (max(0, squares / count - mean * mean) / (count - 1)).squareRoot()
    return "\(tenths(mean)) ± \(tenths(error))"
  }

  private func tenths(_ share: Double) -> String {
    "\((share * 1000).rounded() / 10)"
  }
}
