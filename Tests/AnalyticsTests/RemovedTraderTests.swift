import Analytics
import Foundation
import Testing
import Trading

@Suite("What the files say of a removed trader")
struct RemovedTraderTests {
  /// Beta began with 2,500 USD, made 100, and gave 2,600 back when it was removed after an hour.
  private static func view() throws -> ArenaView {
    let arena = try SampleArena()
    var ledger = Ledger(trader: arena.beta)
    ledger.book(flow: USD(whole: 2500), equity: .zero)
    ledger = Ledger(
      trader: arena.beta, flows: USD(whole: 2500), units: ledger.units,
      realised: USD(whole: 100), fees: .zero, funding: .zero, positions: [])
    ledger.book(flow: USD(whole: -2600), equity: USD(whole: 2600))
    let ended = SampleArena.start + .hours(1)
    var totals = PerformanceTotals()
    totals.fold(
      EquityPoint(
        trader: arena.beta, at: ended, equity: USD(whole: 2600), nav: USD(whole: 10_400),
        cash: USD(whole: 2600), unrealised: .zero, marginUsed: .zero))
    let before = try #require(arena.view().traders.first { $0.id == arena.beta })
    var record = before.record
    record.ledger = ledger
    record.totals = totals
    record.runtime.status = .stopped
    record.runtime.removedAt = ended
    let removed = TraderView(
      record: record, holdings: [:], hourly: [],
      flows: [
        CapitalFlow(
          trader: arena.beta, at: SampleArena.start, amount: USD(whole: 2500), reason: "initial"),
        CapitalFlow(
          trader: arena.beta, at: ended, amount: USD(whole: -2600), reason: "removed"),
      ], recentTrades: [], recentTurns: [])
    return try arena.view(withBenchmark: false).showing([removed])
  }

  private func decoded<Document: Decodable>(
    _ type: Document.Type, _ export: Export, _ view: ArenaView
  ) throws -> Document {
    try JSONDecoder().decode(type, from: Data(export.render(view)))
  }

  @Test func itStaysWhereItEnded() throws {
    struct Board: Decodable {
      struct Row: Decodable {
        let id: String
        let equity: Double
        let return_pct: Double
      }
      let leaderboard: [Row]
    }
    struct Totals: Decodable {
      struct Row: Decodable {
        let timestamp: Double
        let dollar_equity: Double
      }
      let accountTotals: [Row]
    }
    let view = try Self.view()

    let row = try #require(try decoded(Board.self, .leaderboard, view).leaderboard.first)
    let last = try #require(try decoded(Totals.self, .accountTotals, view).accountTotals.last)

    #expect(row.equity == 10_400)
    #expect(row.return_pct == 4)
    #expect(last.dollar_equity == 10_400)
    #expect(last.timestamp == Double((SampleArena.start + .hours(1)).ms) / 1000)
  }

  @Test func itsTimeEndedWithIt() throws {
    struct Analytics: Decodable {
      struct Row: Decodable { let updated_at: Double }
      let analytics: [Row]
    }
    let view = try Self.view()
    let trader = try #require(view.traders.first)
    let ended = SampleArena.start + .hours(1)
    let later = ArenaView(
      at: view.at + .hours(1000), run: view.run, cycle: view.cycle, isSynthetic: false,
      prices: [:], traders: [trader], benchmark: nil, navBase: view.navBase)

    #expect(TraderAnalytics(of: trader, in: later) == TraderAnalytics(of: trader, in: view))
    let row = try #require(try decoded(Analytics.self, .analytics, later).analytics.first)
    #expect(row.updated_at == Double(ended.ms) / 1000)
    let age = try #require(Metric.all.first { $0.key == "age_days" })
    #expect(age.value(trader.metrics, later.moment(of: trader)) == 1.0 / 24)
  }

  @Test func itIsQuotedByTheUnitsItGaveUp() throws {
    let view = try Self.view()

    let scale = view.scale(of: try #require(view.traders.first))

    // 2,500 USD at the beginning are quoted as 10,000.
    #expect(scale(USD(whole: 100)) == USD(whole: 400))
  }
}
