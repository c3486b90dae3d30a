import Trading

/// Aggregates of a curve of worth.
///
/// They are made of its last point in each hour since inception and in each UTC day, which are
/// kept for ever; the curve begins with a NAV of 10,000 at inception. An hour or a day without a
/// point gives no return: the next return spans the gap.
struct CurveMetrics: Sendable, Equatable, Archived {
  /// The latest point; its hour and its day are not over.
  private(set) var pending: Pending?
  /// Returns from one hour's close to the next one's, as fractions.
  private(set) var hourly = Spread()
  /// Returns from one day's close to the next one's, as fractions.
  private(set) var daily = Spread()
  /// Σ squares of what daily returns fell short of the target.
  private(set) var shortfalls = 0.0
  /// Days with a return above zero.
  private(set) var daysWon: Int64 = 0
  /// Days with a return below zero.
  private(set) var daysLost: Int64 = 0
  /// The greatest daily return; 0 while there is none.
  private(set) var bestDay = 0.0
  /// The least daily return; 0 while there is none.
  private(set) var worstDay = 0.0
  /// Falls of the hourly closes.
  private(set) var drawdown = Drawdown()
  /// Hours with a close.
  private(set) var hours: Int64 = 0
  /// Those that ended with an open position.
  private(set) var hoursHeld: Int64 = 0
  /// Σ equity of the hourly closes.
  private(set) var equity = ExactSum()
  /// Margin taken as a share of the equity, at the hourly closes.
  private(set) var marginUse = Spread()
  /// The closes of the newest days that are over, ascending, where they are kept.
  private(set) var closes: [DayClose] = []
  private var lastHourNAV = EquityRow.navStart
  private var lastDayNAV = EquityRow.navStart

  /// Days whose closes are kept.
  static let daysKept = 400

  /// A point that is not closed yet.
  struct Pending: Sendable, Equatable, Archived {
    var at = Timestamp(ms: 0)
    var nav = USD.zero
    var equity = USD.zero
    var marginUsed = USD.zero

    mutating func archive(in archive: inout some MetricsArchive) {
      var ms = at.ms
      archive.value("at_ms", &ms)
      at = Timestamp(ms: ms)
      archive.value("nav", &nav)
      archive.value("equity", &equity)
      archive.value("margin_used", &marginUsed)
    }
  }

  /// Takes in a point; points come in time order, one of the same instant replaces.
  ///
  /// - Parameters:
  ///   - point: The point; one before the latest changes nothing.
  ///   - inception: When hours begin to be counted.
  ///   - target: The daily return that Sortino's ratio wants, as a fraction.
  ///   - keepsDays: Whether closes of days are kept.
  mutating func fold(
    _ point: EquityPoint, since inception: Timestamp, target: Double, keepsDays: Bool
  ) {
    if let pending {
      guard point.at >= pending.at else { return }
      func hour(_ at: Timestamp) -> Int64 { max(0, (at - inception).ms / Span.hour.ms) }
      if hour(pending.at) < hour(point.at) { closeHour(pending) }
      if CivilDay(point.at) > CivilDay(pending.at) {
        closeDay(pending, target: target)
        if keepsDays { keepDay(pending) }
      }
    }
    pending = Pending(
      at: point.at, nav: point.nav, equity: point.equity, marginUsed: point.marginUsed)
  }

  private mutating func closeHour(_ close: Pending) {
    if lastHourNAV > .zero { hourly.add(close.nav.double / lastHourNAV.double - 1) }
    lastHourNAV = close.nav
    drawdown.fold(close.nav, at: close.at)
    hours += 1
    if close.marginUsed > .zero { hoursHeld += 1 }
    equity += close.equity
    if close.equity > .zero { marginUse.add(close.marginUsed.double / close.equity.double) }
  }

  private mutating func closeDay(_ close: Pending, target: Double) {
    if lastDayNAV > .zero {
      let change = close.nav.double / lastDayNAV.double - 1
      bestDay = daily.count == 0 ? change : max(bestDay, change)
      worstDay = daily.count == 0 ? change : min(worstDay, change)
      daily.add(change)
      if change > 0 { daysWon += 1 }
      if change < 0 { daysLost += 1 }
      let short = min(0, change - target)
      shortfalls += short * short
    }
    lastDayNAV = close.nav
  }

  private mutating func keepDay(_ close: Pending) {
    closes.append(DayClose(day: CivilDay(close.at), nav: close.nav))
    if closes.count > Self.daysKept { closes.removeFirst(closes.count - Self.daysKept) }
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    var isPending: Int64 = pending == nil ? 0 : 1
    archive.value("has_pending", &isPending)
    if isPending != 0 {
      var point = pending ?? Pending()
      archive.value("pending", &point)
      pending = point
    }
    archive.value("hourly", &hourly)
    archive.value("daily", &daily)
    archive.value("shortfalls", &shortfalls)
    archive.value("days_won", &daysWon)
    archive.value("days_lost", &daysLost)
    archive.value("best_day", &bestDay)
    archive.value("worst_day", &worstDay)
    archive.value("drawdown", &drawdown)
    archive.value("hours", &hours)
    archive.value("hours_held", &hoursHeld)
    archive.value("equity", &equity)
    archive.value("margin_use", &marginUse)
    archive.list("closes", &closes, blank: DayClose())
    archive.value("last_hour_nav", &lastHourNAV)
    archive.value("last_day_nav", &lastDayNAV)
  }
}

/// The NAV at the end of a UTC day.
struct DayClose: Sendable, Equatable, Archived {
  var day = CivilDay(number: 0)
  var nav = USD.zero

  mutating func archive(in archive: inout some MetricsArchive) {
    var number = day.number
    archive.value("day", &number)
    day = CivilDay(number: number)
    archive.value("nav", &nav)
  }
}

/// The greatest fall of a curve from an earlier peak, and the present one.
struct Drawdown: Sendable, Equatable, Archived {
  /// The highest NAV so far; the first one at first.
  private(set) var peak = EquityRow.navStart
  /// When it was reached; `nil` = at inception.
  private(set) var peakAt: Timestamp?
  /// The latest NAV.
  private(set) var last = EquityRow.navStart
  /// The greatest fall as a fraction of its peak.
  private(set) var greatest = 0.0
  /// When the peak before the greatest fall was reached; `nil` = at inception.
  private(set) var greatestFrom: Timestamp?
  /// When the greatest fall ended; `nil` = there was none.
  private(set) var greatestTo: Timestamp?

  /// The present fall as a fraction of the peak; 0 at the peak.
  var current: Double { peak > .zero ? max(0, 1 - last.double / peak.double) : 0 }

  /// Takes in the next NAV.
  mutating func fold(_ nav: USD, at instant: Timestamp) {
    last = nav
    if nav > peak {
      peak = nav
      peakAt = instant
    } else if current > greatest {
      greatest = current
      greatestFrom = peakAt
      greatestTo = instant
    }
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("peak", &peak)
    archive.value("peak_at", &peakAt)
    archive.value("last", &last)
    archive.value("greatest", &greatest)
    archive.value("greatest_from", &greatestFrom)
    archive.value("greatest_to", &greatestTo)
  }
}

extension MetricsArchive {
  /// Takes or gives an instant that may be missing.
  mutating func value(_ name: StaticString, _ instant: inout Timestamp?) {
    var isGiven: Int64 = instant == nil ? 0 : 1
    var ms = instant?.ms ?? 0
    value("given", &isGiven)
    value(name, &ms)
    instant = isGiven == 0 ? nil : Timestamp(ms: ms)
  }
}
