package import Market
package import Trading

/// What became of market data that was brought to the store.
package struct MarketMerge: Sendable, Equatable {
  /// What counts where the store has something else for the same time.
  package enum Rule: Sendable, Hashable {
    /// Nothing of an addition is written that differs anywhere.
    case refuse
    /// What the store has stays.
    case keep
    /// What is new replaces it.
    case replace
  }

  /// Something that differs from what the store has for the same time.
  package struct Difference: Sendable, Hashable {
    /// The time.
    package let at: Timestamp
    /// What the store has, in words.
    package let kept: String
    /// What was brought, in words.
    package let brought: String
  }

  /// How many were not there before and were written.
  package private(set) var added = 0
  /// How many were there already, just the same.
  package private(set) var same = 0
  /// How many were there and differ.
  package private(set) var differing = 0
  /// The first of those that differ; `nil` = none does.
  package private(set) var firstDifference: Difference?
  /// Whether anything was written; `false` only where the rule refuses.
  package private(set) var isWritten = true

  /// Nothing was brought.
  package init() {}

  /// Both together.
  package static func + (left: MarketMerge, right: MarketMerge) -> MarketMerge {
    var sum = left
    sum.added += right.added
    sum.same += right.same
    sum.differing += right.differing
    sum.firstDifference = left.firstDifference ?? right.firstDifference
    sum.isWritten = left.isWritten && right.isWritten
    return sum
  }

  fileprivate mutating func differs(_ difference: @autoclosure () -> Difference) {
    differing += 1
    if firstDifference == nil { firstDifference = difference() }
  }

  fileprivate mutating func found(isKnown: Bool) {
    if isKnown { same += 1 } else { added += 1 }
  }

  fileprivate mutating func refuse() {
    isWritten = false
    added = 0
  }
}

extension StateStore {
  /// Adds market data to what is kept of a provider, in one transaction; nothing is dropped.
  ///
  /// - Parameters:
  ///   - provider: Whose market it is.
  ///   - addition: What was read.
  ///   - rule: What counts where the store has something else for the same time.
  /// - Returns: What became of it.
  /// - Throws: ``JournalError``; nothing is changed then.
  package func mergeMarket(
    provider: ProviderID, addition: MarketAddition, rule: MarketMerge.Rule
  ) throws(JournalError) -> MarketMerge {
    try database.write("keep the market") { session in
      var merge = MarketMerge()
      let candles = try addition.candles.map { series in
        try self.fresh(series, of: addition.coin, provider, rule, &merge)
      }
      let funding = try self.fresh(addition.funding, of: addition.coin, provider, rule, &merge)
      if rule == .refuse, merge.differing > 0 {
        merge.refuse()
        return merge
      }
      try session.keep(
        MarketAddition(
          coin: addition.coin, candles: candles, funding: funding,
          openInterest: addition.openInterest), of: provider, from: Timestamp(ms: .min))
      return merge
    }
  }

  /// The candles to write.
  private func fresh(
    _ series: CandleSeries, of coin: Coin, _ provider: ProviderID, _ rule: MarketMerge.Rule,
    _ merge: inout MarketMerge
  ) throws -> CandleSeries {
    guard let first = series.openTimesMs.first, let last = series.openTimesMs.last else {
      return series
    }
    let kept = try marketCandles(
      provider: provider, coin: coin, timeframe: series.timeframe, from: Timestamp(ms: first),
      to: Timestamp(ms: last + 1))
    var fresh = CandleSeries(timeframe: series.timeframe)
    var place = 0
    for index in 0..<series.count {
      let time = series.openTimesMs[index]
      while place < kept.count, kept.openTimesMs[place] < time { place += 1 }
      guard place < kept.count, kept.openTimesMs[place] == time else {
        merge.found(isKnown: false)
        fresh.append(series, in: index..<index + 1)
        continue
      }
      if series.equals(kept, index, place) {
        merge.found(isKnown: true)
        continue
      }
      merge.differs(
        MarketMerge.Difference(
          at: Timestamp(ms: time), kept: kept[place].words, brought: series[index].words))
      if rule == .replace { fresh.append(series, in: index..<index + 1) }
    }
    return fresh
  }

  /// The funding rates to write.
  private func fresh(
    _ points: [FundingPoint], of coin: Coin, _ provider: ProviderID, _ rule: MarketMerge.Rule,
    _ merge: inout MarketMerge
  ) throws -> [FundingPoint] {
    guard let first = points.map(\.at).min(), let last = points.map(\.at).max() else { return [] }
    let kept = Dictionary(
      try marketFunding(provider: provider, coin: coin, from: first, to: last + Span(ms: 1))
        .map { ($0.at, $0.rate) }
    ) { first, _ in first }
    var fresh: [FundingPoint] = []
    for point in points {
      guard let rate = kept[point.at] else {
        merge.found(isKnown: false)
        fresh.append(point)
        continue
      }
      if rate == point.rate {
        merge.found(isKnown: true)
        continue
      }
      merge.differs(
        MarketMerge.Difference(
          at: point.at, kept: rate.description, brought: point.rate.description))
      if rule == .replace { fresh.append(point) }
    }
    return fresh
  }
}

extension CandleSeries {
  fileprivate func equals(_ other: CandleSeries, _ index: Int, _ place: Int) -> Bool {
    opens[index] == other.opens[place] && highs[index] == other.highs[place]
      && lows[index] == other.lows[place] && closes[index] == other.closes[place]
      && volumes[index] == other.volumes[place]
  }
}

extension Candle {
  /// Its numbers in the order of the CSV files.
  fileprivate var words: String { "\(open),\(high),\(low),\(close),\(volume)" }
}
