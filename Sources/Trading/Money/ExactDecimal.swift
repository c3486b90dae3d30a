/// How an inexact result becomes a multiple of the last digit kept.
package enum Rounding: Sendable, Equatable {
  /// Towards minus infinity.
  case floor
  /// Towards plus infinity.
  case ceiling
  /// Towards zero.
  case down
  /// Away from zero.
  case up
  /// To the nearest; a tie goes to the even digit.
  case halfEven
}

/// A decimal number kept exactly as a whole number of 1e-8 steps.
///
/// Money, prices, sizes and rates share this representation and its arithmetic; what they do not
/// share is which of them may be added or multiplied, so each is a type of its own. The range is
/// ±92,233,720,368.54775807. Leaving it is a broken invariant and traps.
package protocol ExactDecimal: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The value in steps of 1e-8.
  var mantissa: Int64 { get }

  /// The value of that many steps of 1e-8, or `nil` where the type does not admit it.
  init?(mantissa: Int64)
}

/// Digits after the point that an ``ExactDecimal`` keeps.
package let exactDecimalDigits = 8

/// Steps in one whole unit of an ``ExactDecimal``.
package let exactDecimalScale: Int64 = 100_000_000

extension ExactDecimal {
  /// Reads plain decimal text: an optional sign, digits, and at most eight decimals that matter.
  ///
  /// - Returns: `nil` for anything else (exponents, spaces, more decimals, out of range), and for
  ///   values the type does not admit.
  package init?(_ text: some StringProtocol) {
    let direct = text.utf8.withContiguousStorageIfAvailable { DecimalText.mantissa(of: $0) }
    guard let mantissa = direct ?? DecimalText.mantissa(of: text.utf8) else { return nil }
    self.init(mantissa: mantissa)
  }

  /// Reads plain decimal text from UTF-8 bytes; see ``init(_:)``.
  package init?(utf8 bytes: some Sequence<UInt8>) {
    guard let mantissa = DecimalText.mantissa(of: bytes) else { return nil }
    self.init(mantissa: mantissa)
  }

  /// Reads plain decimal text from UTF-8 bytes that lie together; see ``init(_:)``.
  package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    guard let mantissa = DecimalText.mantissa(of: bytes) else { return nil }
    self.init(mantissa: mantissa)
  }

  /// The value as plain decimal text without exponent or trailing zeros; zero is `0`.
  package var description: String {
    String(unsafeUninitializedCapacity: DecimalText.longest) {
      DecimalText.write(mantissa, into: $0)
    }
  }

  /// Gives a closure the UTF-8 bytes of ``description`` for as long as it runs.
  package func withUTF8<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DecimalText.longest) { buffer in
      let count = DecimalText.write(mantissa, into: buffer)
      return body(UnsafeBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// The nearest binary floating-point number, for statistics and display only.
  package var double: Double { Double(mantissa) / Double(exactDecimalScale) }

  /// Whether the left value is the smaller one.
  package static func < (left: Self, right: Self) -> Bool { left.mantissa < right.mantissa }

  /// Digits after the point that are not trailing zeros, 0 to 8.
  package var decimals: Int {
    guard mantissa != 0 else { return 0 }
    var rest = mantissa
    var digits = exactDecimalDigits
    while digits > 0, rest % 10 == 0 {
      rest /= 10
      digits -= 1
    }
    return digits
  }
}

/// Plain decimal text to and from steps of 1e-8.
enum DecimalText {
  static func mantissa(of bytes: some Sequence<UInt8>) -> Int64? {
    var magnitude: Int64 = 0
    var isNegative = false
    var digitsSeen = 0
    var decimals = -1
    var isFirst = true
    for byte in bytes {
      defer { isFirst = false }
      switch byte {
      case UInt8(ascii: "-") where isFirst: isNegative = true
      case UInt8(ascii: "+") where isFirst: break
      case UInt8(ascii: ".") where decimals < 0: decimals = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digitsSeen += 1
        let digit = Int64(byte - UInt8(ascii: "0"))
        if decimals == exactDecimalDigits {
          guard digit == 0 else { return nil }
          continue
        }
        if decimals >= 0 { decimals += 1 }
        guard let next = appending(digit, to: magnitude) else { return nil }
        magnitude = next
      default: return nil
      }
    }
    guard digitsSeen > 0 else { return nil }
    for _ in max(decimals, 0)..<exactDecimalDigits {
      guard let next = appending(0, to: magnitude) else { return nil }
      magnitude = next
    }
    return isNegative ? -magnitude : magnitude
  }

  /// Bytes a number takes at the most: a sign, eleven digits, a point and eight decimals.
  static let longest = 24

  /// Reads bytes that lie together: most numbers come from the database, and there are many.
  static func mantissa(of bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    var magnitude: UInt64 = 0
    var index = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { index = 1 }
    var digits = 0
    var decimals = -1
    while index < bytes.count {
      let digit = UInt64(bytes[index] &- UInt8(ascii: "0"))
      index += 1
      if digit > 9 {
        guard bytes[index - 1] == UInt8(ascii: "."), decimals < 0 else { return nil }
        decimals = 0
        continue
      }
      digits += 1
      if decimals == exactDecimalDigits {
        guard digit == 0 else { return nil }
        continue
      }
      if decimals >= 0 { decimals += 1 }
      guard magnitude <= greatestTenth else { return nil }
      magnitude = magnitude * 10 + digit
    }
    guard digits > 0 else { return nil }
    for _ in max(decimals, 0)..<exactDecimalDigits {
      guard magnitude <= greatestTenth else { return nil }
      magnitude *= 10
    }
    guard let whole = Int64(exactly: magnitude) else { return nil }
    return isNegative ? -whole : whole
  }

  /// What may still be multiplied by ten without leaving a UInt64.
  private static let greatestTenth = UInt64(Int64.max) / 10 + 1

  /// Writes the text of a number and returns how many bytes it takes.
  static func write(_ mantissa: Int64, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let magnitude = mantissa.magnitude
    let scale = UInt64(exactDecimalScale)
    var count = 0
    func put(_ byte: UInt8) {
      buffer[count] = byte
      count += 1
    }
    if mantissa < 0 { put(UInt8(ascii: "-")) }
    let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: scale)
    var step: UInt64 = 1
    while whole / step >= 10 { step *= 10 }
    while step > 0 {
      put(UInt8(ascii: "0") + UInt8(whole / step % 10))
      step /= 10
    }
    guard fraction != 0 else { return count }
    put(UInt8(ascii: "."))
    var rest = fraction
    step = scale / 10
    while rest != 0 {
      put(UInt8(ascii: "0") + UInt8(rest / step))
      rest %= step
      step /= 10
    }
    return count
  }

  private static func appending(_ digit: Int64, to magnitude: Int64) -> Int64? {
    let (product, overflowed) = magnitude.multipliedReportingOverflow(by: 10)
    let (sum, carried) = product.addingReportingOverflow(digit)
    return overflowed || carried ? nil : sum
  }
}

/// Integer division and scaling with an explicit rounding, on 128-bit intermediates.
package enum ExactMath {
  /// `value / divisor`, rounded to a whole number.
  ///
  /// Traps when `divisor` is zero.
  package static func divide(_ value: Int128, by divisor: Int128, _ rounding: Rounding) -> Int128 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    guard remainder != 0 else { return quotient }
    let isNegative = (value < 0) != (divisor < 0)
    let away: Int128 = isNegative ? -1 : 1
    switch rounding {
    case .down: return quotient
    case .up: return quotient + away
    case .floor: return isNegative ? quotient - 1 : quotient
    case .ceiling: return isNegative ? quotient : quotient + 1
    case .halfEven:
      let twice = remainder.magnitude * 2
      if twice > divisor.magnitude { return quotient + away }
      if twice < divisor.magnitude { return quotient }
      return quotient % 2 == 0 ? quotient : quotient + away
    }
  }

  /// The product of two mantissas as a mantissa.
  ///
  /// Traps outside the range of ``ExactDecimal``.
  package static func multiply(_ left: Int64, _ right: Int64, _ rounding: Rounding) -> Int64 {
    narrowed(divide(Int128(left) * Int128(right), by: Int128(exactDecimalScale), rounding))
  }

  /// The quotient of two mantissas as a mantissa.
  ///
  /// Traps when `right` is zero or the result is out of range.
  package static func ratio(_ left: Int64, _ right: Int64, _ rounding: Rounding) -> Int64 {
    narrowed(divide(Int128(left) * Int128(exactDecimalScale), by: Int128(right), rounding))
  }

  /// `value · numerator / denominator` in one step, rounded once.
  package static func scale(
    _ value: Int64, by numerator: Int64, over denominator: Int64, _ rounding: Rounding
  ) -> Int64 {
    narrowed(divide(Int128(value) * Int128(numerator), by: Int128(denominator), rounding))
  }

  /// The value rounded to a multiple of `step` (both mantissas, `step` > 0).
  package static func quantize(_ value: Int64, to step: Int64, _ rounding: Rounding) -> Int64 {
    narrowed(divide(Int128(value), by: Int128(step), rounding) * Int128(step))
  }

  /// Ten to the power of `exponent`, 0 to 18.
  package static func powerOfTen(_ exponent: Int) -> Int64 {
    precondition((0...18).contains(exponent), "expected an exponent in 0...18, was \(exponent)")
    var power: Int64 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }

  private static func narrowed(_ value: Int128) -> Int64 {
    guard let narrow = Int64(exactly: value) else {
      preconditionFailure("expected an amount within ±92 billion, was \(value) steps of 1e-8")
    }
    return narrow
  }
}
