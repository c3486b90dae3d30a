package import Trading

/// What happened in an arena in a period.
package struct PeriodReport: Sendable, Equatable {
  /// Symbols shown at the most.
  package static let symbolsShown = 10

  /// The name of the arena; empty = none.
  package let arena: String
  /// The instant the period begins after.
  package let from: Timestamp
  /// Its last instant.
  package let to: Timestamp
  /// All traders together.
  package let total: PeriodFigures
  /// Those with money or trades in the period, the best return first.
  package let traders: [TraderPeriod]
  /// Symbols of the trades, the most profit first, at most ``symbolsShown``.
  package let symbols: [SymbolTally]
  /// The benchmark over the same time; `nil` = there is none.
  package let benchmark: BenchmarkPeriod?
  /// What the models cost in the period, by trader and model.
  package let costs: [PeriodCost]
  /// Alerts that were opened.
  package let alerts: PeriodAlerts
  /// Kill switches that fired, oldest first.
  package let killSwitches: [KillSwitch]

  /// The trader with the best return; `nil` = nobody's is defined.
  package var best: TraderPeriod? { traders.first { $0.figures.returnPct != nil } }
  /// The trader with the worst return; `nil` unless at least two traders have one.
  package var worst: TraderPeriod? {
    let ranked = traders.filter { $0.figures.returnPct != nil }
    return ranked.count < 2 ? nil : ranked.last
  }
  /// What the models cost in all, USD.
  package var cost: USD { costs.reduce(.zero) { $0 + $1.cost } }

  /// Sums up what was read of a period.
  package init(_ record: PeriodRecord) {
    arena = record.arena
    from = record.from
    to = record.to
    let tallies = record.traders.filter(\.isOfInterest)
    traders = tallies.map {
      TraderPeriod(
        id: $0.trader, executor: $0.executor, isRemoved: $0.isRemoved, figures: $0.figures,
        drawdownPct: $0.curve.drawdownPct)
    }.sorted(by: Self.isBetter)
    total = Self.total(of: tallies, from: record.from, to: record.to)
    let bySymbol = record.symbols.sorted { left, right in
      left.net == right.net ? left.coin < right.coin : left.net > right.net
    }
    symbols = Array(bySymbol.prefix(Self.symbolsShown))
    benchmark = record.benchmark
    costs = record.costs.sorted { left, right in
      (-left.cost.mantissa, left.trader.name, left.model)
        < (-right.cost.mantissa, right.trader.name, right.model)
    }
    alerts = record.alerts
    killSwitches = record.killSwitches
  }

  private static func isBetter(_ left: TraderPeriod, _ right: TraderPeriod) -> Bool {
    switch (left.figures.returnPct, right.figures.returnPct) {
    case (let one?, let other?) where one != other: one > other
    case (nil, _?): false
    case (_?, nil): true
    case (_, _): left.id < right.id
    }
  }

  private static func total(
    of tallies: [PeriodTally], from: Timestamp, to: Timestamp
  ) -> PeriodFigures {
    let parts = tallies.map(\.figures)
    func sum(_ part: KeyPath<PeriodFigures, USD>) -> USD {
      parts.reduce(.zero) { $0 + $1[keyPath: part] }
    }
    let pnl = sum(\.pnl)
    let capital = averageCapital(of: tallies, start: sum(\.start), from: from, to: to)
    let sharpes = parts.compactMap(\.sharpe)
    return PeriodFigures(
      start: sum(\.start), flows: sum(\.flows), realised: sum(\.realised), fees: sum(\.fees),
      funding: sum(\.funding), unrealisedChange: sum(\.unrealisedChange), end: sum(\.end),
      returnPct: capital > 0 ? 100 * pnl.double / capital : nil,
      trades: parts.reduce(0) { $0 + $1.trades }, wins: parts.reduce(0) { $0 + $1.wins },
      sharpe: sharpes.isEmpty ? nil : sharpes.reduce(0, +) / Double(sharpes.count))
  }

  /// The money at work on the average: what was there, and each flow for its share of the time
  /// (Dietz, "Pension Funds: Measuring Investment Performance", 1966, as modified since).
  ///
  /// An arena that began within the period is measured from its first flow on.
  private static func averageCapital(
    of tallies: [PeriodTally], start: USD, from: Timestamp, to: Timestamp
  ) -> Double {
    let began = start == .zero ? tallies.compactMap(\.firstFlow).min() ?? from : from
    let length = Double((to - max(began, from)).ms)
    let amount = tallies.reduce(0) { $0 + $1.weighted.amount }
    let moment = tallies.reduce(0) { $0 + $1.weighted.moment }
    guard length > 0 else { return start.double + amount }
    return start.double + (amount * Double((to - from).ms) - moment) / length
  }
}

/// One trader in a period.
package struct TraderPeriod: Sendable, Equatable {
  /// The trader.
  package let id: TraderID
  /// The word for what decides.
  package let executor: String
  /// Whether it was removed before the end.
  package let isRemoved: Bool
  /// Its money and figures.
  package let figures: PeriodFigures
  /// The greatest fall of its NAV from an earlier peak within the period, per cent.
  package let drawdownPct: Double
}

/// The benchmark in a period.
package struct BenchmarkPeriod: Sendable, Equatable {
  /// Its id.
  package let id: TraderID
  /// Its return, per cent.
  package let returnPct: Double

  /// A benchmark from its NAV at the ends, USD; `nil` = it was worth nothing.
  package init?(id: TraderID, start: USD, end: USD) {
    guard start > .zero else { return nil }
    self.id = id
    returnPct = 100 * (end.double / start.double - 1)
  }
}

/// What the calls of one trader to one model cost in a period.
package struct PeriodCost: Sendable, Equatable {
  /// The trader.
  package let trader: TraderID
  /// The model, by the alias of the configuration.
  package let model: String
  /// Calls.
  package let calls: Int
  /// Their tokens, in and out.
  package let tokens: Int
  /// Their cost, USD.
  package let cost: USD

  /// A cost from its parts.
  package init(trader: TraderID, model: String, calls: Int, tokens: Int, cost: USD) {
    self.trader = trader
    self.model = model
    self.calls = calls
    self.tokens = tokens
    self.cost = cost
  }
}

/// The alerts that were opened in a period.
package struct PeriodAlerts: Sendable, Equatable {
  /// How many there were of each severity, the most urgent first.
  package let counts: [(severity: AlertSeverity, count: Int)]
  /// The newest ones, newest first.
  package let newest: [AlertRecord]

  /// Alerts from their parts; severities without a count have none.
  package init(counts: [AlertSeverity: Int], newest: [AlertRecord]) {
    self.counts = AlertSeverity.allCases.map { ($0, counts[$0] ?? 0) }
    self.newest = newest
  }

  /// How many there were.
  package var count: Int { counts.reduce(0) { $0 + $1.count } }

  /// Whether the two are the same.
  package static func == (left: Self, right: Self) -> Bool {
    left.newest == right.newest && left.counts.map(\.count) == right.counts.map(\.count)
  }
}
