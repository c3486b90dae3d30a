import Analytics
import Foundation
import Testing
import Trading

@Suite struct ExportIdentityTests {
  @Test(arguments: UInt64(1)...40)
  func holdsTheContractsIdentitiesToTheLastDigit(seed: UInt64) throws {
    let view = try randomView(seed: seed)

    let totals = try decode(AccountTotals.self, .accountTotals, view)
    let trades = try decode(Trades.self, .trades, view)

    for row in totals.accountTotals {
      #expect(row.dollar_equity == 10_000 + row.realized_pnl + row.total_unrealized_pnl)
    }
    let newest = try #require(totals.accountTotals.last)
    let unrealised = newest.positions.values.reduce(Decimal(0)) { $0 + $1.unrealized_pnl }
    #expect(newest.total_unrealized_pnl == unrealised, "seed \(seed)")
    for trade in trades.trades {
      let fees = trade.entry_commission_dollars + trade.exit_commission_dollars
      #expect(trade.total_commission_dollars == fees, "seed \(seed)")
      #expect(trade.entry_closed_pnl == -trade.entry_commission_dollars, "seed \(seed)")
      #expect(
        trade.realized_net_pnl == trade.entry_closed_pnl + trade.exit_closed_pnl, "seed \(seed)")
      #expect(
        trade.exit_closed_pnl == trade.realized_gross_pnl - trade.exit_commission_dollars)
      // Average prices are off by at most 0.5e-8 each, the size by at most 0.5e-8.
      let product = trade.quantity * (trade.exit_price - trade.entry_price)
      let slack =
        (abs(trade.quantity) + abs(trade.exit_price - trade.entry_price) + 1)
        * Decimal(sign: .plus, exponent: -8, significand: 1)
      #expect(abs(trade.realized_gross_pnl - product) <= slack, "seed \(seed)")
    }
  }

  @Test func scalesSizesAndDollarsButNotPrices() throws {
    let arena = try SampleArena()
    let raw = try decode(Trades.self, .trades, arena.view(navBase: nil))
    let quoted = try decode(Trades.self, .trades, arena.view())

    let (one, four) = (try #require(raw.trades.first), try #require(quoted.trades.first))
    #expect(four.quantity == 4 * one.quantity)
    #expect(four.realized_gross_pnl == 4 * one.realized_gross_pnl)
    #expect(four.total_commission_dollars == 4 * one.total_commission_dollars)
    #expect(four.entry_price == one.entry_price)
    #expect(four.exit_price == one.exit_price)
  }

  @Test func quotesRawDollarsFromTheFlows() throws {
    let totals = try decode(
      AccountTotals.self, .accountTotals, SampleArena().view(navBase: nil, withBenchmark: false))

    // Flows 2500; see the sample for the hours.
    let alpha = totals.accountTotals.filter { $0.model_id == "alpha" }
    #expect(alpha.map(\.dollar_equity.description) == ["2519.5", "2509.0955", "2558.2455"])
    #expect(alpha.map(\.realized_pnl.description) == ["-0.5", "9.0955", "8.2455"])
  }

  @Test func showsATraderThatHasNothingYet() throws {
    let arena = try SampleArena()
    let trader = TraderView(
      record: arena.record(Ledger(trader: arena.alpha), executor: "flat"), holdings: [:],
      hourly: [], flows: [], recentTrades: [], recentTurns: [])
    let view = ArenaView(
      at: SampleArena.now, run: 1, cycle: 1, isSynthetic: false, prices: [:], traders: [trader],
      benchmark: nil, navBase: USD(whole: 10_000))

    let rows = try decode(AccountTotals.self, .accountTotals, view).accountTotals

    #expect(rows.map(\.dollar_equity) == [10_000])
    #expect(rows.map(\.realized_pnl) == [0])
    let text = String(decoding: Export.trades.render(view), as: UTF8.self)
    #expect(text.hasSuffix("\"trades\":[]}\n"))
  }

  private func decode<Rows: Decodable>(
    _ type: Rows.Type, _ export: Export, _ view: ArenaView
  ) throws -> Rows {
    try JSONDecoder().decode(type, from: Data(export.render(view)))
  }

  /// A trader with an odd start, so that its scale is no round number, and random fills.
  private func randomView(seed: UInt64) throws -> ArenaView {
    let arena = try SampleArena()
    var random = SeededGenerator(seed: seed)
    var ledger = Ledger(trader: arena.alpha)
    let start = USD(mantissa: 100_000_000_000 + Int64(random.below(900_000_000)))
    ledger.book(flow: start, equity: .zero)
    let claim = EntryClaim(
      cycle: 1, leverage: 3, confidence: 50, riskUSD: USD(whole: 1),
      exitPlan: ExitPlan(stop: nil, target: nil))
    var next: PositionNumber = 1
    var trades: [Trade] = []
    var hourly: [EquityPoint] = []
    for index in 1...60 {
      let coin = random.below(2) == 0 ? arena.btc : arena.eth
      let at = SampleArena.now - .hours(70 - Int64(index))
      let size = try #require(Quantity(mantissa: Int64(1 + random.below(4000)) * 1000))
      let price = try #require(Price(mantissa: Int64(90_000_000 + random.below(20_000_000)) * 1000))
      let fill = Fill(
        id: Int64(index), account: try #require(AccountID("sim")), coin: coin,
        side: random.below(2) == 0 ? .buy : .sell, price: price, size: size,
        fee: (price * size).applying(Bps(mantissa: 450_000_000)), isTaker: true, at: at,
        orderID: Int64(index), clientOrderID: nil, cause: .order)
      for case .closed(let trade) in ledger.book(fill, claim: claim, nextPosition: &next) {
        trades.append(trade)
      }
      let marks = [arena.btc: price, arena.eth: price]
      let equity = try #require(ledger.equity(marks: marks))
      hourly.append(
        EquityPoint(
          trader: arena.alpha, at: at, equity: equity,
          nav: try #require(ledger.nav(equity: equity, base: USD(whole: 10_000))),
          cash: ledger.cash, unrealised: try #require(ledger.unrealised(marks: marks)),
          marginUsed: .zero))
    }
    let mark = try #require(Price("951.23"))
    var record = arena.record(ledger, executor: "random")
    record.runtime.inceptionAt = SampleArena.now - .hours(71)
    let trader = TraderView(
      record: record, holdings: [arena.btc: Holding(mark: mark), arena.eth: Holding(mark: mark)],
      hourly: hourly, flows: [], recentTrades: trades, recentTurns: [])
    return ArenaView(
      at: SampleArena.now, run: 1, cycle: 1, isSynthetic: false, prices: [:], traders: [trader],
      benchmark: nil, navBase: USD(whole: 10_000))
  }
}

private struct AccountTotals: Decodable {
  let accountTotals: [Row]

  struct Row: Decodable {
    let model_id: String
    let dollar_equity: Decimal
    let realized_pnl: Decimal
    let total_unrealized_pnl: Decimal
    let positions: [String: Position]
  }

  struct Position: Decodable {
    let unrealized_pnl: Decimal
  }
}

private struct Trades: Decodable {
  let trades: [Row]

  struct Row: Decodable {
    let quantity: Decimal
    let entry_price: Decimal
    let exit_price: Decimal
    let entry_closed_pnl: Decimal
    let exit_closed_pnl: Decimal
    let entry_commission_dollars: Decimal
    let exit_commission_dollars: Decimal
    let total_commission_dollars: Decimal
    let realized_gross_pnl: Decimal
    let realized_net_pnl: Decimal
  }
}
