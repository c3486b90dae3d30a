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
  private func configuredMoves(_ work: CycleWork) -> [CapitalMove] {
    present(work).compactMap { spec in
      let record = work.record(of: spec.id)
      guard config.allocation?.members.keys.contains(spec.id) != true,
        record.runtime.removedAt == nil, canMove(record, work),
        !options.duties.removing.contains(spec.id)
      else { return nil }
      let wanted = spec.initialEquity - record.runtime.capital
      guard wanted < .zero else {
        return wanted == .zero || !isSolvent(record, work)
          ? nil
          : CapitalMove(
            trader: spec.id, amount: wanted, reason: "initial_equity_usd was raised")
      }
      // Something stays, so that its units keep a value.
      let spare = max(.zero, freeCash(of: record, work) - AllocationMember.remainder)
      let given = -min(-wanted, spare)
      return given == .zero
        ? nil
        : CapitalMove(trader: spec.id, amount: given, reason: "initial_equity_usd was lowered")
    }
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
      CapitalMove(trader: $0.trader, amount: $0.amount, reason: "split anew: \(reason)")
    }
  }

  private func keep(_ record: AllocationRecord, _ work: inout CycleWork) {
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
      to: targets, members: members, spare: treasury - Allocation.reserve(rules))
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
    return max(.zero, min(record.ledger.cash, means.equity) - means.marginUsed)
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

  // MARK: Moving it

  /// Plans the movements at the venues, tells them, and books what they report; what stays within
  /// an account is booked at once.
  private func carryOut(_ moves: [CapitalMove], _ work: inout CycleWork) async throws {
    countAsPlanned(&work)
    var planned: [PlannedTransfer] = []
    for (account, group) in Dictionary(grouping: moves, by: { work.record(of: $0.trader).account })
      .sorted(by: { $0.key < $1.key })
    {
      if work.isShared(account) {
        planned += within(account, group, &work)
      } else if let move = group.first {
        planned.append(plan(move.amount, account, move.trader, move.reason, work))
      }
    }
    planned = refuseUnmovable(planned, &work)
    work.state.plannedTransfers += planned
    work.changes.plannedTransfers += planned
    stage(&work)
    try commit(&work)
    try await tell(planned, &work)
  }

  private func plan(
    _ amount: USD, _ account: AccountID, _ trader: TraderID?, _ reason: String, _ work: CycleWork
  ) -> PlannedTransfer {
    PlannedTransfer(
      transfer: AccountTransfer(
        id: TransferID(cycle: work.cycle, account: account), account: account, at: work.now,
        amount: amount),
      trader: trader, reason: reason)
  }

  /// Books moves between traders of one account; the account's own money pays what they need
  /// beyond what they give, and the venue is asked for the rest.
  private func within(
    _ account: AccountID, _ moves: [CapitalMove], _ work: inout CycleWork
  ) -> [PlannedTransfer] {
    var books = work.state.accounts[account] ?? AccountBooks(account: account)
    let net = moves.reduce(USD.zero) { $0 + $1.amount }
    let needed = net - books.unallocated
    var planned: [PlannedTransfer] = []
    if net > .zero, needed > .zero {
      guard venue(of: account, work)?.movesMoney == true else {
        work.notices.append(
          "account \(account) lacks \(needed) USD for its traders; deposit it at the venue")
        return []
      }
      // It is given once it is there: the venue may refuse, and nobody has what never came.
      awaitMoney(&work)
      return [plan(needed, account, nil, "money for the account's traders", work)]
    }
    if net < .zero, hasMembers(besides: account, work),
      venue(of: account, work)?.movesMoney == true
    {
      planned = [plan(net, account, nil, "money for traders of other accounts", work)]
    }
    for move in moves
    where give(move.amount, to: move.trader, reason: move.reason, &work) {
      books.give(move.amount)
    }
    work.state.accounts[account] = books
    return planned
  }

  /// Lets the next cycle split again, with money that is only on its way now.
  private func awaitMoney(_ work: inout CycleWork) {
    guard var record = work.state.allocation, config.allocation != nil else { return }
    record.isPending = true
    keep(record, &work)
  }

  /// Whether the arena's money is also split among traders of other accounts.
  private func hasMembers(besides account: AccountID, _ work: CycleWork) -> Bool {
    guard let rules = config.allocation else { return false }
    return rules.members.keys.contains {
      work.state.traders[$0].map { $0.account != account } ?? false
    }
  }

  /// Books money a trader was given (or, when negative, gave), at its present equity.
  ///
  /// - Returns: Whether it was booked; money that cannot be priced stays with the account.
  private func give(
    _ amount: USD, to trader: TraderID, reason: String, isPlanned: Bool = true,
    _ work: inout CycleWork
  ) -> Bool {
    var record = work.record(of: trader)
    let marks = work.marks(of: ports.valuation[record.exchange])
    let equity = record.ledger.equity(marks: marks) ?? record.ledger.cash
    let before = record.ledger.units == .zero ? .zero : equity
    guard record.ledger.book(flow: amount, equity: before) else {
      work.alert(
        "unpriced_flow.\(trader)", .high, trader: trader,
        "\(trader) has no equity to price \(amount) USD by; the money stays with its account")
      return false
    }
    // What a person moves is not what the configuration says: it is neither refilled nor taken.
    if isPlanned { record.runtime.capital += amount }
    work.state.traders[trader] = record
    work.changes.flows.append(
      CapitalFlow(
        trader: trader, at: work.now, amount: amount, reason: reason, equity: before))
    work.notices.append(
      "\(trader): \(amount > .zero ? "+" : "")\(Readable.usd(amount)) USD (\(reason))")
    return true
  }

  /// Leaves out what a venue cannot move.
  private func refuseUnmovable(
    _ planned: [PlannedTransfer], _ work: inout CycleWork
  ) -> [PlannedTransfer] {
    planned.filter { plan in
      guard venue(of: plan.transfer.account, work)?.movesMoney != true else { return true }
      work.notices.append(
        "account \(plan.transfer.account): its venue moves no money; \(plan.transfer.amount) USD "
          + "(\(plan.reason)) must be moved by hand")
      return false
    }
  }

  /// Tells venues of planned movements; telling again changes nothing.
  func tell(_ planned: [PlannedTransfer], _ work: inout CycleWork) async throws {
    var touched: Set<AccountID> = []
    for plan in planned.sorted(by: { $0.transfer.id < $1.transfer.id }) {
      let account = plan.transfer.account
      guard let exchange = venue(of: account, work) else { continue }
      do throws(ExchangeError) {
        try await exchange.transfer([plan.transfer], at: work.now)
        touched.insert(account)
        work.resolve("transfer.\(account)")
      } catch .notMoved(_, let cause) {
        abandon(plan, cause, &work)
      } catch {
        // Whether it moved shows when the account is read.
        touched.insert(account)
        work.alert(
          "transfer.\(account)", .medium,
          "account \(account): whether \(plan.transfer.amount) USD moved is not known: \(error). "
            + "The next run asks again")
      }
    }
    // Before the accounts were first read, the reconcile phase reads them.
    let read = touched.filter { work.accounts[$0] != nil }
    try await refresh(read.sorted(), &work)
  }

  private func abandon(_ plan: PlannedTransfer, _ cause: String, _ work: inout CycleWork) {
    work.state.plannedTransfers.removeAll { $0.transfer.id == plan.transfer.id }
    work.changes.abandonedTransfers.append(plan.transfer.id)
    work.notices.append(
      "account \(plan.transfer.account): \(plan.transfer.amount) USD (\(plan.reason)) were not "
        + "moved: \(cause)")
  }

  private func venue(of account: AccountID, _ work: CycleWork) -> (any Exchange)? {
    work.residents(of: account).first.flatMap { ports.exchanges[$0.exchange] }
  }

  // MARK: What venues report

  /// Movements of a report that are not booked yet.
  func newTransfers(
    of report: AccountReport, since: Timestamp, _ work: CycleWork
  ) throws -> [AccountTransfer] {
    guard !report.transfers.isEmpty else { return [] }
    let account = report.snapshot.account
    let known = try ports.store.bookedTransfers(account: account, since: since)
    let pending = Set(work.changes.transfers.filter { $0.account == account }.map(\.id))
    return report.transfers.filter { !known.contains($0.id) && !pending.contains($0.id) }
  }

  /// Books money that moved at a venue, planned or not.
  ///
  /// Nobody planned a deposit by hand: it is the trader's who is alone on the account, and
  /// otherwise the account's.
  func book(_ transfer: AccountTransfer, _ work: inout CycleWork) {
    let account = transfer.account
    let marks = marks(of: account, work)
    var books = work.state.accounts[account] ?? AccountBooks(account: account)
    let ledgers = work.residents(of: account).map(\.ledger)
    let equity =
      ledgers.reduce(USD.zero) { $0 + ($1.equity(marks: marks) ?? $1.cash) }
      + books.unallocated + (books.outsideEquity(marks: marks) ?? books.outsideCash)
    let isOpening = transfer.id == .opening(account)
    // What traders were given at the opening is already theirs, and not yet the account's.
    books.book(transfer: transfer.amount, equity: isOpening ? .zero : equity)
    work.state.accounts[account] = books
    work.changes.transfers.append(transfer)
    let plan = work.state.plannedTransfers.first { $0.transfer.id == transfer.id }
    work.state.plannedTransfers.removeAll { $0.transfer.id == transfer.id }
    guard !isOpening else { return }
    if plan != nil { work.resolve("transfer.\(account)") }
    let trader = plan == nil && ledgers.count == 1 ? ledgers.first?.trader : plan?.trader
    guard let trader else { return }
    let isGiven = give(
      transfer.amount, to: trader, reason: plan?.reason ?? "moved at the venue by hand",
      isPlanned: plan != nil, &work)
    if isGiven { work.state.accounts[account]?.give(transfer.amount) }
  }
}
