/// Holm's correction for many tests, "A simple sequentially rejective multiple test procedure",
/// Scand. J. Statistics 6 (1979).
package enum Holm {
  /// The corrected probabilities, in the order given, each at most 1.
  ///
  /// - Parameters:
  ///   - probabilities: Of each test that was made.
  ///   - tests: Tests that could have been made, at least as many as were; `nil` = the same.
  package static func adjusted(_ probabilities: [Double], tests: Int? = nil) -> [Double] {
    let all = max(probabilities.count, tests ?? 0)
    let order = probabilities.indices.sorted {
      (probabilities[$0], $0) < (probabilities[$1], $1)
    }
    var adjusted = probabilities
    var greatest = 0.0
    for (rank, index) in order.enumerated() {
      greatest = max(greatest, min(1, Double(all - rank) * probabilities[index]))
      adjusted[index] = greatest
    }
    return adjusted
  }
}
