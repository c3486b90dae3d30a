import Analytics
import Arena
import Testing
import Trading

/// Back-tests of an arena in memory.
@Suite("A back-test")
struct BacktestTests {
  private func record(
    _ arena: PastArena, _ change: (inout BacktestRequest) -> Void = { _ in }
  ) async throws -> (
    trader: (String) throws -> BacktestTrader, record: BacktestRecord
  ) {
    var request = try arena.request()
    change(&request)
    let record = try await ArenaBacktest.record(of: try arena.config(), request)
    return (
      { id in try #require(record.traders.first { $0.id.name == id }) }, record
    )
  }

  @Test func takesEveryTurnAndValuesEachTraderAtEachCycle() async throws {
    let (_, record) = try await record(try PastArena())

    // 05:00 to 07:00 every 3 minutes; eight traders.
    #expect(record.cycles == 41)
    #expect(record.traderCycles == 41 * 8)
    #expect(record.timesMs.first == PastArena.startMs + 5 * 3_600_000)
    #expect(record.timesMs.last == PastArena.startMs + 7 * 3_600_000)
    for trader in record.traders { #expect(trader.equity.count == 41, "\(trader.id)") }
    #expect(record.coins.map(\.coin.name) == ["BTC", "ETH"])
    #expect(record.fillRule == "next_open")
    #expect(record.engine == "cycle")
  }

  @Test func theSamePastGivesTheSameRecord() async throws {
    let arena = try PastArena()

    let first = try await record(arena).record
    let second = try await record(arena).record

    #expect(first == second)
  }

  @Test func closesAtTheEndAtTheLastPriceWithTheVenuesFee() async throws {
    let (trader, record) = try await record(try PastArena()) { $0.closesAtEnd = true }

    let end = try #require(record.timesMs.last)
    let last = Dictionary(uniqueKeysWithValues: record.coins.map { ($0.coin, $0.last) })
    for trader in record.traders { #expect(trader.openPositions == 0, "\(trader.id)") }
    let holds = try trader("holds")
    #expect(holds.trades.count == 2)
    for trade in holds.trades {
      #expect(trade.closedAt.ms == end)
      let value = try #require(last[trade.coin]) * trade.size
      #expect(trade.exitNotional == value)
      // Fees are rounded up to the next 1e-8 USD.
      let exact = value.applying(Bps("4.5") ?? .zero)
      #expect((0...1).contains(trade.exitFees.mantissa - exact.mantissa), "\(trade.exitFees)")
    }
    #expect(holds.equity.last == holds.cash.mantissa)
  }

  @Test func fillsAtTheNextOpenOrTheLastClose() async throws {
    let arena = try PastArena(.rules)

    let next = try await record(arena) { $0.fill = .nextOpen }.trader("holds")
    let last = try await record(arena) { $0.fill = .lastClose }.trader("holds")

    #expect(next.fills == 2 && last.fills == 2)
    // The candles of the arena open where the one before closed, so both are the same price.
    #expect(next.equity == last.equity)
  }

  @Test func tradersWithoutAnswersHold() async throws {
    let (trader, record) = try await record(try PastArena()) { $0.answers = .none }

    let asks = try trader("asks")
    #expect(asks.decisions.isEmpty)
    #expect(asks.failures == ["no recorded answer": 41])
    #expect(record.notices.contains { $0.hasPrefix("asks held in 41 of its turns") })
    #expect(try trader("starts").decisions == ["hold": 41])
  }

  @Test func onlyTheChosenTakePartAndWhomTheyLookAt() async throws {
    let (_, record) = try await record(try PastArena()) {
      $0.traders = ["against"]
      $0.symbols = ["ETH"]
    }

    #expect(record.traders.map(\.id.name) == ["follows", "against"])
    #expect(record.coins.map(\.coin.name) == ["ETH"])
    #expect(record.notices.contains { $0.hasPrefix("follows takes part, too") })
  }

  @Test func warmUpLeavesOutBars() async throws {
    let arena = try PastArena(.rules)
    var request = try arena.request()
    request.from = nil
    request.warmUp = 50
    request.step = .minutes(5)
    let markets = MutantMarket.markets(of: arena, nil)

    let record = try await ArenaBacktest.record(
      of: try arena.config(), request, markets: markets)

    // Bar 50, counted from 0, closes 51 bars of five minutes after the start, at 04:15.
    #expect(record.timesMs.first == PastArena.startMs + 51 * 300_000)
    #expect(record.timesMs.last == PastArena.startMs + 7 * 3_600_000)
    #expect(record.cycles == 34)
  }

  @Test(arguments: [
    ("2025-07-20T00:00Z", "2025-07-21T02:00Z", "the prices begin at 2025-07-21T00:01:00Z"),
    ("2025-07-21T09:00Z", "2025-07-22T00:00Z", "the prices end at 2025-07-21T10:00:00Z"),
  ])
  func tellsWhereThePricesBeginAndEnd(from: String, to: String, notice: String) async throws {
    let arena = try PastArena(.rules)
    let request = try arena.request(from: from, to: to)

    let record = try await ArenaBacktest.record(of: try arena.config(), request)

    #expect(record.notices.contains { $0.hasPrefix(notice) }, "\(record.notices)")
  }

  @Test(arguments: [
    ("nobody", "", "--trader: no trader is called nobody"),
    ("", "SOL", "--symbols: no trader trades any of SOL"),
  ])
  func namesWhatIsNotThere(trader: String, symbol: String, words: String) async throws {
    let arena = try PastArena(.rules)
    var request = try arena.request()
    request.traders = trader.isEmpty ? [] : [trader]
    request.symbols = symbol.isEmpty ? [] : [symbol]

    let failure = await #expect(throws: RunFailure.self) {
      _ = try await ArenaBacktest.record(of: try arena.config(), request)
    }

    #expect(failure?.code == .usage)
    #expect(failure?.message.hasPrefix(words) == true, "\(String(describing: failure))")
  }
}
