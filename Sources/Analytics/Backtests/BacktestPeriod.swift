package import Trading

/// A UTC day, a week from Monday on, or a month of a back-test.
package struct BacktestPeriod: Sendable, Equatable {
  /// Its first day, `YYYY-MM-DD`; of a month `YYYY-MM`.
  package let name: String
  /// Equity at its beginning, USD.
  package let start: USD
  /// Equity at its end, USD.
  package fileprivate(set) var end: USD
  /// The round trips that ended in it.
  package fileprivate(set) var tally: BacktestTally

  /// What it brought, USD.
  package var pnl: USD { end - start }

  /// What it brought, per cent of the beginning; `nil` = that was not above zero.
  package var returnPct: Double? {
    start > .zero ? 100 * (end.double / start.double - 1) : nil
  }
}

/// A length of calendar time that a back-test is broken down by.
package enum BacktestCalendar: String, Sendable, CaseIterable {
  /// UTC days.
  case day
  /// Weeks from Monday on.
  case week
  /// Months.
  case month

  /// Which of them a day belongs to.
  private func name(of day: CivilDay) -> String {
    switch self {
    case .day: return day.description
    case .week:
      // 1970-01-01 was a Thursday.
      let weekday = (day.number + 3) % 7
      return CivilDay(number: day.number - (weekday < 0 ? weekday + 7 : weekday)).description
    case .month: return String(day.description.prefix(7))
    }
  }

  /// The periods that some days make up, ascending; days come ascending.
  func periods(of days: [BacktestDay], _ tallies: [BacktestTally]) -> [BacktestPeriod] {
    var periods: [BacktestPeriod] = []
    for (day, tally) in zip(days, tallies) {
      let name = name(of: day.day)
      if let last = periods.indices.last, periods[last].name == name {
        periods[last].end = day.end
        periods[last].tally.fold(tally)
      } else {
        periods.append(BacktestPeriod(name: name, start: day.start, end: day.end, tally: tally))
      }
    }
    return periods
  }
}
