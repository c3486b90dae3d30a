import Exchanges
import Journal
import Market
import Trading

extension Cycle {
  /// Books what every account did since it was last asked, and checks that the books agree.
  func reconcile(_ work: inout CycleWork) async throws {
    let accounts = Set(work.state.traders.values.map(\.account)).sorted()
    await catchUp(&work)
    await readPaths(&work)
    try await refresh(accounts, &work)
    for account in accounts where work.unreadable[account] == nil {
      await priceHeldCoins(of: account, &work)
      try await reread(account, &work)
      try absorbResidue(of: account, &work)
      forgetOldResidue(of: account, &work)
      observePeaks(of: account, &work)
      checkConservation(of: account, &work)
      checkOverdraft(of: account, &work)
      tellOutside(of: account, &work)
    }
  }

  /// Brings the accounts of each venue up to date in one step.
  ///
  /// A venue that fails here says so again, account by account, when it is asked for its report.
  private func catchUp(_ work: inout CycleWork) async {
    for (venue, exchange) in ports.exchanges.sorted(by: { $0.key < $1.key }) {
      let accounts = Set(
        work.state.traders.values.filter { $0.exchange == venue }.map(\.account))
      do {
        try await exchange.catchUp(accounts.sorted(), to: work.now)
      } catch {
        work.notices.append("\(venue): \(error)")
      }
    }
  }

  /// Asks the venues for these accounts and books what is new.
  func refresh(_ accounts: [AccountID], _ work: inout CycleWork) async throws {
    for account in accounts {
      guard let owner = work.residents(of: account).first,
        let exchange = ports.exchanges[owner.exchange]
      else {
        work.unreadable[account] = "its exchange is no longer configured"
        continue
      }
      let known = work.state.watermarks[account]
      // What happened before an account was first looked at is part of what it held then.
      let first = (work.state.openings[account] ?? Timestamp(ms: 0)) + Span(ms: 1)
      let since =
        known.map {
          exchange.isSimulated ? $0 : max(first, $0 - exchange.reportDelay)
        } ?? Timestamp(ms: 0)
      do {
        let report = try await exchange.report(
          on: account, since: since, knowing: try books(of: account, since: since, work),
          at: work.now)
        try book(report, since: since, &work)
        work.resolve("unreachable.\(account)")
      } catch let error as ExchangeError {
        work.unreadable[account] = error.description
        work.alert("unreachable.\(account)", .high, "account \(account): \(error)")
      }
    }
  }

  private func book(
    _ report: AccountReport, since: Timestamp, _ work: inout CycleWork
  ) throws {
    let account = report.snapshot.account
    work.accounts[account] = report.snapshot
    try learnOwners(of: report.snapshot.orders, on: account, &work)
    let events = try newEvents(of: report, since: since, work)
    for event in events {
      switch event {
      case .fill(let fill): try book(fill, &work)
      case .funding(let payment): book(payment, &work)
      case .transfer(let transfer): book(transfer, &work)
      }
    }
    let before = work.state.watermarks[account] ?? Timestamp(ms: 0)
    let latest = max(before, events.map(\.at).max() ?? before)
    if latest > before {
      work.state.watermarks[account] = latest
      work.changes.watermarks[account] = latest
    }
    // A gap has happened and stays true; a day is time enough to hear of it.
    if let since = work.earlierAlerts["gap.\(account)"], since < work.now - .day {
      work.resolve("gap.\(account)")
    }
    for gap in report.gaps {
      work.alert(
        "gap.\(account)", .medium,
        "account \(account): market data is missing (\(gap)); stops were checked on what there is")
    }
  }

  /// What a report tells that is not booked yet, in the order it happened.
  ///
  /// What happened before the account was first looked at is part of what it held then.
  private func newEvents(
    of report: AccountReport, since: Timestamp, _ work: CycleWork
  ) throws -> [AccountEvent] {
    let account = report.snapshot.account
    let fills = try bookedFills(of: account, since: since, work)
    var events = report.fills.filter { !fills.contains($0.id) }.map(AccountEvent.fill)
    let funding = try bookedFunding(of: account, since: since, work)
    events += report.funding.filter {
      !funding.contains(FundingSlot(coin: $0.coin, at: $0.at))
    }.map(AccountEvent.funding)
    if !report.transfers.isEmpty {
      let transfers = try bookedTransfers(of: account, since: since, work)
      events += report.transfers.filter { !transfers.contains($0.id) }.map(AccountEvent.transfer)
    }
    if let opened = work.state.openings[account], venue(of: account, work)?.isSimulated == false {
      events.removeAll { $0.at <= opened }
    }
    return events.enumerated().sorted { left, right in
      let (first, second) = (left.element, right.element)
      return first.rank != second.rank
        ? first.rank < second.rank : left.offset < right.offset
    }.map(\.element)
  }

  private func bookedFills(
    of account: AccountID, since: Timestamp, _ work: CycleWork
  ) throws -> Set<Int64> {
    let pending = work.changes.fills.filter { $0.fill.account == account }.map(\.fill.id)
    return try ports.store.bookedFillIDs(account: account, since: since).union(pending)
  }

  private func bookedFunding(
    of account: AccountID, since: Timestamp, _ work: CycleWork
  ) throws -> Set<FundingSlot> {
    let pending = work.changes.funding.filter { $0.payment.account == account }
      .map { FundingSlot(coin: $0.payment.coin, at: $0.payment.at) }
    return try ports.store.bookedFunding(account: account, since: since).union(pending)
  }

  private func bookedTransfers(
    of account: AccountID, since: Timestamp, _ work: CycleWork
  ) throws -> Set<TransferID> {
    let pending = work.changes.transfers.filter { $0.account == account }.map(\.id)
    return try ports.store.bookedTransfers(account: account, since: since).union(pending)
  }

  /// What our books say an account of a real venue holds; `nil` where nobody needs to know.
  private func books(
    of account: AccountID, since: Timestamp, _ work: CycleWork
  ) throws -> KnownBooks? {
    guard since > Timestamp(ms: 0), venue(of: account, work)?.isSimulated == false else {
      return nil
    }
    let ledgers = work.residents(of: account).map(\.ledger)
    let books = work.state.accounts[account]
    var sizes = books?.outside ?? [:]
    for position in ledgers.flatMap(\.positions) {
      sizes[position.coin] = (sizes[position.coin] ?? .zero) + position.signedSize
    }
    sizes = sizes.filter { $1 != .zero }
    let raw = ledgers.reduce((books?.unallocated ?? .zero) + (books?.outsideCash ?? .zero)) {
      $0 + $1.rawUSD
    }
    return KnownBooks(
      sizes: sizes, rawUSD: raw, fills: try bookedFills(of: account, since: since, work),
      funding: try bookedFunding(of: account, since: since, work),
      transfers: try bookedTransfers(of: account, since: since, work))
  }

  /// Blocks opens where more was taken out of a real account by hand than nobody's money.
  private func checkOverdraft(of account: AccountID, _ work: inout CycleWork) {
    guard venue(of: account, work)?.isSimulated == false else { return }
    let key = "overdrawn.\(account)"
    // Cents may be missing from the moment between the first look and the opening.
    guard let spare = work.state.accounts[account]?.unallocated, spare < USD(whole: -1) else {
      work.resolve(key)
      return
    }
    let text =
      "its traders were given \(Readable.usd(.zero - spare)) USD more than account \(account) "
      + "has; deposit them, or lower initial_equity_usd"
    work.alert(key, .high, text)
    work.blocks[account] = RuleNote(rule: "global_overdrawn", text: text)
  }

  /// Finds out whose the resting orders of a shared account are.
  func learnOwners(
    of orders: [RestingOrder], on account: AccountID, _ work: inout CycleWork
  ) throws {
    guard work.isShared(account) else { return }
    let unknown = orders.compactMap(\.clientOrderID).filter { work.owners[$0] == nil }
    guard !unknown.isEmpty else { return }
    work.owners.merge(try ports.store.owners(of: unknown)) { first, _ in first }
  }

  /// Remembers an intent whose outcome is now known, once.
  func note(_ intent: OrderIntent, in work: inout CycleWork) {
    let id = intent.request.clientOrderID
    work.changes.intents.removeAll { $0.request.clientOrderID == id }
    work.changes.intents.append(intent)
  }

  /// Compares our books of an account with the venue's; a difference bars its opens.
  private func checkConservation(of account: AccountID, _ work: inout CycleWork) {
    let found = discrepancies(of: account, work)
    let key = "conservation.\(account)"
    guard !found.isEmpty else {
      work.resolve(key)
      return
    }
    let words = found.map(\.description).joined(separator: "; ")
    work.alert(key, .high, "the books do not agree: \(words). Run `nof0 state check`.")
    work.blocks[account] = RuleNote(rule: "global_conservation", text: words)
  }
}

/// Something an account did, in the order it happened.
private enum AccountEvent {
  case fill(Fill)
  case funding(FundingPayment)
  case transfer(AccountTransfer)

  var at: Timestamp {
    switch self {
    case .fill(let fill): fill.at
    case .funding(let payment): payment.at
    case .transfer(let transfer): transfer.at
    }
  }

  /// What orders events: within an instant money comes first, then funding, as the venue charges
  /// it, then fills.
  var rank: (Int64, Int) {
    switch self {
    case .transfer(let transfer): (transfer.at.ms, 0)
    case .funding(let payment): (payment.at.ms, 1)
    case .fill(let fill): (fill.at.ms, 2)
    }
  }
}
