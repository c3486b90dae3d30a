import Trading

extension Export {
  /// The alerts: open ones first, then those that are over, each the newest first.
  package static let alerts = Export(
    name: "alerts.json", summary: "Open alerts, and the newest ones that are over."
  ) { view in
    let sorted = view.record.alerts.sorted { left, right in
      let isOver = [left, right].map { $0.resolvedAt != nil }
      return isOver[0] == isOver[1] ? left.number > right.number : isOver[1]
    }
    return CanonicalJSON.document { json in
      json.array("alerts", sorted.prefix(alertsShown)) { json, alert in
        json.object { $0.fields(of: alert) }
      }
      json.field("serverTime", view.at.ms)
    }
  }

  /// Alerts that the file shows at most.
  package static let alertsShown = 200
}

extension CanonicalJSON {
  fileprivate mutating func fields(of record: AlertRecord) {
    let alert = record.alert
    field("key", alert.key)
    field("kind", alert.kind)
    var cut = TextCut.notes
    field("message", cut.words(alert.message))
    field("number", record.number)
    field("opened_at", seconds: record.openedAt)
    field("resolved_at", secondsOrNull: record.resolvedAt)
    field("severity", alert.severity.rawValue)
    field("threshold", finiteOrNull: alert.threshold)
    field("told_at", seconds: record.toldAt)
    if let trader = alert.trader { field("trader", trader.name) } else { null("trader") }
    field("value", finiteOrNull: alert.value)
  }

  /// Writes an instant in seconds; null for `nil`.
  mutating func field(_ name: String, secondsOrNull instant: Timestamp?) {
    if let instant { field(name, seconds: instant) } else { null(name) }
  }

  /// Writes a number; null for `nil` and for what is no number.
  mutating func field(_ name: String, finiteOrNull number: Double?) {
    if let number, number.isFinite { field(name, number) } else { null(name) }
  }
}
