/// The error of a mean of dependent returns, from their slowest waves.
///
/// The equal-weighted cosine estimator of the long-run variance: the mean square of the first few
/// cosine coefficients of the series, with as many degrees of freedom. Müller, "A theory of
/// robust long-run variance estimation", J. Econometrics 141 (2007); Lazarus, Lewis, Stock &
/// Watson, "HAR inference: recommendations for practice", JBES 36 (2018). Coefficients are
/// linear, so those of a difference of two traders are the difference of theirs.
struct LowFrequencies {
  /// Fewest returns that anything is said about.
  static let fewestPeriods = 10

  /// Returns that there are.
  let count: Int
  /// Waves that are looked at: 8, 16 or 24.
  let degrees: Int
  /// Vectors of eight waves that these take.
  let width: Int
  /// `width` vectors for each return.
  let cosines: [SIMD8<Double>]

  /// The waves for that many returns, at least ``fewestPeriods``.
  ///
  /// 0.8·n^(2/3) of them, to the nearest multiple of 8 up to 24. That is twice what Lazarus et
  /// al. recommend for series as dependent as those of an economy: returns are far less so, and
  /// 30 days must tell something.
  init(count: Int) {
    self.count = count
    width = count < 58 ? 1 : count < 125 ? 2 : 3
    degrees = 8 * width
    let width = width
    var cosines: [SIMD8<Double>] = []
    cosines.reserveCapacity(count * width)
    for time in 0..<count {
      for block in 0..<width {
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

  /// The standard error of a mean from the sum of squares of its coefficients, which are plain
  /// sums of cosine times value.
  func error(sumOfSquares: Double) -> Double {
    (2 * sumOfSquares / Double(degrees)).squareRoot() / Double(count)
  }
}
