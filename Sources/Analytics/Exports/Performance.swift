import Trading

extension Export {
  /// Every figure of ``Metric/all`` for each trader, and how sure the leaderboard is.
  ///
  /// What is not defined yet is null, never 0.
  package static let performance = Export(
    name: "performance.json", summary: "All figures of every trader, and how sure they are."
  ) { view in
    let statistics = view.record.statistics
    return CanonicalJSON.document(capacity: 1024 + 8000 * view.traders.count) { json in
      json.array("pairs", statistics?.pairs ?? []) { json, pair in
        json.object { $0.fields(of: pair) }
      }
      if let statistics {
        json.field("period", statistics.period.rawValue)
      } else {
        json.null("period")
      }
      json.field("resamples", statistics?.resamples ?? 0)
      json.field("serverTime", view.at.ms)
      json.array("tiers", statistics?.tiers ?? []) { json, tier in
        json.array(tier) { $0.value($1) }
      }
      json.array("traders", view.traders) { json, trader in
        json.object { $0.performance(of: trader, in: view) }
      }
    }
  }
}

/// A figure and what it is for a trader.
struct MetricReading {
  let metric: Metric
  /// `nil` = not defined.
  let value: Double?
}

extension ArenaView {
  /// All figures of a trader at the time of the view, sorted by key.
  func readings(of trader: TraderView) -> [MetricReading] {
    let moment = moment(of: trader)
    return Metric.sorted.map { metric in
      let value = metric.value(trader.metrics, moment)
      return MetricReading(metric: metric, value: value.flatMap { $0.isFinite ? $0 : nil })
    }
  }
}

extension Metric {
  /// All figures by key.
  static let sorted = all.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
}

extension CanonicalJSON {
  fileprivate mutating func performance(of trader: TraderView, in view: ArenaView) {
    array("calibration", trader.metrics.calibration) { json, bin in
      json.object { json in
        json.field("count", bin.count)
        json.field("from", bin.from)
        json.field("hit_rate", finiteOrNull: bin.hitRate)
        json.field("mean_confidence", finiteOrNull: bin.meanConfidence)
      }
    }
    field("id", trader.id.name)
    object("metrics") { json in
      for reading in view.readings(of: trader) {
        json.field(reading.metric.key, finiteOrNull: reading.value)
      }
    }
    guard let figures = view.record.statistics?.trader(trader.id) else {
      null("statistics")
      return
    }
    let start = EquityRow.present(of: trader, in: view).start.double
    object("statistics") { $0.fields(of: figures, start: start) }
  }

  /// The figures of a trader; `start` is what one unit of its NAV curve is quoted as.
  private mutating func fields(of figures: TraderStatistics, start: Double) {
    key("band")
    list { json in
      for point in figures.band where point.count == 3 {
        let low = rounded(point[1] * start, decimals: 2)
        let high = rounded(point[2] * start, decimals: 2)
        guard point[0].isFinite, low.isFinite, high.isFinite else { continue }
        json.list { json in
          json.value(point[0])
          json.value(low)
          json.value(high)
        }
      }
    }
    field("days_still_needed", finiteOrNull: figures.daysStillNeeded)
    field("dsr", finiteOrNull: figures.dsr)
    field("luck_percentile", finiteOrNull: figures.luckPercentile)
    field("minimum_track_days", finiteOrNull: figures.minimumTrackDays)
    field("periods", figures.periods)
    field("probability_best", finiteOrNull: figures.probabilityBest)
    field("psr", finiteOrNull: figures.psr)
    field("rank", figures.rank)
    field("return_pct", figures.returnPct)
    field("sharpe", figures.sharpe)
  }

  private mutating func field(_ name: String, _ interval: Interval?) {
    guard let interval, interval.low.isFinite, interval.high.isFinite else {
      null(name)
      return
    }
    array(name, [interval.low, interval.high]) { $0.value($1) }
  }

  fileprivate mutating func fields(of pair: PairStatistics) {
    field("first", pair.first)
    field("mean_difference_pct", finiteOrNull: pair.meanDifferencePct)
    field("p", finiteOrNull: pair.p)
    field("p_holm", finiteOrNull: pair.pHolm)
    field("periods", pair.periods)
    field("second", pair.second)
  }
}
