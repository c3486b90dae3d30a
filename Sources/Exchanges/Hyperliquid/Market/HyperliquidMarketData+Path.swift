import Market
import Synchronization
import Trading

extension HyperliquidMarketData {
  /// What happened in coins in a stretch of time; what is new is saved.
  func paths(
    of coins: [Coin], _ stretch: PathStretch
  ) async throws(MarketDataError) -> [Coin: MarketReplay] {
    let found = try await each(coins) { coin throws(MarketDataError) in
      try await self.path(of: coin, stretch)
    }
    try storing { try store.save(found.map(\.addition).filter { !$0.isEmpty }, clock.now) }
    return Dictionary(zip(coins, found.map(\.replay))) { first, _ in first }
  }

  private struct Path: Sendable {
    let replay: MarketReplay
    let addition: MarketAddition
  }

  private func path(
    of coin: Coin, _ stretch: PathStretch
  ) async throws(MarketDataError) -> Path {
    let reading = try await finest(of: coin, stretch)
    let rates = try await rates(of: coin, at: stretch.hours)
    let candles = reading.candles
    let span = candles.timeframe.span
    let gaps =
      Gaps(after: stretch.start, through: stretch.end, every: span).words(
        "\(coin) \(span) candles", present: candles.openTimesMs.map { $0 + span.ms })
      + Gaps(after: stretch.start, through: stretch.end, every: .hour).words(
        "\(coin) funding hours", present: rates.points.map(\.at.ms)) + rates.notes
    return Path(
      replay: MarketReplay(candles: candles, funding: rates.points, gaps: gaps),
      addition: MarketAddition(
        coin: coin, candles: reading.unsaved.isEmpty ? [] : [reading.unsaved],
        funding: rates.unsaved, openInterest: nil))
  }

  /// The finest candles of all of a stretch.
  private func finest(
    of coin: Coin, _ stretch: PathStretch
  ) async throws(MarketDataError) -> CandleShelf.Reading {
    let asked = stretch.finestAsked(at: clock.now)
    for timeframe in Timeframe.allCases where timeframe < asked {
      let opens = stretch.opens(timeframe)
      let kept = try storing { try store.candles(coin, timeframe, opens.from, opens.to) }
      if opens.holes(in: kept).isEmpty {
        return CandleShelf.Reading(
          candles: kept, unsaved: CandleSeries(timeframe: timeframe), failure: nil)
      }
    }
    let reading = try await read(coin, asked, stretch.opens(asked))
    if let failure = reading.failure { throw unreachable(failure) }
    return reading
  }

  // MARK: Funding

  private struct Rates {
    var points: [FundingPoint] = []
    var unsaved: [FundingPoint] = []
    var notes: [String] = []
  }

  /// An hour's rate that is not published this long after it will not come any more.
  private static let publishing = Span.minutes(10)

  /// The rates charged at full hours.
  ///
  /// They are asked for even where the store has one: it may be the estimate of a snapshot.
  private func rates(
    of coin: Coin, at hours: [Timestamp]
  ) async throws(MarketDataError) -> Rates {
    var known = charged.withLock { $0[coin] ?? [:] }
    let unknown = hours.filter { known[$0] == nil }
    var rates = Rates()
    if let first = unknown.first, let last = unknown.last {
      do throws(InfoError) {
        // A rate is stamped some ms after its hour.
        for point in try await info.fundingHistory(coin, from: first, to: last + .minute)
        where unknown.contains(point.at) {
          known[point.at] = point.rate
          rates.unsaved.append(point)
        }
      } catch {
        throw unreachable(error)
      }
      let learned = rates.unsaved
      charged.withLock { charged in
        for point in learned { charged[coin, default: [:]][point.at] = point.rate }
      }
    }
    for hour in hours {
      if let rate = known[hour] {
        rates.points.append(FundingPoint(at: hour, rate: rate))
      } else if clock.now - hour <= Self.publishing,
        let rate = newestReading?.contexts[coin]?.funding
      {
        // Without it the hour would never be charged: the next path begins after it.
        rates.points.append(FundingPoint(at: hour, rate: rate))
        rates.notes.append(
          "\(coin) funding of \(hour) is not published yet: the present rate \(rate) counts")
      }
    }
    return rates
  }

  // MARK: Past prices

  /// The last closes before an instant that is not the present one.
  ///
  /// Whoever asks this will ask for the path since then: where the closes have to be asked for, all
  /// of it is.
  func pastQuotes(
    of coins: [Coin], at now: Timestamp
  ) async throws(MarketDataError) -> [Coin: Quote] {
    let readings = try await each(coins) { coin throws(MarketDataError) in
      try await self.pastQuote(of: coin, at: now)
    }
    let unsaved = zip(coins, readings).filter { !$0.1.unsaved.isEmpty }.map { coin, reading in
      MarketAddition(coin: coin, candles: [reading.unsaved], funding: [], openInterest: nil)
    }
    if !unsaved.isEmpty { try storing { try store.save(unsaved, clock.now) } }
    var quotes: [Coin: Quote] = [:]
    for (coin, reading) in zip(coins, readings) { quotes[coin] = reading.quote }
    return quotes
  }

  private struct PastQuote: Sendable {
    let quote: Quote?
    let unsaved: CandleSeries
  }

  /// The longest path asked for along with a past price.
  private static let longestPath = Span.day * 7

  private func pastQuote(
    of coin: Coin, at now: Timestamp
  ) async throws(MarketDataError) -> PastQuote {
    if let kept = try lastClose(of: coin, knowing: [:], at: now),
      kept.asOf == now.floored(to: .minute)
    {
      return PastQuote(quote: kept, unsaved: CandleSeries(timeframe: .m1))
    }
    let time = clock.now
    let timeframe = PathStretch(after: now - .hour, through: now).finestAsked(at: time)
    let span = timeframe.span
    let end = min(time, now + Self.longestPath).floored(to: span)
    let stretch = OpenTimes(from: now.floored(to: span) - span * Self.lookBack, to: end)
    let reading = try await read(coin, timeframe, stretch)
    if let failure = reading.failure { throw unreachable(failure) }
    return PastQuote(
      quote: try lastClose(of: coin, knowing: [timeframe: reading.candles], at: now),
      unsaved: reading.unsaved)
  }
}
