/// Logarithm and power, to about 1e-15 of the value.
///
/// Written here because Foundation, which has them, takes longer to load than a run has; and so
/// that every machine finds the same digits.
enum Logarithm {
  private static let ln2 = 0.693_147_180_559_945_309_417

  /// The natural logarithm of a number above zero; `nil` for others.
  static func natural(_ number: Double) -> Double? {
    guard number > 0, number.isFinite else { return nil }
    var exponent = Double(number.exponent)
    var significand = number.significand
    if significand > 2.0.squareRoot() {
      significand /= 2
      exponent += 1
    }
    // ln s = 2 · artanh t, t = (s − 1) / (s + 1), |t| ≤ 0.172: its thirteenth term is below 1e-20.
    let t = (significand - 1) / (significand + 1)
    let sum = stride(from: 25, through: 1, by: -2).reduce(0) { $0 * t * t + 1 / Double($1) }
    return exponent * ln2 + 2 * t * sum
  }

  /// The logarithm to the base 2 of a number above zero; `nil` for others.
  static func binary(_ number: Double) -> Double? { natural(number).map { $0 / ln2 } }

  /// A number above zero raised to a power; 0 of 0; `nil` for negative ones.
  static func power(_ number: Double, _ exponent: Double) -> Double? {
    if number == 0 { return 0 }
    return natural(number).map { exponential($0 * exponent) }
  }

  /// e raised to a power: Taylor's series of the rest after whole powers of 2.
  private static func exponential(_ exponent: Double) -> Double {
    guard abs(exponent) < 1000 else { return exponent > 0 ? .infinity : 0 }
    let twos = (exponent / ln2).rounded()
    let rest = exponent - twos * ln2
    let sum = (1...18).reversed().reduce(1.0) { 1 + rest / Double($1) * $0 }
    return sum * (twos < 0 ? 1 / power(ofTwo: -twos) : power(ofTwo: twos))
  }

  private static func power(ofTwo exponent: Double) -> Double {
    exponent > 1023
      ? .infinity : Double(sign: .plus, exponent: Int(exponent), significand: 1)
  }
}
