import Market
import Synchronization
import Trading

/// The path that all coins of a made-up market share.
///
/// What a day looks like never depends on which days are kept.
final class SharedPath: Sendable {
  /// The seed of the market.
  let seed: UInt64
  private let path: SyntheticPath
  private let days = Mutex(DayCache<SyntheticPath.Day>())

  init(seed: UInt64) {
    self.seed = seed
    path = SyntheticCoin.market(seed: seed)
  }

  /// The path on a day.
  func on(_ day: Int64) -> SyntheticPath.Day {
    if let kept = days.withLock({ $0[day] }) { return kept }
    let made = path.day(day)
    days.withLock { $0.keep(made, for: day, limit: SyntheticMarket.longerDays) }
    return made
  }
}

/// The days of one coin of a made-up market that were asked for lately.
///
/// Without keeping, a snapshot with 100 candles of four hours would make 17 days of minutes, a
/// millisecond or two, each time.
struct SyntheticMarket {
  private let shared: SharedPath
  private let coin: SyntheticCoin
  private var minutes = DayCache<SyntheticDay>()
  private var longer: [Timeframe: DayCache<CandleSeries>] = [:]

  /// Days of minutes kept, 80 kB each.
  static let minuteDays = 4
  /// Days of longer candles kept a time frame, at least.
  static let longerDays = 40

  init(seed: UInt64, coin: Coin, shared: SharedPath) {
    self.shared = shared
    self.coin = SyntheticCoin(seed: seed, coin: coin)
  }

  /// How the coin is traded.
  var instrument: Instrument { coin.instrument }

  /// The close of the minute that ended exactly at a full minute; `nil` outside the calendar.
  mutating func close(at end: Timestamp) -> Price? {
    let (day, index) = Self.place(ofMinuteEnding: end)
    return Price(mantissa: minutes(on: day).candles.closes[index])
  }

  /// The candles of a time frame that begin in `first`...`last`, multiples of the time frame.
  mutating func candles(
    _ timeframe: Timeframe, opening first: Timestamp, through last: Timestamp
  ) -> CandleSeries {
    var series = CandleSeries(timeframe: timeframe)
    guard first <= last else { return series }
    let span = timeframe.span.ms
    series.reserve(Int((last.ms - first.ms) / span) + 1)
    let days = CivilDay(first).number...CivilDay(last).number
    for day in days {
      guard let made = candles(timeframe, on: day, keeping: days.count + 2) else { break }
      let start = day * Span.day.ms
      let from = Int(max(0, first.ms - start) / span)
      let to = Int(min(Span.day.ms - span, last.ms - start) / span)
      series.append(made, in: from..<to + 1)
    }
    return series
  }

  /// What was traded in the 24 hours before a full minute, USD.
  mutating func dayVolumeUSD(at end: Timestamp) -> Double {
    let (day, index) = Self.place(ofMinuteEnding: end)
    let before = minutes(on: day - 1).tradedBefore
    let today = minutes(on: day).tradedBefore
    return today[index + 1] + (before[SyntheticPath.minutes] - before[index + 1])
  }

  /// The funding rate at a full hour; `nil` outside the calendar.
  mutating func funding(at hour: Timestamp) -> FundingPoint? {
    guard let price = close(at: hour), let earlier = close(at: hour - .hours(8)) else {
      return nil
    }
    return coin.funding(at: hour, recentChange: price.double / earlier.double - 1)
  }

  /// Coins open at an instant.
  func openInterest(at now: Timestamp) -> Double { coin.openInterest(at: now) }
}

extension SyntheticMarket {
  private static func place(ofMinuteEnding end: Timestamp) -> (day: Int64, index: Int) {
    let open = end - .minute
    let day = CivilDay(open)
    return (day.number, Int((open - day.start).ms / Span.minute.ms))
  }

  private mutating func minutes(on day: Int64) -> SyntheticDay {
    if let kept = minutes[day] { return kept }
    let made = coin.minutes(of: day, market: shared.on(day))
    minutes.keep(made, for: day, limit: Self.minuteDays)
    return made
  }

  private mutating func candles(
    _ timeframe: Timeframe, on day: Int64, keeping limit: Int
  ) -> CandleSeries? {
    if timeframe == .m1 { return minutes(on: day).candles }
    if let kept = longer[timeframe]?[day] { return kept }
    guard let made = make(timeframe, on: day) else { return nil }
    let kept = timeframe < .h1 ? Self.minuteDays : Self.longerDays
    longer[timeframe, default: DayCache()].keep(made, for: day, limit: max(kept, limit))
    return made
  }

  /// The candles of a day; days whose minutes nobody asked for do without them.
  private mutating func make(_ timeframe: Timeframe, on day: Int64) -> CandleSeries? {
    guard timeframe >= .h1, minutes[day] == nil else {
      return minutes(on: day).candles.resampled(to: timeframe)
    }
    return coin.candles(timeframe, of: day, market: shared.on(day))
  }
}
