package import Trading

/// A fall of a curve from an earlier peak.
package struct BacktestDrawdown: Sendable, Equatable {
  /// The last instant at the peak.
  package let from: Timestamp
  /// When it was deepest.
  package let to: Timestamp
  /// When the peak was reached again; `nil` = not in the time of the back-test.
  package let recoveredAt: Timestamp?
  /// Equity at the peak, USD.
  package let peak: USD
  /// Equity at the bottom, USD.
  package let bottom: USD

  /// How much was lost, USD, above zero.
  package var amount: USD { peak - bottom }

  /// How much was lost, per cent of the peak; `nil` = the peak was not above zero.
  package var pct: Double? {
    peak > .zero ? 100 * (1 - bottom.double / peak.double) : nil
  }
}

/// A stretch of time below an earlier peak.
package struct BacktestUnderWater: Sendable, Equatable {
  /// The last instant at the peak.
  package let from: Timestamp
  /// When the peak was reached again, or the last instant of the back-test.
  package let to: Timestamp
  /// Whether the peak was reached again.
  package let isOver: Bool

  /// How long it was.
  package var length: Span { to - from }
}
