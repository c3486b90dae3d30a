package import Trading

/// Where the commands about the journal look, and for what.
package struct JournalRequest: Sendable, Equatable {
  /// Where things are.
  package let places: Places
  /// How to answer.
  package let output: Output
  /// The trader asked for; `nil` = all.
  package let trader: String?
  /// The UTC day asked for; `nil` = all.
  package let day: CivilDay?

  /// A request from its parts.
  package init(
    places: Places, output: Output, trader: String? = nil, day: CivilDay? = nil
  ) {
    self.places = places
    self.output = output
    self.trader = trader
    self.day = day
  }
}

/// From when on records stay.
package enum JournalAge: Sendable, Equatable {
  /// From this day on.
  case from(CivilDay)
  /// As long as this before the newest record.
  case span(Span)
}
