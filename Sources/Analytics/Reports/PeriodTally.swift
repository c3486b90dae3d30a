package import Trading

/// What one trader did in a period, summed up as the record is read; its size is bounded.
package struct PeriodTally: Sendable, Equatable {
  /// The trader.
  package let trader: TraderID
  /// The word for what decides, for example `ema_cross`.
  package let executor: String
  /// Whether it was removed before the end.
  package let isRemoved: Bool
  /// What it was worth at the beginning; `nil` = its record begins later.
  package let start: EquityPoint?
  /// What it was worth at the end.
  package let end: EquityPoint
  private(set) var flows: USD = .zero
  private(set) var fees: USD = .zero
  private(set) var funding: USD = .zero
  private(set) var trades = 0
  private(set) var wins = 0
  private(set) var winnings: USD = .zero
  private(set) var losings: USD = .zero
  /// Σ amount of the flows, and Σ amount · ms since the beginning of the period.
  private(set) var weighted = (amount: 0.0, moment: 0.0)
  /// The earliest flow.
  private(set) var firstFlow: Timestamp?
  private(set) var curve: PeriodCurve
  private let from: Timestamp

  /// A tally of nothing.
  package init(
    trader: TraderID, executor: String, isRemoved: Bool, start: EquityPoint?, end: EquityPoint,
    from: Timestamp, to: Timestamp
  ) {
    self.trader = trader
    self.executor = executor
    self.isRemoved = isRemoved
    self.start = start
    self.end = end
    self.from = from
    curve = PeriodCurve(start: start?.nav, from: from, to: to)
  }

  /// Whether the two are alike in all that a report shows.
  package static func == (left: Self, right: Self) -> Bool {
    left.trader == right.trader && left.start == right.start && left.end == right.end
      && left.figures == right.figures
  }

  /// Takes in money put in or taken out.
  package mutating func fold(_ flow: CapitalFlow) {
    flows += flow.amount
    weighted.amount += flow.amount.double
    weighted.moment += flow.amount.double * Double((max(flow.at, from) - from).ms)
    firstFlow = min(firstFlow ?? flow.at, flow.at)
  }

  /// Takes in the fee of a fill, USD.
  package mutating func fold(fee: USD) { fees += fee }

  /// Takes in funding received, USD.
  package mutating func fold(funding received: USD) { funding += received }

  /// Takes in a position that ended in the period.
  package mutating func fold(_ trade: Trade) {
    trades += 1
    if trade.net > .zero {
      wins += 1
      winnings += trade.net
    } else {
      losings += trade.net
    }
  }

  /// Takes in a point of its curve; in time order.
  package mutating func fold(_ point: EquityPoint) { curve.fold(point) }

  /// Whether it had money or did anything in the period.
  var isOfInterest: Bool {
    start?.equity ?? .zero != .zero || end.equity != .zero || flows != .zero || trades > 0
      || fees != .zero
  }

  /// Its figures.
  var figures: PeriodFigures {
    let began = start?.nav.double ?? Self.navAtInception
    return PeriodFigures(
      start: start?.equity ?? .zero, flows: flows,
      realised: (end.cash - (start?.cash ?? .zero)) - flows - funding + fees, fees: fees,
      funding: funding, unrealisedChange: end.unrealised - (start?.unrealised ?? .zero),
      end: end.equity, returnPct: began > 0 ? 100 * (end.nav.double / began - 1) : nil,
      trades: trades, wins: wins, sharpe: curve.sharpe)
  }

  /// The NAV that every record begins with, USD.
  private static let navAtInception = 10_000.0
}
