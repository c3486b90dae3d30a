import Manager
import Market
import Trading

extension Cycle {
  /// Brings the traders' lives up to date, applies the limits of whole accounts, reduces what must
  /// be reduced at once, moves money, and finds out who is due.
  ///
  /// Reductions do not wait for anybody's decision: they are sent before traders are asked.
  func supervise(_ work: inout CycleWork) async throws {
    for spec in present(work) { renewEra(of: spec, &work) }
    tellDeparted(&work)
    for account in Set(lookedAfter(work).map(\.account)).sorted() {
      applyLimits(to: account, &work)
    }
    for spec in present(work) { judgeLife(of: spec, &work) }
    try await reduce(&work)
    // A run that died between a fill and its stop left a naked position: it waits for no model.
    if lookedAfter(work).contains(where: isReal) { try await protect(&work) }
    try await moveCapital(&work)
    remove(options.duties.removing, &work)
    findDue(&work)
  }

  private func findDue(_ work: inout CycleWork) {
    guard options.asksTraders else { return }
    let seats = present(work).filter { isSeated($0, work) }.map { spec in
      let record = work.record(of: spec.id)
      let equity = record.ledger.equity(marks: work.marks(of: spec.market))
      return TraderSeat(
        trader: spec, runtime: record.runtime, holdsPosition: !record.ledger.positions.isEmpty,
        equity: equity ?? .zero, sharpe: record.totals.sharpe)
    }
    let due = DueTraders.list(seats, at: work.now, isForced: options.force)
    for trader in due.resumed {
      work.state.traders[trader]?.runtime.status = .running
      work.state.traders[trader]?.runtime.pausedUntil = nil
      work.state.traders[trader]?.runtime.reason = ""
      note(trader, "resume", cause: "pause_over", "the pause is over", &work)
    }
    work.notices += due.notes.map { "\($0.trader): \($0.text)" }
    work.turns = due.turns
  }

  /// Whether a trader may take a turn: asked for, not removed, and with an account that could be
  /// read.
  private func isSeated(_ spec: TraderSpec, _ work: CycleWork) -> Bool {
    (options.only.isEmpty || options.only.contains(spec.id))
      && work.unreadable[spec.account] == nil
      && work.record(of: spec.id).runtime.removedAt == nil
  }

  /// Marks of the market an account is valued by.
  func marks(of account: AccountID, _ work: CycleWork) -> [Coin: Price] {
    let owner = work.residents(of: account).first
    return work.marks(of: owner.flatMap { ports.valuation[$0.exchange] })
  }

  /// Puts something that happened to a trader on record, and tells it.
  func note(
    _ trader: TraderID, _ what: String, cause: String, _ reason: String, _ work: inout CycleWork
  ) {
    work.changes.events.append(
      TraderEvent(
        trader: trader, at: work.now, what: what,
        status: work.record(of: trader).runtime.status, cause: cause, reason: reason))
    work.notices.append("\(trader): \(reason)")
  }
}
