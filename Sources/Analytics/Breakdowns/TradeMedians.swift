/// Medians of a trader's finished positions; aggregates cannot tell them, the database can.
package struct TradeMedians: Sendable, Hashable {
  /// Minutes from the first entry to flat.
  package let holdingMinutes: Double
  /// Entry notional, raw USD.
  package let notional: Double

  /// The medians of nothing.
  package static let none = TradeMedians(holdingMinutes: 0, notional: 0)

  /// Medians from their parts.
  package init(holdingMinutes: Double, notional: Double) {
    self.holdingMinutes = holdingMinutes
    self.notional = notional
  }
}
