/// An amount of US dollars (USDC), signed, exact to 1e-8.
package struct USD: ExactDecimal {
  /// The amount in steps of 1e-8 dollars.
  package let mantissa: Int64

  /// The amount of that many steps of 1e-8 dollars.
  package init(mantissa: Int64) { self.mantissa = mantissa }

  /// A whole number of dollars.
  package init(whole dollars: Int64) { mantissa = dollars * exactDecimalScale }

  /// The amount nearest to a floating-point number; `nil` when it is not finite or out of range.
  package init?(approximating dollars: Double) {
    guard let mantissa = approximateMantissa(dollars) else { return nil }
    self.init(mantissa: mantissa)
  }

  /// No money.
  package static let zero = USD(mantissa: 0)

  /// The sum.
  package static func + (left: USD, right: USD) -> USD {
    USD(mantissa: left.mantissa + right.mantissa)
  }

  /// The difference.
  package static func - (left: USD, right: USD) -> USD {
    USD(mantissa: left.mantissa - right.mantissa)
  }

  /// The opposite amount.
  package static prefix func - (amount: USD) -> USD { USD(mantissa: -amount.mantissa) }

  /// Adds in place.
  package static func += (left: inout USD, right: USD) { left = left + right }

  /// Subtracts in place.
  package static func -= (left: inout USD, right: USD) { left = left - right }

  /// The amount without its sign.
  package var magnitude: USD { USD(mantissa: abs(mantissa)) }

  /// That many basis points of the amount.
  package func applying(_ rate: Bps, _ rounding: Rounding = .halfEven) -> USD {
    let scale = exactDecimalScale * 10_000
    return USD(mantissa: ExactMath.scale(mantissa, by: rate.mantissa, over: scale, rounding))
  }

  /// That many per cent of the amount.
  package func applying(_ share: Pct, _ rounding: Rounding = .halfEven) -> USD {
    let scale = exactDecimalScale * 100
    return USD(mantissa: ExactMath.scale(mantissa, by: share.mantissa, over: scale, rounding))
  }

  /// The amount times a plain exact factor.
  package func multiplied(by factor: Factor, _ rounding: Rounding = .halfEven) -> USD {
    USD(mantissa: ExactMath.multiply(mantissa, factor.mantissa, rounding))
  }

  /// The amount divided by a whole number other than zero.
  package func divided(by divisor: Int, _ rounding: Rounding = .halfEven) -> USD {
    USD(mantissa: ExactMath.scale(mantissa, by: 1, over: Int64(divisor), rounding))
  }

  /// This amount as a percentage of another; `nil` when the other is zero.
  package func asPct(of whole: USD) -> Double? {
    whole.mantissa == 0 ? nil : 100 * double / whole.double
  }

  /// How many coins this amount buys at a price, rounded; never negative for amounts ≥ 0.
  package func buys(at price: Price, _ rounding: Rounding = .down) -> Quantity {
    Quantity(mantissa: ExactMath.ratio(max(mantissa, 0), price.mantissa, rounding)) ?? .zero
  }
}

/// The nearest mantissa of a floating-point number; `nil` when not finite or out of range.
func approximateMantissa(_ value: Double) -> Int64? {
  guard value.isFinite else { return nil }
  let scaled = (value * Double(exactDecimalScale)).rounded(.toNearestOrEven)
  return Int64(exactly: scaled)
}
