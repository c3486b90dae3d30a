package import Trading

/// What the round trips of a trader, or of all of them, came to: one pass over them.
package struct BacktestTrips: Sendable, Equatable {
  /// All of them.
  package private(set) var all = BacktestTally()
  /// The long ones.
  package private(set) var longs = BacktestTally()
  /// The short ones.
  package private(set) var shorts = BacktestTally()
  /// The one with the greatest profit after fees; of equal ones the first; `nil` = no trips.
  package private(set) var best: Trade?
  /// The one with the least profit after fees; of equal ones the first; `nil` = no trips.
  package private(set) var worst: Trade?
  private var coins: [BacktestGroup] = []
  private var causes = [BacktestTally](
    repeating: BacktestTally(), count: FillCause.allCases.count)
  /// Σ entry notional over leverage.
  private var stakes = ExactSum()
  /// One for each of the days, in their order.
  private(set) var byDay: [BacktestTally]
  private let days: [Int64]

  /// Trips of nobody in these days, which ascend.
  init(days: [BacktestDay]) {
    self.days = days.map(\.day.number)
    byDay = [BacktestTally](repeating: BacktestTally(), count: days.count)
  }

  /// Takes in a round trip.
  mutating func fold(_ trade: Trade) {
    all.fold(trade)
    switch trade.side {
    case .long: longs.fold(trade)
    case .short: shorts.fold(trade)
    }
    for (index, cause) in FillCause.allCases.enumerated() where cause == trade.exitCause {
      causes[index].fold(trade)
    }
    coins[place(of: trade.coin.name)].tally.fold(trade)
    if !days.isEmpty { byDay[day(of: trade.closedAt)].fold(trade) }
    stakes += trade.entryNotional.divided(by: max(1, trade.claim.leverage))
    if best.map({ trade.net > $0.net }) ?? true { best = trade }
    if worst.map({ trade.net < $0.net }) ?? true { worst = trade }
  }

  /// By coin, the most profit first.
  package var symbols: [BacktestGroup] { coins.sorted(by: BacktestGroup.isBetter) }

  /// By the cause that ended them, the most frequent first; causes without trips are left out.
  package var exits: [BacktestGroup] {
    zip(FillCause.allCases, causes).filter { $1.trades > 0 }
      .map { BacktestGroup(name: $0.rawValue, tally: $1) }
      .sorted { left, right in
        left.tally.trades == right.tally.trades
          ? left.name < right.name : left.tally.trades > right.tally.trades
      }
  }

  /// Mean margin they were opened with (entry notional over leverage), USD; `nil` = no trips.
  package var averageStake: Double? { ratio(stakes.double, of: Double(all.trades)) }

  /// The place of a coin; coins ascend by name.
  private mutating func place(of name: String) -> Int {
    let index = coins.firstIndex { $0.name >= name } ?? coins.count
    if index == coins.count || coins[index].name != name {
      coins.insert(BacktestGroup(name: name, tally: BacktestTally()), at: index)
    }
    return index
  }

  /// The place of the day an instant lies on; without points on that day, the next one.
  private func day(of instant: Timestamp) -> Int {
    let number = CivilDay(instant).number
    var (low, high) = (0, days.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if days[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
