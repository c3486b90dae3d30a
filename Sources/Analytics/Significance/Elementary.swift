/// Logarithm, exponential and cosine from additions and multiplications only.
///
/// The C library picks another rounding on another processor; the same returns shall give the
/// same bytes everywhere. All three are exact to about one unit in the last place.
package enum Elementary {
  /// π.
  static let pi = Double.pi
  /// The natural logarithm of 2 in two parts, the first short enough to be multiplied exactly.
  private static let ln2High = 0x1.62e42feep-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// The natural logarithm; −∞ at 0, not a number below.
  ///
  /// x = 2^e·m with m near 1, and ln m = 2·artanh((m − 1) / (m + 1)) as a power series.
  package static func ln(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x.isFinite else { return x }
    var exponent = Double(x.exponent)
    var significand = x.significand
    if significand > 1.414_213_562_373_095 {
      significand /= 2
      exponent += 1
    }
    let s = (significand - 1) / (significand + 1)
    let square = s * s
    var sum = 0.0
    for odd in stride(from: 25.0, through: 3, by: -2) { sum = (sum + 1 / odd) * square }
    return exponent * ln2High + (2 * s + (2 * s * sum + exponent * ln2Low))
  }

  /// e to the power of x.
  ///
  /// x = k·ln 2 + r with |r| ≤ ln 2 / 2, and Taylor's series for r.
  package static func exp(_ x: Double) -> Double {
    guard x < 709.8 else { return x.isNaN ? x : .infinity }
    guard x > -745 else { return 0 }
    let k = (x * 1.442_695_040_888_963_4).rounded()
    let rest = (x - k * ln2High) - k * ln2Low
    var sum = 1.0
    for n in stride(from: 16.0, through: 1, by: -1) { sum = 1 + sum * rest / n }
    // In two steps, as 2^k alone may be beyond the range.
    let half = (k / 2).rounded(.down)
    return sum * Double(sign: .plus, exponent: Int(half), significand: 1)
      * Double(sign: .plus, exponent: Int(k - half), significand: 1)
  }

  /// The cosine of π·numerator / denominator; the denominator is above 0.
  ///
  /// The fraction is reduced in whole numbers, then Taylor's series up to a quarter turn.
  static func cosine(ofHalfTurns numerator: Int, over denominator: Int) -> Double {
    var part = numerator % (2 * denominator)
    if part < 0 { part += 2 * denominator }
    if part > denominator { part = 2 * denominator - part }
    let isNegative = 2 * part > denominator
    if isNegative { part = denominator - part }
    let angle = pi * Double(part) / Double(denominator)
    var sum = 1.0
    for n in stride(from: 24.0, through: 2, by: -2) {
      sum = 1 - sum * angle * angle / (n * (n - 1))
    }
    return isNegative ? -sum : sum
  }
}
