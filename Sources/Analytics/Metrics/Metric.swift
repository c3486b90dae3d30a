package import Trading

/// A figure of a trader's record: its name, what it is, and how it is computed.
///
/// `performance.json`, `metrics.prom` and the reports show all of ``all``: a figure that is added
/// there is added everywhere.
package struct Metric: Sendable {
  /// Its name in the exports, for example `sharpe`: lower case, words joined by `_`.
  package let key: String
  /// What its number counts.
  package let unit: MetricUnit
  /// What it is about.
  package let group: MetricGroup
  /// What it is, in one sentence without a full stop, with the source of its formula.
  package let summary: String
  /// Its value; `nil` = not defined yet, never 0 in its place.
  package let value: @Sendable (TraderMetrics, MetricMoment) -> Double?

  /// A figure from its parts.
  package init(
    key: String, unit: MetricUnit, group: MetricGroup, summary: String,
    value: @escaping @Sendable (TraderMetrics, MetricMoment) -> Double?
  ) {
    self.key = key
    self.unit = unit
    self.group = group
    self.summary = summary
    self.value = value
  }
}

/// What the number of a figure counts.
package enum MetricUnit: String, Sendable, CaseIterable {
  /// Quoted dollars.
  case usd
  /// Per cent, 0–100 for shares.
  case pct
  /// A plain number.
  case ratio
  /// A whole number.
  case count
  /// Minutes with their fraction.
  case minutes
  /// Days with their fraction.
  case days
  /// Basis points.
  case bps
  /// Unix seconds.
  case seconds
}

/// What a figure is about.
package enum MetricGroup: String, Sendable, CaseIterable {
  /// The curve of the trader's worth.
  case equity
  /// Finished positions.
  case trades
  /// What trading cost.
  case costs
  /// How the trader decides.
  case behaviour
}

/// The present that a figure is read at.
package struct MetricMoment: Sendable {
  /// The time.
  package let at: Timestamp
  /// The latest point of the trader's curve; `nil` = none yet.
  package let point: EquityPoint?
  /// Its open positions with their marks.
  package let open: [(position: Position, mark: Price)]
  /// How its dollars are quoted.
  package let scale: DollarScale
  /// Yearly return of money that takes no risk, as a fraction.
  package let riskFree: Double
  /// The aggregates of the benchmark; `nil` = there is none.
  package let benchmark: TraderMetrics?

  /// A moment from its parts.
  package init(
    at: Timestamp, point: EquityPoint?, open: [(position: Position, mark: Price)],
    scale: DollarScale, riskFree: Double = 0, benchmark: TraderMetrics? = nil
  ) {
    self.benchmark = benchmark
    self.at = at
    self.point = point
    self.open = open
    self.scale = scale
    self.riskFree = riskFree
  }
}
