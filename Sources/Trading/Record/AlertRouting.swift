/// Who is told of alerts, and how often.
package struct AlertRouting: Sendable, Equatable {
  /// Where messages go, in the order configured; empty = nobody is told, alerts are only recorded.
  package var routes: [AlertRoute]
  /// After this time an alert that still holds is told again; `nil` = never.
  package var repeatAfter: Span?

  /// A routing from its parts; nobody is told by default.
  package init(routes: [AlertRoute] = [], repeatAfter: Span? = nil) {
    self.routes = routes
    self.repeatAfter = repeatAfter
  }
}

/// One channel as far as the record needs it.
package struct AlertRoute: Sendable, Hashable {
  /// The channel's name, for example `slack`.
  package let channel: String
  /// It is told of alerts that are at least that urgent.
  package let least: AlertSeverity

  /// A route from its parts.
  package init(channel: String, least: AlertSeverity) {
    self.channel = channel
    self.least = least
  }
}

extension AlertSeverity {
  /// Whether this is as urgent as another, or more.
  package func isAtLeast(_ other: AlertSeverity) -> Bool { rank >= other.rank }

  /// Whether an alert is told again while it holds; what is only worth knowing is told once.
  package var isRepeated: Bool { isAtLeast(.medium) }

  private var rank: Int {
    switch self {
    case .high: 2
    case .medium: 1
    case .low: 0
    }
  }
}

/// What a message tells of an alert.
package enum AlertNews: String, Sendable, CaseIterable {
  /// It holds since now.
  case opened
  /// It still holds.
  case repeated
  /// It no longer holds.
  case resolved
}

/// A message about an alert that waits for its delivery.
package struct AlertDelivery: Sendable, Equatable {
  /// Its number, from 1, in the order messages were queued.
  ///
  /// A message that comes twice has the same number twice.
  package let number: Int64
  /// The channel it goes to.
  package let channel: String
  /// What it tells.
  package let news: AlertNews
  /// The alert as it is on record.
  package let record: AlertRecord
  /// What is told, in words.
  package let message: String
  /// When it was queued.
  package let queuedAt: Timestamp
  /// Tries that failed.
  package let attempts: Int
  /// Before this it is not tried.
  package let nextTryAt: Timestamp

  /// A delivery from its parts.
  package init(
    number: Int64, channel: String, news: AlertNews, record: AlertRecord, message: String,
    queuedAt: Timestamp, attempts: Int, nextTryAt: Timestamp
  ) {
    self.number = number
    self.channel = channel
    self.news = news
    self.record = record
    self.message = message
    self.queuedAt = queuedAt
    self.attempts = attempts
    self.nextTryAt = nextTryAt
  }
}

/// How the deliveries of one channel go.
package struct AlertChannelState: Sendable, Equatable {
  /// The channel's name.
  package let channel: String
  /// Messages that wait.
  package let waiting: Int
  /// Messages given up.
  package let givenUp: Int
  /// Why the newest failed try failed, in words; empty = none of these failed.
  package let error: String

  /// A state from its parts.
  package init(channel: String, waiting: Int, givenUp: Int, error: String) {
    self.channel = channel
    self.waiting = waiting
    self.givenUp = givenUp
    self.error = error
  }
}
