import Exchanges
import Executor
import Market
import Trading

/// Everything the traders of a back-test look at, laid out once for all cycles: one row per coin.
struct PipelineTape {
  /// The market it was read from.
  let market: RecordedMarketData
  let provider: ProviderID
  /// The coins, sorted.
  let coins: [Coin]
  let instruments: [Instrument]
  private(set) var courses: [RecordedCourse]
  /// The shortest candles of each coin and its funding, of all time.
  private let recorded: [RecordedTape]
  let start: Timestamp
  let step: Span
  let count: Int
  /// Where averages stand, by rule and coin.
  private(set) var averages: [Averages] = []

  /// The averages of one rule: a course per row, and which of its entries each cycle sees.
  struct Averages {
    let rule: EMACrossRule
    let timeframe: Timeframe
    let courses: [EMACross.Course]
    /// The last close a cycle knows, by row and cycle; −1 = none.
    let places: [[Int32]]
  }

  init(
    _ market: RecordedMarketData, provider: ProviderID, coins: [Coin], start: Timestamp,
    step: Span, count: Int
  ) throws {
    self.market = market
    self.provider = provider
    self.coins = coins
    self.start = start
    self.step = step
    self.count = count
    var instruments: [Instrument] = []
    var courses: [RecordedCourse] = []
    var recorded: [RecordedTape] = []
    for coin in coins {
      guard let instrument = market.instrument(of: coin), let tape = try market.tape(of: coin),
        let course = try market.course(of: coin, from: start, step: step, count: count)
      else {
        throw StreamObstacle("the shortest candles of \(coin) do not cover all of the time")
      }
      instruments.append(instrument)
      courses.append(course)
      recorded.append(tape)
    }
    self.recorded = recorded
    self.instruments = instruments
    self.courses = courses
  }

  /// The same prices in memory of their own; it has no averages yet.
  var copy: PipelineTape {
    var copy = self
    copy.courses = courses.map(RecordedCourse.init(copying:))
    copy.averages = []
    return copy
  }

  /// The time of a cycle.
  func time(of cycle: Int) -> Timestamp { start + step * Int64(cycle) }

  /// The place of a rule's averages, computed when they are first asked for.
  mutating func averages(of rule: EMACrossRule, interval: Span) throws -> Int {
    let timeframe = EMACross.timeframe(of: rule, interval: interval)
    if let known = averages.firstIndex(where: { $0.rule == rule && $0.timeframe == timeframe }) {
      return known
    }
    var made: [EMACross.Course] = []
    var places: [[Int32]] = []
    for coin in coins {
      guard
        let series = try market.candles(
          of: coin, timeframe, windowsOf: rule.history, from: start)
      else {
        throw StreamObstacle("\(timeframe) candles of \(coin) come from several files")
      }
      made.append(EMACross.Course(of: rule, closes: series.closesDouble))
      var place = series.countClosed(by: start)
      places.append(
        (0..<count).map { cycle in
          let now = time(of: cycle)
          while place < series.count, series.closeTime(place) <= now { place += 1 }
          return Int32(place - 1)
        })
    }
    averages.append(
      Averages(rule: rule, timeframe: timeframe, courses: made, places: places))
    return averages.count - 1
  }

  /// What the averages of a place say in each cycle of some rows: ±1 the side, ±2 where it has just
  /// crossed, 0 not yet known; by cycle, then by place in `rows`.
  func signals(of place: Int, rows: [Int]) -> [Int8] {
    var signals = [Int8](repeating: 0, count: count * rows.count)
    for (index, row) in rows.enumerated() {
      let course = averages[place].courses[row]
      let places = averages[place].places[row]
      for cycle in 0..<count where places[cycle] >= 0 {
        let seen = Int(places[cycle])
        signals[cycle * rows.count + index] = course.signal(at: seen)
      }
    }
    return signals
  }

  /// What happened in a coin between two instants; its candles are those of all time.
  func replay(_ row: Int, after start: Timestamp, through end: Timestamp) -> MarketReplay {
    recorded[row].replay(after: start, through: end)
  }

  /// The prices of a cycle by coin, for the venue and the ledger.
  func marks(at cycle: Int) -> [Coin: Price] {
    var marks: [Coin: Price] = [:]
    for (row, coin) in coins.enumerated() {
      marks[coin] = Price(mantissa: courses[row].prices[cycle])
    }
    return marks
  }

  /// The prices of a cycle of some coins.
  func marks(at cycle: Int, of wanted: some Sequence<Coin>) -> [Coin: Price] {
    var marks: [Coin: Price] = [:]
    for coin in wanted {
      guard let row = coins.firstIndex(of: coin) else { continue }
      marks[coin] = Price(mantissa: courses[row].prices[cycle])
    }
    return marks
  }

  /// What a trader that wants something sees of the market.
  func snapshot(at cycle: Int) throws -> MarketSnapshot {
    let now = time(of: cycle)
    let seen = coins.indices.compactMap { row -> CoinSnapshot? in
      guard let price = Price(mantissa: courses[row].prices[cycle]) else { return nil }
      let hour = courses[row].changes1h[cycle]
      let fourHours = courses[row].changes4h[cycle]
      return CoinSnapshot(
        instrument: instruments[row],
        quote: Quote(coin: coins[row], asOf: now, mid: price, mark: price, oracle: price),
        change1hPct: hour.isNaN ? nil : hour, change4hPct: fourHours.isNaN ? nil : fourHours)
    }
    return try MarketSnapshot(at: now, source: provider, coins: seen)
  }
}

/// What all traders of one cycle share, made when the first of them needs it.
struct PipelineMoment {
  let cycle: Int
  let now: Timestamp
  private let tape: PipelineTape
  private var seen: MarketSnapshot?
  private var known: [Coin: Price]?

  init(_ tape: PipelineTape, cycle: Int) {
    self.tape = tape
    self.cycle = cycle
    now = tape.time(of: cycle)
  }

  /// The market as decisions see it.
  mutating func market() throws -> MarketSnapshot {
    if let seen { return seen }
    let made = try tape.snapshot(at: cycle)
    seen = made
    return made
  }

  /// The marks of all coins.
  mutating func marks() -> [Coin: Price] {
    if let known { return known }
    let made = tape.marks(at: cycle)
    known = made
    return made
  }
}
