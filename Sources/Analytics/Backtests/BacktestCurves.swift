import Trading

/// The curves of a back-test with so few points that they can be drawn.
///
/// The time is cut into stretches of equally many cycles; of each stay the lowest and the highest
/// point, so that no peak and no trough is lost.
struct BacktestCurves: Sendable, Equatable {
  /// One curve.
  struct Curve: Sendable, Equatable {
    /// Times, ascending, ms since 1970.
    var timesMs: [Int64] = []
    /// What it was worth at each of them, as a fraction of what it began with, less 1.
    var returns: [Double] = []
    /// Its distance from the peak at the lowest point of each stretch, as a fraction, 0 or less.
    var fallTimesMs: [Int64] = []
    /// See ``fallTimesMs``.
    var falls: [Double] = []
  }

  /// One for each trader, in their order.
  let traders: [Curve]
  /// Of all of them together.
  let total: Curve
  /// Of the coins in equal shares; `nil` = not known.
  let market: Curve?

  /// Stretches that the time is cut into at the most.
  static let stretches = 400

  init(_ record: BacktestRecord, total: BacktestTrader) {
    let times = record.timesMs
    traders = record.traders.map {
      Curve(times, $0.equity, startE8: $0.start.mantissa, stretches: Self.stretches)
    }
    self.total =
      traders.count == 1
      ? traders[0]
      : Curve(times, total.equity, startE8: total.start.mantissa, stretches: Self.stretches)
    market =
      record.market.isEmpty || record.market.count != times.count
      ? nil
      : Curve(times, record.market, startE8: exactDecimalScale, stretches: Self.stretches)
  }
}

extension BacktestCurves.Curve {
  /// A curve thinned to so many stretches.
  init(_ times: [Int64], _ equity: [Int64], startE8: Int64, stretches: Int) {
    guard startE8 > 0, !times.isEmpty, equity.count == times.count else { return }
    let count = min(stretches, times.count)
    let start = Double(startE8)
    var peak = startE8
    for stretch in 0..<count {
      let begin = stretch * times.count / count
      let end = (stretch + 1) * times.count / count
      var (low, high) = (begin, begin)
      var deepest = (index: begin, fall: Double.infinity)
      for index in begin..<end {
        let e8 = equity[index]
        if e8 < equity[low] { low = index }
        if e8 > equity[high] { high = index }
        if e8 > peak { peak = e8 }
        let fall = peak > 0 ? Double(e8 - peak) / Double(peak) : 0
        if fall < deepest.fall { deepest = (index, fall) }
      }
      // The ends of the whole curve stay, whatever lies between.
      let kept = Set(
        [low, high] + (stretch == 0 ? [0] : []) + (end == times.count ? [end - 1] : []))
      for index in kept.sorted() {
        timesMs.append(times[index])
        returns.append(Double(equity[index]) / start - 1)
      }
      fallTimesMs.append(times[deepest.index])
      falls.append(deepest.fall)
    }
  }

  /// The same with fewer stretches.
  func thinned(to stretches: Int) -> Self {
    let (step, count) = ((falls.count + stretches - 1) / max(1, stretches), falls.count)
    guard step > 1 else { return self }
    var thin = Self()
    for begin in stride(from: 0, to: count, by: step) {
      let end = min(begin + step, count)
      let deepest = (begin..<end).min { falls[$0] < falls[$1] } ?? begin
      thin.fallTimesMs.append(fallTimesMs[deepest])
      thin.falls.append(falls[deepest])
    }
    let size = max(1, step * returns.count / max(1, count))
    for begin in stride(from: 0, to: returns.count, by: size) {
      let stretch = begin..<min(begin + size, returns.count)
      let low = stretch.min { returns[$0] < returns[$1] } ?? begin
      let high = stretch.max { returns[$0] < returns[$1] } ?? begin
      let ends =
        (begin == 0 ? [0] : []) + (stretch.upperBound == returns.count ? [returns.count - 1] : [])
      for index in Set([low, high] + ends).sorted() {
        thin.timesMs.append(timesMs[index])
        thin.returns.append(returns[index])
      }
    }
    return thin
  }
}
