/// What resampling a cohort told.
struct CohortFindings {
  /// Of each own trader: its place, its growth and its Sharpe ratio.
  private(set) var own: [(trader: Int, growth: Calibrated, sharpe: Calibrated)] = []
  /// Of each pair: the places of its traders and the difference.
  private(set) var pairs: [(first: Int, second: Int, difference: Calibrated)] = []

  /// Resamples a cohort that many times.
  init(
    _ cohort: Cohort, growth: [[Double]], excess: [[Double]], resamples: Int, seed: UInt64
  ) {
    let waves = LowFrequencies(count: cohort.periods.count)
    var sample = CohortSample(growth: growth, excess: excess, waves: waves)
    var place: [Int: Int] = [:]
    for (member, trader) in cohort.members.enumerated() { place[trader] = member }
    let singles = cohort.own.compactMap { place[$0] }
    let pairs = cohort.pairs.compactMap { pair in
      place[pair.first].flatMap { first in place[pair.second].map { (first, $0) } }
    }
    let figures = Figures(singles: singles, pairs: pairs)
    let seen = figures.read(sample)
    let lengths = growth.map(BlockLength.stationary)
    var bootstrap = StationaryBootstrap(
      seed: seed, count: cohort.periods.count,
      blockLength: lengths.reduce(0, +) / Double(max(1, lengths.count)))
    var indices = Array(repeating: 0, count: cohort.periods.count)
    var distances = Array(repeating: 0.0, count: seen.count * resamples)
    for resample in 0..<resamples {
      bootstrap.draw(&indices)
      sample.fill(indices)
      for (index, estimate) in figures.read(sample).enumerated() {
        distances[index * resamples + resample] = estimate.distance(from: seen[index].value)
      }
    }
    let student = StudentDistribution(degrees: waves.degrees)
    let usual = student.twoSidedQuantile(0.05)
    let calibrated = seen.enumerated().map { index, estimate in
      Calibrated(
        estimate, distances: Array(distances[(index * resamples)..<((index + 1) * resamples)]),
        student: student, usual: usual, allowance: waves.allowance)
    }
    for (index, trader) in cohort.own.enumerated() {
      own.append((trader, calibrated[2 * index], calibrated[2 * index + 1]))
    }
    for (index, pair) in cohort.pairs.enumerated() {
      self.pairs.append((pair.first, pair.second, calibrated[2 * singles.count + index]))
    }
  }
}

/// Which figures of a sample are wanted.
private struct Figures {
  let singles: [Int]
  let pairs: [(Int, Int)]

  /// Growth and Sharpe ratio of each single in turn, then the differences of the pairs.
  func read(_ sample: CohortSample) -> [Estimate] {
    var estimates: [Estimate] = []
    estimates.reserveCapacity(2 * singles.count + pairs.count)
    for member in singles {
      estimates.append(sample.growth(member))
      estimates.append(sample.sharpe(member))
    }
    for (first, second) in pairs { estimates.append(sample.difference(first, second)) }
    return estimates
  }
}

/// An estimate with its interval and probability, as resampling calibrates them.
///
/// The symmetric studentised bootstrap of Hall, "On symmetric bootstrap confidence intervals",
/// J. R. Stat. Soc. B 50 (1988), with the dependence-robust error formula applied to each
/// resample: Gonçalves & Vogelsang, "Block bootstrap HAC robust tests", Econometric Theory 27
/// (2011). It may widen what Student's distribution says, never narrow it: the quantile of a few
/// hundred resamples is itself uncertain, and being too sure is the worse error.
struct Calibrated {
  /// What was seen.
  let estimate: Estimate
  /// Half the width of its 95 % interval; `nil` = resamples too often have no error to speak of.
  let reach: Double?
  /// Errors that 95 % of resamples keep within, per Student's; at least 1.
  private let stretch: Double?
  private let student: StudentDistribution

  /// Calibrates an estimate by the distances of resamples from it.
  ///
  /// - Parameters:
  ///   - estimate: What was seen.
  ///   - distances: Errors that each resample is away from it.
  ///   - student: What is read for probabilities.
  ///   - usual: Errors that 95 % keep within by Student's distribution.
  ///   - allowance: What the error is multiplied by.
  init(
    _ estimate: Estimate, distances: [Double], student: StudentDistribution, usual: Double,
    allowance: Double
  ) {
    self.estimate = estimate
    self.student = student
    var distances = distances
    let place = Int((Double(distances.count + 1) * 0.95).rounded(.up))
    let quantile = distances.select(min(distances.count, place) - 1)
    let stretch = quantile.isFinite ? allowance * max(1, quantile / usual) : nil
    reach = stretch.map { $0 * usual * estimate.error }
    self.stretch = stretch
  }

  /// Probability of a value so far from 0 if the truth were 0, two-sided.
  ///
  /// Student's distribution stretched to the resamples' 95 %: so few resamples say nothing of
  /// probabilities as small as Holm's correction asks for. 1 where nothing differs at all;
  /// `nil` = unknown.
  var probability: Double? {
    if estimate.value.magnitude <= 1e-12, estimate.error <= 1e-12 { return 1 }
    guard let stretch else { return nil }
    return student.twoSided(estimate.distance(from: 0) / stretch)
  }

  /// Probability of a lower value if the truth were 0; `nil` = unknown.
  var probabilityBelow: Double? {
    probability.map { estimate.value < 0 ? $0 / 2 : 1 - $0 / 2 }
  }
}

extension [Double] {
  /// The value at a place of the sorted array; reorders the array.
  ///
  /// Hoare's selection: in a year's arena full sorts took a third of the time.
  fileprivate mutating func select(_ place: Int) -> Double {
    var low = 0
    var high = count - 1
    while low < high {
      let pivot = self[(low + high) / 2]
      var left = low
      var right = high
      while left <= right {
        while self[left] < pivot { left += 1 }
        while self[right] > pivot { right -= 1 }
        if left <= right {
          swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if place <= right { high = right } else if place >= left { low = left } else { break }
    }
    return self[place]
  }
}
