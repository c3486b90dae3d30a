/// The standard normal distribution.
package enum NormalDistribution {
  private static let tailBegin = 2.5

  /// Its density.
  static func density(_ x: Double) -> Double {
    Elementary.exp(-x * x / 2) * 0.398_942_280_401_432_7
  }

  /// Probability of a value below x, 0–1; exact to 1e-12 of the tail.
  ///
  /// The series of Marsaglia, "Evaluating the normal distribution", J. Stat. Software 11 (2004);
  /// beyond ±2.5 Laplace's continued fraction of the tail.
  package static func cdf(_ x: Double) -> Double {
    guard !x.isNaN else { return x }
    if x > tailBegin { return 1 - tail(x) }
    if x < -tailBegin { return tail(-x) }
    var term = x
    var sum = x
    var odd = 3.0
    while sum + term != sum || odd < 5 {
      term *= x * x / odd
      sum += term
      odd += 2
    }
    return 0.5 + sum * density(x)
  }

  /// The value with this probability below it; ∓∞ at 0 and 1, not a number outside of 0–1.
  ///
  /// Abramowitz & Stegun 26.2.23, then three steps of Halley's method.
  package static func quantile(_ probability: Double) -> Double {
    guard probability > 0, probability < 1 else {
      return probability == 0 ? -.infinity : probability == 1 ? .infinity : .nan
    }
    if probability == 0.5 { return 0 }
    if probability > 0.5 { return -quantile(1 - probability) }
    let t = (-2 * Elementary.ln(probability)).squareRoot()
    let above = 2.515517 + t * (0.802853 + t * 0.010328)
    let below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    var x = above / below - t
    for _ in 0..<3 {
      let density = density(x)
      guard density > 0 else { break }
      let step = (cdf(x) - probability) / density
      x -= step / (1 + x * step / 2)
    }
    return x
  }

  /// Probability of a value above x, for x well above 0.
  private static func tail(_ x: Double) -> Double {
    var fraction = x
    for n in stride(from: 60.0, through: 1, by: -1) { fraction = x + n / fraction }
    return density(x) / fraction
  }
}
