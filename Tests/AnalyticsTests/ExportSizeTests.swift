import Analytics
import Foundation
import Testing
import Trading

@Suite struct ExportSizeTests {
  /// Ten traders that talk a lot and hold six positions each, after a year and a half: all files of
  /// three generations, the kept curves and the page fit into 5 MB.
  @Test func threeGenerationsOfTenTradersFitInto5MB() throws {
    let view = try Self.loudView()
    var total = 0
    for export in Export.all(for: view) {
      let bytes = export.render(view)
      total += bytes.count
      #expect(bytes.count < 550_000, "\(export.name): \(bytes.count) bytes")
    }
    // What runs keep of the curves: 550 points of 32 bytes for each trader and the benchmark.
    let kept = 11 * 550 * 32
    let page = 150_000
    #expect(3 * total + kept + page <= 5_000_000, "one generation: \(total) bytes")
  }

  @Test(arguments: [(1, 100), (3, 100), (10, 30), (40, 10), (1000, 10)])
  func fewerTradesOfEachAreShownWhereThereAreMany(traders: Int, shown: Int) {
    #expect(Export.tradesShown(of: traders) == shown)
  }

  @Test func onlyTheNewestRowOfAYearNamesPositions() throws {
    struct Document: Decodable {
      struct Row: Decodable {
        let model_id: String
        let positions: [String: [String: Value]]
      }
      enum Value: Decodable {
        case any
        init(from decoder: any Decoder) throws { self = .any }
      }
      let accountTotals: [Row]
    }
    let document = try JSONDecoder().decode(
      Document.self, from: Data(Export.accountTotals.render(try Self.loudView())))
    for (id, rows) in Dictionary(grouping: document.accountTotals, by: \.model_id) {
      #expect(rows.count > 100 && rows.count <= 161, "\(id): \(rows.count)")
      #expect(rows.last?.positions.isEmpty == false, "\(id)")
      let older = rows.dropLast().filter { !$0.positions.isEmpty }
      #expect(older.isEmpty, "\(id)")
    }
  }

  /// Statistics of a usual size; names as long as people choose them.
  private static func loudView() throws -> ArenaView {
    let sample = try SampleArena()
    let ids = (0..<10).map { "trader_with_a_name_\($0)" }
    let traders = try ids.map { try loudTrader($0, sample) }
    let plain = try #require(try sample.fullView().benchmark)
    let bought = Benchmark(
      id: plain.benchmark.id, coin: plain.benchmark.coin,
      boughtAt: SampleArena.now - .hours(24 * 548) - .minutes(30), price: plain.benchmark.price,
      size: plain.benchmark.size, fee: plain.benchmark.fee, start: plain.benchmark.start)
    var record = try sample.fullView().record
    record.alerts = Array(repeating: record.alerts[1], count: 60)
    record.runs = Array(repeating: record.runs[1], count: 50)
    record.statistics?.traders = ids.map { id in
      TraderStatistics(
        id: id, periods: 365, returnPct: Interval(low: -1.123456789, high: 4.123456789),
        sharpe: Interval(low: -1.123456789, high: 4.123456789),
        band: (0..<60).map { [1_763_640_000 + Double($0), 0.98123456, 1.02123456] })
    }
    return ArenaView(
      at: SampleArena.now, run: 1, cycle: 175_200, isSynthetic: false, prices: [:],
      traders: traders,
      benchmark: BenchmarkView(
        benchmark: bought, mark: plain.mark, hourly: history(plain.benchmark.id)),
      navBase: USD(whole: 10_000), record: record)
  }

  private static func history(_ id: TraderID) -> [EquityPoint] {
    let hours: Int64 = 24 * 548
    return (0..<hours).map { hour in
      EquityPoint(
        trader: id, at: SampleArena.now - .hours(hours - hour) - .minutes(1),
        equity: USD(mantissa: 251_234_567_891 + hour * 1_234_567),
        nav: USD(mantissa: 1_003_812_345_678 + hour * 7_654_321), cash: .zero,
        unrealised: USD(mantissa: -1_234_567_891), marginUsed: .zero)
    }
  }

  private static func loudTrader(_ name: String, _ sample: SampleArena) throws -> TraderView {
    let plain = try sample.alphaView()
    let id = try #require(TraderID(name))
    var ledger = Ledger(trader: id)
    ledger.book(flow: USD(whole: 2500), equity: .zero)
    var next: PositionNumber = 1
    let plan = ExitPlan(
      stop: try sample.price("98000.123"), target: try sample.price("105000.456"),
      invalidation: String(repeating: "4h close < 98,000 ", count: 6))
    let claim = EntryClaim(
      cycle: 1, leverage: 5, confidence: 70, riskUSD: USD(whole: 20), exitPlan: plan)
    var holdings: [Coin: Holding] = [:]
    for (index, name) in ["BTC", "ETH", "SOL", "BNB", "DOGE", "XRP"].enumerated() {
      let coin = try #require(Coin(name))
      _ = ledger.book(
        try sample.fill(
          Int64(index) + 1, coin, .buy, "1234.5678", "0.12345", "0.45", SampleArena.now),
        claim: claim, nextPosition: &next)
      holdings[coin] = Holding(mark: try sample.price("1250.1234"), stopOrderID: 1)
    }
    var record = sample.record(ledger, executor: "llm")
    record.runtime.inceptionAt = SampleArena.now - .hours(24 * 548) - .minutes(30)
    let long = String(repeating: "The market moves; 4h RSI at 61.2, so I hold. ", count: 600)
    let said = ConversationExportTests.talk(user: long, system: long, reply: long, reasoning: long)
    let turns = (1...10).map { turn in
      TurnView(
        at: SampleArena.now - .minutes(Int64(turn)), run: 1, cycle: Int64(200 - turn),
        turn: TurnRecord(
          trader: id, era: 1, slot: Int64(turn), failure: nil, decisions: [],
          conversation: said))
    }
    var trader = TraderView(
      record: record, holdings: holdings, hourly: history(id), flows: [],
      recentTrades: Array(repeating: plain.recentTrades[0], count: 1000), recentTurns: turns,
      coins: plain.coins, metrics: plain.metrics, medians: plain.medians)
    trader.outlook.hours = (0..<168).map {
      DecisionHour(
        start: SampleArena.now.floored(to: .hour) - .hours(168 - $0), decisions: 120, entries: 10,
        refused: 10)
    }
    trader.outlook.nets = (0..<500).map { USD(mantissa: Int64($0 * 1_234_567_891)) }
    return trader
  }
}
