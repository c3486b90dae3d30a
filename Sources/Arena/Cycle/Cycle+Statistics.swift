import Analytics
import Journal
import Logging
import Trading

extension Cycle {
  /// How sure the leaderboard is.
  ///
  /// It is reckoned from whole days, or whole hours while the arena is young, and kept: it changes
  /// when one of them is over, or traders come or go, and not in between.
  ///
  /// - Returns: `nil` = too early to say, or it cannot be reckoned, which is logged: no statistic
  ///   is worth a run.
  func statistics(_ work: CycleWork) -> ArenaStatistics? {
    do {
      return try reckonedStatistics(work)
    } catch {
      ports.log.warning("no statistics", metadata: ["error": "\(error)"])
      return nil
    }
  }

  private func reckonedStatistics(_ work: CycleWork) throws -> ArenaStatistics? {
    let present = work.state.traders.values.filter { $0.runtime.removedAt == nil }
    let ids = Set(present.map(\.ledger.trader))
    let period = ArenaStatistics.Period.suitable(
      dailyReturns: present.map(\.totals.days).max() ?? 0)
    let control = config.traders.first { spec in
      guard case .baseline(.random) = spec.executor else { return false }
      return ids.contains(spec.id)
    }?.id
    let source = source(of: ids, period, control, at: work.now)
    if let kept = try ports.store.statistics(madeFrom: source) {
      // What cannot be read any more is reckoned anew, from the same returns.
      if let statistics = try? ArenaStatistics(decoding: kept) { return statistics }
    }
    guard
      let made = ArenaStatistics.compute(
        try returns(of: ids, period, at: work.now), period: period, control: control,
        riskFree: config.export.riskFree)
    else { return nil }
    try ports.store.keepStatistics(made.encoded, madeFrom: source)
    return made
  }

  /// What tells what statistics are made from: returns of the past never change.
  ///
  /// A method that changes gets a new number here.
  private func source(
    of traders: Set<TraderID>, _ period: ArenaStatistics.Period, _ control: TraderID?,
    at now: Timestamp
  ) -> String {
    let present =
      switch period {
      case .day: CivilDay(now).number
      case .hour: now.ms / Span.hour.ms
      }
    return
      ([
        "2", period.rawValue, "\(present)", "\(config.export.riskFree)", control?.name ?? "",
      ] + traders.map(\.name).sorted()).joined(separator: " ")
  }

  /// Days of returns that are looked at, at the most.
  private static let daysSeen = 1100
  /// Hours that are looked at while the arena is young, at the most.
  private static let hoursSeen = 24 * (ArenaStatistics.Period.youngDays + 2)

  /// The returns of traders over days or hours that are over.
  private func returns(
    of traders: Set<TraderID>, _ period: ArenaStatistics.Period, at now: Timestamp
  ) throws -> [ReturnSeries] {
    var series: [ReturnSeries] = []
    func add(_ trader: TraderID, _ worths: [(period: Int64, worth: Double)], isWhole: Bool) {
      guard traders.contains(trader) else { return }
      series.append(ReturnSeries(trader: trader, worths: worths, isWhole: isWhole))
    }
    switch period {
    case .day:
      let today = CivilDay(now)
      for (trader, navs) in try ports.store.dailyNAVs(limit: Self.daysSeen) {
        add(
          trader, navs.filter { $0.day < today }.map { ($0.day.number, $0.nav.double) },
          isWhole: navs.count < Self.daysSeen)
      }
    case .hour:
      let present = now.ms / Span.hour.ms
      for (trader, navs) in try ports.store.hourlyNAVs(limit: Self.hoursSeen) {
        add(
          trader, navs.filter { $0.hour < present }.map { ($0.hour, $0.nav.double) },
          isWhole: navs.count < Self.hoursSeen)
      }
    }
    return series
  }
}
