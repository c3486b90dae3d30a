/// Dollars per coin, above zero, exact to 1e-8.
package struct Price: ExactDecimal {
  /// The price in steps of 1e-8 dollars per coin.
  package let mantissa: Int64

  /// The price of that many steps of 1e-8; `nil` unless above zero.
  package init?(mantissa: Int64) {
    guard mantissa > 0 else { return nil }
    self.mantissa = mantissa
  }

  /// The price nearest to a floating-point number; `nil` unless finite, above zero and in range.
  package init?(approximating dollars: Double) {
    guard let mantissa = approximateMantissa(dollars) else { return nil }
    self.init(mantissa: mantissa)
  }

  /// Price times size is money.
  ///
  /// Exact while the decimals of both add up to at most eight, which every ``Instrument``
  /// guarantees; half-even otherwise.
  package static func * (price: Price, quantity: Quantity) -> USD {
    USD(mantissa: ExactMath.multiply(price.mantissa, quantity.mantissa, .halfEven))
  }

  /// Price times a signed size is a signed amount: negative for a short.
  package static func * (price: Price, quantity: SignedQuantity) -> USD {
    USD(mantissa: ExactMath.multiply(price.mantissa, quantity.mantissa, .halfEven))
  }

  /// The price moved by basis points: up for positive ones.
  ///
  /// `nil` when it would not stay positive.
  package func moved(by shift: Bps, _ rounding: Rounding = .halfEven) -> Price? {
    let scale = exactDecimalScale * 10_000
    let factor = scale + shift.mantissa
    return Price(mantissa: ExactMath.scale(mantissa, by: factor, over: scale, rounding))
  }

  /// The change from an earlier price in per cent.
  package func changePct(from earlier: Price) -> Double {
    100 * (Double(mantissa) / Double(earlier.mantissa) - 1)
  }
}
