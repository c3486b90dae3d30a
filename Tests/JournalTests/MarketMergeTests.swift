import Journal
import Market
import Testing
import Trading

@Suite("Market data merged into the store")
struct MarketMergeTests {
  private let store: StateStore
  private let provider: ProviderID
  private let coin: Coin

  init() throws {
    store = StateStore(try JournalDatabase.inMemory())
    provider = try #require(ProviderID("own"))
    coin = try #require(Coin("BTC"))
  }

  private func candle(_ minute: Int64, _ price: Int64) throws -> Candle {
    let price = try #require(Price(mantissa: price))
    return try #require(
      Candle(
        openTime: Timestamp(ms: minute * 60_000), open: price, high: price, low: price,
        close: price, volume: Double(minute)))
  }

  /// Random additions under random rules, against dictionaries.
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func isWhatItsRuleSays(seed: UInt64) throws {
    var noise = SeededGenerator(seed: seed)
    var candles: [Int64: Int64] = [:]
    var rates: [Int64: Int64] = [:]
    for round in 0..<40 {
      let rule: MarketMerge.Rule = [.refuse, .keep, .replace][noise.below(3)]
      var series = CandleSeries(timeframe: .m1)
      var brought: [Int64: Int64] = [:]
      for minute in Int64(0)..<30 where noise.below(3) == 0 {
        brought[minute] = 100 + Int64(noise.below(2 + round % 3))
        series.append(try candle(minute, brought[minute] ?? 0))
      }
      var points: [FundingPoint] = []
      for hour in Int64(0)..<8 where noise.below(4) == 0 {
        let rate = FundingRate(trillionths: Int64(noise.below(2)))
        points.append(FundingPoint(at: Timestamp(ms: hour * 3_600_000), rate: rate))
      }

      let merge = try store.mergeMarket(
        provider: provider,
        addition: MarketAddition(
          coin: coin, candles: [series], funding: points, openInterest: nil), rule: rule)

      let news = points.map { ($0.at.ms, $0.rate.trillionths) }
      let differing =
        brought.filter { candles[$0.key] != nil && candles[$0.key] != $0.value }.count
        + news.filter { rates[$0.0] != nil && rates[$0.0] != $0.1 }.count
      let added =
        brought.filter { candles[$0.key] == nil }.count + news.filter { rates[$0.0] == nil }.count
      let isRefused = rule == .refuse && differing > 0
      #expect(merge.isWritten == !isRefused, "seed \(seed) round \(round)")
      #expect(merge.added == (isRefused ? 0 : added), "seed \(seed) round \(round)")
      #expect(merge.differing == differing, "seed \(seed) round \(round)")
      #expect(merge.same == brought.count + news.count - added - differing)
      if !isRefused {
        candles.merge(brought) { rule == .replace ? $1 : $0 }
        rates.merge(news) { rule == .replace ? $1 : $0 }
      }
      try expect(candles, rates, "seed \(seed) round \(round)")
    }
  }

  private func expect(
    _ candles: [Int64: Int64], _ rates: [Int64: Int64], _ note: Comment
  ) throws {
    let (first, end) = (Timestamp(ms: 0), Timestamp(ms: 1_000_000_000))
    let kept = try store.marketCandles(
      provider: provider, coin: coin, timeframe: .m1, from: first, to: end)
    let pairs = zip(kept.openTimesMs, kept.closes).map { ($0 / 60_000, $1) }
    #expect(Dictionary(pairs) { first, _ in first } == candles, note)
    let points = try store.marketFunding(provider: provider, coin: coin, from: first, to: end)
    let found = points.map { ($0.at.ms, $0.rate.trillionths) }
    #expect(Dictionary(found) { first, _ in first } == rates, note)
  }

  @Test func isListedWithItsGaps() throws {
    let other = try #require(ProviderID("another"))
    var series = CandleSeries(timeframe: .m1)
    for minute in [3, 4, 9] as [Int64] { series.append(try candle(minute, 5)) }
    var long = CandleSeries(timeframe: .h1)
    long.append(try candle(60, 5))
    _ = try store.mergeMarket(
      provider: provider,
      addition: MarketAddition(
        coin: coin, candles: [long, series],
        funding: [FundingPoint(at: Timestamp(ms: 0), rate: .zero)], openInterest: nil),
      rule: .refuse)
    _ = try store.mergeMarket(
      provider: other,
      addition: MarketAddition(coin: coin, candles: [series], funding: [], openInterest: nil),
      rule: .refuse)

    let all = try store.marketHoldings(of: nil)
    let own = try store.marketHoldings(of: provider)

    #expect(all.map(\.provider) == [other, provider, provider, provider])
    #expect(own.map(\.kind) == [.candles(.m1), .candles(.h1), .funding])
    #expect(own.map(\.count) == [3, 1, 1])
    #expect(own.map(\.missing) == [4, 0, 0])
    #expect(own[0].gaps.map(\.first.ms) == [300_000])
    #expect(own[0].gaps.map(\.last.ms) == [480_000])
  }
}
