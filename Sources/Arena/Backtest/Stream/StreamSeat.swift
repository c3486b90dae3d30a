import Analytics
import Exchanges
import Executor
import Market
import Trading

/// One trader on its way through the candles: its books at the venue, and its ledger.
struct StreamSeat {
  let spec: TraderSpec
  let rule: EMACrossRule
  private let venue: SimVenue
  private let grid: StreamGrid
  /// The rows of the grid that it trades.
  let rows: [Int]
  /// Where the averages stand: ±1 the side, ±2 where they have just crossed, 0 not yet known; by
  /// place in ``rows``, then by cycle.
  private let signals: [Int8]
  private var books: SimAccount
  private var ledger: Ledger
  private var nextPosition = PositionNumber(1)
  /// 1 long, −1 short, 0 flat, by place in ``rows``.
  private var held: [Int8]
  /// Signed sizes, steps of 1e-8 coins, by place in ``rows``.
  private var sizes: [Int64]
  private(set) var result: BacktestTrader
  private var holds = 0
  private var closes = 0
  private var longs = 0
  private var shorts = 0

  init(
    _ spec: TraderSpec, _ rule: EMACrossRule, venue: SimVenue, grid: StreamGrid,
    start: Timestamp
  ) throws {
    self.spec = spec
    self.rule = rule
    self.venue = venue
    self.grid = grid
    let coins = spec.coins.sorted()
    rows = coins.compactMap { grid.coins.firstIndex(of: $0) }
    var signals: [Int8] = []
    signals.reserveCapacity(rows.count * grid.count)
    for row in rows {
      let course = EMACross.Course(of: rule, closes: grid.series[row].closesDouble)
      let first = grid.offsets[row]
      for index in first..<(first + grid.count) {
        signals.append(course.signal(at: index))
      }
    }
    self.signals = signals
    for (coin, row) in zip(coins, rows) {
      guard let quantity = rule.quantities[coin], grid.instruments[row].accepts(quantity) else {
        throw StreamObstacle("the quantity of \(coin) is not a multiple of its lot")
      }
    }
    books = SimAccount(id: spec.account, rawUSD: spec.initialEquity, caughtUpTo: start)
    ledger = Ledger(trader: spec.id)
    ledger.book(flow: spec.initialEquity, equity: .zero)
    held = rows.map { _ in 0 }
    sizes = rows.map { _ in 0 }
    result = BacktestTrader(
      id: spec.id, name: spec.name, executor: spec.executor.label, start: spec.initialEquity)
    result.equity.reserveCapacity(grid.count)
  }

  /// Takes all turns, and is valued after each.
  mutating func run(from start: Timestamp, step: Span) throws {
    let count = grid.count
    for cycle in 0..<count {
      var isWanted = false
      for place in rows.indices {
        let signal = signals[place * count + cycle]
        guard signal != 0 else { continue }
        let side: Int8 = signal > 0 ? 1 : -1
        let has = held[place]
        if has == side || (has == 0 && rule.entersOnCrossOnly && signal == side) {
          holds += 1
        } else {
          isWanted = true
        }
      }
      if isWanted { try trade(cycle, at: start + step * Int64(cycle)) }
      result.equity.append(value(at: cycle))
    }
  }

  /// What it is worth at the closes of a cycle, steps of 1e-8 USD.
  private func value(at cycle: Int) -> Int64 {
    var value = books.rawUSD.mantissa
    for place in rows.indices where sizes[place] != 0 {
      let close = grid.closes[rows[place] * grid.count + cycle]
      let (coins, rest) = sizes[place].quotientAndRemainder(dividingBy: exactDecimalScale)
      // Whole coins, the common case, need no wide product.
      value += rest == 0 ? close * coins : ExactMath.multiply(close, sizes[place], .halfEven)
    }
    return value
  }

  /// The turn of a cycle in which the rule wants something: closes first, as in every run.
  private mutating func trade(_ cycle: Int, at now: Timestamp) throws {
    var quotes: [Coin: Quote] = [:]
    var opens: [Coin: Price] = [:]
    for row in rows {
      let coin = grid.coins[row]
      guard let close = Price(mantissa: grid.closes[row * grid.count + cycle]) else { continue }
      quotes[coin] = Quote(coin: coin, asOf: now, mid: close, mark: close, oracle: close)
      opens[coin] = Price(mantissa: grid.opens[row * grid.count + cycle])
    }
    var change = SimChange(account: books)
    let market = Surroundings(quotes: quotes, opens: opens, cycle: cycle, now: now)
    var entries: [Int] = []
    for place in rows.indices {
      let signal = signals[place * grid.count + cycle]
      let side = Int8(signal.signum())
      let has = held[place]
      guard side != 0, has != side else { continue }
      if has == 0 {
        if !rule.entersOnCrossOnly || signal != side { entries.append(place) }
      } else {
        closes += 1
        let size = Quantity(mantissa: abs(sizes[place])) ?? .zero
        try send(place, has > 0 ? .sell : .buy, size, .close, market, &change)
        if rule.flips { entries.append(place) }
      }
    }
    for place in entries {
      let isLong = signals[place * grid.count + cycle] > 0
      if isLong { longs += 1 } else { shorts += 1 }
      let size = rule.quantities[grid.coins[rows[place]]] ?? .zero
      try send(place, isLong ? .buy : .sell, size, .open, market, &change)
    }
    settle(change, cycle)
  }

  /// What orders of one cycle meet.
  private struct Surroundings {
    let quotes: [Coin: Quote]
    /// `nil` = orders fill at the quotes.
    let opens: [Coin: Price]?
    let cycle: Int
    let now: Timestamp
  }

  private func send(
    _ place: Int, _ side: OrderSide, _ size: Quantity, _ purpose: OrderPurpose,
    _ market: Surroundings, on other: SimVenue? = nil, _ change: inout SimChange
  ) throws {
    let coin = grid.coins[rows[place]]
    let slippage = side == .buy ? spec.marketSlippage : -spec.marketSlippage
    guard let mid = market.quotes[coin]?.mid, let worst = mid.moved(by: slippage),
      let limit = grid.instruments[rows[place]].rounded(worst, side == .buy ? .floor : .ceiling)
    else { return }
    if purpose == .open, mid * size > spec.risk.maxPositionSize.applying(Pct(whole: 99)) {
      throw StreamObstacle("\(spec.id): max_position_size_usd is reached")
    }
    let identity = OrderIdentity(
      arena: "", trader: spec.id, cycle: CycleNumber(Int64(market.cycle) + 1), coin: coin,
      purpose: purpose, generation: 0)
    guard let id = BacktestPass.orderID(change.account.nextOrderID) else { return }
    let request = OrderRequest(
      clientOrderID: id, identity: identity, account: books.id, side: side, size: size,
      kind: .limit(limit, .immediateOrCancel), reduceOnly: purpose != .open,
      leverage: purpose == .open ? spec.risk.leverage(for: coin) : 1)
    let intent = OrderIntent(
      request: request, run: RunNumber(1), decidedAt: market.now, decisionMid: mid,
      expiresAt: market.now, nonce: change.account.nextOrderID, claim: nil)
    (other ?? venue).submit(
      intent, to: &change, quotes: market.quotes, opens: market.opens, at: market.now)
  }

  /// Books what the venue did.
  private mutating func settle(_ change: SimChange, _ cycle: Int) {
    books = change.account
    for fill in change.fills {
      let claim = EntryClaim(
        cycle: CycleNumber(Int64(cycle) + 1), leverage: spec.risk.leverage(for: fill.coin),
        confidence: Baseline.statedConfidence, riskUSD: .zero,
        exitPlan: ExitPlan(stop: nil, target: nil))
      for event in ledger.book(fill, claim: claim, nextPosition: &nextPosition) {
        if case .closed(let trade) = event { result.trades.append(trade) }
      }
      result.volume += fill.notional
      result.fills += 1
    }
    for place in rows.indices {
      let size = books.size(of: grid.coins[rows[place]])
      sizes[place] = size.mantissa
      held[place] = size.mantissa == 0 ? 0 : size.mantissa > 0 ? 1 : -1
    }
  }

  /// Closes what is open at the last closes, and values the last cycle anew.
  mutating func closeAll(at now: Timestamp) throws {
    let cycle = grid.count - 1
    var quotes: [Coin: Quote] = [:]
    for row in rows {
      guard let close = Price(mantissa: grid.closes[row * grid.count + cycle]) else { continue }
      let coin = grid.coins[row]
      quotes[coin] = Quote(coin: coin, asOf: now, mid: close, mark: close, oracle: close)
    }
    let market = Surroundings(quotes: quotes, opens: nil, cycle: cycle, now: now)
    let lastPrice = SimVenue(config: venue.config.atTheLastPrice, instruments: venue.instruments)
    var change = SimChange(account: books)
    for place in rows.indices where held[place] != 0 {
      let size = Quantity(mantissa: abs(sizes[place])) ?? .zero
      try send(
        place, held[place] > 0 ? .sell : .buy, size, .flatten, market, on: lastPrice, &change)
    }
    settle(change, cycle)
    result.equity[cycle] = value(at: cycle)
  }

  /// What it did, with its books as they are.
  mutating func finish() -> BacktestTrader {
    // As the record of a run has them.
    result.trades.sort { ($0.closedAt, $0.position) < ($1.closedAt, $1.position) }
    result.openPositions = ledger.positions.count
    result.cash = ledger.cash
    result.fees = ledger.fees
    result.funding = ledger.funding
    let counts: [(DecisionAction, Int)] = [
      (.hold, holds), (.close, closes), (.buyToEnter, longs), (.sellToEnter, shorts),
    ]
    for (action, count) in counts where count > 0 { result.decisions[action.rawValue] = count }
    return result
  }
}
