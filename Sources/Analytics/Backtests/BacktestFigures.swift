package import Trading

/// The figures of one trader in a back-test, or of all of them together.
///
/// Those of round trips and daily returns are the ones of ``Metric``, so that they mean the same
/// as in `performance.json`; falls are measured at every cycle.
package struct BacktestFigures: Sendable, Equatable {
  /// The trader; `nil` = all of them.
  package let id: TraderID?
  /// Its name for people; `all` for all of them.
  package let name: String
  /// What decides for it; empty for all of them.
  package let executor: String
  /// What it began with, USD.
  package let start: USD
  /// What it was worth at the end, USD; without cycles what it began with.
  package let end: USD
  /// What it began with and what was realised, less fees, with funding, USD.
  package let cash: USD
  /// Fees paid, USD.
  package let fees: USD
  /// Funding received (negative: paid), USD.
  package let funding: USD
  /// Σ price · size of its fills, USD.
  package let volume: USD
  /// How many fills it had.
  package let fills: Int
  /// Positions that were open at the end.
  package let openPositions: Int
  /// Decisions by action word, the most frequent first.
  package let decisions: [BacktestCount]
  /// Rejected decisions by rule, the most frequent first.
  package let rejections: [BacktestCount]
  /// Turns that failed by reason, the most frequent first.
  package let failures: [BacktestCount]
  /// From the first cycle to the last.
  package let length: Span
  /// What the curve came to.
  package let curve: BacktestCurve
  /// What the round trips came to.
  package let trips: BacktestTrips
  private let metrics: TraderMetrics
  private let moment: MetricMoment

  /// The figures of a record.
  ///
  /// - Parameters:
  ///   - trader: The trader; its trades are not looked at.
  ///   - id: Its id; `nil` = all traders together.
  ///   - timesMs: The instants of its curve.
  ///   - riskFree: Yearly return of money that takes no risk, as a fraction.
  ///   - trades: Gives each round trip, in the order they ended.
  init(
    _ trader: BacktestTrader, id: TraderID?, timesMs: [Int64], riskFree: Double,
    trades: ((Trade) -> Void) -> Void
  ) {
    let curve = BacktestCurve(
      start: trader.start.mantissa, timesMs: timesMs, equity: trader.equity)
    var trips = BacktestTrips(days: curve.days)
    var metrics = Self.returns(of: curve, trader, from: timesMs.first ?? 0, riskFree)
    trades { trade in
      trips.fold(trade)
      metrics.fold(trade, equityAtEntry: nil)
    }
    self.id = id
    name = trader.name
    executor = trader.executor
    start = trader.start
    end = trader.equity.last.map { USD(mantissa: $0) } ?? trader.start
    cash = trader.cash
    fees = trader.fees
    funding = trader.funding
    volume = trader.volume
    fills = trader.fills
    openPositions = trader.openPositions
    decisions = BacktestCount.all(of: trader.decisions)
    rejections = BacktestCount.all(of: trader.rejections)
    failures = BacktestCount.all(of: trader.failures)
    length = Span(ms: (timesMs.last ?? 0) - (timesMs.first ?? 0))
    self.curve = curve
    self.trips = trips
    self.metrics = metrics
    moment = MetricMoment(
      at: Timestamp(ms: timesMs.last ?? 0), point: nil, open: [], scale: .raw,
      riskFree: riskFree)
  }

  /// Whether the two are alike in all that a report shows.
  package static func == (left: Self, right: Self) -> Bool {
    left.id == right.id && left.name == right.name && left.executor == right.executor
      && left.curve == right.curve && left.trips == right.trips && left.metrics == right.metrics
      && left.cash == right.cash && left.fees == right.fees && left.funding == right.funding
      && left.volume == right.volume
      && left.decisions == right.decisions && left.rejections == right.rejections
      && left.failures == right.failures && left.openPositions == right.openPositions
  }

  /// The aggregates of the curve's daily returns.
  private static func returns(
    of curve: BacktestCurve, _ trader: BacktestTrader, from firstMs: Int64, _ riskFree: Double
  ) -> TraderMetrics {
    var metrics = TraderMetrics(inception: Timestamp(ms: firstMs), riskFree: riskFree)
    guard trader.start > .zero else { return metrics }
    func fold(_ equity: USD, at instant: Timestamp) {
      let nav = Int128(equity.mantissa) * Int128(EquityRow.navStart.mantissa)
      metrics.fold(
        EquityPoint(
          trader: trader.id, at: instant, equity: equity,
          nav: USD(mantissa: Int64(clamping: nav / Int128(trader.start.mantissa))),
          cash: equity, unrealised: .zero, marginUsed: .zero))
    }
    for day in curve.days { fold(day.end, at: day.lastAt) }
    // The first instant of the next day ends the last one.
    if let last = curve.days.last, last.isOver { fold(last.end, at: last.day.start + .day) }
    return metrics
  }
}

extension BacktestFigures {
  /// Profit and loss, USD.
  package var pnl: USD { end - start }

  /// The part of it that was not realised, of open positions, USD.
  package var unrealised: USD { end - cash }

  /// What became of the start, per cent of it; `nil` = it was not above zero.
  package var returnPct: Double? {
    start > .zero ? 100 * (end.double / start.double - 1) : nil
  }

  /// Days from the first cycle to the last, with their fraction.
  package var days: Double { Double(length.ms) / Double(Span.day.ms) }

  /// Total return per 365 days, compounded, per cent; `nil` before a day is over.
  package var growthPct: Double? {
    guard days >= 1, let returnPct, returnPct >= -100,
      let grown = Logarithm.power(1 + returnPct / 100, TraderMetrics.daysPerYear / days)
    else { return nil }
    return finite(100 * (grown - 1))
  }

  /// Growth over the greatest relative fall at any cycle (Young 1991); `nil` = there was none.
  package var calmar: Double? {
    guard let growthPct, let fallPct = curve.deepest?.pct else { return nil }
    return ratio(growthPct, of: fallPct)
  }

  /// The greatest relative fall at any cycle, per cent, 0 or more; `nil` = no cycles.
  package var drawdownPct: Double? { curve.lowest == nil ? nil : curve.deepest?.pct ?? 0 }

  /// Round trips per day; `nil` = no time passed.
  package var tradesPerDay: Double? { ratio(Double(trips.all.trades), of: days) }

  /// P&L per day, USD; `nil` = no time passed.
  package var pnlPerDay: Double? { ratio(pnl.double, of: days) }

  /// The UTC days that are over.
  private var daysOver: [BacktestPeriod] {
    BacktestCalendar.day.periods(
      of: curve.days.filter(\.isOver),
      curve.days.indices.filter { curve.days[$0].isOver }.map { trips.byDay[$0] })
  }

  /// UTC days that are over with a gain, without either, and with a loss.
  package var dayResults: (won: Int, drawn: Int, lost: Int) {
    let over = curve.days.filter(\.isOver)
    let won = over.count { $0.end > $0.start }
    let lost = over.count { $0.end < $0.start }
    return (won, over.count - won - lost, lost)
  }

  /// The UTC day with the greatest return, of those that are over; `nil` = none is.
  package var bestDay: BacktestPeriod? {
    daysOver.max { ($0.returnPct ?? 0) < ($1.returnPct ?? 0) }
  }

  /// The UTC day with the least return, of those that are over; `nil` = none is.
  package var worstDay: BacktestPeriod? {
    daysOver.min { ($0.returnPct ?? 0) < ($1.returnPct ?? 0) }
  }

  /// The coin with the most profit; `nil` = no round trips.
  package var bestSymbol: BacktestGroup? { trips.symbols.first }

  /// The coin with the least profit; `nil` = no round trips.
  package var worstSymbol: BacktestGroup? { trips.symbols.last }

  /// Broken down by calendar time, ascending.
  package func periods(_ calendar: BacktestCalendar) -> [BacktestPeriod] {
    calendar.periods(of: curve.days, trips.byDay)
  }

  /// How many decisions were rejected.
  package var rejected: Int { rejections.reduce(0) { $0 + $1.count } }

  /// A figure by its name in the exports; `nil` = not defined.
  package func figure(_ key: String) -> Double? {
    guard let metric = Self.metrics.first(where: { $0.key == key }) else {
      preconditionFailure("expected a figure of BacktestFigures.metrics, was \(key)")
    }
    return metric.value(metrics, moment)
  }

  /// The figures of ``Metric`` that a report has, by their names.
  static let metrics: [Metric] = {
    let daily = ["annualised_return_pct", "volatility_pct", "sharpe", "sortino", "return_days"]
    let all = Metric.equity.filter { daily.contains($0.key) } + Metric.trades
    return all.sorted { $0.key < $1.key }
  }()
}

/// How often something was counted.
package struct BacktestCount: Sendable, Equatable {
  /// What was counted.
  package let name: String
  /// How often.
  package let count: Int

  /// The most frequent first; of equal ones by name.
  static func all(of counts: [String: Int]) -> [BacktestCount] {
    counts.map { BacktestCount(name: $0.key, count: $0.value) }.sorted { left, right in
      left.count == right.count
        ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8) : left.count > right.count
    }
  }
}
