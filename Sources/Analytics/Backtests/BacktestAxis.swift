import Trading

/// Where the numbers of an axis lie on a picture, and its round numbers.
struct BacktestAxis: Sendable {
  let low: Double
  let high: Double
  /// Where the least number lies.
  let begin: Double
  /// Where the greatest number lies.
  let end: Double

  /// An axis of some numbers; where all are equal it reaches one to either side.
  init(_ numbers: ClosedRange<Double>, from begin: Double, to end: Double) {
    let isFlat = numbers.lowerBound == numbers.upperBound
    low = numbers.lowerBound - (isFlat ? 1 : 0)
    high = numbers.upperBound + (isFlat ? 1 : 0)
    self.begin = begin
    self.end = end
  }

  /// Where a number lies.
  func callAsFunction(_ number: Double) -> Double {
    begin + (number - low) / (high - low) * (end - begin)
  }

  /// Round numbers on the axis, ascending, about so many; and how many decimals tell them apart.
  func ticks(about count: Int) -> (numbers: [Double], decimals: Int) {
    let rough = (high - low) / Double(max(1, count))
    guard rough.isFinite, rough > 1e-9, rough < 1e15 else { return ([], 0) }
    var power = 1.0
    var decimals = 0
    while power > rough {
      power /= 10
      decimals += 1
    }
    while power * 10 <= rough { power *= 10 }
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? 10 * power
    if step >= 10 * power, decimals > 0 { decimals -= 1 }
    let first = (low / step).rounded(.up)
    let last = (high / step).rounded(.down)
    guard first <= last, last - first < 100 else { return ([], 0) }
    return (stride(from: first, through: last, by: 1).map { $0 * step }, decimals)
  }

  /// Round instants on an axis of ms since 1970, ascending, at most about so many.
  func instants(about count: Int) -> [(at: Timestamp, text: String)] {
    let hours: [Int64] = [1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 28, 24 * 91, 24 * 365]
    let minutes: [Int64] = [1, 5, 15, 30] + hours.map { $0 * 60 }
    let room = (high - low) / Double(count)
    let step = Span.minute * (minutes.first { Double($0 * 60_000) >= room } ?? 24 * 60 * 3650)
    var instant = Timestamp(ms: Int64(low.rounded(.up))).floored(to: step)
    if Double(instant.ms) < low { instant = instant + step }
    var instants: [(at: Timestamp, text: String)] = []
    while Double(instant.ms) <= high, instants.count < 50 {
      let text = instant.description
      // The date, or within days its end and the time.
      let isDate = step >= .day
      let short = isDate ? text.prefix(10) : text.prefix(16).dropFirst(5)
      instants.append((instant, String(short.map { $0 == "T" ? " " : $0 })))
      instant = instant + step
    }
    return instants
  }

  /// A number with so many decimals.
  static func text(_ number: Double, decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let steps = (abs(number) * scale).rounded()
    guard steps < 1e15 else { return "∞" }
    let digits = String(Int64(steps))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
    let sign = number < 0 && steps > 0 ? "−" : ""
    let whole = padded.dropLast(decimals)
    return decimals == 0 ? sign + padded : "\(sign)\(whole).\(padded.suffix(decimals))"
  }
}
