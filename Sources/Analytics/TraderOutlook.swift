package import Trading

/// What the exports tell of a trader beside its record: what was lately and what comes next.
package struct TraderOutlook: Sendable, Equatable {
  /// Whether its orders go to a real venue.
  package var isLive = false
  /// When it is due to decide next; `nil` = not by itself.
  package var nextDecisionAt: Timestamp?
  /// Its decisions of the newest hours, ascending; hours without any are left out.
  package var hours: [DecisionHour] = []
  /// Net profits of its newest finished positions, oldest first, raw USD.
  package var nets: [USD] = []

  /// An outlook on nothing.
  package init() {}
}

/// What a trader decided within an hour.
package struct DecisionHour: Sendable, Hashable {
  /// The beginning of the hour, UTC.
  package let start: Timestamp
  /// Decisions, one for each coin and turn.
  package var decisions: Int
  /// Those of them that opened something.
  package var entries: Int
  /// Those of them that a rule refused.
  package var refused: Int

  /// An hour from its parts.
  package init(start: Timestamp, decisions: Int, entries: Int, refused: Int) {
    self.start = start
    self.decisions = decisions
    self.entries = entries
    self.refused = refused
  }
}
