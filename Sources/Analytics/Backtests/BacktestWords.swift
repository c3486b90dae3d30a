import Trading

/// Numbers, times and foreign words as a report shows them.
enum BacktestWords {
  /// What stands for a figure that is not defined.
  static let undefined = "—"

  /// Dollars and cents with thousands separators: `12,345.68`.
  static func usd(_ amount: USD) -> String {
    let cents = ExactMath.divide(Int128(amount.mantissa), by: 1_000_000, .halfEven)
    let magnitude = cents.magnitude
    let decimals = Int(magnitude % 100)
    return (cents < 0 ? "-" : "") + grouped(String(magnitude / 100))
      + (decimals < 10 ? ".0" : ".") + "\(decimals)"
  }

  /// The same with a sign before gains.
  static func signedUSD(_ amount: USD) -> String {
    let text = usd(amount)
    return amount > .zero && text != "0.00" ? "+" + text : text
  }

  /// Dollars that are a mean.
  static func signedUSD(_ amount: Double?) -> String {
    guard let amount else { return undefined }
    return USD(approximating: amount).map(signedUSD) ?? (amount < 0 ? "-∞" : "+∞")
  }

  /// Dollars that are a mean, never negative.
  static func usd(_ amount: Double?) -> String {
    guard let amount else { return undefined }
    return USD(approximating: amount).map(usd) ?? "∞"
  }

  /// Two decimals: `-1.25`.
  static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return undefined }
    let hundredths = (abs(value) * 100).rounded()
    guard hundredths < 1e15 else { return value < 0 ? "-∞" : "∞" }
    let whole = Int64(hundredths)
    let decimals = whole % 100
    return (value < 0 && whole > 0 ? "-" : "") + grouped(String(whole / 100))
      + (decimals < 10 ? ".0" : ".") + "\(decimals)"
  }

  /// Per cent: `12.50 %`.
  static func pct(_ value: Double?) -> String {
    value == nil ? undefined : number(value) + " %"
  }

  /// Per cent with a sign: `+12.50 %`.
  static func signedPct(_ value: Double?) -> String {
    let text = pct(value)
    return text == undefined || text.hasPrefix("-") || text == "0.00 %" ? text : "+" + text
  }

  /// A whole number: `86,400`.
  static func count(_ number: Int) -> String {
    (number < 0 ? "-" : "") + grouped(String(number.magnitude))
  }

  /// The whole number next to one that is not negative: `86,400`.
  static func whole(_ number: Double) -> String {
    number < 1e15 ? count(Int(max(0, number).rounded())) : "∞"
  }

  /// A length of time in its two greatest units: `3 d 4 h`, `12 min`, `45 s`.
  static func span(_ span: Span?) -> String {
    guard let span else { return undefined }
    let seconds = span.ms / 1000
    if seconds < 60 { return "\(seconds) s" }
    let minutes = seconds / 60
    if minutes < 60 { return parts((minutes, "min"), (seconds % 60, "s")) }
    let hours = minutes / 60
    if hours < 24 { return parts((hours, "h"), (minutes % 60, "min")) }
    return parts((hours / 24, "d"), (hours % 24, "h"))
  }

  /// A length of time in minutes.
  static func span(minutes: Double?) -> String {
    span(minutes.map { Span(ms: Int64(min(max($0, 0), 1e12) * 60_000)) })
  }

  /// An instant to the minute: `2025-07-21 12:00`.
  static func instant(_ instant: Timestamp?) -> String {
    guard let text = instant?.description else { return undefined }
    return String(text.prefix(16).map { $0 == "T" ? " " : $0 })
  }

  private static func parts(
    _ first: (count: Int64, unit: String), _ second: (count: Int64, unit: String)
  ) -> String {
    "\(first.count) \(first.unit)" + (second.count == 0 ? "" : " \(second.count) \(second.unit)")
  }

  private static func grouped(_ digits: String) -> String {
    var grouped = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index) % 3 == 0 { grouped.append(",") }
      grouped.append(digit)
    }
    return grouped
  }
}

extension BacktestWords {
  /// Words of others on one line: what would move a cursor, change the direction of writing or
  /// cannot be seen becomes `�`.
  static func line(_ text: String) -> String {
    var harmless = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: harmless.append(" ")
      case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x206F,
        0xFFF9...0xFFFB, 0xE0000...0xE007F:
        harmless.append("\u{FFFD}")
      default: harmless.append(scalar)
      }
    }
    return String(harmless)
  }

  /// Words of others in Markdown, so that they stay words: no markup, no HTML, no links.
  static func markdown(_ text: String) -> String {
    var safe = ""
    for character in line(text) {
      switch character {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "|", "!", "~":
        safe += "\\\(character)"
      // Left alone they would be made links.
      case ":": safe += safe.hasSuffix("http") || safe.hasSuffix("https") ? "&#58;" : ":"
      case "@": safe += "&#64;"
      default: safe.append(character)
      }
    }
    return safe
  }

  /// Words of others in XML.
  static func xml(_ text: String) -> String {
    var safe = ""
    for character in line(text) {
      switch character {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      default: safe.append(character)
      }
    }
    // Not characters of XML at all.
    return String(
      safe.unicodeScalars.map { $0.value & 0xFFFE == 0xFFFE ? "\u{FFFD}" : Character($0) })
  }
}
