/// Student's distribution with an even number of degrees of freedom.
///
/// For even numbers it is a finite sum without angles: Abramowitz & Stegun 26.7.4.
package struct StudentDistribution: Sendable, Equatable {
  /// Degrees of freedom, even and at least 2.
  package let degrees: Int

  /// A distribution.
  ///
  /// Traps unless `degrees` is even and at least 2.
  package init(degrees: Int) {
    precondition(
      degrees >= 2 && degrees.isMultiple(of: 2),
      "expected an even number of degrees of freedom from 2 on, was \(degrees)")
    self.degrees = degrees
  }

  /// Probability of a value below t, 0–1.
  package func cdf(_ t: Double) -> Double { (1 + inner(t)) / 2 }

  /// Probability of a value at least as far from 0 as t, 0–1.
  package func twoSided(_ t: Double) -> Double { max(0, 1 - inner(t.magnitude)) }

  /// The value that is exceeded in magnitude with this probability, which is in 0–1.
  package func twoSidedQuantile(_ probability: Double) -> Double {
    guard probability < 1 else { return 0 }
    var low = 0.0
    var high = 1.0
    while twoSided(high) > probability, high < 1e12 { high *= 2 }
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if twoSided(middle) > probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Probability between −t and t, with the sign of t.
  private func inner(_ t: Double) -> Double {
    guard t.isFinite else { return t.isNaN ? t : t > 0 ? 1 : -1 }
    let sum = Double(degrees) + t * t
    let square = Double(degrees) / sum
    var term = 1.0
    var series = 1.0
    for even in stride(from: 2.0, to: Double(degrees), by: 2) {
      term *= square * (even - 1) / even
      series += term
    }
    return t / sum.squareRoot() * series
  }
}
