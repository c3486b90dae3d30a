import Exchanges
import Executor
import Manager
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
          "\(coin) has no price at \(provider), so only reductions are possible: \(reason)")
      }
      tellStale(snapshot, of: provider, &work)
      work.markets[provider] = snapshot
    }
    await checkReadiness(&work)
    try refuseWrongClock(work)
  }

  /// Tells of prices that are too old to open by, as long as they are.
  private func tellStale(
    _ snapshot: MarketSnapshot, of provider: ProviderID, _ work: inout CycleWork
  ) {
    let limit = config.run.staleAfter
    for coin in snapshot.coins.keys.sorted() {
      let key = "stale.\(provider).\(coin)"
      guard let age = snapshot.age(of: coin), age > limit else {
        work.resolve(key)
        continue
      }
      work.alert(
        key, .medium,
        "the prices of \(coin) at \(provider) are \(age) old, expected at most \(limit). Only "
          + "reductions are possible.", value: Double(age.ms) / 1000,
        threshold: Double(limit.ms) / 1000)
    }
  }

  /// What a market provider is asked for: the coins of its traders and of their open positions,
  /// and the candles the traders' rules need.
  private func request(to provider: ProviderID, _ work: CycleWork) -> SnapshotRequest {
    var coins: Set<Coin> = []
    var candles: [Timeframe: Int] = [:]
    for spec in present(work) where spec.market == provider {
      coins.formUnion(spec.coins)
      coins.formUnion(work.record(of: spec.id).ledger.positions.map(\.coin))
      candles.merge(candlesNeeded(by: spec), uniquingKeysWith: max)
      candles.merge(AdmissionTable.candlesNeeded(by: spec), uniquingKeysWith: max)
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
  ///
  /// A venue that cannot open the account leaves that trader out of this cycle, and no other.
  private func enrol(_ spec: TraderSpec, in work: inout CycleWork) async throws {
    guard let exchange = ports.exchanges[spec.exchange] else {
      throw RunFailure(
        .configuration, phase: .snapshot,
        "trader \(spec.id): exchange provider \(spec.exchange) is not available")
    }
    do throws(ExchangeError) {
      try await exchange.ensureAccount(
        spec.account, deposit: deposit(for: spec, work), at: work.now)
    } catch {
      work.alert(
        "unreachable.\(spec.account)", .high,
        "trader \(spec.id) could not be enrolled, its account \(spec.account) was not opened: "
          + "\(error)")
      return
    }
    guard let money = try await affordable(firstMoney(of: spec, work), for: spec, &work) else {
      return
    }
    let era = TraderEra(number: 1, startedAt: work.now, configDigest: spec.configDigest)
    var ledger = Ledger(trader: spec.id)
    ledger.book(flow: money, equity: .zero)
    work.state.accounts[spec.account, default: AccountBooks(account: spec.account)].give(money)
    work.add(
      TraderRecord(
        name: spec.name, executor: spec.executor.label, exchange: spec.exchange,
        account: spec.account,
        runtime: TraderRuntime(
          status: spec.autoStart ? .running : .stopped,
          reason: spec.autoStart ? "" : "auto_start is false", inceptionAt: work.now, era: era,
          capital: money),
        ledger: ledger))
    work.changes.flows.append(
      CapitalFlow(
        trader: spec.id, at: work.now, amount: money, reason: "initial equity", equity: .zero))
    work.changes.events.append(
      TraderEvent(
        trader: spec.id, at: work.now, what: "enrolled",
        status: spec.autoStart ? .running : .stopped, cause: "config",
        reason: "\(Readable.usd(money)) USD on account \(spec.account)"))
  }

  /// What of a trader's first money is really there; `nil` = next to nothing, and it is told.
  private func affordable(
    _ wanted: USD, for spec: TraderSpec, _ work: inout CycleWork
  ) async throws -> USD? {
    guard let exchange = ports.exchanges[spec.exchange], !exchange.isSimulated else {
      return wanted
    }
    let spare: USD
    do throws(ExchangeError) {
      // Before the account's opening is booked, what was given is all its books know.
      let unallocated = work.state.accounts[spec.account]?.unallocated ?? .zero
      let funds = try await exchange.funds(of: spec.account, at: work.now) ?? wanted
      spare = work.state.openings[spec.account] == nil ? funds + unallocated : unallocated
    } catch {
      work.alert(
        "unreachable.\(spec.account)", .high,
        "trader \(spec.id) could not be enrolled, the money of account \(spec.account) is not "
          + "known: \(error)")
      return nil
    }
    guard spare >= min(wanted, USD(whole: 1)) else {
      work.alert(
        "unfunded.\(spec.id)", .high,
        "trader \(spec.id) could not be enrolled: of account \(spec.account) only "
          + "\(Readable.usd(max(.zero, spare))) USD are free, it is to have "
          + "\(Readable.usd(wanted)). Deposit money at the venue, or lower initial_equity_usd")
      return nil
    }
    work.resolve("unfunded.\(spec.id)")
    return min(wanted, spare)
  }

  /// What the account of a trader is opened with: all that its traders get, and, where the whole
  /// arena is on one account, the reserve, too.
  private func deposit(for spec: TraderSpec, _ work: CycleWork) -> USD {
    let mates = config.traders.filter { $0.account == spec.account }
    let given = mates.reduce(USD.zero) { $0 + firstMoney(of: $1, work) }
    guard let rules = config.allocation, mates.count == config.traders.count, mates.count > 1
    else { return given }
    return max(given, rules.total)
  }

  /// What a trader begins with, USD.
  ///
  /// Where the arena's money is split and was split before, a newcomer begins with one dollar: the
  /// new split that its coming causes gives it the rest. So does one that joins an account that
  /// was opened before: what is there belongs to others, its own money is moved in first.
  private func firstMoney(of spec: TraderSpec, _ work: CycleWork) -> USD {
    let isSplit = config.allocation?.members.keys.contains(spec.id) == true
    let isNewcomer =
      isSplit ? work.state.allocation != nil : work.savedAccounts[spec.account] != nil
    return isNewcomer ? min(spec.initialEquity, USD(whole: 1)) : spec.initialEquity
  }

  /// Refuses a configuration that moves a living trader to another venue or account.
  private func checkIdentities(_ work: CycleWork) throws {
    for spec in present(work) {
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
