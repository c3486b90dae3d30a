package import Trading

extension StateStore {
  /// The messages that wait for their delivery, oldest first, those that are not due included.
  ///
  /// - Parameters:
  ///   - channel: For whom; `nil` = for all channels.
  ///   - limit: At most so many; the oldest ones.
  /// - Returns: The messages in the order they were queued.
  /// - Throws: ``JournalError``.
  package func waitingDeliveries(
    of channel: String? = nil, limit: Int
  ) throws(JournalError) -> [AlertDelivery] {
    let chosen = AlertDelivery.waiting + (channel == nil ? "" : " AND channel = ?")
    let values: [any Column] = channel.map { [$0, limit] } ?? [limit]
    return try database.read("read the messages of alerts") { session in
      try session.rows(
        """
        SELECT w.delivery, w.channel, w.what, w.message, w.queued_at_ms, w.attempts,
          w.next_try_at_ms, a.alert, a.key, a.severity, a.trader, a.message, a.value, a.threshold,
          a.opened_at_ms, coalesce(a.told_at_ms, a.opened_at_ms), a.resolved_at_ms
        FROM (SELECT * FROM \(chosen) ORDER BY delivery LIMIT ?) w
        JOIN alerts a ON a.alert = w.alert ORDER BY w.delivery
        """, values
      ) { row in
        let (number, channel): (Int64, String) = (try row.next(), try row.next())
        let (news, message): (AlertNews, String) = (try row.next(), try row.next())
        let (queuedAt, attempts): (Timestamp, Int) = (try row.next(), try row.next())
        let nextTryAt: Timestamp = try row.next()
        return AlertDelivery(
          number: number, channel: channel, news: news,
          record: AlertRecord(
            number: try row.next(),
            alert: Alert(
              key: try row.next(), severity: try row.next(), trader: try row.next(),
              message: try row.next(), value: try row.next(), threshold: try row.next()),
            openedAt: try row.next(), toldAt: try row.next(), resolvedAt: try row.next()),
          message: message, queuedAt: queuedAt, attempts: attempts, nextTryAt: nextTryAt)
      }
    }
  }

  /// Notes that a message has arrived.
  package func noteDelivered(_ number: Int64, at now: Timestamp) throws(JournalError) {
    try database.write("note the delivery of an alert") { session in
      try session.run(
        """
        UPDATE alert_deliveries SET delivered_at_ms = ?, attempts = attempts + 1, error = ''
        WHERE delivery = ?
        """, [now, number])
    }
  }

  /// Notes that a message did not arrive.
  ///
  /// - Parameters:
  ///   - number: The message.
  ///   - error: Why, in words without secrets.
  ///   - now: The present.
  ///   - nextTryAt: When to try again; `nil` = never, it is given up.
  /// - Throws: ``JournalError``.
  package func noteUndelivered(
    _ number: Int64, error: String, at now: Timestamp, nextTryAt: Timestamp?
  ) throws(JournalError) {
    let givenUpAt = nextTryAt == nil ? now : nil
    try database.write("note that an alert was not delivered") { session in
      try session.run(
        """
        UPDATE alert_deliveries SET attempts = attempts + 1, error = ?,
          next_try_at_ms = coalesce(?, next_try_at_ms), given_up_at_ms = ?
        WHERE delivery = ?
        """, [error, nextTryAt, givenUpAt, number])
    }
  }

  /// Gives up the messages for channels that are no longer configured.
  ///
  /// - Parameters:
  ///   - known: The channels that are.
  ///   - now: The present.
  /// - Returns: How many there were.
  /// - Throws: ``JournalError``.
  package func giveUpDeliveries(
    exceptFor known: Set<String>, at now: Timestamp
  ) throws(JournalError) -> Int {
    let gone = try database.read("read the messages of alerts") { session in
      try session.rows("SELECT DISTINCT channel FROM \(AlertDelivery.waiting) ORDER BY channel") {
        try $0.next(String.self)
      }
    }.filter { !known.contains($0) }
    guard !gone.isEmpty else { return 0 }
    return try database.write("give up messages of alerts") { session in
      var count = 0
      for channel in gone {
        try session.run(
          """
          UPDATE alert_deliveries SET given_up_at_ms = ?, error = ?
          WHERE delivered_at_ms IS NULL AND given_up_at_ms IS NULL AND channel = ?
          """, [now, "the channel is no longer configured", channel])
        count += session.changes
      }
      return count
    }
  }

  /// Gives up the messages of a channel that does not work which were queued before an instant.
  package func giveUpDeliveries(
    of channel: String, queuedBefore end: Timestamp, error: String, at now: Timestamp
  ) throws(JournalError) {
    try database.write("give up messages of alerts") { session in
      try session.run(
        """
        UPDATE alert_deliveries SET given_up_at_ms = ?, error = ?
        WHERE delivered_at_ms IS NULL AND given_up_at_ms IS NULL AND channel = ?
          AND queued_at_ms <= ?
        """, [now, error, channel, end])
    }
  }

  /// How the deliveries of each channel go that has messages waiting, or gave some up.
  ///
  /// - Parameter since: Messages given up before do not count.
  /// - Returns: The states by channel.
  /// - Throws: ``JournalError``.
  package func alertChannels(
    givenUpSince since: Timestamp
  ) throws(JournalError) -> [AlertChannelState] {
    try database.read("read the messages of alerts") { session in
      try session.rows(
        """
        SELECT channel, sum(given_up_at_ms IS NULL), sum(given_up_at_ms IS NOT NULL),
          coalesce((SELECT error FROM alert_deliveries f
            WHERE f.channel = d.channel AND f.delivered_at_ms IS NULL AND f.error <> ''
            ORDER BY f.delivery DESC LIMIT 1), '')
        FROM alert_deliveries d
        WHERE delivered_at_ms IS NULL AND (given_up_at_ms IS NULL OR given_up_at_ms >= ?)
        GROUP BY channel ORDER BY channel
        """, [since]
      ) {
        AlertChannelState(
          channel: try $0.next(), waiting: try $0.next(), givenUp: try $0.next(),
          error: try $0.next())
      }
    }
  }

  /// Forgets alerts that are over, and their messages, once they are old or too many.
  ///
  /// - Parameters:
  ///   - end: What ended before is forgotten.
  ///   - kept: Alerts and messages beyond the newest so many are forgotten too, once they ended.
  ///   - limit: At most so many messages, and so many alerts, at a time.
  /// - Returns: How many rows went.
  /// - Throws: ``JournalError``.
  package func tidyAlerts(
    endedBefore end: Timestamp, keepingNewest kept: Int, limit: Int
  ) throws(JournalError) -> Int {
    try database.write("forget old alerts") { session in
      try session.run(
        """
        DELETE FROM alert_deliveries WHERE delivery IN (
          SELECT delivery FROM alert_deliveries
          WHERE coalesce(delivered_at_ms, given_up_at_ms) IS NOT NULL
            AND (coalesce(delivered_at_ms, given_up_at_ms) < ?
              OR delivery <= (SELECT max(delivery) FROM alert_deliveries) - ?)
          ORDER BY delivery LIMIT ?)
        """, [end, kept, limit])
      let messages = session.changes
      try session.run(
        """
        DELETE FROM alerts WHERE alert IN (
          SELECT alert FROM alerts a
          WHERE resolved_at_ms IS NOT NULL
            AND (resolved_at_ms < ? OR alert <= (SELECT max(alert) FROM alerts) - ?)
            AND NOT EXISTS (SELECT 1 FROM alert_deliveries d WHERE d.alert = a.alert)
          ORDER BY alert LIMIT ?)
        """, [end, kept, limit])
      return messages + session.changes
    }
  }
}
