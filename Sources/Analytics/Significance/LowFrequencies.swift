/// The error of a mean of dependent returns, from their slowest waves.
///
/// The equal-weighted cosine estimator of the long-run variance: the mean square of the first few
/// cosine coefficients of the series, with as many degrees of freedom. Müller, "A theory of
/// robust long-run variance estimation", J. Econometrics 141 (2007); Lazarus, Lewis, Stock &
/// Watson, "HAR inference: recommendations for practice", JBES 36 (2018). Coefficients are
/// linear, so those of a difference of two traders are the difference of theirs.
package struct LowFrequencies {
  /// Fewest returns that anything is said about.
  static let fewestPeriods = 10

  /// Returns that there are.
  let count: Int
  /// Waves that are looked at: 8, 16 or 24.
  let degrees: Int
  /// Vectors of eight waves that these take.
  let width: Int
  /// What errors are multiplied by for correlations that these waves do not see, at least 1.
  ///
  /// They see a correlation with the return before as far as it shows in waves slower than
  /// theirs. This makes up for the rest of one of 0.2, the ratio of that spectrum at frequency 0
  /// to its mean over the waves: 3 % of 30 returns, 0.5 % of 365.
  let allowance: Double
  /// A vector for each return, for the first eight waves, then for the next.
  private let cosines: [SIMD8<Double>]

  /// The waves for that many returns, at least ``fewestPeriods``.
  ///
  /// 0.8·n^(2/3) of them, to the nearest multiple of 8 up to 24. That is twice what Lazarus et
  /// al. recommend for series as dependent as those of an economy: returns are far less so, and
  /// 30 days must tell something.
  init(count: Int) {
    self.count = count
    width = count < 58 ? 1 : count < 125 ? 2 : 3
    degrees = 8 * width
    let correlation = 0.2
    let spectrum = (1...degrees).map { wave in
      1
        / (1 + correlation * correlation
          - 2 * correlation * Elementary.cosine(ofHalfTurns: wave, over: count))
    }
    let mean = spectrum.reduce(0, +) / Double(degrees)
    allowance = (1 / ((1 - correlation) * (1 - correlation)) / mean).squareRoot()
    var cosines: [SIMD8<Double>] = []
    cosines.reserveCapacity(count * width)
    for block in 0..<width {
      for time in 0..<count {
        var waves = SIMD8<Double>()
        for lane in 0..<8 {
          let wave = 8 * block + lane + 1
          waves[lane] = Elementary.cosine(ofHalfTurns: wave * (2 * time + 1), over: 2 * count)
        }
        cosines.append(waves)
      }
    }
    self.cosines = cosines
  }

  /// The standard error of the mean of a series of at least ten values.
  package static func errorOfMean(_ values: [Double]) -> Double {
    let waves = LowFrequencies(count: values.count)
    var squares = 0.0
    for block in 0..<waves.width {
      let sums = waves.coefficients(of: values, block: block)
      squares += (sums * sums).orderedSum
    }
    return waves.error(sumOfSquares: squares)
  }

  /// The sums of value times cosine for eight waves, one value for each period.
  func coefficients(of values: [Double], block: Int) -> SIMD8<Double> {
    precondition(values.count == count, "expected \(count) values, was \(values.count)")
    return cosines.withUnsafeBufferPointer { cosines in
      values.withUnsafeBufferPointer { values in
        var sums = SIMD8<Double>()
        for time in 0..<count {
          sums += values[time] * cosines[block * count + time]
        }
        return sums
      }
    }
  }

  /// The standard error of a mean from the sum of squares of its coefficients, which are plain
  /// sums of cosine times value.
  func error(sumOfSquares: Double) -> Double {
    (2 * sumOfSquares / Double(degrees)).squareRoot() / Double(count)
  }
}

extension SIMD8<Double> {
  /// The sum of its lanes in their order; that of `sum()` is the compiler's choice.
  var orderedSum: Double {
    var sum = 0.0
    for lane in 0..<8 { sum += self[lane] }
    return sum
  }
}
