/// The settings of the control trader that follows two moving averages.
package struct EMACrossRule: Sendable, Equatable {
  /// Candles of the fast exponential average, below ``slow``.
  package var fast: Int
  /// Candles of the slow exponential average.
  package var slow: Int
  /// Candles looked at, more than ``slow``; the averages begin with the mean of the first of them.
  package var history: Int
  /// The length of the candles; `nil` = the longest that is not longer than the interval.
  package var candle: Span?
  /// Whether it enters only where the averages have just crossed, not wherever it is flat.
  package var entersOnCrossOnly: Bool
  /// Whether it enters the other way in the turn in which it closes.
  package var flips: Bool
  /// Coins of each entry, by coin; coins that are absent are sized by the trader's limits.
  package var quantities: [Coin: Quantity]
  /// Distance of the stop; `nil` = none, and no target either.
  package var stop: Bps?

  /// The rule that is meant where nothing else is said: 20 and 50 candles, a stop at 1.5 %.
  ///
  /// Its 240 candles are enough that an average of 50 has forgotten its beginning (0.1 % of it is
  /// left).
  package static let standard = EMACrossRule(
    fast: 20, slow: 50, history: 240, candle: nil, entersOnCrossOnly: false, flips: false,
    quantities: [:], stop: Bps(whole: 150))

  /// A rule from its settings.
  package init(
    fast: Int, slow: Int, history: Int, candle: Span?, entersOnCrossOnly: Bool, flips: Bool,
    quantities: [Coin: Quantity], stop: Bps?
  ) {
    self.fast = fast
    self.slow = slow
    self.history = history
    self.candle = candle
    self.entersOnCrossOnly = entersOnCrossOnly
    self.flips = flips
    self.quantities = quantities
    self.stop = stop
  }
}
