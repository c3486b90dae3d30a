package import Trading

/// The stretch of time a report is about, as a person names it.
package enum ReportPeriod: Sendable, Equatable {
  /// A length of time that ends at the last run that finished, by its name.
  case last(Span, name: String)
  /// From one instant to another; `nil` = to the last run that finished.
  case stretch(from: Timestamp, to: Timestamp?)

  /// The lengths that have a name; a month has 30 days.
  package static let named: [(name: String, span: Span)] = [
    ("hour", .hour), ("day", .day), ("week", .day * 7), ("month", .day * 30),
  ]

  /// Reads `hour`, `day`, `week`, `month`, or `FROM..TO` of UTC instants or dates.
  ///
  /// A date as FROM is its first instant, as TO its last; TO may be missing.
  ///
  /// - Throws: ``ReportPeriodError``.
  package init(_ text: String) throws(ReportPeriodError) {
    if let found = Self.named.first(where: { $0.name == text }) {
      self = .last(found.span, name: found.name)
      return
    }
    guard let dots = Self.dots(of: text) else { throw .unknown(text) }
    let first = String(text[..<dots.lowerBound])
    let last = String(text[dots.upperBound...])
    guard let from = Timestamp(first) else { throw .noInstant(first, part: "FROM") }
    guard !last.isEmpty else {
      self = .stretch(from: from, to: nil)
      return
    }
    guard let instant = Timestamp(last) else { throw .noInstant(last, part: "TO") }
    // A date without a time: the whole day belongs to the period.
    let to = last.utf8.count == 10 && last.contains("-") ? instant + .day : instant
    guard from < to else { throw .backwards(from: from, to: to) }
    self = .stretch(from: from, to: to)
  }

  /// The first and the last instant, seen from the last run that finished.
  ///
  /// What lies after that run is cut off.
  ///
  /// - Throws: ``ReportPeriodError/notYet(from:lastRun:)`` when nothing is left.
  package func bounds(
    lastRun: Timestamp
  ) throws(ReportPeriodError) -> (from: Timestamp, to: Timestamp) {
    switch self {
    case .last(let span, _): return (lastRun - span, lastRun)
    case .stretch(let from, let to):
      guard from < lastRun else { throw .notYet(from: from, lastRun: lastRun) }
      return (from, min(to ?? lastRun, lastRun))
    }
  }

  /// Where the two dots stand.
  private static func dots(of text: String) -> Range<String.Index>? {
    var index = text.startIndex
    while index < text.endIndex {
      let next = text.index(after: index)
      if text[index] == ".", next < text.endIndex, text[next] == "." {
        return index..<text.index(after: next)
      }
      index = next
    }
    return nil
  }
}

/// Why a period cannot be reported on.
package enum ReportPeriodError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It is neither a name nor two instants.
  case unknown(String)
  /// One of its ends cannot be read.
  case noInstant(String, part: String)
  /// It ends before it begins.
  case backwards(from: Timestamp, to: Timestamp)
  /// It begins after all that is on record.
  case notYet(from: Timestamp, lastRun: Timestamp)

  /// What was expected and what was given.
  package var description: String {
    switch self {
    case .unknown(let text):
      "--period: expected hour, day, week, month or FROM..TO, for example "
        + "2025-07-01..2025-07-07 or 2025-07-21T12:00Z..2025-07-21T18:00Z (UTC), was \(text)"
    case .noInstant(let text, let part):
      "--period: expected \(part) as a date or an instant in UTC, for example 2025-07-21 or "
        + "2025-07-21T12:00Z, was \(text.isEmpty ? "nothing" : text)"
    case .backwards(let from, let to):
      "--period: expected FROM before TO, was \(from) to \(to)"
    case .notYet(let from, let lastRun):
      "--period: expected a period that begins before the last run that finished, \(lastRun), "
        + "was \(from)"
    }
  }
}
