package import Trading

/// What was read of an arena's record for a report on a period.
package struct PeriodRecord: Sendable {
  /// The name of the arena; empty = none.
  package var arena: String
  /// The instant the period begins after.
  package var from: Timestamp
  /// Its last instant.
  package var to: Timestamp
  /// Every trader that was there, in any order.
  package var traders: [PeriodTally]
  /// One for each coin with a trade that ended, in any order.
  package var symbols: [SymbolTally]
  /// The benchmark; `nil` = there is none.
  package var benchmark: BenchmarkPeriod?
  /// What the models cost, in any order.
  package var costs: [PeriodCost]
  /// Alerts that were opened.
  package var alerts: PeriodAlerts
  /// Kill switches that fired, oldest first.
  package var killSwitches: [KillSwitch]

  /// A record from its parts.
  package init(
    arena: String, from: Timestamp, to: Timestamp, traders: [PeriodTally],
    symbols: [SymbolTally] = [], benchmark: BenchmarkPeriod? = nil, costs: [PeriodCost] = [],
    alerts: PeriodAlerts = PeriodAlerts(counts: [:], newest: []),
    killSwitches: [KillSwitch] = []
  ) {
    self.arena = arena
    self.from = from
    self.to = to
    self.traders = traders
    self.symbols = symbols
    self.benchmark = benchmark
    self.costs = costs
    self.alerts = alerts
    self.killSwitches = killSwitches
  }
}
