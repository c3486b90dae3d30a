import Arena
import ArenaTesting
import Exchanges
import Journal
import Market
import Testing
import Trading

@Suite("The books of buy and hold, computed by hand")
struct BuyAndHoldBooksTests {
  /// Prices, sizes and money at every step of three hours, by hand.
  ///
  /// Noon, mid 100,000. 98 % of 10,000 is 9,800. It is sized at the mid plus 5 bps, 100,050:
  /// 9,800 / 100,050 = 0.0979510…, floored to lots of 0.00001: 0.09795.
  /// The touch is half of 2 bps away, 100,010. Slippage is 2 bps per 100,000 USD:
  /// 0.09795 · 100,000 = 9,795 USD → 0.1959 bps → 1.959 USD. 100,011.959, up to whole dollars
  /// (six digits): 100,012. Fee 4.5 bps of 100,012 · 0.09795 = 9,796.1754: 4.40827893.
  ///
  /// 13:00, 100,400, rate 0.0000125: pays 0.09795 · 100,400 · 0.0000125 = 0.12292725.
  /// 14:00, 99,800, rate −0.00002: gets 0.09795 · 99,800 · 0.00002 = 0.1955082.
  /// 15:00, 101,000, rate 0.0000125: pays 0.123661875, half-even 0.12366188.
  /// Funding in all: −0.05108093.
  ///
  /// Equity at 15:00: 10,000 − 4.40827893 − 0.05108093 + 0.09795 · (101,000 − 100,012)
  /// = 9,995.54064014 + 96.7746 = 10,092.31524014.
  ///
  /// The benchmark pays 4.5 and buys 9,995.5 / 100,000 = 0.099955, which gains 99.955: 10,095.455.
  @Test func equalTheLastDigit() async throws {
    let bench = try CycleBench([CycleBench.holder("hodl")], market: try Self.market())
    let end = CycleBench.noon + .hours(3)

    let first = try await bench.run(at: CycleBench.noon).line("hodl")
    var last = first
    var benchmark: Double?
    for hour: Int64 in 1...3 {
      let report = try await bench.run(at: CycleBench.noon + .hours(hour))
      last = try report.line("hodl")
      benchmark = report.benchmarkPct
    }

    let fill = try #require(first.fills.first)
    #expect(first.fills.count == 1)
    #expect(fill.size.description == "0.09795")
    #expect(fill.price.description == "100012")
    #expect(fill.fee.description == "4.40827893")
    let ledger = try bench.record("hodl").ledger
    #expect(ledger.fees.description == "4.40827893")
    #expect(ledger.funding.description == "-0.05108093")
    #expect(last.equity?.description == "10092.31524014")
    #expect(last.fills.isEmpty)
    let funding = try bench.store.simActivity(
      account: #require(AccountID("sim.hodl")), since: CycleBench.noon
    ).funding
    #expect(funding.map(\.amount.description) == ["-0.12292725", "0.1955082", "-0.12366188"])
    let bought = try #require(try bench.state().benchmark)
    #expect(bought.size.description == "0.099955")
    #expect(bought.fee.description == "4.5")
    #expect(bought.equity(at: try price("101000")).description == "10095.455")
    let points = try bench.store.equityPoints(bought.id, from: end, to: end, limit: 9)
    #expect(points.map(\.equity.description) == ["10095.455"])
    #expect(abs(try #require(benchmark) - 0.95455) < 1e-9)
    try bench.expectProven()
  }

  /// Looking once after three hours gives the same books as looking every three minutes.
  @Test func theBooksDoNotDependOnHowOftenSomebodyLooks() async throws {
    let rarely = try CycleBench([CycleBench.holder("hodl")], market: try Self.market())
    let often = try CycleBench([CycleBench.holder("hodl")], market: try Self.market())

    for hour: Int64 in [0, 3] { try await rarely.run(at: CycleBench.noon + .hours(hour)) }
    for turn: Int64 in 0...60 {
      try await often.run(at: CycleBench.noon + .minutes(3) * turn)
    }

    let left = try rarely.record("hodl").ledger
    var right = try often.record("hodl").ledger
    // The best gain seen is a matter of looking.
    let price = try price("101000")
    let coin = try coin("BTC")
    right.observe(price, for: coin)
    #expect(left.cash == right.cash)
    #expect(left.equity(marks: [coin: price]) == right.equity(marks: [coin: price]))
    #expect(left.position(in: coin)?.lots == right.position(in: coin)?.lots)
    #expect(left.position(in: coin)?.funding == right.position(in: coin)?.funding)
  }

  /// Quarter hours around noon: 100,000, then 100,400, 99,800 and 101,000 at the full hours.
  private static func market() throws -> ScriptedMarket {
    let btc = try coin("BTC")
    var market = ScriptedMarket(Array(BuiltInInstruments.all.values))
    var series = CandleSeries(timeframe: .m15)
    let closes = [
      "100000", "100100", "100200", "100300", "100400", "100250", "100100", "99900", "99800",
      "100100", "100500", "100800", "101000",
    ]
    var open = try price("99900")
    for (index, text) in closes.enumerated() {
      let close = try price(text)
      let start = CycleBench.noon - .minutes(15) + .minutes(15) * Int64(index)
      series.append(
        try #require(
          Candle(
            openTime: start, open: open, high: max(open, close), low: min(open, close),
            close: close, volume: 1)))
      open = close
    }
    market.candles[btc] = series
    market.funding[btc] = try [(1, "0.0000125"), (2, "-0.00002"), (3, "0.0000125")].map {
      FundingPoint(
        at: CycleBench.noon + .hours(Int64($0.0)), rate: try #require(FundingRate($0.1)))
    }
    return market
  }
}
