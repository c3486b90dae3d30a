package import Trading

extension ArenaStatistics {
  /// Most traders that are compared with each other, besides the control; those that grew most.
  ///
  /// Fewer where the effort does not allow of it.
  package static let mostPaired = 40
  /// Probability below which a difference counts.
  package static let level = 0.05
  /// What an interval may end at, per unit of start; one that goes further says nothing.
  static let greatestGrowth = 1e6
  /// Most and fewest resamples, whatever `effort` says.
  static let resamples = 199...999

  /// What chance could have made of the returns of an arena.
  ///
  /// Growth is logarithmic: the interval of the return is exp of that of the mean growth times
  /// the number of periods, that is, of the return which the trader's true mean growth makes in
  /// that time, after what it had made before its series begins. A loss of more than 99 % in one
  /// period counts as 99 %. Pairs are compared over the periods that both have; rank and tiers
  /// follow from these comparisons after Holm's correction. Below ten returns nothing but their
  /// number is known.
  ///
  /// - Parameters:
  ///   - series: Returns of each trader, one series for each; order does not matter.
  ///   - period: What they are returns of.
  ///   - control: The trader that decides at random, if there is one.
  ///   - riskFree: Yearly return of money that takes no risk, as a fraction.
  ///   - effort: Bounds resamples × periods × traders, at 199 to 999 resamples: where pairs have
  ///     periods of their own, fewer traders are compared, while Holm's correction goes on counting
  ///     the pairs of all. Only what the intervals of single traders take is never saved. Never
  ///     the clock, so that the same returns give the same figures.
  /// - Returns: `nil` = no trader has two returns.
  package static func compute(
    _ series: [ReturnSeries], period: Period, control: TraderID? = nil, riskFree: Double = 0,
    effort: Int = 4_000_000
  ) -> ArenaStatistics? {
    let sorted = series.filter { $0.returns.count >= 2 }.sorted { $0.trader < $1.trader }
    guard !sorted.isEmpty else { return nil }
    return Workings(
      sorted, period: period, control: control, riskFree: riskFree, effort: effort
    ).statistics()
  }
}

/// The computation of one arena's statistics.
private struct Workings {
  private let series: [ReturnSeries]
  private let period: ArenaStatistics.Period
  private let control: Int?
  private let seed: UInt64
  private let resamples: Int
  private let growth: [[Double]]
  private let excess: [[Double]]
  private let cohorts: [Cohort]
  /// Places of the traders that are compared with each other.
  private let paired: Set<Int>
  /// Whether a trader has returns enough to say anything.
  private let isTold: [Bool]

  init(
    _ series: [ReturnSeries], period: ArenaStatistics.Period, control: TraderID?,
    riskFree: Double, effort: Int
  ) {
    self.series = series
    self.period = period
    self.control = control.flatMap { id in series.firstIndex { $0.trader == id } }
    seed = Self.digest(series, period: period)
    growth = series.map { $0.returns.map { Elementary.ln(max(0.01, 1 + $0)) } }
    excess = series.map { $0.returns.map { $0 - riskFree / period.perYear } }
    isTold = series.map { $0.returns.count >= LowFrequencies.fewestPeriods }
    let totals = growth.map { $0.reduce(0, +) }
    let allowed = ArenaStatistics.resamples
    let comparison = Comparison(
      of: series.map(\.periods),
      order: series.indices.sorted { (-totals[$0], $0) < (-totals[$1], $1) },
      control: self.control, work: effort / allowed.lowerBound)
    cohorts = comparison.cohorts
    paired = comparison.paired
    let work = max(1, comparison.work)
    resamples = min(allowed.upperBound, max(allowed.lowerBound, effort / work))
  }

  func statistics() -> ArenaStatistics {
    var traders = series.map {
      TraderStatistics(id: $0.trader.name, periods: $0.returns.count)
    }
    var differences: [(first: Int, second: Int, periods: Int, found: Calibrated?)] = []
    for (index, cohort) in cohorts.enumerated() {
      let count = cohort.periods.count
      guard count >= LowFrequencies.fewestPeriods else {
        differences += cohort.pairs.map { ($0.first, $0.second, count, nil) }
        continue
      }
      let findings = CohortFindings(
        cohort, growth: cohort.members.map { select(growth, of: $0, over: cohort) },
        excess: cohort.members.map { select(excess, of: $0, over: cohort) },
        resamples: resamples, seed: seed &+ UInt64(index))
      for found in findings.own { fill(&traders[found.trader], from: found) }
      differences += findings.pairs.map { ($0.first, $0.second, count, $0.difference) }
    }
    differences.sort { ($0.first, $0.second) < ($1.first, $1.second) }
    let pairs = differences.map { pair(first: $0, second: $1, periods: $2, found: $3) }
    let corrected = correct(pairs)
    fillSharpe(&traders)
    fillPlaces(&traders, from: corrected)
    fillLuck(&traders, from: differences)
    return ArenaStatistics(
      period: period, resamples: resamples, seed: seed, traders: traders, pairs: corrected,
      tiers: Standing(names: series.map(\.trader.name), pairs: corrected).tiers(order: order))
  }

  /// Traders by their total growth, greatest first.
  private var order: [Int] {
    let totals = growth.map { $0.reduce(0, +) }
    return series.indices.sorted { (-totals[$0], $0) < (-totals[$1], $1) }
  }
}

extension Workings {
  /// A seed from all that the figures follow from.
  private static func digest(_ series: [ReturnSeries], period: ArenaStatistics.Period) -> UInt64 {
    var digest = stableHash(period.rawValue)
    func take(_ word: UInt64) {
      var step = SeededGenerator(seed: digest ^ word)
      digest = step.next() &+ (digest << 6)
    }
    for one in series {
      take(stableHash(one.trader.name))
      for (period, value) in zip(one.periods, one.returns) {
        take(UInt64(bitPattern: period))
        take(value.bitPattern)
      }
    }
    return digest
  }

  /// A trader's values in the periods of a cohort.
  private func select(_ values: [[Double]], of trader: Int, over cohort: Cohort) -> [Double] {
    let periods = series[trader].periods
    if periods.count == cohort.periods.count { return values[trader] }
    var selected: [Double] = []
    var next = 0
    for (period, value) in zip(periods, values[trader]) {
      guard next < cohort.periods.count else { break }
      if cohort.periods[next] == period {
        selected.append(value)
        next += 1
      }
    }
    return selected
  }

  private func pair(
    first: Int, second: Int, periods: Int, found: Calibrated?
  ) -> PairStatistics {
    let mean: Double
    if let found {
      mean = found.estimate.value
    } else {
      let others = Dictionary(
        zip(series[second].periods, growth[second]), uniquingKeysWith: { $1 })
      let gaps = zip(series[first].periods, growth[first]).compactMap { period, value in
        others[period].map { value - $0 }
      }
      mean = gaps.isEmpty ? 0 : gaps.reduce(0, +) / Double(gaps.count)
    }
    return PairStatistics(
      first: series[first].trader.name, second: series[second].trader.name, periods: periods,
      meanDifferencePct: 100 * mean, p: found?.probability, pHolm: nil)
  }

  private func correct(_ pairs: [PairStatistics]) -> [PairStatistics] {
    let tested = pairs.indices.filter { pairs[$0].p != nil }
    let told = isTold.count { $0 }
    // Leaving out the pairs that are not listed would be choosing after looking.
    let areAllPaired = isTold.indices.allSatisfy { !isTold[$0] || paired.contains($0) }
    let all = areAllPaired ? nil : told * (told - 1) / 2
    let adjusted = Holm.adjusted(tested.compactMap { pairs[$0].p }, tests: all)
    var corrected = pairs
    for (index, value) in zip(tested, adjusted) { corrected[index].pHolm = value }
    return corrected
  }
}

extension Workings {
  private func fill(
    _ trader: inout TraderStatistics,
    from found: (trader: Int, growth: Calibrated, sharpe: Calibrated)
  ) {
    let count = Double(trader.periods)
    let mean = found.growth.estimate.value
    if let reach = found.growth.reach {
      let start = series[found.trader].start
      let low = start * Elementary.exp(count * (mean - reach))
      let high = start * Elementary.exp(count * (mean + reach))
      // Few returns with one far out may allow of anything.
      if high <= ArenaStatistics.greatestGrowth {
        trader.returnPct = Interval(low: 100 * (low - 1), high: 100 * (high - 1))
      }
      trader.band = band(of: found.trader, mean: mean, reach: reach)
    }
    if let reach = found.sharpe.reach, found.sharpe.estimate.error > 1e-12 {
      let year = period.perYear.squareRoot()
      trader.sharpe = Interval(
        low: year * (found.sharpe.estimate.value - reach),
        high: year * (found.sharpe.estimate.value + reach))
    }
  }

  /// Where 95 % of the curves pass that chance makes from such growth, at up to 60 times.
  ///
  /// It widens with the square root of time and ends in the interval of the return.
  private func band(of trader: Int, mean: Double, reach: Double) -> [[Double]] {
    let periods = series[trader].periods
    guard let first = periods.first else { return [] }
    let count = periods.count
    let steps = min(count, 59)
    let start = series[trader].start
    let band =
      [[Double(first * period.seconds), start, start]]
      + (1...steps).map { step in
        let done = (count * step + steps - 1) / steps
        let spread = reach * (Double(done) * Double(count)).squareRoot()
        return [
          Double((periods[done - 1] + 1) * period.seconds),
          start * Elementary.exp(Double(done) * mean - spread),
          start * Elementary.exp(Double(done) * mean + spread),
        ]
      }
    return band.allSatisfy { $0[2] <= ArenaStatistics.greatestGrowth } ? band : []
  }

  private func fillSharpe(_ traders: inout [TraderStatistics]) {
    let ratios = series.indices.map { isTold[$0] ? SharpeConfidence(excess[$0]) : nil }
    let best = SharpeConfidence.expectedBest(of: ratios.compactMap { $0?.ratio })
    for (index, ratio) in ratios.enumerated() {
      guard let ratio else { continue }
      traders[index].psr = ratio.probability(above: 0)
      traders[index].dsr = ratio.probability(above: best)
      guard let needed = ratio.minimumCount else { continue }
      traders[index].minimumTrackDays = needed / period.perDay
      traders[index].daysStillNeeded =
        max(0, needed - Double(ratio.count)) / period.perDay
    }
  }

  private func fillPlaces(_ traders: inout [TraderStatistics], from pairs: [PairStatistics]) {
    let standing = Standing(names: series.map(\.trader.name), pairs: pairs)
    let contest = Contest(
      growth: growth, records: series.map(\.periods), isIn: isTold, resamples: resamples,
      seed: ~seed)
    for index in traders.indices where isTold[index] {
      traders[index].rank = standing.rank(of: index, among: isTold)
      traders[index].probabilityBest = contest.shares[index]
    }
  }

  /// The share of luck that a trader beats: the probability that one with no more skill than the
  /// random control stands lower against it than this trader does.
  private func fillLuck(
    _ traders: inout [TraderStatistics],
    from differences: [(first: Int, second: Int, periods: Int, found: Calibrated?)]
  ) {
    guard let control else { return }
    for pair in differences where pair.first == control || pair.second == control {
      guard let below = pair.found?.probabilityBelow else { continue }
      let isFirst = pair.second == control
      traders[isFirst ? pair.first : pair.second].luckPercentile =
        100 * (isFirst ? below : 1 - below)
    }
  }
}
