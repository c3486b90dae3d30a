/// What failed decisions in a row mean for the next ones.
package enum FailureStreak {
  /// Failures in a row after which a trader may only reduce.
  package static let reductionsOnlyFrom = 3

  /// Why a turn may only reduce, in words; `nil` = it may open.
  ///
  /// The first decision that succeeds after three failures may only reduce, too: it shows that
  /// decisions come again. So the failures are those *before* this turn.
  package static func reductionsOnly(after failures: Int) -> String? {
    guard failures >= reductionsOnlyFrom else { return nil }
    return "the \(failures) decisions before this one failed; entries are allowed again after one "
      + "that succeeds"
  }
}
