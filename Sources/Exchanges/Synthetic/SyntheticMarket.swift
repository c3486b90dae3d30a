import Market
import Trading

/// The days of the made-up market that were asked for lately.
///
/// What a day looks like never depends on which days are kept. Without keeping, a snapshot with
/// 100 candles of four hours would make 17 days of minutes a coin, some milliseconds, each time.
struct SyntheticMarket {
  private let path: SyntheticPath
  private let coins: [Coin: SyntheticCoin]
  private var paths = DayCache<SyntheticPath.Day>()
  private var minutes: [Coin: DayCache<SyntheticDay>] = [:]
  private var longer: [Coin: [Timeframe: DayCache<CandleSeries>]] = [:]

  /// Days of minutes kept a coin, 80 kB each.
  private static let minuteDays = 8
  /// Days of longer candles kept a coin and time frame, at least.
  private static let longerDays = 40

  init(seed: UInt64, coins: [Coin]) {
    path = SyntheticCoin.market(seed: seed)
    self.coins = Dictionary(coins.map { ($0, SyntheticCoin(seed: seed, coin: $0)) }) { first, _ in
      first
    }
  }

  /// The instruments, by coin.
  var instruments: [Coin: Instrument] { coins.mapValues(\.instrument) }

  /// The close of the minute that ended exactly at a full minute; `nil` for an unknown coin.
  mutating func close(of coin: Coin, at end: Timestamp) -> Price? {
    let (day, index) = Self.place(ofMinuteEnding: end)
    guard let made = minutes(of: coin, on: day) else { return nil }
    return Price(mantissa: made.candles.closes[index])
  }

  /// The candles of a time frame that begin in `first`...`last`, multiples of the time frame.
  mutating func candles(
    of coin: Coin, _ timeframe: Timeframe, opening first: Timestamp, through last: Timestamp
  ) -> CandleSeries {
    var series = CandleSeries(timeframe: timeframe)
    guard first <= last else { return series }
    let span = timeframe.span.ms
    series.reserve(Int((last.ms - first.ms) / span) + 1)
    let days = CivilDay(first).number...CivilDay(last).number
    for day in days {
      guard let made = candles(of: coin, timeframe, on: day, keeping: days.count + 2) else { break }
      let start = day * Span.day.ms
      let from = Int(max(0, first.ms - start) / span)
      let to = Int(min(Span.day.ms - span, last.ms - start) / span)
      series.append(made, in: from..<to + 1)
    }
    return series
  }

  /// What was traded in the 24 hours before a full minute, USD; `nil` for an unknown coin.
  mutating func dayVolumeUSD(of coin: Coin, at end: Timestamp) -> Double? {
    let (day, index) = Self.place(ofMinuteEnding: end)
    guard let before = minutes(of: coin, on: day - 1)?.tradedBefore,
      let today = minutes(of: coin, on: day)?.tradedBefore
    else { return nil }
    return today[index + 1] + (before[SyntheticPath.minutes] - before[index + 1])
  }

  /// The funding rate at a full hour; `nil` for an unknown coin.
  mutating func funding(of coin: Coin, at hour: Timestamp) -> FundingPoint? {
    guard let price = close(of: coin, at: hour), let earlier = close(of: coin, at: hour - .hours(8))
    else { return nil }
    let change = price.double / earlier.double - 1
    return coins[coin]?.funding(at: hour, recentChange: change)
  }

  /// Coins open at an instant; `nil` for an unknown coin.
  func openInterest(of coin: Coin, at now: Timestamp) -> Double? {
    coins[coin]?.openInterest(at: now)
  }
}

extension SyntheticMarket {
  private static func place(ofMinuteEnding end: Timestamp) -> (day: Int64, index: Int) {
    let open = end - .minute
    let day = CivilDay(open)
    return (day.number, Int((open - day.start).ms / Span.minute.ms))
  }

  private mutating func path(on day: Int64) -> SyntheticPath.Day {
    if let kept = paths[day] { return kept }
    let made = path.day(day)
    paths.keep(made, for: day, limit: Self.minuteDays)
    return made
  }

  private mutating func minutes(of coin: Coin, on day: Int64) -> SyntheticDay? {
    if let kept = minutes[coin]?[day] { return kept }
    guard let maker = coins[coin] else { return nil }
    let made = maker.minutes(of: day, market: path(on: day))
    minutes[coin, default: DayCache()].keep(made, for: day, limit: Self.minuteDays)
    return made
  }

  private mutating func candles(
    of coin: Coin, _ timeframe: Timeframe, on day: Int64, keeping limit: Int
  ) -> CandleSeries? {
    if timeframe == .m1 { return minutes(of: coin, on: day)?.candles }
    if let kept = longer[coin]?[timeframe]?[day] { return kept }
    guard let made = minutes(of: coin, on: day)?.candles.resampled(to: timeframe) else {
      return nil
    }
    let kept = timeframe < .h1 ? Self.minuteDays : Self.longerDays
    longer[coin, default: [:]][timeframe, default: DayCache()].keep(
      made, for: day, limit: max(kept, limit))
    return made
  }
}
