/// Something about a venue or an account there that stands in the way of trading.
package struct VenueFinding: Sendable, Hashable {
  /// What is wrong, in one word that never changes, for example `clock_skew`.
  package let id: String
  /// How urgent it is.
  package let severity: AlertSeverity
  /// What is wrong and what to do, in words.
  package let message: String
  /// Whether positions must not be opened or grown while it holds.
  package let blocksOpens: Bool

  /// A finding from its parts.
  package init(id: String, severity: AlertSeverity, message: String, blocksOpens: Bool) {
    self.id = id
    self.severity = severity
    self.message = message
    self.blocksOpens = blocksOpens
  }
}
