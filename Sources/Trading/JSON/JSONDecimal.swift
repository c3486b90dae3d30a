/// The exact value of a JSON number: whatever its text says, with no binary rounding.
package struct JSONDecimal: Sendable, Hashable {
  private let isNegative: Bool
  /// Significant digits, 0 to 9 each, without leading zeros; empty for zero.
  private let digits: [UInt8]
  /// Where the point stands: the value is 0.d₁d₂d₃… · 10^point.
  private let point: Int

  /// The value of a text that follows the grammar of JSON numbers (RFC 8259 §6); `nil` otherwise.
  package init?(_ text: some StringProtocol) {
    var bytes = Array(text.utf8)[...]
    isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { bytes.removeFirst() }
    let whole = Self.digits(&bytes)
    guard let first = whole.first, first != 0 || whole.count == 1 else { return nil }
    var fraction: [UInt8] = []
    if bytes.first == UInt8(ascii: ".") {
      bytes.removeFirst()
      fraction = Self.digits(&bytes)
      guard !fraction.isEmpty else { return nil }
    }
    guard let exponent = Self.exponent(&bytes), bytes.isEmpty else { return nil }
    let all = whole + fraction
    let significant = all.drop { $0 == 0 }
    digits = Array(significant)
    point = whole.count - (all.count - significant.count) + exponent
  }

  /// The value in steps of 10^−`decimals`, rounded; `nil` when it does not fit.
  ///
  /// - Parameters:
  ///   - decimals: Digits kept after the point, 0 to 18.
  ///   - isDown: Whether the rest is cut; otherwise half goes to the even digit.
  /// - Returns: The steps, and whether nothing was lost.
  package func steps(decimals: Int, roundedDown isDown: Bool) -> (steps: Int64, isExact: Bool)? {
    guard !digits.isEmpty else { return (0, true) }
    let kept = point + decimals
    guard kept <= 19 else { return nil }
    guard kept >= 0 else { return (0, false) }
    var magnitude: UInt64 = 0
    for index in 0..<kept {
      magnitude = magnitude * 10 + UInt64(index < digits.count ? digits[index] : 0)
    }
    let rest = digits.dropFirst(kept)
    let isExact = rest.allSatisfy { $0 == 0 }
    if !isDown, let next = rest.first {
      let isTie = next == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
      if isTie ? magnitude % 2 == 1 : next >= 5 { magnitude += 1 }
    }
    guard magnitude <= UInt64(Int64.max) else { return nil }
    return (isNegative ? -Int64(magnitude) : Int64(magnitude), isExact)
  }

  /// The value when it is whole and fits; `nil` otherwise.
  package var whole: Int? {
    guard let (steps, isExact) = steps(decimals: 0, roundedDown: true), isExact else { return nil }
    return Int(steps)
  }

  private static func digits(_ bytes: inout ArraySlice<UInt8>) -> [UInt8] {
    let run = bytes.prefix { (48...57).contains($0) }
    bytes = bytes.dropFirst(run.count)
    return run.map { $0 - 48 }
  }

  /// The exponent at the front, zero without one; beyond ±1e9 it counts as that.
  private static func exponent(_ bytes: inout ArraySlice<UInt8>) -> Int? {
    guard let mark = bytes.first else { return 0 }
    guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return nil }
    bytes.removeFirst()
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    let run = digits(&bytes)
    guard !run.isEmpty else { return nil }
    let size = run.reduce(0) { min($0 * 10 + Int($1), 1_000_000_000) }
    return isNegative ? -size : size
  }
}
