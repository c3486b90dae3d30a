import Exchanges
import Glibc
import Market
import Testing
import Trading

/// Random sequences of instants, questions, restarts and faults, against what the venue would say
/// of all its candles.
@Suite("Hyperliquid market data, at random instants")
struct HyperliquidMarketPropertyTests {
  /// Questions per seed: `NOF0_RANDOM_INSTANTS`, else few, since decoding takes most of the time.
  private static let questions =
    getenv("NOF0_RANDOM_INSTANTS").flatMap { Int(String(cString: $0)) } ?? 50

  @Test(arguments: 1...20)
  func saysWhatTheVenueKnew(_ seed: UInt64) async throws {
    var story = try MarketStory(seed: seed)
    for _ in 0..<Self.questions {
      try await story.step()
      if !story.problems.isEmpty { break }
    }
    #expect(story.problems == [], "seed \(seed), question \(story.asked)")
  }
}

/// One random sequence.
private struct MarketStory {
  private(set) var problems: [String] = []
  private(set) var asked = 0
  private var random: SeededGenerator
  private let venue: MarketVenue
  private let store: MarketStore
  private var market: HyperliquidMarketData
  private let all: [Coin]
  /// The one asked about now.
  private var coins: [Coin] = []
  private var isFaulty = false

  init(seed: UInt64) throws {
    random = SeededGenerator(seed: seed)
    let start = Timestamp(ms: 1_794_585_600_000 + Int64(random.below(86_400_000)))
    venue = MarketVenue(
      [
        .init(name: "BTC"), .init(name: "QUIET", quietEvery: 6),
        .init(name: "NEW", listedAt: start - .hours(7)),
      ], now: start)
    store = .inMemory(retention: nil)
    market = try venue.market(store)
    all = venue.listings.compactMap { Coin($0.name) }
  }

  mutating func step() async throws {
    asked += 1
    // A failure to read prices counts for some seconds.
    if isFaulty { venue.now = venue.now + .seconds(6) }
    coins = [all[random.below(all.count)]]
    advance()
    if random.below(4) == 0 { market = try venue.market(store) }
    isFaulty = random.below(8) == 0
    let dice = isFaulty ? UInt64(random.next() >> 1) : nil
    venue.fail { _, number in
      guard let dice else { return nil }
      var random = SeededGenerator(seeds: dice, UInt64(number))
      let faults: [MarketVenue.Fault?] = [.tooMany, .timeOut, .truncated, .serverError, nil, nil]
      return faults[random.below(faults.count)]
    }
    _ = venue.takeAsked()
    switch random.below(10) {
    case 0..<6: try await snapshot()
    case 6..<9: try await replay()
    default: try await pastQuotes()
    }
  }

  private mutating func advance() {
    let span: Span =
      switch random.below(40) {
      case 0..<8: .zero
      case 8..<16: Span(ms: Int64(random.below(60_000)))
      case 16..<24: .minutes(3)
      case 24..<30: Span(ms: Int64(random.below(600_000)))
      case 30..<34: venue.now.floored(to: .minute) + .minute - venue.now
      case 34..<38: Span(ms: Int64(random.below(8_000_000)))
      default: Span(ms: Int64(random.below(100_000_000)))
      }
    venue.now = venue.now + span
  }

  // MARK: Questions

  private mutating func snapshot() async throws {
    let now = venue.now
    var frames: [Timeframe: Int] = [:]
    for _ in 0...random.below(2) {
      let all: [Timeframe] = [.m1, .m3, .m3, .m3, .m5, .m15, .h1, .h4]
      frames[all[random.below(all.count)]] = 1 + random.below(30)
    }
    let snapshot = try await market.snapshot(
      SnapshotRequest(coins: coins, candles: frames), at: now)
    guard !snapshot.coins.isEmpty || isFaulty else { return fail("no prices: \(snapshot.missing)") }
    for coin in snapshot.coins.values.sorted(by: { $0.coin < $1.coin }) {
      // Those of any time the venue was asked, from just before the instant on.
      let mids = venue.overviews.filter { $0 + .seconds(5) >= now }.map {
        Price(MarketVenue.text(hundredths: Int64(MarketVenue.mid(coin.coin.name, at: $0))))
      }
      if !mids.contains(coin.quote.mid) || coin.quote.asOf != now {
        fail("\(coin.coin) mid \(coin.quote.mid) at \(now)")
      }
      for (timeframe, limit) in frames {
        guard let candles = coin.candles[timeframe] else {
          fail("\(coin.coin) \(timeframe) absent")
          continue
        }
        if candles.count > limit { fail("\(coin.coin) \(timeframe): \(candles.count) > \(limit)") }
        let end = now.floored(to: timeframe.span).ms
        compare(candles, of: coin.coin, from: end - Int64(limit) * timeframe.span.ms, to: end)
      }
    }
  }

  private mutating func replay() async throws {
    let end = venue.now - Span(ms: random.below(3) == 0 ? Int64(random.below(9_000_000)) : 0)
    let length = Int64(random.below(random.below(150) == 0 ? 400_000_000 : 6_000_000))
    let start = end - Span(ms: length)
    let replays: [Coin: MarketReplay]
    do {
      replays = try await market.replay(of: coins, after: start, through: end)
    } catch {
      if !isFaulty { fail("\(error)") }
      return
    }
    for coin in coins {
      guard let replay = replays[coin] else {
        fail("\(coin) has no path")
        continue
      }
      let span = replay.candles.timeframe.span
      if venue.now - start <= .day * 3, replay.candles.timeframe != .m1 {
        fail("\(coin) path in \(span) candles")
      }
      isFaulty = false  // What is answered at all is whole.
      compare(
        replay.candles, of: coin, from: start.floored(to: span).ms,
        to: end.floored(to: span).ms)
      var hour = start.floored(to: .hour) + .hour
      var expected: [String] = []
      while hour <= end {
        let rate = String(MarketVenue.funding(coin.name, hour: hour.ms))
        let text = "0." + String(repeating: "0", count: 7 - rate.utf8.count) + rate
        if let rate = FundingRate(text) { expected.append("\(hour) \(rate)") }
        hour = hour + .hour
      }
      let found = replay.funding.map { "\($0.at) \($0.rate)" }
      if found != expected, end.floored(to: .minute) > start {
        fail("\(coin) funding \(found), expected \(expected)")
      }
    }
  }

  private mutating func pastQuotes() async throws {
    let instant = venue.now - .minutes(2) - Span(ms: Int64(random.below(100_000_000)))
    let quotes: [Coin: Quote]
    do {
      quotes = try await market.quotes(for: coins, at: instant)
    } catch {
      if !isFaulty { fail("\(error)") }
      return
    }
    for coin in coins {
      var open = instant.floored(to: .minute).ms - 60_000
      var candle: VenueCandle?
      for _ in 0..<10 where candle == nil {
        candle = venue.candle(coin.name, .m1, opening: open)
        if candle == nil { open -= 60_000 }
      }
      let expected = candle.flatMap { Price(MarketVenue.text(hundredths: $0.close)) }
      // A snapshot of this very instant may have been taken.
      guard let quote = quotes[coin] else {
        if expected != nil { fail("\(coin) has no close by \(instant)") }
        continue
      }
      if quote.asOf == instant, instant.ms % 60_000 != 0 { continue }
      if let expected, quote.mark != expected || quote.asOf.ms < open + 60_000 {
        fail("\(coin) close \(quote.mark) of \(quote.asOf) by \(instant), expected \(expected)")
      }
    }
  }

  // MARK: The oracle

  /// Every candle must be the venue's, ended; and without a fault none may be missing.
  private mutating func compare(
    _ candles: CandleSeries, of coin: Coin, from: Int64, to: Int64
  ) {
    let timeframe = candles.timeframe
    let span = timeframe.span.ms
    for index in 0..<candles.count {
      let open = candles.openTimesMs[index]
      if open + span > venue.now.ms || open + span > to {
        fail("\(coin) \(timeframe) at \(Timestamp(ms: open)) had not ended")
      }
      guard let truth = venue.candle(coin.name, timeframe, opening: open) else {
        fail("\(coin) \(timeframe) at \(Timestamp(ms: open)) was made up")
        continue
      }
      let own = [candles.opens[index], candles.highs[index], candles.lows[index]]
      if own != [truth.open, truth.high, truth.low].map({ $0 * 1_000_000 })
        || candles.closes[index] != truth.close * 1_000_000
        || candles.volumes[index] != Double(truth.volume)
      {
        fail("\(coin) \(timeframe) at \(Timestamp(ms: open)) is not the venue's")
      }
    }
    guard !isFaulty else { return }
    var open = from
    let known = Set(candles.openTimesMs)
    while open < to {
      if !known.contains(open), venue.candle(coin.name, timeframe, opening: open) != nil {
        fail("\(coin) \(timeframe) at \(Timestamp(ms: open)) is missing, asked at \(venue.now)")
      }
      open += span
    }
  }

  private mutating func fail(_ problem: String) {
    if problems.count < 5 { problems.append(problem) }
  }
}
