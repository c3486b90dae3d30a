import Analytics
import Arena
import Foundation
import Synchronization
import Testing
import Trading

/// The quick ways through the candles, against the cycle of a run and against paper and pencil.
@Suite("A back-test in one pass")
struct StreamBacktestTests {
  private func record(
    _ arena: PastArena, _ engine: BacktestEngine,
    _ change: (inout BacktestRequest) -> Void = { _ in }
  ) async throws -> BacktestRecord {
    var request = try arena.request(to: "2025-07-21T08:30Z")
    change(&request)
    request.engine = engine
    var record = try await ArenaBacktest.record(of: try arena.config(), request)
    #expect(record.engine == engine.rawValue)
    // Which way it went, and a line of the picture that only the quick ways draw.
    record.engine = ""
    record.market = []
    return record
  }

  /// Control traders with everything on: stops, targets, funding, limits, giveback, one that
  /// follows another.
  @Test(arguments: UInt64(1)...5)
  func equalsTheCycleOfARunToTheDigit(seed: UInt64) async throws {
    let arena = try PastArena(.rules, seed: seed)

    let quick = try await record(arena, .stream)
    let slow = try await record(arena, .cycle)

    #expect(quick == slow, "seed \(seed)")
    #expect(quick.traders.reduce(0) { $0 + $1.trades.count } > 3, "seed \(seed)")
  }

  @Test func equalsItAtTheLastCloseAndClosedAtTheEnd() async throws {
    let arena = try PastArena(.rules, seed: 9)
    let change = { (request: inout BacktestRequest) in
      request.fill = .lastClose
      request.closesAtEnd = true
    }

    let quick = try await record(arena, .stream, change)
    let slow = try await record(arena, .cycle, change)

    #expect(quick == slow)
    #expect(quick.traders.allSatisfy { $0.openPositions == 0 })
  }

  /// Who is taken out gives its money back, as far as what it still holds leaves it.
  @Test(arguments: [(UInt64(1), false), (2, true), (3, false)])
  func equalsItWhereTradersAreTakenOut(seed: UInt64, closesPositions: Bool) async throws {
    let arena = try PastArena(.judged(closesPositions: closesPositions), seed: seed)
    let change = { (request: inout BacktestRequest) in
      request.from = Timestamp("2025-07-21T06:00Z")
      request.to = Timestamp("2025-08-14T12:00Z")
    }

    let quick = try await record(arena, .stream, change)
    let slow = try await record(arena, .cycle, change)

    #expect(quick == slow, "seed \(seed)")
    let out = quick.notices.filter { $0.contains("was isolated and traded no more") }
    #expect(out.count > 1, "seed \(seed): \(quick.notices)")
    let rich = quick.traders.filter { ($0.equity.last ?? 0) > USD(whole: 5000).mantissa }
    #expect(rich.count < quick.traders.count, "seed \(seed): nobody gave its money back")
  }

  /// Candles of all lengths that begin at one instant: at first none fills a window.
  @Test func takesTheExactFilesFromTheirFirstCandleOn() async throws {
    let arena = try PastArena(.rules, seed: 4)
    let change = { (request: inout BacktestRequest) in
      request.from = Timestamp("2025-07-21T00:06Z")
      request.to = Timestamp("2025-07-21T03:00Z")
    }

    let quick = try await record(arena, .stream, change)
    let slow = try await record(arena, .cycle, change)

    #expect(quick == slow)
  }

  /// Each look at the clock takes longer than a trader may: the past does not depend on it.
  @Test func isTheSameOnABusyMachine() async throws {
    let arena = try PastArena(.rules, seed: 6)
    let reads = Mutex(0.0)
    let busy = WallClock(
      now: { Timestamp(ms: PastArena.startMs) },
      monotonicMs: {
        reads.withLock {
          $0 += 90_000
          return $0
        }
      })
    var request = try arena.request(to: "2025-07-21T06:00Z")
    request.engine = .cycle

    let late = try await ArenaBacktest.record(of: try arena.config(), request, clock: busy)
    let swift = try await ArenaBacktest.record(of: try arena.config(), request)

    #expect(late == swift)
    #expect(late.traders.allSatisfy { $0.failures.isEmpty })
  }

  @Test func saysWhyItTakesTheCycleOfARun() async throws {
    let arena = try PastArena(.all)
    var request = try arena.request(to: "2025-07-21T05:09Z")
    request.engine = .auto

    let record = try await ArenaBacktest.record(of: try arena.config(), request)

    #expect(record.engine == "cycle")
    let reason = record.notices.first { $0.contains("engine cycle") }
    #expect(reason?.contains("asks: decides by llm") == true, "\(record.notices)")
  }

  @Test func isRefusedWhereAModelDecides() async throws {
    let arena = try PastArena(.all)

    let failure = await #expect(throws: RunFailure.self) {
      _ = try await record(arena, .stream)
    }

    #expect(failure?.code == .usage)
    #expect(
      failure?.message.contains("asks: decides by llm") == true, "\(failure.debugDescription)")
  }

  @Test(arguments: UInt64(1)...3)
  func twoAveragesGiveWhatPaperAndPencilGive(seed: UInt64) async throws {
    let past = try AveragesPast(seed: seed, bars: 360)
    let config = try past.config()

    var quick = try await ArenaBacktest.record(of: config, past.request(.stream))
    var slow = try await ArenaBacktest.record(of: config, past.request(.cycle))
    let paper = past.reckoned(start: 100)

    #expect(quick.engine == "stream" && slow.engine == "cycle")
    let trader = try #require(quick.traders.first)
    #expect(trader.cash.description == paper.cash.description, "seed \(seed)")
    #expect(trader.fees.description == paper.fees.description)
    #expect(trader.fills == paper.fills)
    #expect(trader.equity.last == trader.cash.mantissa)
    for record in [quick, slow] { #expect(record.traders.count == 1) }
    // What a position claimed is kept by the cycle alone.
    #expect(quick.traders[0].trades.map(\.money) == slow.traders[0].trades.map(\.money))
    quick.traders[0].trades = []
    slow.traders[0].trades = []
    (quick.engine, slow.engine) = ("", "")
    #expect(quick.market.count == quick.timesMs.count)
    quick.market = []
    #expect(quick == slow)
  }
}

extension Trade {
  /// Everything of it but what its decision claimed.
  fileprivate var money: [String] {
    [
      "\(position)", "\(coin)", "\(side)", "\(size)", "\(entryNotional)", "\(exitNotional)",
      "\(entryFees)", "\(exitFees)", "\(funding)", "\(openedAt)", "\(closedAt)", "\(entryOrderID)",
      "\(entryFillID)", "\(exitOrderID)", "\(exitFillID)", "\(exitCause)",
    ]
  }
}

/// Candles of five minutes for the shipped example of two averages.
final class AveragesPast {
  private static let startMs: Int64 = 1_753_056_000_000
  private static let folderOfExample = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "config/examples/ema-cross").path

  private let folder: URL
  private var opens: [String: [Int64]] = [:]
  private var closes: [String: [Int64]] = [:]
  private let bars: Int

  /// Candles that wander, in cents.
  init(seed: UInt64, bars: Int) throws {
    self.bars = bars
    folder = FileManager.default.temporaryDirectory
      .appending(path: "nof0-averages-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var noise = SeededGenerator(seed: seed)
    for (coin, price) in [("BTC", Int64(6_000_000)), ("ETH", 300_000)] {
      var text = "timestamp_ms,open,high,low,close,volume\n"
      var last = price
      for bar in 0..<bars {
        let open = last + Int64.random(in: -price / 2000...price / 2000, using: &noise)
        let close = open + Int64.random(in: -price / 300...price / 300, using: &noise)
        let row = [open, max(open, close), min(open, close), close]
        text += "\(Self.startMs + Int64(bar) * 300_000),"
        text +=
          row.map { "\($0 / 100).\($0 % 100 < 10 ? "0" : "")\($0 % 100)" }
          .joined(separator: ",") + ",1\n"
        opens[coin, default: []].append(open)
        closes[coin, default: []].append(close)
        last = close
      }
      try Data(text.utf8).write(to: folder.appending(path: "\(coin)-5m.csv"))
    }
  }

  deinit {
    // What is left in the temporary folder does no harm.
    try? FileManager.default.removeItem(at: folder)
  }

  func config() throws -> ArenaConfig {
    let loaded = ConfigFiles.load(
      directory: Self.folderOfExample, environment: ["NO_DOTENV": "1"])
    return try #require(loaded.config, "\(loaded.issues)")
  }

  func request(_ engine: BacktestEngine) -> BacktestRequest {
    var request = BacktestRequest(
      places: Places(config: Self.folderOfExample, state: folder.path, out: ""),
      output: Output(format: .text, logLevel: "critical", isQuiet: true))
    request.directory = folder.path
    request.symbols = ["BTC", "ETH"]
    request.warmUp = 100
    request.closesAtEnd = true
    request.engine = engine
    return request
  }

  /// The same reckoned by hand: averages weighted from the first close, money in exact decimals.
  func reckoned(start: Int) -> (cash: Decimal, fees: Decimal, fills: Int) {
    var cash = Decimal(1_000_000)
    var fees = Decimal(0)
    var fills = 0
    let rate = Decimal(string: "0.00045") ?? 0
    let sizes: [String: Decimal] = ["BTC": 1, "ETH": 30]
    var held: [String: Decimal] = [:]
    func trade(_ coin: String, _ size: Decimal, at cents: Int64) {
      let price = Decimal(cents) / 100
      let fee = abs(size) * price * rate
      cash -= size * price + fee
      fees += fee
      fills += 1
      held[coin, default: 0] += size
    }
    let sides = closes.mapValues(Self.sides)
    for bar in start..<(bars - 1) {
      for coin in ["BTC", "ETH"] {
        guard let side = sides[coin], side[bar] != side[bar - 1],
          let open = opens[coin]?[bar + 1], let size = sizes[coin]
        else { continue }
        if let has = held[coin], has != 0 { trade(coin, -has, at: open) }
        trade(coin, side[bar] ? size : -size, at: open)
      }
    }
    for coin in ["BTC", "ETH"] {
      if let has = held[coin], has != 0 { trade(coin, -has, at: closes[coin]?.last ?? 0) }
    }
    return (cash, fees, fills)
  }

  /// Whether the fast average is above, close by close; both begin with the mean of their first
  /// closes.
  private static func sides(_ closes: [Int64]) -> [Bool] {
    let prices = closes.map { Double($0) / 100 }
    func average(_ period: Int) -> [Double] {
      var value = prices.prefix(period).reduce(0, +) / Double(period)
      return prices.enumerated().map { index, price in
        if index >= period { value += (price - value) * 2 / Double(period + 1) }
        return value
      }
    }
    return zip(average(20), average(50)).map { $0 >= $1 }
  }
}
