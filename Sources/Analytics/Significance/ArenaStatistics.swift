package import Trading

/// How sure the leaderboard is: what chance could have made of the returns that were seen.
package struct ArenaStatistics: Sendable, Equatable {
  /// How long one return takes.
  package enum Period: String, Sendable {
    /// A UTC day.
    case day
    /// An hour, while the arena is young.
    case hour
  }

  /// How long one return takes.
  package var period: Period
  /// Resamples that the intervals were made from.
  package var resamples: Int
  /// The seed, from the data: the same returns give the same figures.
  package var seed: UInt64
  /// One entry for each trader with at least two returns, sorted by id.
  package var traders: [TraderStatistics]
  /// One entry for each pair of these, by the ids in order.
  package var pairs: [PairStatistics]
  /// Groups of traders that cannot be told apart, best first; a trader is in one group.
  package var tiers: [[String]]

  /// Statistics from their parts.
  package init(
    period: Period, resamples: Int, seed: UInt64, traders: [TraderStatistics],
    pairs: [PairStatistics], tiers: [[String]]
  ) {
    self.period = period
    self.resamples = resamples
    self.seed = seed
    self.traders = traders
    self.pairs = pairs
    self.tiers = tiers
  }

  /// The figures of a trader; `nil` = not enough returns.
  package func trader(_ id: TraderID) -> TraderStatistics? {
    traders.first { $0.id == id.name }
  }
}

/// The two ends of a 95 % confidence interval.
package struct Interval: Sendable, Equatable {
  /// The lower end.
  package var low: Double
  /// The upper end.
  package var high: Double

  /// An interval from its ends.
  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }
}

/// What chance could have made of one trader.
package struct TraderStatistics: Sendable, Equatable {
  /// The trader.
  package var id: String
  /// Returns that were seen.
  package var periods: Int
  /// Of the total return, per cent; `nil` = it may be anything.
  package var returnPct: Interval?
  /// Of the annualised Sharpe ratio.
  package var sharpe: Interval?
  /// Of the rank by total return, 1 = best.
  package var rank: Interval?
  /// Share of resamples in which it is the best, 0–1.
  package var probabilityBest: Double?
  /// Probability that its true Sharpe ratio is above zero, 0–1 (Bailey & López de Prado 2012).
  package var psr: Double?
  /// The same after allowing for the number of traders tried, 0–1 (2014).
  package var dsr: Double?
  /// Days of record needed until `psr` can be 0.95; `nil` = not while its Sharpe ratio is ≤ 0.
  package var minimumTrackDays: Double?
  /// How many of them are still to come, at least 0.
  package var daysStillNeeded: Double?
  /// Share of luck that it beats: where its return stands among those of the random control,
  /// 0–100; `nil` = there is no control.
  package var luckPercentile: Double?
  /// Points of the 95 % band of its curve: unix seconds, low, high, in NAV per unit of start;
  /// empty = it may be anything.
  package var band: [[Double]]

  /// Figures from their parts.
  package init(
    id: String, periods: Int, returnPct: Interval? = nil, sharpe: Interval? = nil,
    rank: Interval? = nil, probabilityBest: Double? = nil, psr: Double? = nil,
    dsr: Double? = nil, minimumTrackDays: Double? = nil, daysStillNeeded: Double? = nil,
    luckPercentile: Double? = nil, band: [[Double]] = []
  ) {
    self.id = id
    self.periods = periods
    self.returnPct = returnPct
    self.sharpe = sharpe
    self.rank = rank
    self.probabilityBest = probabilityBest
    self.psr = psr
    self.dsr = dsr
    self.minimumTrackDays = minimumTrackDays
    self.daysStillNeeded = daysStillNeeded
    self.luckPercentile = luckPercentile
    self.band = band
  }
}

/// Whether two traders differ.
package struct PairStatistics: Sendable, Equatable {
  /// The one.
  package var first: String
  /// The other.
  package var second: String
  /// Returns that both have.
  package var periods: Int
  /// Mean of first − second per period, per cent.
  package var meanDifferencePct: Double
  /// Probability of so great a difference between equals, two-sided; `nil` = too few returns.
  package var p: Double?
  /// The same after Holm's correction for the number of pairs.
  package var pHolm: Double?

  /// Figures from their parts.
  package init(
    first: String, second: String, periods: Int, meanDifferencePct: Double, p: Double?,
    pHolm: Double?
  ) {
    self.first = first
    self.second = second
    self.periods = periods
    self.meanDifferencePct = meanDifferencePct
    self.p = p
    self.pHolm = pHolm
  }
}

/// The returns of one trader, period by period.
package struct ReturnSeries: Sendable, Equatable {
  /// The trader.
  package let trader: TraderID
  /// Numbers of the periods: days or hours since 1970, ascending.
  package let periods: [Int64]
  /// The return of each as a fraction, one for each period.
  package let returns: [Double]
  /// The NAV before the first of them per unit at inception; 1 = they begin at inception.
  package let start: Double

  /// A series from its parts.
  package init(trader: TraderID, periods: [Int64], returns: [Double], start: Double = 1) {
    self.start = start
    self.trader = trader
    self.periods = periods
    self.returns = returns
  }
}
