import Trading

/// What a curve's aggregates and the present say together; undefined is `nil`.
struct CurveFigures {
  private let metrics: TraderMetrics
  private let moment: MetricMoment
  private var curve: CurveMetrics { metrics.curve }

  init(_ metrics: TraderMetrics, _ moment: MetricMoment) {
    self.metrics = metrics
    self.moment = moment
  }

  /// The present: the moment's point, or the latest one that was taken in.
  private var present: (at: Timestamp, nav: USD, equity: USD)? {
    if let point = moment.point, point.at >= curve.pending?.at ?? point.at {
      return (point.at, point.nav, point.equity)
    }
    return curve.pending.map { ($0.at, $0.nav, $0.equity) }
  }

  /// Quoted dollars.
  var equity: Double? { present.map { moment.scale($0.equity).double } }

  var nav: Double? { present?.nav.double }

  /// Days since inception with their fraction; `nil` at inception.
  var age: Double? {
    guard let present else { return nil }
    let ms = (present.at - metrics.inception).ms
    return ms > 0 ? Double(ms) / Double(Span.day.ms) : nil
  }

  /// A fraction.
  var totalReturn: Double? { nav.map { $0 / EquityRow.navStart.double - 1 } }

  /// Compound annual growth rate, a fraction: what the total return comes to in 365 days; `nil`
  /// before a day is over.
  var growth: Double? {
    guard let age, age >= 1, let totalReturn, totalReturn >= -1,
      let grown = Logarithm.power(1 + totalReturn, TraderMetrics.daysPerYear / age)
    else { return nil }
    return grown.isFinite ? grown - 1 : nil
  }

  /// Mean daily return times 365, a fraction.
  var annualReturn: Double? { curve.daily.average.map { $0 * TraderMetrics.daysPerYear } }

  /// Deviation of daily returns times √365, a fraction.
  var volatility: Double? {
    curve.daily.deviation.map { $0 * TraderMetrics.daysPerYear.squareRoot() }
  }

  private var excess: Double? {
    curve.daily.average.map { $0 - moment.riskFree / TraderMetrics.daysPerYear }
  }

  /// Sharpe (1994) of daily returns, annualised.
  var sharpe: Double? {
    guard let excess, let deviation = curve.daily.deviation, deviation > 0 else { return nil }
    return excess / deviation * TraderMetrics.daysPerYear.squareRoot()
  }

  /// Sortino & Price (1994) of daily returns, annualised; the target is the risk-free return.
  var sortino: Double? {
    guard let excess, curve.daily.count >= 2, curve.shortfalls > 0,
      metrics.riskFree == moment.riskFree
    else { return nil }
    let deviation = (curve.shortfalls / Double(curve.daily.count)).squareRoot()
    return excess / deviation * TraderMetrics.daysPerYear.squareRoot()
  }

  /// nof1's: mean over deviation of hourly returns, for a day.
  var sharpeHourly: Double? {
    guard let mean = curve.hourly.average, let deviation = curve.hourly.deviation, deviation > 0
    else { return nil }
    return mean / deviation * 24.0.squareRoot()
  }

  /// The falls up to the present.
  var drawdown: Drawdown? {
    present.map { present in
      var drawdown = curve.drawdown
      drawdown.fold(present.nav, at: present.at)
      return drawdown
    }
  }

  /// When the greatest fall began; `nil` = there was none.
  var drawdownFrom: Timestamp? {
    drawdown.flatMap { $0.greatest > 0 ? $0.greatestFrom ?? metrics.inception : nil }
  }

  /// When the curve was at the peak that it is below now; `nil` = it is at its peak.
  var currentDrawdownFrom: Timestamp? {
    drawdown.flatMap { $0.current > 0 ? $0.peakAt ?? metrics.inception : nil }
  }

  /// Young (1991): growth over the greatest fall.
  var calmar: Double? {
    guard let growth, let greatest = drawdown?.greatest, greatest > 0 else { return nil }
    return growth / greatest
  }

  /// Mean equity of the hourly closes, or the present one before the first, raw USD; `nil` when
  /// not above zero.
  var meanEquity: Double? {
    let mean = curve.hours > 0 ? curve.equity.double / Double(curve.hours) : present?.equity.double
    return mean.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The closes of days by their numbers, the present one's included.
  private static func returns(of metrics: TraderMetrics) -> [DayReturn] {
    var closes = metrics.curve.closes
    if let pending = metrics.curve.pending {
      closes.append(DayClose(day: CivilDay(pending.at), nav: pending.nav))
    }
    // The day before the first that is kept is not known, unless there is none.
    var last = closes.count <= CurveMetrics.daysKept ? EquityRow.navStart : nil
    var returns: [DayReturn] = []
    returns.reserveCapacity(closes.count)
    for close in closes {
      if let last, last > .zero {
        returns.append(DayReturn(day: close.day, share: close.nav.double / last.double - 1))
      }
      last = close.nav
    }
    return returns
  }

  /// What a day brought, as a share of what there was before.
  private struct DayReturn {
    let day: CivilDay
    let share: Double
  }

  /// The front end's: of the daily returns of realised profit less the benchmark's of the same
  /// UTC day, winsorised.
  ///
  /// Only days on which a trade ended and the benchmark has a return count, of the newest 400 of
  /// each. The lowest and highest tenth of the returns are set to those next to them. `nil` below
  /// three days, where the front end greys it out, and for equal returns.
  var sharpeOfTrades: Double? {
    guard let benchmark = moment.benchmark else { return nil }
    var theirs = Self.returns(of: benchmark)[...]
    let base = EquityRow.navStart.double
    var equity = base + scaledToStart(metrics.trades.earlierProfit.double)
    var excess: [Double] = []
    for day in metrics.trades.days {
      let profit = scaledToStart(day.profit.double)
      // Both ascend.
      theirs = theirs.drop { $0.day < day.day }
      if equity > 0, let their = theirs.first, their.day == day.day {
        excess.append(profit / equity - their.share)
      }
      equity += profit
    }
    guard excess.count >= 3 else { return nil }
    let sorted = excess.sorted()
    let cut = (sorted.count - 1) / 10
    let (low, high) = (sorted[cut], sorted[sorted.count - 1 - cut])
    var spread = Spread()
    for value in excess { spread.add(min(high, max(low, value))) }
    guard let deviation = spread.deviation, deviation > 0 else { return nil }
    return spread.mean / deviation
  }

  /// The front end reckons in quoted dollars, whatever they are.
  private func scaledToStart(_ amount: Double) -> Double { amount * moment.scale.factor }
}

/// A finite number; `nil` for any other.
func finite(_ number: Double?) -> Double? { number.flatMap { $0.isFinite ? $0 : nil } }

/// A part of a whole as a number; `nil` of nothing.
func ratio(_ part: Double, of whole: Double) -> Double? {
  whole == 0 ? nil : finite(part / whole)
}

/// A part of a whole in per cent; `nil` of nothing.
func share(_ part: Int64, of whole: Int64) -> Double? {
  whole == 0 ? nil : 100 * (Double(part) / Double(whole))
}
