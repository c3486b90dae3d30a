/// Something that changed whether a trader takes part; kept for ever.
package struct TraderEvent: Sendable, Hashable {
  /// The trader.
  package let trader: TraderID
  /// When.
  package let at: Timestamp
  /// What happened: a ``TraderStatus/Move``, `enrolled`, `era`, `removed` or `close`.
  package let what: String
  /// Its status afterwards.
  package let status: TraderStatus
  /// Who or what did it: `command`, `config`, or the id of a rule such as `isolation_failures`.
  package let cause: String
  /// Why, in words.
  package let reason: String

  /// An event from its parts.
  package init(
    trader: TraderID, at: Timestamp, what: String, status: TraderStatus, cause: String,
    reason: String
  ) {
    self.trader = trader
    self.at = at
    self.what = what
    self.status = status
    self.cause = cause
    self.reason = reason
  }
}
