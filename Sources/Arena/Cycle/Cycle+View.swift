import Analytics
import Exchanges
import Journal
import Market
import Trading

extension Cycle {
  /// How much the files are made from.
  private enum Bound {
    /// Newest alerts, open or not; open ones that are older come with them.
    static let alerts = 100
  }

  /// Whether prices were made up.
  var isSynthetic: Bool { ports.markets.values.contains(where: \.isSynthetic) }

  /// The arena as the files show it.
  func view(
    _ work: CycleWork, _ reading: ExportReading, statistics: ArenaStatistics?
  ) throws -> ArenaView {
    let prices = prices(work)
    var record = try arenaRecord(work)
    record.statistics = statistics
    return ArenaView(
      at: work.now, run: work.run, cycle: work.cycle,
      isSynthetic: isSynthetic, prices: prices, traders: reading.traders,
      benchmark: reading.benchmark, navBase: config.export.navBase, record: record)
  }

  /// The prices of all coins: where several markets have one, that of the benchmark's market, else
  /// of a real market.
  private func prices(_ work: CycleWork) -> [Coin: SeenPrice] {
    func weight(_ provider: ProviderID) -> Int {
      provider == benchmarkMarket ? 2 : ports.markets[provider]?.isSynthetic == false ? 1 : 0
    }
    var prices: [Coin: SeenPrice] = [:]
    for provider in work.markets.keys.sorted(by: { (weight($0), $0) < (weight($1), $1) }) {
      for (coin, known) in work.markets[provider]?.coins ?? [:] {
        prices[coin] = SeenPrice(price: known.quote.mid, at: known.quote.asOf)
      }
    }
    return prices
  }

  /// What the files tell of the arena beside its traders.
  private func arenaRecord(_ work: CycleWork) throws -> ArenaRecord {
    var record = ArenaRecord()
    record.name = config.name
    record.riskFree = config.export.riskFree
    record.isSimulated = !work.state.traders.values.contains { trader in
      trader.runtime.removedAt == nil && isLive(trader)
    }
    let recent = try ports.store.recentAlerts(Bound.alerts)
    let known = Set(recent.map(\.number))
    record.alerts = recent + (try ports.store.openAlerts().filter { !known.contains($0.number) })
    record.runs = try ports.store.recentRuns(Export.runsShown)
    return record
  }

  private func isLive(_ record: TraderRecord) -> Bool {
    ports.exchanges[record.exchange]?.isSimulated == false
  }

  /// What model calls cost, by trader.
  ///
  /// The day is that of the wall clock when the run began, so that the files follow from the state.
  func costs(
    _ work: CycleWork, _ memory: inout ExportMemory
  ) throws -> [TraderID: [ModelCost]] {
    let began = try ports.store.recentRuns(1).first?.startedAt ?? work.now
    return try memory.costs(SpendingStore(ports.store.database), today: CivilDay(began))
  }

  /// A trader with everything the files say of it.
  func traderView(
    _ record: TraderRecord, _ work: CycleWork, costs: [ModelCost], _ memory: inout ExportMemory
  ) throws -> TraderView {
    let id = record.ledger.trader
    let marks = try marks(of: record, work)
    let account = work.accounts[record.account]
    let orders = restingOrders(of: record, work)
    let holdings = Dictionary(
      record.ledger.positions.compactMap { position in
        marks[position.coin].map { (position.coin, holding(position, mark: $0, account, orders)) }
      }, uniquingKeysWith: { first, _ in first })
    let trades = try ports.store.recentTrades(
      id, limit: Export.tradesShown(of: work.state.traders.count))
    let turns = try recentTurns(of: id, work)
    let inception = record.runtime.inceptionAt
    let hourly = try memory.curve(of: id, since: inception, ports.store, at: work.now)
    let (nets, middle) = try memory.trades(
      of: id, ports.store, count: record.totals.trades)
    var view = TraderView(
      record: record, holdings: holdings, hourly: hourly,
      flows: try ports.store.flows(id),
      recentTrades: trades,
      recentTurns: turns.map {
        TurnView(at: $0.at, run: $0.run, cycle: $0.cycle, turn: $0.turn)
      },
      coins: specs[id]?.coins ?? [],
      metrics: work.metrics[id] ?? TraderMetrics(inception: inception),
      medians: middle.map {
        TradeMedians(holdingMinutes: $0.holdingMinutes, notional: $0.notional)
      } ?? .none,
      modelUse: costs)
    view.outlook.isLive = isLive(record)
    view.outlook.nextDecisionAt = nextDecision(of: record, at: work.now)
    view.outlook.hours = try memory.hours(
      of: id, ports.store, at: work.now, cycle: work.cycle)
    view.outlook.nets = nets
    return view
  }

  /// The marks of a trader's coins.
  ///
  /// Where a coin has no price, its positions are marked so that the trader's equity is that of the
  /// last point on record: a market that does not answer changes nobody's worth.
  private func marks(of record: TraderRecord, _ work: CycleWork) throws -> [Coin: Price] {
    var marks = work.marks(of: ports.valuation[record.exchange])
    let (known, unknown) = record.ledger.positions.reduce(
      into: (known: [Position](), unknown: [Position]())
    ) { parts, position in
      if marks[position.coin] == nil {
        parts.unknown.append(position)
      } else {
        parts.known.append(position)
      }
    }
    guard !unknown.isEmpty else { return marks }
    let last = try ports.store.lastPoint(of: record.ledger.trader, notAfter: work.now)
    let seen = known.reduce(USD.zero) { sum, position in
      sum + (marks[position.coin].map { position.unrealised(at: $0) } ?? .zero)
    }
    let rest = ((last?.equity ?? record.ledger.cash) - record.ledger.cash - seen).double
    let cost = unknown.reduce(0) { $0 + $1.openCost.double }
    for position in unknown {
      let gain = cost > 0 ? rest / cost : 0
      let mark = position.entryPrice.double * (1 + (position.side == .long ? gain : -gain))
      marks[position.coin] = Price(approximating: mark) ?? position.entryPrice
    }
    return marks
  }

  /// When a trader is due next: at the beginning of the slot after its last one, or when its pause
  /// ends; `nil` = not by itself.
  private func nextDecision(of record: TraderRecord, at now: Timestamp) -> Timestamp? {
    let runtime = record.runtime
    guard runtime.removedAt == nil,
      let interval = specs[record.ledger.trader]?.decisionInterval, interval > .zero
    else { return nil }
    let slot = runtime.lastSlot.map { Timestamp(ms: ($0 + 1) * interval.ms) } ?? now
    switch runtime.status {
    case .running: return max(slot, now)
    case .paused: return runtime.pausedUntil.map { max(slot, $0, now) }
    case .stopped, .isolated, .error: return nil
    }
  }

  private func holding(
    _ position: Position, mark: Price, _ account: AccountSnapshot?, _ orders: [RestingOrder]
  ) -> Holding {
    func resting(_ purpose: OrderPurpose) -> Int64? {
      orders.first { $0.coin == position.coin && $0.purpose == purpose }?.orderID
    }
    return Holding(
      mark: mark, liquidation: account?.position(in: position.coin)?.liquidationPrice,
      stopOrderID: resting(.stop), targetOrderID: resting(.target))
  }

  /// The benchmark; without a price it is worth what it was worth last.
  func benchmarkView(
    _ work: CycleWork, _ memory: inout ExportMemory
  ) throws -> BenchmarkView? {
    guard let benchmark = work.state.benchmark else { return nil }
    let last = try ports.store.lastPoint(of: benchmark.id, notAfter: work.now)?.unrealised.double
    let change = (last ?? 0) / (benchmark.price * benchmark.size).double
    let price =
      benchmarkMarket.flatMap { work.markets[$0]?.coins[benchmark.coin]?.quote.mid }
      ?? Price(approximating: benchmark.price.double * (1 + change)) ?? benchmark.price
    return BenchmarkView(
      benchmark: benchmark, mark: price,
      hourly: try memory.curve(
        of: benchmark.id, since: benchmark.boughtAt, ports.store, at: work.now),
      metrics: work.metrics[benchmark.id])
  }
}
