/// An instant: milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Milliseconds since 1970, UTC.
  package let ms: Int64

  /// The instant that many milliseconds after 1970.
  package init(ms: Int64) { self.ms = ms }

  /// Whether the left instant is the earlier one.
  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.ms < right.ms }

  /// The instant that much later.
  package static func + (left: Timestamp, right: Span) -> Timestamp {
    Timestamp(ms: left.ms + right.ms)
  }

  /// The instant that much earlier.
  package static func - (left: Timestamp, right: Span) -> Timestamp {
    Timestamp(ms: left.ms - right.ms)
  }

  /// The time from the right instant to the left one.
  package static func - (left: Timestamp, right: Timestamp) -> Span {
    Span(ms: left.ms - right.ms)
  }

  /// Seconds since 1970 with their fraction, as the export contract wants them.
  package var seconds: Double { Double(ms) / 1000 }

  /// The latest multiple of `span` since 1970 that is not after this instant.
  package func floored(to span: Span) -> Timestamp {
    Timestamp(ms: ms - modulo(ms, span.ms))
  }

  /// The ISO 8601 text in UTC, for example `2025-07-21T12:00:00.000Z`; milliseconds are left out
  /// when zero.
  package var description: String {
    let day = CivilDay(self)
    let rest = modulo(ms, Span.day.ms)
    let fraction = rest % 1000 == 0 ? "" : "." + padded(rest % 1000, 3)
    return "\(day)T\(padded(rest / 3_600_000, 2)):\(padded(rest / 60_000 % 60, 2)):"
      + "\(padded(rest / 1000 % 60, 2))\(fraction)Z"
  }

  /// Reads `2025-07-21T12:00Z`, `2025-07-21T12:00:00Z`, with optional milliseconds, `2025-07-21`,
  /// or plain milliseconds since 1970; always UTC.
  ///
  /// `nil` for anything else.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    if !bytes.isEmpty, bytes.allSatisfy({ (48...57).contains($0) }), let ms = Int64(text) {
      // Up to the year 9999, as in dates: beyond, adding a span could pass what an Int64 holds.
      guard ms < 253_402_300_800_000 else { return nil }
      self.init(ms: ms)
      return
    }
    guard let instant = Self.parse(iso: bytes) else { return nil }
    self = instant
  }
}

/// A length of time in milliseconds.
package struct Span: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Milliseconds.
  package let ms: Int64

  /// The length of that many milliseconds.
  package init(ms: Int64) { self.ms = ms }

  /// No time.
  package static let zero = Span(ms: 0)
  /// One minute.
  package static let minute = Span(ms: 60_000)
  /// One hour.
  package static let hour = Span(ms: 3_600_000)
  /// One day of 24 hours.
  package static let day = Span(ms: 86_400_000)

  /// That many seconds.
  package static func seconds(_ count: Int64) -> Span { Span(ms: count * 1000) }
  /// That many minutes.
  package static func minutes(_ count: Int64) -> Span { Span(ms: count * 60_000) }
  /// That many hours.
  package static func hours(_ count: Int64) -> Span { Span(ms: count * 3_600_000) }

  /// Whether the left length is the shorter one.
  package static func < (left: Span, right: Span) -> Bool { left.ms < right.ms }

  /// The length times a whole number.
  package static func * (left: Span, right: Int64) -> Span { Span(ms: left.ms * right) }

  /// Minutes with their fraction.
  package var minutes: Double { Double(ms) / 60_000 }

  /// The length as the configuration writes it: `1h30m`, `45s`, `250ms`, `0s`.
  package var description: String {
    guard ms != 0 else { return "0s" }
    var rest = ms.magnitude
    var text = ms < 0 ? "-" : ""
    for (unit, size) in [("h", UInt64(3_600_000)), ("m", 60_000), ("s", 1000), ("ms", 1)]
    where rest >= size {
      text += "\(rest / size)\(unit)"
      rest %= size
    }
    return text
  }

  /// Reads a Go-style duration: `3m`, `45s`, `1h30m`, `1.5h`, `250ms`, `0`.
  ///
  /// `nil` for anything else, for negative lengths and for more than a hundred years.
  package init?(_ text: String) {
    if text == "0" {
      self = .zero
      return
    }
    let units: [(name: String, size: Int64)] = [
      ("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("d", 86_400_000),
    ]
    var rest = Substring(text)
    var total: Int64 = 0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count)
      guard let amount = Factor(number), let unit = units.first(where: { rest.hasPrefix($0.name) })
      else { return nil }
      rest = rest.dropFirst(unit.name.count)
      guard amount.mantissa <= 900_000 * exactDecimalScale else { return nil }
      total += ExactMath.scale(amount.mantissa, by: unit.size, over: exactDecimalScale, .halfEven)
      // Each time anew: a sum of many terms would pass what an Int64 holds.
      guard total <= 100 * 366 * 86_400_000 else { return nil }
    }
    self.init(ms: total)
  }
}

/// A calendar day in UTC.
package struct CivilDay: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Days since 1970-01-01.
  package let number: Int64

  /// The day that many days after 1970-01-01.
  package init(number: Int64) { self.number = number }

  /// The day an instant falls on.
  package init(_ instant: Timestamp) {
    number = (instant.ms - modulo(instant.ms, Span.day.ms)) / Span.day.ms
  }

  /// Its first instant.
  package var start: Timestamp { Timestamp(ms: number * Span.day.ms) }

  /// Whether the left day is the earlier one.
  package static func < (left: CivilDay, right: CivilDay) -> Bool { left.number < right.number }

  /// The day as `YYYY-MM-DD`.
  package var description: String {
    // Howard Hinnant, "chrono-compatible low-level date algorithms" (civil_from_days).
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// The day of a calendar date; `nil` when there is no such date.
  package init?(year: Int64, month: Int64, day: Int64) {
    guard (1...12).contains(month), (1...31).contains(day), (1...9999).contains(year) else {
      return nil
    }
    // days_from_civil of the same source.
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.init(number: era * 146_097 + dayOfEra - 719_468)
    guard description.hasSuffix("-\(padded(month, 2))-\(padded(day, 2))") else { return nil }
  }
}

extension Timestamp {
  private static func parse(iso bytes: [UInt8]) -> Timestamp? {
    func number(_ range: Range<Int>) -> Int64? {
      guard range.upperBound <= bytes.count else { return nil }
      return bytes[range].reduce(Int64?(0)) { total, byte in
        guard let total, (48...57).contains(byte) else { return nil }
        return total * 10 + Int64(byte - 48)
      }
    }
    guard bytes.count >= 10, bytes[4] == 45, bytes[7] == 45,
      let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let civil = CivilDay(year: year, month: month, day: day)
    else { return nil }
    if bytes.count == 10 { return civil.start }
    guard bytes.count >= 17, bytes.last == UInt8(ascii: "Z"), bytes[10] == UInt8(ascii: "T"),
      bytes[13] == 58, let hour = number(11..<13), hour < 24, let minute = number(14..<16),
      minute < 60
    else { return nil }
    let atMinute = civil.start + .hours(hour) + .minutes(minute)
    if bytes.count == 17 { return atMinute }
    guard bytes.count >= 20, bytes[16] == 58, let second = number(17..<19), second < 60 else {
      return nil
    }
    if bytes.count == 20 { return atMinute + .seconds(second) }
    guard bytes.count == 24, bytes[19] == 46, let ms = number(20..<23) else { return nil }
    return atMinute + .seconds(second) + Span(ms: ms)
  }
}

/// The remainder that is never negative.
private func modulo(_ value: Int64, _ divisor: Int64) -> Int64 {
  let rest = value % divisor
  return rest < 0 ? rest + divisor : rest
}

/// The number with leading zeros.
private func padded(_ number: Int64, _ width: Int) -> String {
  // Wider than asked for, or negative: rare, and left to the standard library.
  guard number >= 0, width < 19, number < ExactMath.powerOfTen(width) else {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
  return String(unsafeUninitializedCapacity: width) { buffer in
    var rest = number
    for place in stride(from: width - 1, through: 0, by: -1) {
      buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    return width
  }
}
