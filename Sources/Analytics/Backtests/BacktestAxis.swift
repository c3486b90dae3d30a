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

  /// Round instants on an axis of ms since 1970, ascending, about so many at the most.
  func instants(about count: Int) -> [(at: Timestamp, text: String)] {
    let hours: [Int64] = [1, 2, 3, 6, 12, 24, 48, 24 * 7]
    let minutes: [Int64] = [1, 5, 15, 30] + hours.map { $0 * 60 }
    let room = (high - low) / Double(count)
    guard let step = minutes.first(where: { Double($0 * 60_000) >= room }).map({ Span.minute * $0 })
    else { return months(room: room) }
    var instant = Timestamp(ms: Int64(low.rounded(.up))).floored(to: step)
    if Double(instant.ms) < low { instant = instant + step }
    var instants: [(at: Timestamp, text: String)] = []
    while Double(instant.ms) <= high {
      let text = instant.description
      // The date, or within days its end and the time.
      let short = step >= .day ? text.prefix(10) : text.prefix(16).dropFirst(5)
      instants.append((instant, String(short.map { $0 == "T" ? " " : $0 })))
      instant = instant + step
    }
    return instants
  }

  /// First days of months, at least so many ms apart.
  private func months(room: Double) -> [(at: Timestamp, text: String)] {
    let month = 30 * Double(Span.day.ms)
    let steps = [1, 2, 3, 6, 12, 24, 60, 120, 600]
    let step = steps.first { Double($0) * month >= room } ?? 6000
    let begin = Timestamp(ms: Int64(low)).description
    guard let year = Int64(begin.prefix(4)) else { return [] }
    var months: [(at: Timestamp, text: String)] = []
    for number in stride(from: 0, to: 120_000, by: step) {
      guard
        let day = CivilDay(
          year: year + Int64(number / 12), month: Int64(number % 12 + 1), day: 1),
        Double(day.start.ms) <= high
      else { break }
      guard Double(day.start.ms) >= low else { continue }
      months.append((day.start, String(day.description.prefix(7))))
    }
    return months
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
