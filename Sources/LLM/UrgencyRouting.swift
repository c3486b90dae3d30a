package import Trading

/// Which of two models a trader with `routing: urgency` asks.
package enum UrgencyRouting {
  /// The share of past values, in percent, that a volatility must exceed to be urgent.
  package static let percentile = 80
  /// Values a series must have before its percentile says anything.
  package static let leastValues = 10

  /// The strong model when it matters, else the cheap one.
  ///
  /// It matters when a position is open or when the volatility is high (``isHigh(_:)``).
  package static func choice(
    strong: ModelAlias, cheap: ModelAlias, hasOpenPosition: Bool, volatility: [Double]
  ) -> ModelAlias {
    hasOpenPosition || isHigh(volatility) ? strong : cheap
  }

  /// Whether the last value lies above the 80th percentile of the whole series.
  ///
  /// The percentile is the nearest rank: of `n` values ascending the `⌈0.8 n⌉`-th, so that in a
  /// series of equal values none is high. Values that are not finite are left out. What cannot be
  /// judged counts as high: a last value that is not finite, or fewer than ten values.
  ///
  /// - Parameter volatility: Any measure of volatility, oldest first, the present one last.
  /// - Returns: `false` only when the last value is known to be no higher than the percentile.
  package static func isHigh(_ volatility: [Double]) -> Bool {
    let values = volatility.filter(\.isFinite).sorted()
    guard let last = volatility.last, last.isFinite, values.count >= leastValues else {
      return true
    }
    return last > values[(values.count * percentile + 99) / 100 - 1]
  }
}
