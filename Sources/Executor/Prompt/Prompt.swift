package import Market
package import Trading

/// What prompts need, and how long they may be.
package enum Prompt {
  /// The longest message that is sent, in bytes of UTF-8.
  package static let maximumBytes = 200_000
  /// The time frame of the wider picture.
  package static let longTimeframe = Timeframe.h4
  /// Candles of the short time frame looked at: enough that an EMA of 50 has forgotten its seed
  /// (0.1 % of it is left).
  package static let history = 240
  /// Candles of the wider picture looked at: of an EMA of 50's seed 2 % are left.
  package static let longHistory = 150

  /// The time frame of the short series: the longest one that is not longer than the interval.
  package static func shortTimeframe(for decisionInterval: Span) -> Timeframe {
    Timeframe.allCases.last { $0.span <= decisionInterval } ?? .m1
  }

  /// The candles that prompts show something of: how many of which time frame.
  package static func candlesNeeded(decisionInterval: Span) -> [Timeframe: Int] {
    // Not as one literal: for an interval of four hours both are the same.
    var needed = [longTimeframe: longHistory]
    needed[shortTimeframe(for: decisionInterval)] = history
    return needed
  }
}
