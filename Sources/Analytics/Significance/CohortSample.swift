/// Means and slow waves of a cohort's returns, as they were or resampled.
struct CohortSample {
  private let waves: LowFrequencies
  /// Of each member in turn its logarithmic growth, its returns, and their squares.
  private let values: [[Double]]
  private var means: [Double]
  private var sums: [SIMD8<Double>]

  /// A sample of what was seen.
  ///
  /// - Parameters:
  ///   - growth: Of each member, the logarithm of 1 + return of each period.
  ///   - excess: Of each member, the return of each above what takes no risk.
  ///   - waves: The waves for that many periods.
  init(growth: [[Double]], excess: [[Double]], waves: LowFrequencies) {
    self.waves = waves
    var values: [[Double]] = []
    for (growth, excess) in zip(growth, excess) {
      values += [growth, excess, excess.map { $0 * $0 }]
    }
    self.values = values
    means = Array(repeating: 0, count: values.count)
    sums = Array(repeating: SIMD8(), count: values.count * waves.width)
    fill(Array(0..<waves.count))
  }

  /// Makes it the sample of these periods, one index for each.
  mutating func fill(_ indices: [Int]) {
    var drawn = Array(repeating: 0.0, count: indices.count)
    for (row, values) in values.enumerated() {
      var total = 0.0
      for (time, index) in indices.enumerated() {
        drawn[time] = values[index]
        total += values[index]
      }
      means[row] = total / Double(indices.count)
      for block in 0..<waves.width {
        sums[row * waves.width + block] = waves.coefficients(of: drawn, block: block)
      }
    }
  }

  /// Mean logarithmic growth of a member and its error.
  func growth(_ member: Int) -> Estimate {
    var squares = 0.0
    for block in 0..<waves.width {
      let wave = sums[3 * member * waves.width + block]
      squares += (wave * wave).orderedSum
    }
    return Estimate(
      value: means[3 * member], error: waves.error(sumOfSquares: squares))
  }

  /// Mean difference of growth, first − second, and its error.
  func difference(_ first: Int, _ second: Int) -> Estimate {
    var squares = 0.0
    for block in 0..<waves.width {
      let wave =
        sums[3 * first * waves.width + block] - sums[3 * second * waves.width + block]
      squares += (wave * wave).orderedSum
    }
    return Estimate(
      value: means[3 * first] - means[3 * second], error: waves.error(sumOfSquares: squares))
  }

  /// Sharpe ratio per period of a member and its error, which is 0 where nothing moved.
  ///
  /// The error is that of the mean of the ratio's influence z − S/2·(z² − 1), z being the
  /// standardised return: Lo, "The statistics of Sharpe ratios", Financial Analysts J. 58 (2002).
  func sharpe(_ member: Int) -> Estimate {
    let row = 3 * member + 1
    let mean = means[row]
    let n = Double(waves.count)
    let variance = (means[row + 1] - mean * mean) * n / (n - 1)
    guard variance > 1e-24 else { return Estimate(value: 0, error: 0) }
    let deviation = variance.squareRoot()
    let ratio = mean / deviation
    var squares = 0.0
    for block in 0..<waves.width {
      let linear = sums[row * waves.width + block]
      let square = sums[(row + 1) * waves.width + block] - linear * (2 * mean)
      let wave = linear * (1 / deviation) - square * (ratio / (2 * variance))
      squares += (wave * wave).orderedSum
    }
    return Estimate(value: ratio, error: waves.error(sumOfSquares: squares))
  }
}

/// A number and how far it may be off.
struct Estimate {
  /// The number.
  let value: Double
  /// Its standard error, in the same unit; errors below 1e-12 count as none.
  let error: Double

  /// How many errors it is away from a number.
  ///
  /// 0 when it is that number, infinite when it has no error and is another.
  func distance(from other: Double) -> Double {
    let gap = (value - other).magnitude
    guard error > 1e-12 else { return gap > 1e-12 ? .infinity : 0 }
    return gap / error
  }
}
