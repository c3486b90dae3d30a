import Exchanges
import Journal
import Manager
import Market
import Trading

extension Cycle {
  /// Moves money: out of accounts first, and into others only what has really come out of them, as
  /// a venue may refuse, or not answer.
  func carryOut(_ moves: [CapitalMove], _ work: inout CycleWork) async throws {
    countAsPlanned(&work)
    let groups = Dictionary(grouping: moves) { work.record(of: $0.trader).account }
    let receiving = groups.filter { $0.value.reduce(USD.zero) { $0 + $1.amount } > .zero }
    // The split counts as done with its last movement: a run that dies before goes on with it.
    work.changes.allocation = nil
    try await move(groups.filter { receiving[$0.key] == nil }, &work)
    try await move(covered(receiving, &work), &work)
  }

  /// The same moves, those out of the split cut to the money that is there.
  private func covered(
    _ groups: [AccountID: [CapitalMove]], _ work: inout CycleWork
  ) -> [AccountID: [CapitalMove]] {
    work.changes.allocation = work.state.allocation
    guard let rules = config.allocation else { return groups }
    var room = max(.zero, spare(of: rules, work))
    var covered: [AccountID: [CapitalMove]] = [:]
    for (account, moves) in groups.sorted(by: { $0.key < $1.key }) {
      let taken = moves.filter { $0.isSplit && $0.amount < .zero }
      room -= taken.reduce(.zero) { $0 + $1.amount }
      covered[account] = moves.compactMap { move in
        guard move.isSplit, move.amount > .zero else { return move }
        let amount = min(move.amount, room)
        room -= amount
        if amount < move.amount { work.state.allocation?.isPending = true }
        return amount > .zero
          ? CapitalMove(trader: move.trader, amount: amount, reason: move.reason, isSplit: true)
          : nil
      }
    }
    work.changes.allocation = work.state.allocation
    return covered
  }

  /// Plans the movements at the venues, tells them, and books what they report; what stays within
  /// an account is booked at once.
  private func move(
    _ groups: [AccountID: [CapitalMove]], _ work: inout CycleWork
  ) async throws {
    guard !groups.isEmpty else { return }
    var planned: [PlannedTransfer] = []
    var waiting: [AccountID: [CapitalMove]] = [:]
    for (account, group) in groups.sorted(by: { $0.key < $1.key }) {
      if !work.isShared(account), venue(of: account, work)?.movesMoney == true {
        planned += group.prefix(1).map { plan($0.amount, account, $0.trader, $0.reason, work) }
      } else if let deposit = lacking(account, group, work) {
        // It is given once it is there: the venue may refuse, and nobody has what never came.
        planned.append(deposit)
        waiting[account] = group
      } else {
        planned += within(account, group, &work)
      }
    }
    planned = refuseUnmovable(planned, &work)
    work.state.plannedTransfers += planned
    work.changes.plannedTransfers += planned
    stage(&work)
    try commit(&work)
    try await tell(planned, &work)
    for (account, group) in waiting.sorted(by: { $0.key < $1.key }) {
      if lacking(account, group, work) == nil {
        _ = within(account, group, &work)
      } else if var record = work.state.allocation {
        record.isPending = true
        keep(record, &work)
      }
    }
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

  /// The deposit that a shared account needs for what its traders are to get beyond what they
  /// give; `nil` when its own money suffices.
  private func lacking(
    _ account: AccountID, _ moves: [CapitalMove], _ work: CycleWork
  ) -> PlannedTransfer? {
    let net = moves.reduce(USD.zero) { $0 + $1.amount }
    let needed = net - (work.state.accounts[account]?.unallocated ?? .zero)
    guard net > .zero, needed > .zero else { return nil }
    return plan(needed, account, nil, "money for the account's traders", work)
  }

  /// Books moves between traders of one account, and plans what leaves it for others.
  private func within(
    _ account: AccountID, _ moves: [CapitalMove], _ work: inout CycleWork
  ) -> [PlannedTransfer] {
    for move in moves where give(move.amount, to: move.trader, reason: move.reason, &work) {
      work.state.accounts[account, default: AccountBooks(account: account)].give(move.amount)
    }
    let net = moves.reduce(USD.zero) { $0 + $1.amount }
    guard net < .zero, hasMembers(besides: account, work) else { return [] }
    return [plan(net, account, nil, "money for traders of other accounts", work)]
  }

  /// Whether the arena's money is also split among traders of other accounts.
  private func hasMembers(besides account: AccountID, _ work: CycleWork) -> Bool {
    guard let rules = config.allocation else { return false }
    return rules.members.keys.contains { id in
      work.state.traders[id].map { $0.account != account } ?? false
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

  /// The venue of an account; `nil` when it is no longer configured.
  func venue(of account: AccountID, _ work: CycleWork) -> (any Exchange)? {
    work.residents(of: account).first.flatMap { ports.exchanges[$0.exchange] }
  }

  // MARK: What venues report

  /// Whether a venue that moves no money by itself still owes the traders of an account what their
  /// configuration says: what comes in is then the account's, which gives it to them.
  private func isUnderfunded(_ account: AccountID, _ work: CycleWork) -> Bool {
    guard venue(of: account, work)?.movesMoney == false else { return false }
    return present(work).contains {
      $0.account == account && work.record(of: $0.id).runtime.capital < $0.initialEquity
    }
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
    if isOpening { work.state.openings[account] = transfer.at }
    work.state.accounts[account] = books
    work.changes.transfers.append(transfer)
    let plan = work.state.plannedTransfers.first { $0.transfer.id == transfer.id }
    work.state.plannedTransfers.removeAll { $0.transfer.id == transfer.id }
    guard !isOpening else { return }
    if plan != nil { work.resolve("transfer.\(account)") }
    // Whoever was removed is given nothing any more.
    let isAlone = ledgers.count == 1 && work.residents(of: account)[0].runtime.removedAt == nil
    let isOwed = transfer.amount > .zero && isUnderfunded(account, work)
    let isOwn = isAlone && !transfer.isResidue && !isOwed
    let trader = plan == nil && isOwn ? ledgers.first?.trader : plan?.trader
    guard let trader else { return }
    let isGiven = give(
      transfer.amount, to: trader, reason: plan?.reason ?? "moved at the venue by hand",
      isPlanned: plan != nil, &work)
    if isGiven { work.state.accounts[account]?.give(transfer.amount) }
  }
}
