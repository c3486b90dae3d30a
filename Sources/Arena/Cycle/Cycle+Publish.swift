import Analytics
import Exchanges
import Journal
import Market
import Trading

extension Cycle {
  /// How much history the files are made from.
  private enum Bound {
    /// Hours of equity at full detail, then one row a day for so many days.
    static let hours = 720
    static let days = 2000
    /// Trades shown per trader.
    static let shownTrades = 100
  }

  /// Publishes a generation of files from the state and the prices of this cycle.
  ///
  /// - Returns: The generation's number; `nil` when nothing is to be published.
  func publish(_ work: CycleWork) async throws -> Int64? {
    guard options.publishes, let folder = ports.exports else { return nil }
    // Every file tells the time of its cycle: only a cycle repeated makes files that are there.
    let isRepeated = work.state.lastFinishedAt.map { $0 == work.now } ?? false
    let draft = try folder.draft(comparing: isRepeated)
    async let tidied: Void = folder.removeOld(before: draft.number)
    let files = try await write(work, to: draft)
    try await tidied
    return try draft.publish { generation in
      PublishedFile(
        name: "manifest.json",
        bytes: ExportManifest.render(
          generation: generation, run: work.run, cycle: work.cycle, at: work.now,
          isSynthetic: isSynthetic, files: files.map { ($0.name, $0.size, $0.sha256Hex) }))
    }
  }

  /// Writes every file but the manifest.
  ///
  /// The first traders' analytics are made while the last traders are still being read.
  private func write(
    _ work: CycleWork, to draft: GenerationDraft
  ) async throws -> [RenderedFile] {
    let rendering = Rendering(draft: draft)
    return try await withThrowingTaskGroup(of: (Int, Rendering.Part).self) { group in
      var count = 0
      let view: ArenaView = try ports.store.snapshot { _ in
        let head = try self.view(of: [], work)
        var traders: [TraderView] = []
        var rest = work.state.traders.values.sorted { $0.ledger.trader < $1.ledger.trader }[...]
        while !rest.isEmpty {
          let some = try rest.prefix(Rendering.tradersAtOnce).compactMap {
            try traderView($0, work)
          }
          rest = rest.dropFirst(Rendering.tradersAtOnce)
          traders += some
          let (index, part) = (count, head.showing(some))
          group.addTask { (index, try rendering.pages(of: part)) }
          count += 1
        }
        return head.showing(traders)
      }
      for export in Rendering.documents {
        let index = count
        group.addTask { (index, try rendering.document(export, of: view)) }
        count += 1
      }
      var parts = [Rendering.Part](repeating: Rendering.Part(), count: count)
      for try await (index, part) in group { parts[index] = part }
      return parts.flatMap(\.files)
        + [try rendering.analytics(parts.flatMap(\.objects), of: view)]
    }
  }

  /// Publishes the state as it is after the last finished run, with the prices of that time.
  package func republish() async throws -> Int64? {
    guard let last = try ports.store.lastRun() else { return nil }
    let state = try ports.store.loadState(now: last.at)
    var work = CycleWork(now: last.at, run: last.run, cycle: state.cycle, state: state)
    try await takeSnapshot(&work)
    for account in Set(state.traders.values.map(\.account)).sorted() {
      guard let owner = work.residents(of: account).first,
        let exchange = ports.exchanges[owner.exchange]
      else { continue }
      let snapshot = try await exchange.report(on: account, since: last.at, at: last.at).snapshot
      work.accounts[account] = snapshot
      try learnOwners(of: snapshot.orders, on: account, &work)
    }
    return try await publish(work)
  }

  private var isSynthetic: Bool { ports.markets.values.contains(where: \.isSynthetic) }

  private func view(of traders: [TraderView], _ work: CycleWork) throws -> ArenaView {
    var prices: [Coin: SeenPrice] = [:]
    for snapshot in work.markets.sorted(by: { $0.key < $1.key }).map(\.value) {
      for (coin, known) in snapshot.coins {
        prices[coin] = SeenPrice(price: known.quote.mid, at: known.quote.asOf)
      }
    }
    return ArenaView(
      at: work.now, run: work.run, cycle: work.cycle,
      isSynthetic: isSynthetic, prices: prices, traders: traders,
      benchmark: try benchmarkView(work, prices), navBase: config.export.navBase)
  }

  /// A trader with everything the files say of it; `nil` when one of its coins has no price.
  private func traderView(_ record: TraderRecord, _ work: CycleWork) throws -> TraderView? {
    let id = record.ledger.trader
    let marks = work.marks(of: ports.valuation[record.exchange])
    guard record.ledger.positions.allSatisfy({ marks[$0.coin] != nil }) else { return nil }
    let account = work.accounts[record.account]
    let orders = restingOrders(of: record, work)
    let holdings = Dictionary(
      record.ledger.positions.compactMap { position in
        marks[position.coin].map { (position.coin, holding(position, mark: $0, account, orders)) }
      }, uniquingKeysWith: { first, _ in first })
    let trades = try ports.store.recentTrades(id, limit: Bound.shownTrades)
    let turns = try recentTurns(of: id, work)
    return TraderView(
      record: record, holdings: holdings,
      hourly: try hourly(id), flows: try ports.store.flows(id),
      recentTrades: trades,
      recentTurns: turns.map {
        TurnView(at: $0.at, run: $0.run, cycle: $0.cycle, turn: $0.turn)
      },
      coins: specs[id]?.coins ?? [],
      metrics: work.metrics[id] ?? TraderMetrics(inception: record.runtime.inceptionAt))
  }

  /// The last equity point of each hour, oldest first; of each day before that.
  private func hourly(_ id: TraderID) throws -> [EquityPoint] {
    try ports.store.hourlyTotals(id, limitHours: Bound.hours, thenDaily: Bound.days)
      .map(\.point)
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

  private func benchmarkView(
    _ work: CycleWork, _ prices: [Coin: SeenPrice]
  ) throws -> BenchmarkView? {
    guard let benchmark = work.state.benchmark, let price = prices[benchmark.coin] else {
      return nil
    }
    return BenchmarkView(
      benchmark: benchmark, mark: price.price,
      hourly: try hourly(benchmark.id), metrics: work.metrics[benchmark.id])
  }
}
