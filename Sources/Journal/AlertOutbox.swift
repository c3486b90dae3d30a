import Trading

extension AlertNews: Column {}

extension Session {
  /// Writes what changed about alerts, and queues the messages of it.
  func saveAlerts(_ changes: StateChanges) throws {
    let raised = Set(changes.openAlerts.map(\.key))
    for key in changes.resolvedAlerts where !raised.contains(key) {
      try resolve(key, changes)
    }
    for alert in changes.openAlerts { try raise(alert, changes) }
    guard changes.repeatsAlerts, let span = changes.alertRouting.repeatAfter else { return }
    let old = try rows(
      OpenAlert.select
        + " WHERE resolved_at_ms IS NULL AND coalesce(told_at_ms, opened_at_ms) <= ?"
        + " ORDER BY alert", [changes.at - span], OpenAlert.init)
    for open in old where !raised.contains(open.alert.key) && open.alert.severity.isRepeated {
      try tellAgain(open, open.alert, changes)
    }
  }

  private func resolve(_ key: String, _ changes: StateChanges) throws {
    guard let open = try openAlert(key) else { return }
    try run("UPDATE alerts SET resolved_at_ms = ? WHERE alert = ?", [changes.at, open.number])
    try queue(
      .resolved, of: open.number, open.alert,
      "over after \(changes.at - open.openedAt): \(open.alert.message)", changes)
  }

  /// Opens an alert, or tells it again in its present words when it is time; low ones never.
  private func raise(_ alert: Alert, _ changes: StateChanges) throws {
    if let open = try openAlert(alert.key) {
      guard let span = changes.alertRouting.repeatAfter, open.alert.severity.isRepeated,
        open.toldAt + span <= changes.at
      else { return }
      return try tellAgain(open, alert, changes)
    }
    try run(
      """
      INSERT INTO alerts (key, severity, trader, message, value, threshold, opened_at_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        alert.key, alert.severity, alert.trader, alert.message, alert.value, alert.threshold,
        changes.at,
      ])
    try queue(.opened, of: lastRow, alert, alert.message, changes)
  }

  /// An open alert keeps its severity, and gets the words and numbers of now.
  private func tellAgain(_ open: OpenAlert, _ alert: Alert, _ changes: StateChanges) throws {
    try run(
      "UPDATE alerts SET message = ?, value = ?, threshold = ?, told_at_ms = ? WHERE alert = ?",
      [alert.message, alert.value, alert.threshold, changes.at, open.number])
    try queue(
      .repeated, of: open.number, open.alert,
      "since \(changes.at - open.openedAt): \(alert.message)", changes)
  }

  /// Queues a message for each channel that is told of alerts like this.
  ///
  /// While a channel has not been told of an alert yet, it is not told once more that it holds.
  private func queue(
    _ news: AlertNews, of number: Int64, _ alert: Alert, _ message: String,
    _ changes: StateChanges
  ) throws {
    for route in changes.alertRouting.routes where alert.severity.isAtLeast(route.least) {
      if news == .repeated, try isWaiting(number, route.channel) { continue }
      try run(
        """
        INSERT INTO alert_deliveries (alert, channel, what, message, queued_at_ms, next_try_at_ms)
        VALUES (?, ?, ?, ?, ?, ?)
        """, [number, route.channel, news, message, changes.at, changes.at])
    }
  }

  private func isWaiting(_ alert: Int64, _ channel: String) throws -> Bool {
    try first(
      "SELECT 1 FROM \(AlertDelivery.waiting) AND alert = ? AND channel = ? LIMIT 1",
      [alert, channel]
    ) { try $0.next(Int.self) } != nil
  }

  private func openAlert(_ key: String) throws -> OpenAlert? {
    try first(
      OpenAlert.select + " WHERE key = ? AND resolved_at_ms IS NULL", [key], OpenAlert.init)
  }
}

/// An alert that holds, as the queue needs it.
private struct OpenAlert {
  let number: Int64
  let alert: Alert
  let openedAt: Timestamp
  let toldAt: Timestamp

  static let select = """
    SELECT alert, key, severity, trader, message, value, threshold, opened_at_ms,
      coalesce(told_at_ms, opened_at_ms) FROM alerts
    """

  init(_ row: inout RowReader) throws {
    number = try row.next()
    alert = Alert(
      key: try row.next(), severity: try row.next(), trader: try row.next(),
      message: try row.next(), value: try row.next(), threshold: try row.next())
    openedAt = try row.next()
    toldAt = try row.next()
  }
}

extension AlertDelivery {
  /// The messages that wait, by the index that holds nothing else: the queue is read in each run,
  /// and its history grows.
  static let waiting =
    "alert_deliveries INDEXED BY alert_deliveries_waiting "
    + "WHERE delivered_at_ms IS NULL AND given_up_at_ms IS NULL"
}
