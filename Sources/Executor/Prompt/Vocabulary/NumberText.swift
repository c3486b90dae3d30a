import Trading

/// Numbers as a prompt shows them: plain decimals, never an exponent, `n/a` for what is missing.
enum NumberText {
  /// What stands where a number or text is not known.
  static let missing = "n/a"

  /// The number with that many decimals, 0 to 12, half-even; `n/a` when `nil` or not finite.
  ///
  /// A number that rounds to zero has no sign.
  static func fixed(_ number: Double?, _ decimals: Int) -> String {
    guard let number, number.isFinite else { return missing }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let steps = (number * scale).rounded(.toNearestOrEven)
    // Beyond 2^53 a double has no decimals to show.
    guard steps.magnitude < 9e15 else { return wide(number, decimals) }
    return text(steps: Int64(steps), decimals: decimals)
  }

  /// The number with at least that many significant digits; whole digits are always all shown.
  static func significant(_ number: Double?, _ digits: Int) -> String {
    guard let number, number.isFinite else { return missing }
    return fixed(number, decimals(of: number, digits))
  }

  /// Numbers in order, with commas, as many decimals each as the greatest one needs to have
  /// `digits` significant ones; `n/a` when there are none.
  static func series(_ numbers: some Collection<Double>, _ digits: Int) -> String {
    guard !numbers.isEmpty, numbers.allSatisfy(\.isFinite) else { return missing }
    let greatest = numbers.reduce(0) { max($0, $1.magnitude) }
    let decimals = decimals(of: greatest, digits)
    return numbers.map { fixed($0, decimals) }.joined(separator: ", ")
  }

  /// A per cent number with two decimals and its sign, `+` included.
  static func signed(_ number: Double?, _ decimals: Int = 2) -> String {
    let text = fixed(number, decimals)
    guard let number, number > 0, text.utf8.contains(where: { (49...57).contains($0) }) else {
      return text
    }
    return "+" + text
  }

  /// An exact decimal rounded half-even to that many decimals, 0 to 8.
  static func fixed(_ amount: some ExactDecimal, _ decimals: Int) -> String {
    let divisor = ExactMath.powerOfTen(exactDecimalDigits - decimals)
    let steps = ExactMath.divide(Int128(amount.mantissa), by: Int128(divisor), .halfEven)
    return text(steps: Int64(steps), decimals: decimals)
  }

  /// An exact decimal with all its digits; `n/a` when `nil`.
  static func exact(_ amount: (some ExactDecimal)?) -> String { amount?.description ?? missing }

  /// Money in dollars and cents; `n/a` when `nil`.
  static func money(_ amount: USD?) -> String { amount.map { fixed($0, 2) } ?? missing }

  private static func decimals(of number: Double, _ digits: Int) -> Int {
    var bound = 1.0
    var whole = 0
    while whole < digits, number.magnitude >= bound {
      bound *= 10
      whole += 1
    }
    guard whole == 0 else { return digits - whole }
    guard number != 0 else { return 2 }
    // Below one: a decimal more for each zero after the point, twelve at most.
    var decimals = digits
    bound = 0.1
    while decimals < 12, number.magnitude < bound {
      bound /= 10
      decimals += 1
    }
    return decimals
  }

  /// A number of steps of 10^−decimals.
  private static func text(steps: Int64, decimals: Int) -> String {
    // 19 digits, leading zeros, sign and point fit into 40 bytes.
    String(unsafeUninitializedCapacity: 40) { bytes in
      var length = 0
      var rest = steps.magnitude
      var place = 0
      func append(_ byte: UInt8) {
        bytes[length] = byte
        length += 1
      }
      while place <= decimals || rest > 0 {
        if place == decimals, decimals > 0 { append(UInt8(ascii: ".")) }
        append(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
        place += 1
      }
      if steps < 0 { append(UInt8(ascii: "-")) }
      var written = UnsafeMutableBufferPointer(rebasing: bytes[..<length])
      written.reverse()
      return length
    }
  }

  private static func wide(_ number: Double, _ decimals: Int) -> String {
    var rest = number.magnitude
    var digits: [UInt8] = []
    while rest >= 1 {
      let next = (rest / 10).rounded(.down)
      digits.append(UInt8(ascii: "0") + UInt8(max(0, min(9, rest - next * 10))))
      rest = next
    }
    if number < 0 { digits.append(UInt8(ascii: "-")) }
    let whole = String(decoding: digits.reversed(), as: UTF8.self)
    return decimals > 0 ? whole + "." + String(repeating: "0", count: decimals) : whole
  }
}
