/// Correction of probabilities for the number of tests.
///
/// Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
/// Statistics 6 (1979).
package enum Holm {
  /// Probabilities that any error at all is as improbable as they say.
  ///
  /// - Parameters:
  ///   - probabilities: Of each test that was made.
  ///   - tests: Tests that could have been made, at least as many as were; `nil` = the same.
  /// - Returns: The corrected probabilities, in the order given, each at most 1.
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
