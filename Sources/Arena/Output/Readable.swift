import Trading

/// Numbers as people read them.
package enum Readable {
  /// Dollars with two decimals and thousands separators: `12,345.68`.
  static func usd(_ amount: USD) -> String {
    let cents = ExactMath.divide(Int128(amount.mantissa), by: 1_000_000, .halfEven)
    let magnitude = cents.magnitude
    let decimals = Int(magnitude % 100)
    let sign = cents < 0 ? "-" : ""
    return sign + grouped(UInt64(magnitude / 100)) + (decimals < 10 ? ".0" : ".") + "\(decimals)"
  }

  /// Per cent with two decimals and a sign: `+1.25 %`.
  static func signedPct(_ pct: Double) -> String {
    let hundredths = (abs(pct) * 100).rounded()
    guard hundredths < 1e15 else { return pct < 0 ? "-∞ %" : "+∞ %" }
    let whole = Int64(hundredths)
    let decimals = whole % 100
    let sign = pct < 0 && whole > 0 ? "-" : "+"
    return "\(sign)\(whole / 100).\(decimals < 10 ? "0" : "")\(decimals) %"
  }

  /// A number with two decimals: `1.25`.
  static func decimals2(_ value: Double) -> String {
    String(signedPct(value).dropLast(2).drop { $0 == "+" })
  }

  fileprivate static func grouped(_ value: UInt64) -> String {
    var digits = String(value)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }
}

extension Readable {
  /// Columns that a text takes in a terminal: two for each character of East Asian width and each
  /// pictograph, else one.
  static func columns(_ text: some StringProtocol) -> Int {
    text.reduce(0) { $0 + columns(of: $1) }
  }

  /// A text of at most so many columns; what is cut off ends in `…`.
  static func cut(_ text: String, to width: Int) -> String {
    guard columns(text) > width else { return text }
    var used = 1
    let kept = text.prefix {
      used += columns(of: $0)
      return used <= width
    }
    return kept + "…"
  }

  private static func columns(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case ..<0x1100: return 1
    // Unicode Standard Annex 11, in rough blocks.
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// A curve in one line of eight heights, the lowest value at the bottom and the highest at the
  /// top; in the middle when all are equal, empty for fewer than two values.
  package static func sparkline(_ values: [Double]) -> String {
    guard values.count > 1, let low = values.min(), let high = values.max() else { return "" }
    let bars = Array("▁▂▃▄▅▆▇█")
    guard high > low else { return String(repeating: bars[3], count: values.count) }
    return String(values.map { bars[Int(((($0 - low) / (high - low)) * 7).rounded())] })
  }

  /// Dollars and cents with a sign: `+12,345.68`; no amount has none.
  static func signedUSD(_ amount: USD) -> String {
    let text = usd(amount)
    return text == "-0.00" ? "0.00" : amount > .zero && text != "0.00" ? "+" + text : text
  }

  /// Decimals of ``exact(_:signed:)``, 2 to 8.
  static func decimals(of amount: USD) -> Int {
    let parts = amount.magnitude.description.split(separator: ".")
    return max(2, parts.count > 1 ? parts[1].utf8.count : 0)
  }

  /// An exact amount with its sign before the thousands: `+1,234.5678`; at least two decimals.
  static func exact(_ amount: USD, signed: Bool) -> String {
    let text = amount.magnitude.description
    let parts = text.split(separator: ".")
    let whole = grouped(UInt64(parts[0]) ?? 0)
    let decimals = parts.count > 1 ? String(parts[1]) : ""
    let padding = String(repeating: "0", count: max(0, 2 - decimals.count))
    let sign = amount < .zero ? "-" : signed ? "+" : ""
    return "\(sign)\(whole).\(decimals)\(padding)"
  }
}
