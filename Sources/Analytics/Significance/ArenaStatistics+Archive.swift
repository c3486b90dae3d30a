// Not JSON: reading that took a fifth of the export of a run, and a run reads the statistics each
// time but reckons them once a day.

extension ArenaStatistics {
  /// The number of the order of fields; one more for each change of it.
  private static let layout: UInt8 = 2

  /// The statistics as bytes, for keeping: the number of their layout and the fields.
  package var encoded: [UInt8] {
    var copy = self
    var writer = MetricsWriter(layout: Self.layout)
    copy.archive(in: &writer)
    return writer.take()
  }

  /// Reads what ``encoded`` wrote.
  package init(decoding bytes: [UInt8]) throws(MetricsError) {
    var reader = MetricsReader(bytes.dropFirst())
    self.init(period: .day, resamples: 0, seed: 0, traders: [], pairs: [], tiers: [])
    guard bytes.first == Self.layout else {
      throw MetricsError(
        description: "expected statistics of layout \(Self.layout), was "
          + (bytes.first.map { "layout \($0)" } ?? "nothing"))
    }
    archive(in: &reader)
    guard reader.isComplete else {
      throw MetricsError(
        description: "expected \(bytes.count) bytes of statistics to be used up, was another end")
    }
  }
}

extension ArenaStatistics: Archived {
  mutating func archive(in archive: inout some MetricsArchive) {
    var isHourly: Int64 = period == .hour ? 1 : 0
    archive.value("hourly", &isHourly)
    period = isHourly == 0 ? .day : .hour
    archive.value("resamples", &resamples)
    var bits = Int64(bitPattern: seed)
    archive.value("seed", &bits)
    seed = UInt64(bitPattern: bits)
    archive.list("traders", &traders, blank: TraderStatistics(id: "", periods: 0))
    archive.list(
      "pairs", &pairs,
      blank: PairStatistics(
        first: "", second: "", periods: 0, meanDifferencePct: 0, p: nil, pHolm: nil))
    archive.lists("tiers", &tiers, blank: "")
  }
}

extension TraderStatistics: Archived {
  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("id", &id)
    archive.value("periods", &periods)
    archive.value("return_pct", &returnPct)
    archive.value("sharpe", &sharpe)
    archive.value("rank", &rank)
    archive.value("probability_best", &probabilityBest)
    archive.value("psr", &psr)
    archive.value("dsr", &dsr)
    archive.value("minimum_track_days", &minimumTrackDays)
    archive.value("days_still_needed", &daysStillNeeded)
    archive.value("luck_percentile", &luckPercentile)
    archive.lists("band", &band, blank: 0)
  }
}

extension PairStatistics: Archived {
  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("first", &first)
    archive.value("second", &second)
    archive.value("periods", &periods)
    archive.value("mean_difference_pct", &meanDifferencePct)
    archive.value("p", &p)
    archive.value("p_holm", &pHolm)
  }
}

// MARK: - Parts

extension Double: Archived {
  mutating func archive(in archive: inout some MetricsArchive) { archive.value("number", &self) }
}

extension String: Archived {
  mutating func archive(in archive: inout some MetricsArchive) { archive.value("text", &self) }
}

extension MetricsArchive {
  fileprivate mutating func lists<Item: Archived>(
    _ name: StaticString, _ lists: inout [[Item]], blank: Item
  ) {
    part(name) { archive in
      var count = Int64(lists.count)
      archive.value("count", &count)
      if lists.count != count { lists = [] }
      for index in 0..<max(0, Int(count)) where !archive.isBroken {
        if index == lists.count { lists.append([]) }
        archive.list("list", &lists[index], blank: blank)
      }
    }
  }

  fileprivate mutating func value(_ name: StaticString, _ number: inout Int) {
    var whole = Int64(number)
    value(name, &whole)
    number = Int(whole)
  }

  fileprivate mutating func value(_ name: StaticString, _ number: inout Double?) {
    var isGiven: Int64 = number == nil ? 0 : 1
    value("given", &isGiven)
    guard isGiven != 0 else {
      number = nil
      return
    }
    var given = number ?? 0
    value(name, &given)
    number = given
  }

  fileprivate mutating func value(_ name: StaticString, _ interval: inout Interval?) {
    var low = interval?.low
    var high = interval?.high
    value(name, &low)
    value(name, &high)
    interval = low.flatMap { low in high.map { Interval(low: low, high: $0) } }
  }
}
