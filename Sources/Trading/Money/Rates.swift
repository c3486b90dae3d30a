/// Hundredths of a per cent: 4.5 means 0.045 %.
package struct Bps: ExactDecimal {
  /// The rate in steps of 1e-8 basis points.
  package let mantissa: Int64

  /// The rate of that many steps of 1e-8 basis points.
  package init(mantissa: Int64) { self.mantissa = mantissa }

  /// A whole number of basis points.
  package init(whole bps: Int64) { mantissa = bps * exactDecimalScale }

  /// No basis points.
  package static let zero = Bps(mantissa: 0)

  /// The sum.
  package static func + (left: Bps, right: Bps) -> Bps {
    Bps(mantissa: left.mantissa + right.mantissa)
  }

  /// The opposite rate.
  package static prefix func - (rate: Bps) -> Bps { Bps(mantissa: -rate.mantissa) }
}

/// Per cent: 5 means 5 %.
package struct Pct: ExactDecimal {
  /// The share in steps of 1e-8 per cent.
  package let mantissa: Int64

  /// The share of that many steps of 1e-8 per cent.
  package init(mantissa: Int64) { self.mantissa = mantissa }

  /// A whole number of per cent.
  package init(whole pct: Int64) { mantissa = pct * exactDecimalScale }

  /// Nothing.
  package static let zero = Pct(mantissa: 0)
}

/// A plain number without a unit: a multiple or a ratio.
package struct Factor: ExactDecimal {
  /// The number in steps of 1e-8.
  package let mantissa: Int64

  /// The number of that many steps of 1e-8.
  package init(mantissa: Int64) { self.mantissa = mantissa }

  /// A whole number.
  package init(whole: Int64) { mantissa = whole * exactDecimalScale }

  /// Nothing.
  package static let zero = Factor(mantissa: 0)

  /// One.
  package static let one = Factor(whole: 1)
}

/// A funding rate per hour as a fraction of the notional, exact to 1e-12; longs pay when positive.
///
/// Hyperliquid quotes hourly rates with up to ten decimals, more than ``ExactDecimal`` keeps.
package struct FundingRate: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The rate in steps of 1e-12.
  package let trillionths: Int64

  /// The rate of that many steps of 1e-12.
  package init(trillionths: Int64) { self.trillionths = trillionths }

  /// The rate nearest to a floating-point fraction; `nil` when it is not finite or above ±100 %.
  package init?(approximating fraction: Double) {
    guard fraction.isFinite, abs(fraction) <= 1 else { return nil }
    trillionths = Int64((fraction * 1e12).rounded(.toNearestOrEven))
  }

  /// Reads plain decimal text such as `-0.0000125`; at most twelve decimals that matter.
  package init?(_ text: some StringProtocol) {
    // 1e-12 is 1e-8 of 1e-4: read the digits before and after the eighth decimal apart.
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first else { return nil }
    let decimals = parts.count == 2 ? String(parts[1]) : ""
    guard let coarse = Factor("\(whole).\(decimals.prefix(8))0".trimmingLongTail) else {
      return nil
    }
    let tail = decimals.dropFirst(8)
    guard tail.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    guard tail.dropFirst(4).allSatisfy({ $0 == "0" }) else { return nil }
    let fine = Int64(String(tail.prefix(4)).padded(to: 4)) ?? 0
    guard coarse.mantissa.magnitude <= UInt64(exactDecimalScale) else { return nil }
    let sign: Int64 = whole.hasPrefix("-") ? -1 : 1
    trillionths = coarse.mantissa * 10_000 + sign * fine
  }

  /// No funding.
  package static let zero = FundingRate(trillionths: 0)

  /// The rate as a fraction, for statistics and display only.
  package var double: Double { Double(trillionths) / 1e12 }

  /// The rate as plain decimal text without trailing zeros.
  package var description: String {
    let magnitude = trillionths.magnitude
    var fraction = String(magnitude % 1_000_000_000_000)
    fraction = String(repeating: "0", count: 12 - fraction.utf8.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    let sign = trillionths < 0 ? "-" : ""
    let whole = "\(sign)\(magnitude / 1_000_000_000_000)"
    return fraction.isEmpty ? whole : whole + "." + fraction
  }

  /// Whether the left rate is the smaller one.
  package static func < (left: FundingRate, right: FundingRate) -> Bool {
    left.trillionths < right.trillionths
  }

  /// What a position receives for one hour: −signed size · oracle price · rate, exact to 1e-8,
  /// half-even.
  ///
  /// Negative means that the position pays.
  package func payment(size: SignedQuantity, oracle: Price) -> USD {
    let notional = Int128(size.mantissa) * Int128(oracle.mantissa)
    let divisor = Int128(exactDecimalScale) * 1_000_000_000_000
    let (high, overflowed) = notional.multipliedReportingOverflow(by: Int128(trillionths))
    precondition(!overflowed, "expected a funding payment within range, was \(notional)·\(self)")
    let amount = ExactMath.divide(-high, by: divisor, .halfEven)
    guard let mantissa = Int64(exactly: amount) else {
      preconditionFailure("expected a funding payment within ±92 billion, was \(amount)")
    }
    return USD(mantissa: mantissa)
  }
}

extension String {
  /// The text without the helper digit that stands after an empty fraction.
  fileprivate var trimmingLongTail: String { hasSuffix(".0") ? String(dropLast(2)) : self }

  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: "0", count: max(0, width - utf8.count))
  }
}
