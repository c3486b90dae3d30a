import Analytics
import Journal
import Trading

/// Reads the record of a period, row by row, into tallies.
struct PeriodReading {
  private let store: StateStore
  private let from: Timestamp
  private let to: Timestamp
  private let state: ArenaState
  private var traders: [TraderID: Reading] = [:]
  private var symbols: [Coin: SymbolTally] = [:]

  /// A trader's tally and the runs that its two ends have booked.
  private struct Reading {
    var tally: PeriodTally
    let after: RunNumber
    let through: RunNumber
    /// The times of its two ends.
    let times: (after: Timestamp, through: Timestamp)
  }

  /// What a trader was worth at an instant, and the last run that counts for it.
  private struct Edge {
    let point: EquityPoint
    let run: RunNumber
  }

  /// Looks the ends of the period up; `from` is before `to`.
  init(_ store: StateStore, from: Timestamp, to: Timestamp) throws {
    self.store = store
    self.from = from
    self.to = to
    state = try store.loadState(now: to)
    for id in state.traders.keys.sorted() {
      guard let record = state.traders[id], let end = try edge(of: id, record, at: to) else {
        continue
      }
      let start = try edge(of: id, record, at: from)
      traders[id] = Reading(
        tally: PeriodTally(
          trader: id, executor: record.executor,
          isRemoved: record.runtime.removedAt.map { $0 <= to } ?? false, start: start?.point,
          end: end.point, from: from, to: to),
        after: start?.run ?? 0, through: end.run,
        times: (start?.point.at ?? Timestamp(ms: .min), end.point.at))
    }
  }

  /// The tallies, by trader.
  var tallies: [PeriodTally] { traders.keys.sorted().compactMap { traders[$0]?.tally } }

  /// The tallies of symbols, by coin.
  var symbolTallies: [SymbolTally] { symbols.keys.sorted().compactMap { symbols[$0] } }

  /// Reads bookings, trades and curves.
  mutating func read() throws {
    let first = traders.values.map(\.after).min() ?? 0
    let last = traders.values.map(\.through).max() ?? 0
    var tallies = traders
    try store.bookings(after: first, through: last) { row in
      let trader = row.booking.trader
      guard let reading = tallies[trader], row.run > reading.after, row.run <= reading.through
      else { return }
      switch row.booking {
      case .flow(let flow): tallies[trader]?.tally.fold(flow)
      case .fee(_, let amount): tallies[trader]?.tally.fold(fee: amount)
      case .funding(_, let amount): tallies[trader]?.tally.fold(funding: amount)
      }
    }
    let begin = traders.values.map(\.times.after).min() ?? from
    var symbols: [Coin: SymbolTally] = [:]
    try store.tradesEnded(after: begin, through: to) { trade in
      guard let times = tallies[trade.trader]?.times, trade.closedAt > times.after,
        trade.closedAt <= times.through
      else { return }
      tallies[trade.trader]?.tally.fold(trade)
      symbols[trade.coin, default: SymbolTally(coin: trade.coin)].fold(trade)
    }
    for trader in tallies.keys.sorted() {
      try store.points(of: trader, after: from, through: to) {
        tallies[trader]?.tally.fold($0)
      }
    }
    traders = tallies
    self.symbols = symbols
  }

  /// The benchmark over the period, or since it was bought.
  func benchmark() throws -> BenchmarkPeriod? {
    guard let benchmark = state.benchmark,
      let end = try store.lastPoint(of: benchmark.id, notAfter: to)
    else { return nil }
    let start = try store.lastPoint(of: benchmark.id, notAfter: from)
    return BenchmarkPeriod(
      id: benchmark.id, start: start?.nav ?? benchmark.start, end: end.nav)
  }

  /// What the models cost while the runs of the period were made, by the wall clock.
  func costs() throws -> [PeriodCost] {
    let first = try store.lastRun(notAfter: from)
    let last = try store.lastRun(notAfter: to)
    guard let wall = try store.wallClock(after: first, through: last) else { return [] }
    return try store.modelUse(from: wall.from, to: wall.to).map { use in
      PeriodCost(
        trader: use.trader, model: use.model.name, calls: use.calls, tokens: use.spent.tokens,
        cost: use.spent.cost)
    }
  }

  /// What a trader was worth at an instant; `nil` = its record begins later.
  private func edge(
    of id: TraderID, _ record: TraderRecord, at: Timestamp
  ) throws -> Edge? {
    let point = try store.lastPoint(of: id, notAfter: at)
    guard let removed = record.runtime.removedAt, removed <= at else {
      guard let point else { return nil }
      return Edge(point: point, run: try store.lastRun(notAfter: point.at))
    }
    // A removed trader has no points any more: what it has is the cash that it did not give back.
    let run = try store.lastRun(notAfter: at)
    let later = try store.flows(id, after: run).reduce(USD.zero) { $0 + $1.amount }
    let cash = record.ledger.cash - later
    return Edge(
      point: EquityPoint(
        trader: id, at: max(removed, point?.at ?? removed), equity: cash,
        nav: point?.nav ?? USD(whole: 10_000), cash: cash, unrealised: .zero, marginUsed: .zero),
      run: run)
  }
}
