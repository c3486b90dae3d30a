package import Trading

/// What the curve of a trader, or of all of them, came to: one pass over its points.
package struct BacktestCurve: Sendable, Equatable {
  /// The least it was worth, and when first; `nil` = no points.
  package private(set) var lowest: BacktestBalance?
  /// The most it was worth, and when first; `nil` = no points.
  package private(set) var highest: BacktestBalance?
  /// The fall that took the greatest share of its peak; `nil` = it never fell.
  package private(set) var deepest: BacktestDrawdown?
  /// The fall that took the most dollars; `nil` = it never fell.
  package private(set) var costliest: BacktestDrawdown?
  /// The longest time below a peak; `nil` = it never fell.
  package private(set) var longestUnderWater: BacktestUnderWater?
  /// The share of the time below a peak, per cent; `nil` = less than two points.
  ///
  /// Each such time is counted from the last instant at the peak until it was reached again.
  package private(set) var underWaterPct: Double?
  /// The UTC days with points, ascending.
  private(set) var days: [BacktestDay] = []

  /// Sums up a curve.
  ///
  /// - Parameters:
  ///   - start: What it began with, steps of 1e-8 USD; the first peak.
  ///   - timesMs: Instants, ascending.
  ///   - equity: What it was worth at each of them, steps of 1e-8 USD.
  init(start: Int64, timesMs: [Int64], equity: [Int64]) {
    precondition(
      equity.count == timesMs.count,
      "expected \(timesMs.count) values of equity, one per instant, was \(equity.count)")
    guard let first = timesMs.first, let last = timesMs.last, let begin = equity.first else {
      return
    }
    var falls = Falls(start: start, at: first)
    var (low, high) = ((ms: first, e8: begin), (ms: first, e8: begin))
    var day = OpenDay(startE8: start, at: first)
    for index in timesMs.indices {
      let (ms, e8) = (timesMs[index], equity[index])
      if ms >= day.endMs {
        days.append(day.closed(isOver: true))
        day = OpenDay(startE8: day.lastE8, at: ms)
      }
      day.lastMs = ms
      day.lastE8 = e8
      if e8 < low.e8 { low = (ms, e8) }
      if e8 > high.e8 { high = (ms, e8) }
      falls.fold(e8, at: ms)
    }
    // A day is over when the next cycle would be on another one.
    let step = timesMs.count > 1 ? last - timesMs[timesMs.count - 2] : 0
    days.append(day.closed(isOver: last + step >= day.endMs))
    falls.end(at: last)
    lowest = BacktestBalance(low)
    highest = BacktestBalance(high)
    deepest = falls.deepest.map(BacktestDrawdown.init)
    costliest = falls.costliest.map(BacktestDrawdown.init)
    longestUnderWater = falls.longest
    underWaterPct = last > first ? 100 * Double(falls.underMs) / Double(last - first) : nil
  }
}

/// What a curve was worth at an instant.
package struct BacktestBalance: Sendable, Equatable {
  /// The instant.
  package let at: Timestamp
  /// What it was worth, USD.
  package let equity: USD

  fileprivate init(_ point: (ms: Int64, e8: Int64)) {
    at = Timestamp(ms: point.ms)
    equity = USD(mantissa: point.e8)
  }
}

/// One UTC day of a curve.
struct BacktestDay: Sendable, Equatable {
  let day: CivilDay
  /// What it began with: the end of the day before.
  let start: USD
  /// What it ended with.
  let end: USD
  /// The last instant it was valued at.
  let lastAt: Timestamp
  /// Whether the next cycle is, or would be, on another day.
  let isOver: Bool
}

/// The day the pass is at.
private struct OpenDay {
  let number: Int64
  let endMs: Int64
  let startE8: Int64
  var lastMs: Int64
  var lastE8: Int64

  init(startE8: Int64, at ms: Int64) {
    let day = CivilDay(Timestamp(ms: ms))
    number = day.number
    endMs = day.start.ms + Span.day.ms
    self.startE8 = startE8
    lastMs = ms
    lastE8 = startE8
  }

  func closed(isOver: Bool) -> BacktestDay {
    BacktestDay(
      day: CivilDay(number: number), start: USD(mantissa: startE8), end: USD(mantissa: lastE8),
      lastAt: Timestamp(ms: lastMs), isOver: isOver)
  }
}

/// The falls of a curve, in whole numbers.
private struct Falls {
  var deepest: Fall?
  var costliest: Fall?
  var longest: BacktestUnderWater?
  /// Time from leaving peaks to reaching them again.
  var underMs: Int64 = 0
  private var peakE8: Int64
  private var peakMs: Int64
  private var isUnder = false
  private var share = 0.0
  private var amount: Int64 = 0

  struct Fall {
    let fromMs: Int64
    let toMs: Int64
    let peakE8: Int64
    let bottomE8: Int64
    var recoveredMs: Int64?
    /// Whether the curve is still below the peak.
    var isOpen = true
  }

  init(start: Int64, at ms: Int64) {
    peakE8 = start
    peakMs = ms
  }

  mutating func fold(_ e8: Int64, at ms: Int64) {
    if e8 >= peakE8 {
      if isUnder { surface(at: ms, isOver: true) }
      peakE8 = e8
      peakMs = ms
    } else {
      isUnder = true
      let lost = peakE8 - e8
      if lost > amount {
        amount = lost
        costliest = Fall(fromMs: peakMs, toMs: ms, peakE8: peakE8, bottomE8: e8)
      }
      if peakE8 > 0 {
        let lostShare = Double(lost) / Double(peakE8)
        if lostShare > share {
          share = lostShare
          deepest = Fall(fromMs: peakMs, toMs: ms, peakE8: peakE8, bottomE8: e8)
        }
      }
    }
  }

  mutating func end(at ms: Int64) {
    if isUnder { surface(at: ms, isOver: false) }
  }

  private mutating func surface(at ms: Int64, isOver: Bool) {
    isUnder = false
    underMs += ms - peakMs
    let stretch = BacktestUnderWater(
      from: Timestamp(ms: peakMs), to: Timestamp(ms: ms), isOver: isOver)
    if stretch.length > longest?.length ?? Span(ms: -1) { longest = stretch }
    guard isOver else { return }
    if deepest?.isOpen == true {
      deepest?.recoveredMs = ms
      deepest?.isOpen = false
    }
    if costliest?.isOpen == true {
      costliest?.recoveredMs = ms
      costliest?.isOpen = false
    }
  }
}

extension BacktestDrawdown {
  fileprivate init(_ fall: Falls.Fall) {
    self.init(
      from: Timestamp(ms: fall.fromMs), to: Timestamp(ms: fall.toMs),
      recoveredAt: fall.recoveredMs.map { Timestamp(ms: $0) }, peak: USD(mantissa: fall.peakE8),
      bottom: USD(mantissa: fall.bottomE8))
  }
}
