import Synchronization
package import Trading

/// What the account holds and did.
extension HyperliquidExchange {
  /// The account now, and what explains how it differs from our books.
  ///
  /// The state is read first; where sizes and cash agree with `known` to the last digit, nothing
  /// happened. Otherwise fills, then funding, then transfers are read until they do, or all are
  /// read. What happened after the state was read is reported next time.
  package func report(
    on account: AccountID, since: Timestamp, knowing known: KnownBooks?, at now: Timestamp
  ) async throws(ExchangeError) -> AccountReport {
    try own(account)
    try await refuseUnsupportedMode(at: now)
    let (state, history) = try await observed(since: since, knowing: known)
    try doubtLeverage(of: state)
    let orders = try await restingOrders()
    let snapshot = AccountSnapshot(
      account: account, at: state.at, equity: state.equityAtMarks, marginUsed: state.marginUsed,
      maintenanceMargin: state.maintenanceMargin,
      positions: state.positions.sorted { $0.coin < $1.coin }, orders: orders)
    return AccountReport(
      snapshot: snapshot, fills: history.fills, funding: history.funding,
      transfers: history.transfers)
  }

  /// The account and its history; read again while they do not show an order that this process was
  /// told is filled: what answers questions may lag behind what takes orders.
  private func observed(
    since: Timestamp, knowing known: KnownBooks?
  ) async throws(ExchangeError) -> (VenueAccount, AccountHistory) {
    let told = course.withLock { $0.toldFilled }
    var looks = 1
    while true {
      let state = try await state("the account")
      let history =
        since.ms == 0
        ? opening(of: state)
        : try await history(
          since: since, until: state, knowing: known, expectsFills: !told.isEmpty)
      let isBehind = since.ms != 0 && !told.isSubset(of: history.fills.map(\.orderID))
      guard isBehind, looks < Self.mostLooks, await info.budget.pause(Self.lookPause) else {
        course.withLock { $0.toldFilled.subtract(told) }
        return (state, history)
      }
      looks += 1
    }
  }

  /// How often the account is read until it shows what the venue has told.
  static let mostLooks = 4
  /// The time between two of these looks.
  static let lookPause = Duration.milliseconds(250)

  /// The account as it is when nof0 first looks at it: its worth, and its positions at their marks.
  private func opening(of state: VenueAccount) -> AccountHistory {
    let account = access.account
    let adopted = state.positions.sorted { $0.coin < $1.coin }.compactMap { position -> Fill? in
      guard let side = position.size.side else { return nil }
      return Fill(
        id: VenueFillNumber.adopted(position.coin, by: account), account: account,
        coin: position.coin, side: side.opening, price: position.priceNow,
        size: position.size.magnitude, fee: .zero, isTaker: false, at: state.at, orderID: 0,
        clientOrderID: nil, cause: .adopted)
    }
    let worth = state.equityAtMarks
    let deposit = AccountTransfer(
      id: .opening(account), account: account, at: state.at, amount: worth)
    return AccountHistory(fills: adopted, transfers: worth == .zero ? [] : [deposit])
  }

  /// What happened since then, as far as it has to be read; fills that are expected are read even
  /// where the books agree.
  private func history(
    since: Timestamp, until state: VenueAccount, knowing known: KnownBooks?, expectsFills: Bool
  ) async throws(ExchangeError) -> AccountHistory {
    var history = AccountHistory()
    var reckoning = known.map(Reckoning.init)
    if let reckoning, !expectsFills, reckoning.agrees(with: state) { return history }

    history.fills = try await fills(since: since, until: state.at)
    for fill in history.fills where !(known?.fills.contains(fill.id) ?? false) {
      reckoning?.book(fill)
    }
    if let reckoning, reckoning.agrees(with: state) { return history }

    history.funding = try await funding(since: since, until: state.at)
    for payment in history.funding {
      let slot = FundingSlot(coin: payment.coin, at: payment.at)
      if !(known?.funding.contains(slot) ?? false) { reckoning?.book(payment) }
    }
    if let reckoning, reckoning.agrees(with: state) { return history }

    history.transfers = try await transfers(since: since, until: state.at)
    return history
  }

  private func fills(
    since: Timestamp, until end: Timestamp
  ) async throws(ExchangeError) -> [Fill] {
    let rows = try await asking("the fills") { () async throws(InfoError) in
      try await info.fillsByTime(access.queryAddress, from: since, to: nil)
    }
    return try fills(of: rows.filter { $0.at >= since && $0.at <= end })
  }

  private func funding(
    since: Timestamp, until end: Timestamp
  ) async throws(ExchangeError) -> [FundingPayment] {
    let rows = try await asking("the funding") { () async throws(InfoError) in
      try await info.funding(access.queryAddress, from: since, to: nil)
    }
    var seen: Set<FundingSlot> = []
    return
      rows
      .filter { $0.at >= since && $0.at <= end }
      .filter { seen.insert(FundingSlot(coin: $0.coin, at: $0.at)).inserted }
      .sorted { ($0.at, $0.coin) < ($1.at, $1.coin) }
      .map {
        FundingPayment(
          account: access.account, coin: $0.coin, at: $0.at, size: $0.size, rate: $0.rate,
          amount: $0.amount)
      }
  }

  /// Money moved; a kind we do not know is left out, so that the books show a difference.
  private func transfers(
    since: Timestamp, until end: Timestamp
  ) async throws(ExchangeError) -> [AccountTransfer] {
    let rows = try await asking("the transfers") { () async throws(InfoError) in
      try await info.ledgerUpdates(access.queryAddress, from: since, to: nil)
    }
    var counts: [String: Int] = [:]
    var transfers: [AccountTransfer] = []
    for row in rows where row.at >= since && row.at <= end {
      guard let amount = row.amount, amount != .zero else { continue }
      let id = "hl.\(row.at.ms).\(row.hash).\(row.kind)"
      let count = counts[id, default: 0] + 1
      counts[id] = count
      transfers.append(
        AccountTransfer(
          id: TransferID(count == 1 ? id : "\(id).\(count)"), account: access.account, at: row.at,
          amount: amount))
    }
    return transfers.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
  }

  /// Forgets the leverage we set where a position shows another one, and notes where it shows one
  /// at all: a coin that is not held may have been given another by hand.
  private func doubtLeverage(of state: VenueAccount) throws(ExchangeError) {
    course.withLock { $0.sureLeverage = Set(state.positions.map(\.coin)) }
    try remembering("the leverage") {
      for position in state.positions {
        guard let kept = try memory.leverage(access.account, position.coin),
          kept != position.leverage
        else { continue }
        try memory.keepLeverage(access.account, position.coin, nil)
      }
    }
  }
}
