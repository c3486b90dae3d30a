package import Trading

/// How a trader's dollars are quoted in the exports.
///
/// With a NAV base of 10,000 USD a trader that began with 2,500 USD is quoted four times as large:
/// sizes and dollars grow, prices, ratios and times do not. All of a trader's sizes and dollars
/// use the units it has now; only the equity rows use the units they had then (their NAV).
package struct DollarScale: Sendable, Hashable {
  private let numerator: Int64
  private let denominator: Int64

  /// Dollars as they are.
  package static let raw = DollarScale(numerator: 1, denominator: 1)

  private init(numerator: Int64, denominator: Int64) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The scale that makes `units` dollars (a ledger's units) into `base`; raw dollars when `base`
  /// is `nil` or there are no units yet.
  package init(base: USD?, units: Factor) {
    guard let base, units > .zero else {
      self = .raw
      return
    }
    self.init(numerator: base.mantissa, denominator: units.mantissa)
  }

  /// The amount as quoted, rounded half-even to 1e-8.
  package func callAsFunction(_ amount: USD) -> USD { USD(mantissa: scaled(amount.mantissa)) }

  /// An amount that somebody claims as quoted, rounded half-even to 1e-8.
  ///
  /// - Returns: `nil` when it is more than can be kept: what a model writes has no bounds.
  package func claimed(_ amount: USD) -> USD? {
    let scaled = ExactMath.divide(
      Int128(amount.mantissa) * Int128(numerator), by: Int128(denominator), .halfEven)
    return Int64(exactly: scaled).map(USD.init(mantissa:))
  }

  /// The size as quoted, rounded half-even to 1e-8, but never to nothing.
  package func callAsFunction(_ size: SignedQuantity) -> SignedQuantity {
    let mantissa = scaled(size.mantissa)
    return SignedQuantity(mantissa: mantissa == 0 ? size.mantissa.signum() : mantissa)
  }

  /// How many quoted dollars a dollar is, for statistics.
  package var factor: Double { Double(numerator) / Double(denominator) }

  private func scaled(_ mantissa: Int64) -> Int64 {
    numerator == denominator
      ? mantissa : ExactMath.scale(mantissa, by: numerator, over: denominator, .halfEven)
  }
}

extension ArenaView {
  /// How a trader's dollars are quoted.
  ///
  /// A removed trader has no units any more; it is quoted by those it gave up, which its last flow
  /// and its last NAV tell.
  package func scale(of trader: TraderView) -> DollarScale {
    let units = trader.record.ledger.units
    guard units == .zero, let nav = trader.record.totals.lastNAV, nav > .zero,
      let last = trader.flows.last, last.amount < .zero
    else { return DollarScale(base: navBase, units: units) }
    let given = ExactMath.scale(
      (-last.amount).mantissa, by: EquityRow.navStart.mantissa, over: nav.mantissa, .halfEven)
    return DollarScale(base: navBase, units: Factor(mantissa: given))
  }

  /// How the benchmark's dollars are quoted.
  package func scale(of benchmark: Benchmark) -> DollarScale {
    DollarScale(base: navBase, units: Factor(mantissa: benchmark.start.mantissa))
  }
}
