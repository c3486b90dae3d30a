package import Trading

/// The length of a candle; the venue's intervals that are multiples of a minute and divide a day.
package enum Timeframe: String, Sendable, CaseIterable, Comparable, CustomStringConvertible {
  /// One minute.
  case m1 = "1m"
  /// Three minutes.
  case m3 = "3m"
  /// Five minutes.
  case m5 = "5m"
  /// Fifteen minutes.
  case m15 = "15m"
  /// Thirty minutes.
  case m30 = "30m"
  /// One hour.
  case h1 = "1h"
  /// Two hours.
  case h2 = "2h"
  /// Four hours.
  case h4 = "4h"
  /// Eight hours.
  case h8 = "8h"
  /// Twelve hours.
  case h12 = "12h"
  /// One day.
  case d1 = "1d"

  /// The length.
  package var span: Span {
    switch self {
    case .m1: .minutes(1)
    case .m3: .minutes(3)
    case .m5: .minutes(5)
    case .m15: .minutes(15)
    case .m30: .minutes(30)
    case .h1: .hours(1)
    case .h2: .hours(2)
    case .h4: .hours(4)
    case .h8: .hours(8)
    case .h12: .hours(12)
    case .d1: .day
    }
  }

  /// The venue's name of it, for example `15m`.
  package var description: String { rawValue }

  /// Whether the left one is shorter.
  package static func < (left: Timeframe, right: Timeframe) -> Bool { left.span < right.span }
}
