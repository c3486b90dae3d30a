import Market
import Testing
import Trading

@testable import Journal

/// What a store of markets must hold after random saves, kept in dictionaries.
private struct MarketOracle {
  struct Place: Hashable {
    let provider: ProviderID
    let coin: Coin
    var timeframe: Timeframe?
  }

  var candles: [Place: [Int64: Candle]] = [:]
  var funding: [Place: [Int64: FundingRate]] = [:]
  var openInterest: [Place: [Int64: Double]] = [:]

  mutating func save(
    _ additions: [MarketAddition], of provider: ProviderID, from begin: Timestamp
  ) {
    for addition in additions {
      let coin = Place(provider: provider, coin: addition.coin)
      for series in addition.candles {
        let place = Place(provider: provider, coin: addition.coin, timeframe: series.timeframe)
        for index in 0..<series.count {
          candles[place, default: [:]][series.openTimesMs[index]] = series[index]
        }
      }
      for point in addition.funding { funding[coin, default: [:]][point.at.ms] = point.rate }
      if let point = addition.openInterest {
        openInterest[coin, default: [:]][point.at.ms] = point.coins
      }
    }
    drop(&candles, of: provider, before: begin)
    drop(&funding, of: provider, before: begin)
    drop(&openInterest, of: provider, before: begin)
  }

  private func drop<Value>(
    _ kept: inout [Place: [Int64: Value]], of provider: ProviderID, before begin: Timestamp
  ) {
    for place in kept.keys where place.provider == provider {
      kept[place] = kept[place]?.filter { $0.key >= begin.ms }
    }
  }
}

@Suite struct MarketBooksTests {
  private let store: StateStore
  private let providers: [ProviderID]
  private let coins: [Coin]
  private let timeframes: [Timeframe] = [.m3, .h1]

  init() throws {
    store = StateStore(try JournalDatabase.inMemory())
    providers = try ["hyperliquid", "testnet"].map { try #require(ProviderID($0)) }
    coins = try ["BTC", "ETH", "kPEPE"].map { try #require(Coin($0)) }
  }

  @Test func nothingIsKeptAtFirst() throws {
    let end = Timestamp(ms: .max)
    let candles = try store.marketCandles(
      provider: providers[0], coin: coins[0], timeframe: .m1, from: Timestamp(ms: 0), to: end)

    #expect(candles == CandleSeries(timeframe: .m1))
    #expect(
      try store.marketFunding(
        provider: providers[0], coin: coins[0], from: Timestamp(ms: 0), to: end) == [])
    #expect(try store.averageOpenInterest(provider: providers[0], coin: coins[0]) == nil)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func agreesWithDictionaries(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var oracle = MarketOracle()
    var now = SampleArena.start

    for step in 0..<25 {
      now = now + .minutes(Int64(random.below(200)))
      let retention = Span.hours(Int64(6 + random.below(20)))
      let provider = providers[random.below(2)]
      let additions = try (0..<random.below(4)).map { _ in try addition(now, &random) }

      try store.saveMarket(
        provider: provider, additions: additions, now: now, retention: retention)
      oracle.save(additions, of: provider, from: now - retention)

      let from = now - .hours(Int64(random.below(40)))
      let to = from + .hours(Int64(random.below(40)))
      try compare(oracle, Timestamp(ms: 0), Timestamp(ms: .max), "seed \(seed), step \(step)")
      try compare(oracle, from, to, "seed \(seed), step \(step), \(from) ..< \(to)")
    }
    #expect(oracle.candles.values.contains { !$0.isEmpty }, "seed \(seed)")
  }

  @Test func aRefusedAdditionChangesNothing() throws {
    var random = SeededGenerator(seed: 9)
    let now = SampleArena.start
    let good = try addition(now, &random)
    let bad = MarketAddition(
      coin: coins[0], candles: [], funding: [], openInterest: OpenInterestPoint(at: now, coins: -1))

    #expect(throws: JournalError.self) {
      try store.saveMarket(
        provider: providers[0], additions: [good, bad], now: now, retention: .day * 9)
    }

    try compare(MarketOracle(), Timestamp(ms: 0), Timestamp(ms: .max), "after a refusal")
  }

  @Test func aDamagedCandleIsNamed() throws {
    var series = CandleSeries(timeframe: .h1)
    let price = try #require(Price("2.5"))
    let candle = try #require(
      Candle(
        openTime: SampleArena.start.floored(to: .hour), open: price, high: price, low: price,
        close: price, volume: 0))
    series.append(candle)
    try store.saveMarket(
      provider: providers[0],
      additions: [
        MarketAddition(
          coin: coins[0], candles: [series], funding: [], openInterest: nil)
      ], now: SampleArena.start, retention: .day)
    try store.database.use("tamper") {
      try $0.script("UPDATE market_candles SET open_ms = open_ms + 1")
    }

    #expect(
      throws: JournalError.corrupt(
        path: ":memory:",
        detail: "expected a multiple of 1h in column open_ms, was \(candle.openTime.ms + 1)")
    ) {
      try store.marketCandles(
        provider: providers[0], coin: coins[0], timeframe: .h1, from: Timestamp(ms: 0),
        to: Timestamp(ms: .max))
    }
  }

  /// Candles, funding and open interest of up to 30 hours before an instant.
  private func addition(
    _ now: Timestamp, _ random: inout SeededGenerator
  ) throws -> MarketAddition {
    var candles: [CandleSeries] = []
    for timeframe in timeframes where random.below(3) > 0 {
      var series = CandleSeries(timeframe: timeframe)
      var at = (now - .hours(Int64(random.below(30)))).floored(to: timeframe.span)
      for _ in 0..<random.below(60) {
        let low = Int64(1 + random.below(1_000_000))
        let prices = try (0..<2).map { _ in
          try #require(Price(mantissa: low + Int64(random.below(1_000))))
        }
        let candle = Candle(
          openTime: at, open: prices[0], high: try #require(Price(mantissa: low + 1_000)),
          low: try #require(Price(mantissa: low)), close: prices[1],
          volume: random.below(4) == 0 ? 0 : random.unit() * 1e6)
        series.append(try #require(candle))
        at = at + timeframe.span * Int64(1 + random.below(3))
      }
      candles.append(series)
    }
    let hour = now.floored(to: .hour) - .hours(Int64(random.below(30)))
    let funding = (0..<random.below(20)).map { index in
      FundingPoint(
        at: hour + .hour * Int64(index),
        rate: FundingRate(trillionths: Int64(random.below(80_000_001)) - 40_000_000))
    }
    let openInterest =
      random.below(3) == 0 ? nil : OpenInterestPoint(at: now, coins: random.unit() * 1e9)
    return MarketAddition(
      coin: coins[random.below(coins.count)], candles: candles, funding: funding,
      openInterest: openInterest)
  }

  private func compare(
    _ oracle: MarketOracle, _ from: Timestamp, _ to: Timestamp, _ place: String
  ) throws {
    for provider in providers {
      for coin in coins {
        for timeframe in timeframes {
          let kept = oracle.candles[
            .init(provider: provider, coin: coin, timeframe: timeframe)]
          var expected = CandleSeries(timeframe: timeframe)
          for (ms, candle) in (kept ?? [:]).sorted(by: { $0.key < $1.key })
          where ms >= from.ms && ms < to.ms { expected.append(candle) }
          let found = try store.marketCandles(
            provider: provider, coin: coin, timeframe: timeframe, from: from, to: to)
          #expect(found == expected, "\(place), \(provider) \(coin) \(timeframe)")
        }
        let key = MarketOracle.Place(provider: provider, coin: coin)
        let rates = (oracle.funding[key] ?? [:]).filter { $0.key >= from.ms && $0.key < to.ms }
          .sorted { $0.key < $1.key }
          .map { FundingPoint(at: Timestamp(ms: $0.key), rate: $0.value) }
        #expect(
          try store.marketFunding(provider: provider, coin: coin, from: from, to: to) == rates,
          "\(place), \(provider) \(coin)")
        let points = (oracle.openInterest[key] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
        let average = try store.averageOpenInterest(provider: provider, coin: coin)
        #expect((average == nil) == points.isEmpty, "\(place), \(provider) \(coin)")
        let mean = points.reduce(0, +) / Double(max(points.count, 1))
        // Two ways of adding at most 25 numbers up to 1e9 differ by far less.
        #expect(abs((average ?? 0) - mean) < 1e-3, "\(place), \(provider) \(coin)")
      }
    }
  }
}
