import Market
import Trading

/// The time between two looks at a market.
struct PathStretch: Hashable {
  /// The first look.
  let start: Timestamp
  /// The second.
  let end: Timestamp

  init(after start: Timestamp, through end: Timestamp) {
    self.start = start
    self.end = end
  }

  /// The longest time ago for which minutes are asked.
  private static let minutesFor = Span.day * 3

  /// Whether neither a minute nor an hour ended in it.
  var isEmpty: Bool { start >= end || end.floored(to: .minute) <= start }

  /// The full hours in it, oldest first.
  var hours: [Timestamp] {
    var hours: [Timestamp] = []
    var hour = start.floored(to: .hour) + .hour
    while hour <= end {
      hours.append(hour)
      hour = hour + .hour
    }
    return hours
  }

  /// Where candles begin that ended in it.
  func opens(_ timeframe: Timeframe) -> OpenTimes {
    OpenTimes(
      from: start.floored(to: timeframe.span), to: end.floored(to: timeframe.span))
  }

  /// The finest time frame the venue has for all of it, asked at `now`: minutes for up to three
  /// days.
  func finestAsked(at now: Timestamp) -> Timeframe {
    let age = max(now, end) - start
    return Timeframe.allCases.first { timeframe in
      timeframe == .m1
        ? age <= Self.minutesFor : age <= timeframe.span * (CandleShelf.reach - 1)
    } ?? .d1
  }
}
