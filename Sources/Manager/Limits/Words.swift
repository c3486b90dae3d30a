import Trading

/// Numbers as reasons tell them: two decimals are enough.
enum Words {
  /// Dollars with two decimals and thousands separators: `12,345.68`.
  static func usd(_ amount: USD) -> String {
    let cents = ExactMath.divide(Int128(amount.mantissa), by: 1_000_000, .halfEven)
    let decimals = cents.magnitude % 100
    return (cents < 0 ? "-" : "") + grouped(UInt64(cents.magnitude / 100))
      + (decimals < 10 ? ".0" : ".") + "\(decimals)"
  }

  /// Per cent with at most two decimals: `12.5`.
  static func pct(_ value: Pct) -> String {
    Pct(mantissa: ExactMath.quantize(value.mantissa, to: 1_000_000, .halfEven)).description
  }

  /// A number with at most two decimals: `-1.25`; more than a billion is told as `>1e9`.
  static func number(_ value: Double) -> String {
    guard abs(value) < 1e9 else { return value < 0 ? "<-1e9" : ">1e9" }
    return pct(Pct(mantissa: Int64((value * 100).rounded()) * 1_000_000))
  }

  private static func grouped(_ value: UInt64) -> String {
    var digits = String(value)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }
}
