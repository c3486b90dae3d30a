package import Trading

/// The NAV of one trader over a period: its greatest fall and the returns of its hours and days.
///
/// Hours and days are counted from the beginning of the period; of each counts the last point.
package struct PeriodCurve: Sendable, Equatable {
  /// Returns that a Sharpe ratio needs at the least.
  package static let returnsNeeded = 20

  private var peak: Double
  private var deepest = 0.0
  private var hours: PeriodReturns
  private var days: PeriodReturns

  /// A curve that nothing was folded into yet.
  ///
  /// - Parameters:
  ///   - start: The NAV at the beginning, USD; `nil` = the trader began later.
  ///   - from: The beginning of the period.
  ///   - to: Its end; an hour or a day that is not over then has no return.
  package init(start: USD?, from: Timestamp, to: Timestamp) {
    peak = start?.double ?? 0
    hours = PeriodReturns(start: start?.double, length: .hour, from: from, to: to)
    days = PeriodReturns(start: start?.double, length: .day, from: from, to: to)
  }

  /// Takes in a point of the period; in time order.
  package mutating func fold(_ point: EquityPoint) {
    let nav = point.nav.double
    peak = max(peak, nav)
    if peak > 0 { deepest = max(deepest, 1 - nav / peak) }
    hours.fold(nav, at: point.at)
    days.fold(nav, at: point.at)
  }

  /// The greatest fall from an earlier peak within the period, per cent, 0 or more.
  package var drawdownPct: Double { 100 * deepest }

  /// Annualised Sharpe ratio, risk-free 0: of daily returns where there are
  /// ``returnsNeeded`` of them, else of hourly ones.
  ///
  /// `nil` where there are too few of both, or all are equal.
  package var sharpe: Double? {
    days.sharpe(periodsAYear: 365) ?? hours.sharpe(periodsAYear: 365 * 24)
  }
}

/// The returns between the ends of equally long stretches of time, summed up after Welford (1962).
struct PeriodReturns: Sendable, Equatable {
  private let length: Span
  private let from: Timestamp
  /// The last stretch that is over when the period is.
  private let last: Int64
  /// The newest point: the stretch it lies in, counted from 1, and its NAV.
  private var open: (stretch: Int64, nav: Double)?
  /// The end of the stretch before that one.
  private var closed: (stretch: Int64, nav: Double)?
  private var count = 0
  private var mean = 0.0
  private var squares = 0.0

  init(start: Double?, length: Span, from: Timestamp, to: Timestamp) {
    self.length = length
    self.from = from
    last = (to - from).ms / length.ms
    open = start.map { (0, $0) }
  }

  static func == (left: Self, right: Self) -> Bool {
    left.settled == right.settled && left.from == right.from && left.length == right.length
  }

  mutating func fold(_ nav: Double, at: Timestamp) {
    // (from, from + length] is stretch 1: a point at its very end belongs to it.
    let stretch = ((at - from).ms + length.ms - 1) / length.ms
    guard stretch <= last else { return }
    if let open, open.stretch != stretch { close() }
    open = (stretch, nav)
  }

  func sharpe(periodsAYear: Double) -> Double? {
    var whole = self
    whole.close()
    guard whole.count >= PeriodCurve.returnsNeeded else { return nil }
    let variance = whole.squares / Double(whole.count - 1)
    guard variance > 0 else { return nil }
    return whole.mean / variance.squareRoot() * periodsAYear.squareRoot()
  }

  private var settled: [Double] {
    var whole = self
    whole.close()
    return [Double(whole.count), whole.mean, whole.squares]
  }

  /// Ends the stretch of the newest point; a return needs the stretch just before it.
  private mutating func close() {
    guard let open else { return }
    if let closed, closed.stretch + 1 == open.stretch, closed.nav > 0 {
      let value = open.nav / closed.nav - 1
      count += 1
      let deviation = value - mean
      mean += deviation / Double(count)
      squares += deviation * (value - mean)
    }
    closed = open
    self.open = nil
  }
}
