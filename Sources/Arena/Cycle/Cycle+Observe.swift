import Exchanges
import Executor
import Market
import Trading

extension Cycle {
  /// One market snapshot per provider, for all coins of all its traders; new accounts are opened.
  func takeSnapshot(_ work: inout CycleWork) async throws {
    for spec in config.traders where work.state.traders[spec.id] == nil {
      try await enrol(spec, in: &work)
    }
    try checkIdentities(work)
    for (provider, market) in ports.markets.sorted(by: { $0.key < $1.key }) {
      let request = request(to: provider, work)
      guard !request.coins.isEmpty else { continue }
      let snapshot = try await market.snapshot(request, at: work.now)
      for (coin, reason) in snapshot.missing.sorted(by: { $0.key < $1.key }) {
        work.alert(
          "stale.\(provider).\(coin)", .medium,
          "\(coin) has no price at \(provider): \(reason). Only reductions are possible.")
      }
      for coin in snapshot.coins.keys.sorted() {
        work.resolve("stale.\(provider).\(coin)")
      }
      work.markets[provider] = snapshot
    }
  }

  /// What a market provider is asked for: the coins of its traders and of their open positions,
  /// and the candles the traders' rules need.
  private func request(to provider: ProviderID, _ work: CycleWork) -> SnapshotRequest {
    var coins: Set<Coin> = []
    var candles: [Timeframe: Int] = [:]
    for spec in config.traders where spec.market == provider {
      coins.formUnion(spec.coins)
      coins.formUnion(work.record(of: spec.id).ledger.positions.map(\.coin))
      candles.merge(candlesNeeded(by: spec), uniquingKeysWith: max)
    }
    if let coin = config.export.benchmark, provider == benchmarkMarket { coins.insert(coin) }
    for (venue, market) in ports.valuation where market == provider {
      for record in work.state.traders.values where record.exchange == venue {
        coins.formUnion(record.ledger.positions.map(\.coin))
      }
    }
    return SnapshotRequest(coins: coins.sorted(), candles: candles)
  }

  private func candlesNeeded(by spec: TraderSpec) -> [Timeframe: Int] {
    switch spec.executor {
    case .baseline(let kind):
      Baseline.candlesNeeded(by: kind, decisionInterval: spec.decisionInterval)
    case .model, .http, .command:
      Prompt.candlesNeeded(decisionInterval: spec.decisionInterval)
    case .unavailable: [:]
    }
  }

  /// The market the benchmark is bought on: that of the first trader.
  var benchmarkMarket: ProviderID? { config.traders.first?.market }

  /// Makes a trader part of the arena: its account, its first flow, its first era.
  private func enrol(_ spec: TraderSpec, in work: inout CycleWork) async throws {
    guard let exchange = ports.exchanges[spec.exchange] else {
      throw RunFailure(
        .configuration, phase: .snapshot,
        "trader \(spec.id): exchange provider \(spec.exchange) is not available")
    }
    try await exchange.ensureAccount(spec.account, deposit: spec.initialEquity, at: work.now)
    let era = TraderEra(number: 1, startedAt: work.now, configDigest: spec.configDigest)
    var ledger = Ledger(trader: spec.id)
    ledger.book(flow: spec.initialEquity, equity: .zero)
    work.add(
      TraderRecord(
        name: spec.name, executor: spec.executor.label, exchange: spec.exchange,
        account: spec.account,
        runtime: TraderRuntime(
          status: spec.autoStart ? .running : .stopped,
          reason: spec.autoStart ? "" : "auto_start is false", inceptionAt: work.now, era: era),
        ledger: ledger))
    work.changes.flows.append(
      CapitalFlow(
        trader: spec.id, at: work.now, amount: spec.initialEquity, reason: "initial equity"))
  }

  /// Refuses a configuration that moves a living trader to another venue or account.
  private func checkIdentities(_ work: CycleWork) throws {
    for spec in config.traders {
      let record = work.record(of: spec.id)
      guard record.exchange == spec.exchange, record.account == spec.account else {
        throw RunFailure(
          .configuration, phase: .snapshot,
          "trader \(spec.id) lives on \(record.exchange) (account \(record.account)), the "
            + "configuration says \(spec.exchange) (account \(spec.account)). A trader's exchange "
            + "cannot change: give the new one another id.")
      }
    }
  }
}
