import Exchanges
import Journal
import Trading

extension Cycle {
  /// Loads the state and writes the run row: the end of phase `open`.
  func begin(at now: Timestamp) throws -> CycleWork {
    let run = try ports.store.beginRun(
      at: now, wallStart: ports.clock.now(), pid: ProcessID.current)
    let state = try ports.store.loadState(now: now, run: run)
    let cycle = state.cycle + 1
    var work = CycleWork(now: now, run: run, cycle: cycle, state: state)
    ports.nonces.raise(to: state.nextNonce)
    work.notices = options.remarks
    for record in try ports.store.openAlerts() {
      work.earlierAlerts[record.alert.key] = record.openedAt
    }
    work.openAlertKeys = Set(work.earlierAlerts.keys)
    loadMetrics(&work)
    if !state.unfinishedRuns.isEmpty {
      for used in try ports.store.usedGenerations(of: cycle) {
        let key = GenerationKey(trader: used.trader, coin: used.coin, purpose: used.purpose)
        work.generations[key] = used.next
      }
    }
    return work
  }

  /// Settles what an earlier run left open: orders without an outcome, runs without an end.
  ///
  /// An order the venue knows gets its outcome. One it provably never got is sent again while it
  /// has not expired, byte for byte the same, and is dead afterwards. One that cannot be asked
  /// about stays open, and its coin is barred from opens.
  func recover(_ work: inout CycleWork) async throws {
    for run in work.state.unfinishedRuns {
      work.notices.append(
        "run \(run.run) of \(run.at) did not finish; its open orders are settled now")
      work.changes.abandonedRuns.append(run.run)
    }
    var silent: Set<ProviderID> = []
    for intent in work.state.openIntents {
      var settled = intent
      let venue = work.record(of: intent.request.trader).exchange
      settled.outcome =
        silent.contains(venue)
        ? .unknown("its venue does not answer") : await outcome(ofEarlier: intent, &work)
      if settled.outcome?.isSettled != true, ports.exchanges[venue]?.isSimulated == false {
        silent.insert(venue)
      }
      let order =
        "\(intent.request.purpose.rawValue) of \(intent.request.coin) for "
        + "\(intent.request.trader) (\(intent.request.clientOrderID))"
      switch settled.outcome {
      case .unknown(let cause):
        work.bar(intent.request)
        work.alert(
          "unknown_outcome.\(intent.request.clientOrderID)", .high, trader: intent.request.trader,
          "the outcome of \(order) is not known: \(cause). \(intent.request.coin) is barred from "
            + "opens on this account until it is; the next run asks again.")
      case .filled, .resting, .rejected, nil:
        work.notices.append("settled \(order): \(settled.outcome?.label ?? "never sent")")
        work.resolve("unknown_outcome.\(intent.request.clientOrderID)")
        work.changes.intents.append(settled)
      }
    }
    work.state.openIntents = []
    try await retellTransfers(&work)
    try settleCalls(&work)
    do throws(RunFailure) {
      try ports.exports?.removePartial()
    } catch {
      // Positions are looked after and the cycle is recorded whether or not files can be written;
      // the export phase fails by itself if it still cannot.
      work.notices.append("half-written exports stay where they are: \(error.message)")
    }
    if !work.changes.intents.isEmpty { try commit(&work) }
  }

  /// Tells venues again of money that was to move; what moved is booked with the next report.
  private func retellTransfers(_ work: inout CycleWork) async throws {
    let planned = work.state.plannedTransfers
    guard !planned.isEmpty else { return }
    for plan in planned {
      work.notices.append(
        "account \(plan.transfer.account): \(plan.transfer.amount) USD (\(plan.reason)) were to "
          + "move in an earlier run; settled now")
    }
    try await tell(planned, &work)
  }

  /// Books the estimate of model calls whose run died before it learned what they consumed.
  private func settleCalls(_ work: inout CycleWork) throws {
    guard let access = ports.outside, !options.asksNobody else { return }
    // A dry run holds no lock: it cannot tell a dead run from a living one.
    guard !options.isDryRun else { return }
    let abandoned = try access.spending.settleAbandoned(now: ports.clock.now(), liveRun: work.run)
    guard !abandoned.isEmpty else { return }
    let cost = abandoned.reduce(USD.zero) { $0 + $1.booked.cost }
    let tokens = abandoned.reduce(0) { $0 + $1.booked.tokens }
    work.notices.append(
      "\(abandoned.count) model call\(abandoned.count == 1 ? "" : "s") of a run that died: "
        + "\(tokens) tokens and \(cost) USD are booked by estimate")
  }

  /// Commits what has gathered and starts anew.
  func commit(_ work: inout CycleWork) throws {
    work.changes.alertRouting = alertRouting
    if ports.tape != nil { work.written.append(work.changes) }
    work.changes.metrics = fold(&work) { trader, at throws(JournalError) in
      try ports.store.equityBefore(trader, hourOf: at)
    }
    try ports.store.commit(work.changes, spending: work.spending)
    work.spending = nil
    for record in work.changes.traders { work.saved[record.ledger.trader] = record }
    for books in work.changes.accounts { work.savedAccounts[books.account] = books }
    logOpened(work.changes.openAlerts, work)
    work.openAlertKeys.formUnion(work.changes.openAlerts.map(\.key))
    work.changes = StateChanges(cycle: work.cycle, run: work.run, at: work.now)
  }
}
