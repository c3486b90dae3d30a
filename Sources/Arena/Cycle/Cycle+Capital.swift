import Exchanges
import Journal
import Manager
import Market
import Trading

/// Money that is to move into, or out of, a trader.
struct CapitalMove {
  let trader: TraderID
  /// Positive = into the trader, USD; never zero.
  let amount: USD
  let reason: String
  /// Whether it comes from the money that is split, which must suffice for it.
  var isSplit = false
}

extension Cycle {
  /// Gives and takes money: what the configuration of a trader says anew, what a split of the
  /// arena's money says, and all that a removed trader has.
  func moveCapital(_ work: inout CycleWork) async throws {
    var moves = removalMoves(work) + configuredMoves(work)
    // Who leaves is given nothing on its way out: the next cycle splits what it left.
    if options.duties.removing.isEmpty { moves += splitMoves(&work) }
    moves = moves.filter { $0.amount != .zero }
    guard !moves.isEmpty else { return }
    try await carryOut(moves, &work)
  }

  // MARK: What is to move

  /// All that is left of traders that are being removed.
  private func removalMoves(_ work: CycleWork) -> [CapitalMove] {
    options.duties.removing.sorted().compactMap { trader in
      guard let record = work.state.traders[trader], isEnded(record, work),
        record.runtime.removedAt == nil, record.ledger.cash > .zero
      else { return nil }
      return CapitalMove(
        trader: trader, amount: .zero - record.ledger.cash, reason: "the trader was removed")
    }
  }

  /// The difference between what a trader's configuration says it has and what it was given.
  ///
  /// An isolated one gives its money back until it is released.
  private func configuredMoves(_ work: CycleWork) -> [CapitalMove] {
    present(work).compactMap { spec in
      let record = work.record(of: spec.id)
      guard config.allocation?.members.keys.contains(spec.id) != true,
        record.runtime.removedAt == nil, canMove(record, work),
        !options.duties.removing.contains(spec.id)
      else { return nil }
      let isOut = record.runtime.status == .isolated
      let wanted =
        (isOut ? AllocationMember.remainder : spec.initialEquity) - record.runtime.capital
      if wanted > .zero, venue(of: spec.account, work)?.movesMoney == false {
        return fromAccount(wanted, to: spec, work)
      }
      guard wanted < .zero else {
        return wanted == .zero || !isSolvent(record, work)
          ? nil
          : CapitalMove(
            trader: spec.id, amount: wanted,
            reason: "up to its initial_equity_usd, raised or released")
      }
      return Allocation.givenBack(
        of: record.runtime.capital, downTo: record.runtime.capital + wanted,
        freeCash: freeCash(of: record, work)
      ).map { given in
        CapitalMove(
          trader: spec.id, amount: given,
          reason: isOut ? "isolated: its capital is released" : "initial_equity_usd was lowered")
      }
    }
  }

  /// What an account that only a person can put money into has for a trader; `nil` = nothing.
  private func fromAccount(_ wanted: USD, to spec: TraderSpec, _ work: CycleWork) -> CapitalMove? {
    let spare = work.state.accounts[spec.account]?.unallocated ?? .zero
    guard spare > .zero, isSolvent(work.record(of: spec.id), work) else { return nil }
    return CapitalMove(
      trader: spec.id, amount: min(wanted, spare), reason: "up to its initial_equity_usd")
  }

  /// What a new split of the arena's money moves, when one is due.
  private func splitMoves(_ work: inout CycleWork) -> [CapitalMove] {
    guard let rules = config.allocation, knowsMoney(of: rules, work) else { return [] }
    let members = members(of: rules, work)
    guard let last = work.state.allocation else {
      keep(Allocation.record(of: members, at: work.now, isPending: false), &work)
      return []
    }
    guard
      let reason = Allocation.isDue(
        record: last, rules: rules, members: members, now: work.now)
    else { return [] }
    let plan = plan(members, rules, work)
    keep(Allocation.record(of: members, at: work.now, isPending: plan.isPending), &work)
    if !plan.moves.isEmpty { work.notices.append("the money is split anew: \(reason)") }
    return plan.moves.map {
      CapitalMove(
        trader: $0.trader, amount: $0.amount, reason: "split anew: \(reason)", isSplit: true)
    }
  }

  func keep(_ record: AllocationRecord, _ work: inout CycleWork) {
    work.state.allocation = record
    work.changes.allocation = record
  }

  private func plan(
    _ members: [AllocationMember], _ rules: AllocationRules, _ work: CycleWork
  ) -> AllocationPlan {
    let treasury = treasury(of: rules, work)
    let pool = Allocation.pool(treasury: treasury, members: members)
    let targets = Allocation.targets(
      members: members, rules: rules, available: Allocation.available(pool: pool, rules: rules))
    return Allocation.moves(
      to: targets, members: members, spare: spare(of: rules, work))
  }

  /// Money that can be given to traders of the split, USD: the treasury without the reserve and
  /// without what is already on its way to somebody.
  func spare(of rules: AllocationRules, _ work: CycleWork) -> USD {
    let promised = work.state.plannedTransfers.reduce(USD.zero) { sum, plan in
      let isDue = plan.trader != nil && plan.transfer.amount > .zero
      return isDue ? sum + plan.transfer.amount : sum
    }
    return treasury(of: rules, work) - Allocation.reserve(rules) - promised
  }

  /// Money of the arena that no trader has, USD.
  func treasury(of rules: AllocationRules, _ work: CycleWork) -> USD {
    let own = Set(config.traders.map(\.id)).subtracting(rules.members.keys)
    let flows = work.state.traders.filter { !own.contains($0.key) }
      .reduce(USD.zero) { $0 + $1.value.ledger.flows }
    return Allocation.treasury(rules, netFlows: flows)
  }

  /// The traders whose money is split, as they stand, sorted by id.
  func members(of rules: AllocationRules, _ work: CycleWork) -> [AllocationMember] {
    rules.members.sorted { $0.key < $1.key }.compactMap { trader, share in
      guard let record = work.state.traders[trader], record.runtime.removedAt == nil,
        canMove(record, work)
      else { return nil }
      let means = means(of: record, work)
      return AllocationMember(
        trader: trader, share: share, sharpe: record.totals.sharpe, days: record.totals.days,
        equity: means.equity, freeCash: freeCash(of: record, work),
        isEntitled: record.runtime.status != .isolated && isSolvent(record, work))
    }
  }

  /// Whether money given to a trader can be priced in its units; who lost all it had is given none.
  private func isSolvent(_ record: TraderRecord, _ work: CycleWork) -> Bool {
    record.ledger.units == .zero || means(of: record, work).equity > .zero
  }

  /// Whether the money of every member is known: a venue that does not answer, or a price that is
  /// missing, must not split the others' money.
  private func knowsMoney(of rules: AllocationRules, _ work: CycleWork) -> Bool {
    rules.members.keys.allSatisfy { trader in
      guard let record = work.state.traders[trader], record.runtime.removedAt == nil else {
        return true
      }
      return canMove(record, work)
    }
  }

  /// Whether a trader's money is known and can be moved now.
  private func canMove(_ record: TraderRecord, _ work: CycleWork) -> Bool {
    let marks = work.marks(of: ports.valuation[record.exchange])
    let hasPending = work.state.plannedTransfers.contains {
      $0.transfer.account == record.account
    }
    return work.accounts[record.account] != nil && work.unreadable[record.account] == nil
      && record.ledger.equity(marks: marks) != nil && !hasPending
  }

  /// Money of a trader that is neither margin nor a profit not yet realised, USD.
  private func freeCash(of record: TraderRecord, _ work: CycleWork) -> USD {
    let means = means(of: record, work)
    return Allocation.freeCash(
      cash: record.ledger.cash, equity: means.equity, marginUsed: means.marginUsed,
      free: means.free)
  }

  /// Reductions that free money which a split wants to move, where that is allowed.
  func freeing(
    _ work: inout CycleWork, besides others: [RiskApproved<OrderIntent>]
  ) throws -> [RiskApproved<OrderIntent>] {
    guard let rules = config.allocation, rules.mayReduce, knowsMoney(of: rules, work),
      let last = work.state.allocation
    else {
      return []
    }
    let members = members(of: rules, work)
    guard Allocation.isDue(record: last, rules: rules, members: members, now: work.now) != nil
    else { return [] }
    var orders: [RiskApproved<OrderIntent>] = []
    let ending = Set(others.map { $0.request.request.trader })
    for (trader, amount) in plan(members, rules, work).reductions.sorted(by: { $0.key < $1.key }) {
      guard let spec = specs[trader], !ending.contains(trader) else { continue }
      orders += freeing(amount, of: spec, &work)
    }
    return orders
  }

  /// Reductions of every position of a trader by the same share, so that margin of an amount is
  /// freed.
  private func freeing(
    _ amount: USD, of spec: TraderSpec, _ work: inout CycleWork
  ) -> [RiskApproved<OrderIntent>] {
    let record = work.record(of: spec.id)
    let used = means(of: record, work).marginUsed
    guard used > .zero else { return [] }
    let share = min(
      Factor.one,
      Factor(
        mantissa: ExactMath.ratio(
          amount.mantissa, used.mantissa, .ceiling)))
    return record.ledger.positions.compactMap { position in
      guard let instrument = work.markets[spec.market]?.coins[position.coin]?.instrument else {
        return nil
      }
      let part = instrument.roundedDown(position.size.scaled(by: share, .up))
      guard part > .zero else { return nil }
      work.notices.append(
        "\(spec.id): reducing \(position.coin) by \(part), its money is split anew")
      return flattening(position, of: spec, size: part, &work)
    }
  }
}
