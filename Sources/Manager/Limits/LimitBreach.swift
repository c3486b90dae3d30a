package import Trading

/// A limit of a whole account that is passed now.
package struct LimitBreach: Sendable, Hashable {
  /// The limit's id, one of ``LimitWatch/rules``.
  package let rule: String
  /// What was measured: per cent, or a number of positions; above the threshold.
  package let measured: Factor
  /// The limit, in the same unit.
  package let threshold: Factor
  /// What is wrong, in words, without the account.
  package let text: String
}
