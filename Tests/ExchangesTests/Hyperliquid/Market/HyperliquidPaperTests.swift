import Exchanges
import Market
import Testing
import Trading

/// The simulated exchange on real prices: what paper trading needs of the market.
@Suite("Paper trading on Hyperliquid prices")
struct HyperliquidPaperTests {
  /// 2026-11-13T16:00:10Z.
  private let first = Timestamp(ms: 1_794_585_610_000)

  @Test(arguments: 1...5)
  func givesTheSameFillsHoweverOftenItRuns(_ seed: Int) async throws {
    let often = try await equity(every: .minutes(3), seed: seed)
    let seldom = try await equity(every: .hours(2), seed: seed)

    #expect(often.funding == seldom.funding)
    #expect(often.fills == seldom.fills)
    #expect(often.equity == seldom.equity)
  }

  private struct Outcome {
    let equity: USD
    let fills: [String]
    let funding: [String]
  }

  /// Buys once, then looks at the account for six hours, each time in a new process.
  private func equity(every step: Span, seed: Int) async throws -> Outcome {
    // Another hour of the day for every seed.
    let start = first + .hours(Int64(seed))
    let venue = MarketVenue([.init(name: "BTC"), .init(name: "ETH")], now: start)
    let prices = MarketStore.inMemory(retention: nil)
    let books = SimStore.inMemory()
    let account = SimBench.account
    let rules = SimBench().config
    var exchange = SimExchange(
      config: rules, market: try venue.market(prices), store: books)
    try await exchange.ensureAccount(account, deposit: USD(whole: 1000), at: start)
    let coin = try listedCoin("BTC")
    let outcomes = await exchange.submit(
      [
        order(.buy, "1", coin, ioc("120"), .open, number: seed),
        order(.sell, "1", coin, trigger("99.60", "90"), .stop, number: seed),
      ], at: start)
    #expect(outcomes.map(\.label) == ["filled", "resting"])
    var report: AccountReport?
    while venue.now < start + .hours(6) {
      venue.now = venue.now + step
      exchange = SimExchange(
        config: rules, market: try venue.market(prices), store: books)
      report = try await exchange.report(on: account, since: start, at: venue.now)
      #expect(report?.gaps == [])
    }
    let last = try #require(report)
    return Outcome(
      equity: last.snapshot.equity,
      fills: last.fills.map { "\($0.at) \($0.side) \($0.price) \($0.size)" },
      funding: last.funding.map { "\($0.at) \($0.rate) \($0.amount)" })
  }
}
