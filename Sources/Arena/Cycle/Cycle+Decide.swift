import Exchanges
import Executor
import Journal
import Manager
import Market
import Trading

extension Cycle {
  /// Asks the due traders: those that look at nobody at the same time, then those that look at one
  /// of them.
  ///
  /// A trader that fails holds; the others are not touched by it.
  func decide(_ work: inout CycleWork, cutoff: Double) async throws {
    let turns = work.turns.compactMap { turn in specs[turn.trader].map { (turn, $0) } }
    let round = try DecideRound(self, run: work.run, cutoff: cutoff)
    do {
      try await ask(turns, in: round, &work)
    } catch {
      round.giveUp()
      throw error
    }
    var closed = try round.close()
    ports.tape.settle(&closed)
    work.spending = closed.changes
    for (turn, spec) in turns { account(for: turn, spec, &work) }
    try tellSpending(closed.overhang, &work)
  }

  private func ask(
    _ turns: [(TraderTurn, TraderSpec)], in round: DecideRound, _ work: inout CycleWork
  ) async throws {
    var waiting = turns
    let cycle = work.cycle
    while !waiting.isEmpty {
      let undecided = Set(waiting.map(\.1.id))
      let ready = waiting.filter { $0.1.executor.peer.map { !undecided.contains($0) } ?? true }
      // The configuration refuses circles of peers; should one get here, its members hold.
      let group = ready.isEmpty ? waiting : ready
      var rules = RuleWords()
      let fees = await takerFees(of: group.map(\.1))
      let contexts = try group.map { turn, spec in
        try context(of: spec, slot: turn.slot, rules: &rules, takerFee: fees[spec.account], work)
      }
      let wanted = earlierTurnsWanted(of: group.map(\.1), work)
      let (outcomes, earlier) = try await round.outcomes(for: contexts) {
        await earlierTurns(wanted, before: cycle)
      }
      work.earlierTurns.merge(earlier) { $1 }
      for (member, outcome) in zip(group, outcomes) { work.answers[member.1.id] = outcome }
      let decided = Set(group.map(\.1.id))
      waiting.removeAll { decided.contains($0.1.id) }
    }
  }

  /// The fees that prompts tell of.
  private func takerFees(of traders: [TraderSpec]) async -> [AccountID: Bps] {
    var fees: [AccountID: Bps] = [:]
    for spec in traders where spec.executor.isOutside && fees[spec.account] == nil {
      // A venue that does not tell its fees fails the trader in admission, with the reason.
      fees[spec.account] = try? await ports.exchanges[spec.exchange]?.fees(for: spec.account).taker
    }
    return fees
  }

  /// Notes that the turn was taken.
  private func account(for turn: TraderTurn, _ spec: TraderSpec, _ work: inout CycleWork) {
    var record = work.record(of: spec.id)
    record.runtime.lastSlot = turn.slot
    let outcome = work.answers[spec.id]
    work.failuresBefore[spec.id] = record.runtime.failuresInARow
    // An answer it has acted on before is no new decision.
    if outcome?.isRepeated != true { record.runtime.invocations += 1 }
    switch outcome?.result {
    case .success: record.runtime.failuresInARow = 0
    case .failure, nil: record.runtime.failuresInARow += 1
    }
    work.state.traders[spec.id] = record
  }

  /// All a trader may know when it decides.
  private func context(
    of spec: TraderSpec, slot: Int64, rules: inout RuleWords, takerFee: Bps?, _ work: CycleWork
  ) throws -> ExecutorContext {
    let record = work.record(of: spec.id)
    let marks = work.marks(of: spec.market)
    let means = means(of: record, work)
    let equity = means.equity
    return ExecutorContext(
      at: work.now, cycle: work.cycle, slot: slot, inceptionAt: record.runtime.inceptionAt,
      trader: spec,
      account: AccountView(
        equity: equity, available: means.free, marginUsed: means.marginUsed,
        profit: equity - record.ledger.flows),
      performance: PerformanceView(
        totals: record.totals, fees: record.ledger.fees, funding: record.ledger.funding,
        opensInLastHour: record.recentOpens.count),
      positions: record.ledger.positions.compactMap { position in
        marks[position.coin].map { view(of: position, mark: $0, record, work) }
      },
      closedCoins: Set(record.lastCloses.keys), market: market(of: spec, work),
      peer: spec.executor.peer.map { peer(of: $0, work) },
      recentTrades: spec.executor.isOutside && record.totals.trades > 0
        ? try ports.store.recentTrades(spec.id, limit: Self.shownTrades) : [],
      rules: spec.executor.isOutside ? rules.words(for: spec) : [], takerFee: takerFee)
  }

  /// Round trips that an executor is told of.
  private static let shownTrades = 10

  private func view(
    of position: Position, mark: Price, _ record: TraderRecord, _ work: CycleWork
  ) -> PositionView {
    let account = work.accounts[record.account]
    let atVenue = account?.position(in: position.coin)
    let isShared = work.isShared(record.account)
    let orders = restingOrders(of: record, work)
    func resting(_ purpose: OrderPurpose) -> Price? {
      for order in orders
      where order.coin == position.coin && order.purpose == purpose {
        if case .trigger(let price, _) = order.kind { return price }
      }
      return nil
    }
    return PositionView(
      position: position, mark: mark,
      marginUsed: isShared
        ? margin(of: position, mark: mark, on: account) : atVenue?.marginUsed ?? .zero,
      liquidationPrice: atVenue?.liquidationPrice, restingStop: resting(.stop),
      restingTarget: resting(.target))
  }

  private func peer(of id: TraderID, _ work: CycleWork) -> PeerView {
    let record = work.state.traders[id]
    let decisions = (try? work.answers[id]?.result.get()) ?? []  // a failed peer decided nothing
    return PeerView(
      decisions: decisions,
      opens: (record?.totals.trades ?? 0) + (record?.ledger.positions.count ?? 0),
      invocations: (record?.runtime.invocations ?? 0) + (work.answers[id] == nil ? 0 : 1))
  }

  /// The market a trader looks at; empty when its provider had nothing.
  func market(of spec: TraderSpec, _ work: CycleWork) -> MarketSnapshot {
    if let snapshot = work.markets[spec.market] { return snapshot }
    return MarketSnapshot.empty(at: work.now, source: spec.market)
  }
}
