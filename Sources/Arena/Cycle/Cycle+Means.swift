import Manager
import Market
import Trading

/// What a trader can work with: its part of the account it is on.
struct TraderMeans {
  /// Reconciled equity, USD.
  let equity: USD
  /// Margin its positions take, USD.
  let marginUsed: USD
  /// What can still become margin, USD.
  let free: USD
}

extension Cycle {
  /// The configured traders that have a record; one whose account could not be opened has none.
  func present(_ work: CycleWork) -> [TraderSpec] {
    config.traders.filter { work.state.traders[$0.id] != nil }
  }

  /// Everybody whose positions are looked after: the configured traders, and those that have left
  /// the configuration with something still open.
  func lookedAfter(_ work: CycleWork) -> [TraderSpec] {
    present(work) + departed(work)
  }

  /// The traders that have left the configuration with something still open, sorted by id.
  func departed(_ work: CycleWork) -> [TraderSpec] {
    work.state.traders.sorted { $0.key < $1.key }.compactMap { id, record in
      guard specs[id] == nil, let market = ports.valuation[record.exchange] else { return nil }
      let isFlat = record.ledger.positions.isEmpty && restingOrders(of: record, work).isEmpty
      return isFlat ? nil : Caretaker.spec(for: record, market: market)
    }
  }

  /// What a trader can work with.
  ///
  /// Alone on its account it has what the account has. Beside others it has its own equity less
  /// the margin of its own positions, and never more than the account has. Of an account that
  /// cannot be read only the margin is known, from the trader's own positions.
  func means(of record: TraderRecord, _ work: CycleWork) -> TraderMeans {
    let marks = work.marks(of: ports.valuation[record.exchange])
    let equity = record.ledger.equity(marks: marks) ?? record.ledger.cash
    let account = work.accounts[record.account]
    if let account, !work.isShared(record.account) {
      return TraderMeans(equity: equity, marginUsed: account.marginUsed, free: account.free)
    }
    let used = record.ledger.positions.reduce(USD.zero) { sum, position in
      sum + margin(of: position, mark: marks[position.coin], on: account)
    }
    return TraderMeans(
      equity: equity, marginUsed: used,
      free: max(.zero, min(equity - used, account?.free ?? .zero)))
  }

  /// The margin of one trader's position: its notional over the leverage the venue has for it.
  func margin(of position: Position, mark: Price?, on account: AccountSnapshot?) -> USD {
    let notional = position.notional(at: mark ?? position.entryPrice)
    let leverage = account?.position(in: position.coin)?.leverage ?? position.claim.leverage
    return notional.divided(by: max(1, leverage), .ceiling)
  }

  /// The orders of a trader that rest at its venue.
  ///
  /// On an account with several traders each has the orders that were made for it.
  func restingOrders(of record: TraderRecord, _ work: CycleWork) -> [RestingOrder] {
    let orders = work.accounts[record.account]?.orders ?? []
    guard work.isShared(record.account) else { return orders }
    let trader = record.ledger.trader
    return orders.filter { $0.clientOrderID.map { work.owners[$0] == trader } ?? false }
  }
}

/// The stand-in for the configuration of a trader that has left it.
enum Caretaker {
  /// How far beyond the mid its positions may be closed, as for a trader that says nothing else.
  static let slippage = Bps(whole: 50)

  /// A trader that decides nothing and keeps the stops its positions have.
  static func spec(for record: TraderRecord, market: ProviderID) -> TraderSpec {
    TraderSpec(
      id: record.ledger.trader, name: record.name, exchange: record.exchange, market: market,
      account: record.account, executor: .unavailable(kind: record.executor),
      coins: record.ledger.positions.map(\.coin), decisionInterval: .day,
      decisionTimeout: .seconds(1), autoStart: false,
      initialEquity: max(record.ledger.flows, USD(whole: 1)), orderStyle: .limitIOC,
      marketSlippage: slippage,
      risk: RiskLimits(
        maxPositions: 1, maxPositionSize: USD(whole: 1), maxMarginUsage: nil, majorLeverage: 1,
        altLeverage: 1, minRewardRisk: .one, minConfidence: 100, needsStop: false,
        needsTarget: false, maxRisk: nil, maxEntryDeviation: Pct(whole: 1),
        allowsScaleIn: false),
      guards: ExecutionGuards(), configDigest: record.runtime.era.configDigest)
  }
}
