import Trading

extension SampleArena {
  /// The opening deposit at first; later, for the first trader, money that is planned in one cycle,
  /// moved in the next, and given to the trader but for a dollar.
  mutating func moveMoney(
    of record: inout TraderRecord, _ change: inout SimChange, _ changes: inout StateChanges
  ) {
    let trader = record.ledger.trader
    guard var books = state.accounts[record.account] else { return }
    let equity = record.ledger.cash
    if record.ledger.units == .zero {
      let opening = AccountTransfer(
        id: .opening(record.account), account: record.account, at: now,
        amount: USD(whole: 10_000))
      report(opening, &books, equity: .zero, &change, &changes)
      give(opening.amount, "initial equity", to: &record, &books, equity: nil, &changes)
      record.runtime.capital = opening.amount
      state.openings[record.account] = now
    } else if let plan = state.plannedTransfers.first(where: { $0.trader == trader }) {
      let moved = AccountTransfer(
        id: plan.transfer.id, account: record.account, at: now, amount: plan.transfer.amount)
      change.account.rawUSD += moved.amount
      report(moved, &books, equity: equity, &change, &changes)
      state.plannedTransfers.removeAll { $0.transfer.id == moved.id }
      give(
        moved.amount - USD(whole: 1), plan.reason, to: &record, &books, equity: equity, &changes)
    } else if trader.name == "trader0", state.cycle % 4 == 2 {
      let plan = PlannedTransfer(
        transfer: AccountTransfer(
          id: TransferID(cycle: state.cycle, account: record.account), account: record.account,
          at: now, amount: USD(whole: 10 + state.cycle)),
        trader: trader, reason: "rebalance")
      state.plannedTransfers = (state.plannedTransfers + [plan]).sorted {
        $0.transfer.id < $1.transfer.id
      }
      changes.plannedTransfers.append(plan)
    }
    books.observe(equity: record.ledger.cash, at: now)
    state.accounts[record.account] = books
    changes.accounts.append(books)
  }

  private func report(
    _ transfer: AccountTransfer, _ books: inout AccountBooks, equity: USD,
    _ change: inout SimChange, _ changes: inout StateChanges
  ) {
    books.book(transfer: transfer.amount, equity: equity)
    change.transfers.append(transfer)
    changes.transfers.append(transfer)
  }

  private func give(
    _ amount: USD, _ reason: String, to record: inout TraderRecord, _ books: inout AccountBooks,
    equity: USD?, _ changes: inout StateChanges
  ) {
    record.ledger.book(flow: amount, equity: equity ?? .zero)
    books.give(amount)
    changes.flows.append(
      CapitalFlow(
        trader: record.ledger.trader, at: now, amount: amount, reason: reason, equity: equity))
  }
}
