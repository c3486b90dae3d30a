package import Trading

extension ReturnSeries {
  /// The returns between the last worths of periods.
  ///
  /// After a gap the return of all of it counts in the period that ended it, so that the total
  /// is right. After a worth of 0 or less there are no returns.
  ///
  /// - Parameters:
  ///   - trader: The trader.
  ///   - worths: Numbers of periods, ascending, and the NAV at the end of each.
  ///   - isWhole: Whether the trader's record begins with them: then the first period has a return,
  ///     too, from the NAV at inception.
  package init(
    trader: TraderID, worths: [(period: Int64, worth: Double)], isWhole: Bool
  ) {
    let inception = EquityRow.navStart.double
    var periods: [Int64] = []
    var returns: [Double] = []
    var before = isWhole ? inception : worths.first?.worth ?? inception
    let start = before / inception
    for now in isWhole ? worths[...] : worths.dropFirst() {
      guard before > 0 else { break }
      periods.append(now.period)
      returns.append(now.worth / before - 1)
      before = now.worth
    }
    self.init(trader: trader, periods: periods, returns: returns, start: start)
  }
}

extension ArenaStatistics.Period {
  /// Daily returns below which an arena is young.
  package static let youngDays = 30

  /// What to measure in: days once some trader has ``youngDays`` daily returns, before that hours.
  package static func suitable(dailyReturns: Int) -> ArenaStatistics.Period {
    dailyReturns < youngDays ? .hour : .day
  }

  /// How many of it make a year.
  package var perYear: Double { perDay * 365 }

  /// How many of it make a day.
  package var perDay: Double {
    switch self {
    case .day: 1
    case .hour: 24
    }
  }

  /// How long it is, seconds.
  var seconds: Int64 {
    switch self {
    case .day: 86_400
    case .hour: 3600
    }
  }
}
