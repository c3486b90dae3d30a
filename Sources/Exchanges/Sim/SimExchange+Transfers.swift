import Market
package import Trading

extension SimExchange {
  /// Its accounts take and give money at once.
  nonisolated package var movesMoney: Bool { true }

  /// Moves money into or out of accounts, all or none of what was not moved before.
  ///
  /// An id the account has seen changes nothing, also when the amount is another. Refused is what
  /// takes more out of an account than its equity exceeds the margin in use, at the marks of now;
  /// more in than out is never refused. A movement is on record at the venue's `now`.
  package func transfer(
    _ transfers: [AccountTransfer], at now: Timestamp
  ) async throws(ExchangeError) {
    for _ in 0..<Self.maxAttempts {
      let untold = try untold(transfers)
      guard !untold.isEmpty else { return }
      let accounts = Set(untold.map(\.account)).sorted()
      for account in accounts { _ = try await catchUp(account, to: now) }
      let venue = SimVenue(config: config, instruments: try await instruments())
      let before = try allBooks(of: accounts)
      try refuseTheFuture(of: before, at: now)
      let changes = before.map { $0.moving(untold, at: now) }
      // Marks are asked for only where money leaves: nothing else needs them.
      let payers = changes.filter { $0.moved < .zero }
      let coins = Set(payers.flatMap(\.account.positions.keys)).sorted()
      let marks = try await quotes(for: coins, at: now).mapValues(\.mark)
      guard try allBooks(of: accounts) == before, try self.untold(transfers) == untold else {
        continue
      }
      for payer in payers { try refuseTooMuch(payer, on: venue, marks: marks, at: now) }
      return try save(changes, operation: "transfer")
    }
    throw tooBusy(Set(transfers.map(\.account)).sorted())
  }
}

extension SimExchange {
  /// The movements not yet made, each once.
  private func untold(_ transfers: [AccountTransfer]) throws(ExchangeError) -> [AccountTransfer] {
    var untold: [AccountTransfer] = []
    for move in transfers {
      _ = try books(of: move.account, operation: "transfer")
      if untold.contains(where: { $0.account == move.account && $0.id == move.id }) { continue }
      if try reading("transfer", { try store.hasTransfer(move.account, move.id) }) { continue }
      guard move.amount != .zero else {
        throw .notMoved(
          exchange: name, cause: "expected an amount other than zero of \(move.id), was 0")
      }
      untold.append(move)
    }
    return untold
  }

  private func allBooks(of accounts: [AccountID]) throws(ExchangeError) -> [SimAccount] {
    var found: [SimAccount] = []
    for account in accounts { found.append(try books(of: account, operation: "transfer")) }
    return found
  }

  private func refuseTheFuture(
    of accounts: [SimAccount], at now: Timestamp
  ) throws(ExchangeError) {
    guard let ahead = accounts.first(where: { $0.caughtUpTo > now }) else { return }
    throw .notMoved(
      exchange: name,
      cause: "\(SimRefusal.clockWentBack): expected a time from \(ahead.caughtUpTo) on for "
        + "account \(ahead.id), was \(now); correct the clock and run again")
  }

  private func refuseTooMuch(
    _ change: SimChange, on venue: SimVenue, marks: [Coin: Price], at now: Timestamp
  ) throws(ExchangeError) {
    guard let after = venue.snapshot(of: change.account, marks: marks, at: now) else {
      let missing = change.account.positions.keys.sorted().filter { marks[$0] == nil }
      throw noPrice(of: missing, at: now)
    }
    guard after.equity < after.marginUsed else { return }
    let free = max(.zero, after.equity - change.moved - after.marginUsed)
    throw .notMoved(
      exchange: name,
      cause: "expected at most the \(free) USD that account \(change.account.id) has beyond its "
        + "margin in use, was \(change.moved.magnitude) USD")
  }
}

extension SimAccount {
  /// The books after the movements that are the account's.
  fileprivate func moving(_ moves: [AccountTransfer], at now: Timestamp) -> SimChange {
    var change = SimChange(account: self)
    for move in moves where move.account == id {
      change.account.rawUSD += move.amount
      change.transfers.append(
        AccountTransfer(id: move.id, account: id, at: now, amount: move.amount))
    }
    change.account.caughtUpTo = max(caughtUpTo, now)
    return change
  }
}

extension SimChange {
  /// What comes in less what goes out, USD.
  fileprivate var moved: USD { transfers.reduce(.zero) { $0 + $1.amount } }
}
