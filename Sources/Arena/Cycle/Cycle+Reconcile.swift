import Exchanges
import Journal
import Market
import Trading

extension Cycle {
  /// Books what every account did since it was last asked, and checks that the books agree.
  func reconcile(_ work: inout CycleWork) async throws {
    let accounts = Set(work.state.traders.values.map(\.account)).sorted()
    await catchUp(&work)
    try await refresh(accounts, &work)
    for account in accounts where work.unreadable[account] == nil {
      observePeaks(of: account, &work)
      checkConservation(of: account, &work)
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
    let knownFills = try ports.store.bookedFillIDs(account: account, since: since)
    let pendingFills = Set(work.changes.fills.filter { $0.fill.account == account }.map(\.fill.id))
    let knownFunding = try ports.store.bookedFunding(account: account, since: since)
    let pendingFunding = Set(work.changes.funding.map(\.payment))
    var events = report.fills.filter {
      !knownFills.contains($0.id) && !pendingFills.contains($0.id)
    }.map(AccountEvent.fill)
    events += report.funding.filter {
      !knownFunding.contains(FundingSlot(coin: $0.coin, at: $0.at)) && !pendingFunding.contains($0)
    }.map(AccountEvent.funding)
    for event in events.sorted(by: AccountEvent.isEarlier) {
      switch event {
      case .fill(let fill): try book(fill, &work)
      case .funding(let payment): book(payment, &work)
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

  /// Books one fill to the trader whose order it was, or who holds the coin.
  private func book(_ fill: Fill, _ work: inout CycleWork) throws {
    var intent: OrderIntent?
    if let id = fill.clientOrderID {
      intent =
        try work.orders.map(\.request).first { $0.request.clientOrderID == id }
        ?? ports.store.intent(for: id)
    }
    guard let trader = intent?.request.trader ?? owner(of: fill, work) else {
      work.alert(
        "external.\(fill.account).\(fill.id)", .high,
        "account \(fill.account): fill \(fill.id) (\(fill.side.rawValue) \(fill.size) "
          + "\(fill.coin) at \(fill.price)) belongs to no trader; it was not booked")
      return
    }
    var record = work.record(of: trader)
    let held = record.ledger.position(in: fill.coin)
    let claim =
      intent?.claim ?? held?.claim
      ?? EntryClaim(
        cycle: work.cycle, leverage: 1, confidence: nil, riskUSD: .zero,
        exitPlan: ExitPlan(stop: nil, target: nil))
    let events = record.ledger.book(
      fill, claim: claim, nextPosition: &work.state.nextPosition)
    var position = held?.number ?? work.state.nextPosition
    for event in events {
      switch event {
      case .opened(let opened):
        position = opened.number
        record.recentOpens.append(fill.at)
      case .changed(let changed): position = changed.number
      case .closed(let trade):
        position = trade.position
        record.lastCloses[fill.coin] = fill.at
        record.totals.fold(trade)
        work.changes.trades.append(trade)
      }
    }
    work.state.traders[trader] = record
    work.changes.nextPosition = work.state.nextPosition
    work.changes.fills.append(BookedFill(fill: fill, trader: trader, position: position))
    work.fills[trader, default: []].append(fill)
    if let intent { settle(intent, by: fill, &work) }
  }

  /// A fill tells the outcome of its order, also of one whose answer was lost.
  private func settle(_ intent: OrderIntent, by fill: Fill, _ work: inout CycleWork) {
    guard intent.outcome?.label != "filled" else { return }
    var settled = intent
    settled.outcome = .filled(
      size: fill.size, averagePrice: fill.price, fee: fill.fee, orderID: fill.orderID)
    note(settled, in: &work)
    work.resolve("unknown_outcome.\(intent.request.clientOrderID)")
    work.barred[fill.account]?.remove(fill.coin)
  }

  private func book(_ payment: FundingPayment, _ work: inout CycleWork) {
    let holders = work.residents(of: payment.account)
    guard
      var record = holders.first(where: { $0.ledger.position(in: payment.coin) != nil })
        ?? holders.first
    else { return }
    let holder = record.ledger.trader
    record.ledger.book(payment)
    work.state.traders[holder] = record
    work.changes.funding.append(BookedFunding(payment: payment, trader: holder))
  }

  /// Remembers an intent whose outcome is now known, once.
  func note(_ intent: OrderIntent, in work: inout CycleWork) {
    let id = intent.request.clientOrderID
    work.changes.intents.removeAll { $0.request.clientOrderID == id }
    work.changes.intents.append(intent)
  }

  /// The trader a fill without an order of ours belongs to: the one on the account that holds the
  /// coin, or the only one there is.
  private func owner(of fill: Fill, _ work: CycleWork) -> TraderID? {
    let residents = work.residents(of: fill.account)
    let holder = residents.first { $0.ledger.position(in: fill.coin) != nil }
    return (holder ?? (residents.count == 1 ? residents.first : nil))?.ledger.trader
  }

  private func observePeaks(of account: AccountID, _ work: inout CycleWork) {
    for record in work.residents(of: account) where !record.ledger.positions.isEmpty {
      let marks = work.marks(of: ports.valuation[record.exchange])
      var ledger = record.ledger
      for position in ledger.positions {
        if let mark = marks[position.coin] { ledger.observe(mark, for: position.coin) }
      }
      work.state.traders[ledger.trader]?.ledger = ledger
    }
  }

  /// Compares our books of an account with the venue's; a difference bars its opens.
  private func checkConservation(of account: AccountID, _ work: inout CycleWork) {
    let records = work.residents(of: account)
    guard let snapshot = work.accounts[account], let venue = records.first?.exchange else { return }
    let marks = work.marks(of: ports.valuation[venue])
    let found = Conservation.check(records.map(\.ledger), against: snapshot, marks: marks)
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

  var at: Timestamp {
    switch self {
    case .fill(let fill): fill.at
    case .funding(let payment): payment.at
    }
  }

  /// Funding of an instant comes before fills of the same instant, as the venue charges it; fills
  /// of one instant come by id.
  static func isEarlier(_ left: AccountEvent, _ right: AccountEvent) -> Bool {
    guard left.at == right.at else { return left.at < right.at }
    switch (left, right) {
    case (.fill(let first), .fill(let second)): return first.id < second.id
    case (.funding(let first), .funding(let second)): return first.coin < second.coin
    case (.funding, .fill): return true
    case (.fill, .funding): return false
    }
  }
}
