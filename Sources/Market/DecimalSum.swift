/// Adds numbers that were written as decimals, such as traded volumes, without binary residue.
enum DecimalSum {
  /// The scales tried, fewest decimals first.
  private static let scales: [Double] = [1, 1e3, 1e8]
  /// Whole numbers up to here are exact in a double.
  private static let exactLimit = 9_007_199_254_740_992.0

  /// The number nearest to the exact sum of the decimals that the numbers stand for.
  ///
  /// Those are taken to have at most eight decimals; where they have more, or are too large for
  /// that, it is the ordinary sum from left to right.
  static func of(_ numbers: ArraySlice<Double>) -> Double {
    for scale in scales {
      if let sum = sum(numbers, scale: scale) { return sum }
    }
    return numbers.reduce(0, +)
  }

  /// The sum, if all numbers are whole multiples of 1 / scale; `nil` = they are not.
  private static func sum(_ numbers: ArraySlice<Double>, scale: Double) -> Double? {
    var sum = 0.0
    for number in numbers {
      let steps = (number * scale).rounded()
      // A double is the decimal steps / scale exactly when that division gives it back.
      guard steps.magnitude <= exactLimit, steps / scale == number else { return nil }
      sum += steps
      guard sum.magnitude <= exactLimit else { return nil }
    }
    return sum / scale
  }
}
