/// How urgent an alert is.
package enum AlertSeverity: String, Sendable, CaseIterable {
  /// Money is at risk.
  case high
  /// Something does not work as it should.
  case medium
  /// Worth knowing.
  case low
}

/// Something a person should know of.
///
/// It is open until resolved.
package struct Alert: Sendable, Hashable {
  /// What tells it from others: an open alert with the same key is not opened twice.
  package let key: String
  /// How urgent it is.
  package let severity: AlertSeverity
  /// The trader concerned; `nil` = the arena.
  package let trader: TraderID?
  /// What happened and what to do, in words.
  package let message: String
  /// The number that was measured, in the unit of the threshold; `nil` = none.
  package let value: Double?
  /// The number that it should not pass; `nil` = none.
  package let threshold: Double?

  /// An alert from its parts.
  package init(
    key: String, severity: AlertSeverity, trader: TraderID?, message: String,
    value: Double? = nil, threshold: Double? = nil
  ) {
    self.key = key
    self.severity = severity
    self.trader = trader
    self.message = message
    self.value = value
    self.threshold = threshold
  }

  /// What sort of alert it is: its key up to the first point, for example `no_stop`.
  package var kind: String { String(key.prefix { $0 != "." }) }
}

/// An alert as it is on record.
package struct AlertRecord: Sendable, Equatable {
  /// Its number, from 1, in the order alerts were opened.
  package let number: Int64
  /// The alert, in the words of when it was last told.
  package let alert: Alert
  /// Since when it held.
  package let openedAt: Timestamp
  /// When it was last told; when it was opened, at first.
  package let toldAt: Timestamp
  /// When it no longer did; `nil` = it does.
  package let resolvedAt: Timestamp?

  /// A record from its parts.
  package init(
    number: Int64, alert: Alert, openedAt: Timestamp, toldAt: Timestamp, resolvedAt: Timestamp?
  ) {
    self.number = number
    self.alert = alert
    self.openedAt = openedAt
    self.toldAt = toldAt
    self.resolvedAt = resolvedAt
  }
}
