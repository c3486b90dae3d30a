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
      observePeaks(of: account, &work)
      checkConservation(of: account, &work)
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
      let since = work.state.watermarks[account] ?? Timestamp(ms: 0)
      do {
        let report = try await exchange.report(on: account, since: since, at: work.now)
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
    let knownFills = try ports.store.bookedFillIDs(account: account, since: since)
    let pendingFills = Set(work.changes.fills.filter { $0.fill.account == account }.map(\.fill.id))
    let knownFunding = try ports.store.bookedFunding(account: account, since: since)
    let pendingFunding = Set(
      work.changes.funding.filter { $0.payment.account == account }
        .map { FundingSlot(coin: $0.payment.coin, at: $0.payment.at) })
    var events = report.fills.filter {
      !knownFills.contains($0.id) && !pendingFills.contains($0.id)
    }.map(AccountEvent.fill)
    events += report.funding.filter {
      let slot = FundingSlot(coin: $0.coin, at: $0.at)
      return !knownFunding.contains(slot) && !pendingFunding.contains(slot)
    }.map(AccountEvent.funding)
    events += try newTransfers(of: report, since: since, work).map(AccountEvent.transfer)
    for event in events.sorted(by: AccountEvent.isEarlier) {
      switch event {
      case .fill(let fill): try book(fill, &work)
      case .funding(let payment): book(payment, &work)
      case .transfer(let transfer): book(transfer, &work)
      }
    }
    let latest = max(since, events.map(\.at).max() ?? since)
    if latest > since {
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
    let records = work.residents(of: account)
    guard let snapshot = work.accounts[account], let venue = records.first?.exchange else { return }
    let marks = work.marks(of: ports.valuation[venue])
    let found = Conservation.check(
      records.map(\.ledger), books: work.state.accounts[account], against: snapshot, marks: marks)
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

  /// Within an instant money comes first, then funding, as the venue charges it, then fills by id.
  static func isEarlier(_ left: AccountEvent, _ right: AccountEvent) -> Bool {
    guard left.at == right.at else { return left.at < right.at }
    switch (left, right) {
    case (.fill(let first), .fill(let second)): return first.id < second.id
    case (.funding(let first), .funding(let second)): return first.coin < second.coin
    case (.transfer(let first), .transfer(let second)): return first.id < second.id
    case (.transfer, _), (.funding, .fill): return true
    case (_, .transfer), (.fill, .funding): return false
    }
  }
}
