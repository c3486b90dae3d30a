import Manager
import Trading

extension Cycle {
  /// Opens a new era when the trader's configuration has changed.
  func renewEra(of spec: TraderSpec, _ work: inout CycleWork) {
    var record = work.record(of: spec.id)
    guard record.runtime.removedAt == nil else {
      work.notices.append(
        "\(spec.id) was removed: delete it from manager.yaml, or give the new one another id")
      return
    }
    record.name = spec.name
    record.executor = spec.executor.label
    let era = record.runtime.era
    let isNew = era.configDigest != spec.configDigest
    if isNew {
      record.runtime.era = TraderEra(
        number: era.number + 1, startedAt: work.now, configDigest: spec.configDigest)
      // Slots are counted in intervals, and the interval may be what changed.
      record.runtime.lastSlot = nil
    }
    work.state.traders[spec.id] = record
    if isNew {
      note(
        spec.id, "era", cause: "config",
        "the configuration changed, era \(era.number + 1) begins", &work)
    }
  }

  /// Tells of traders that left the configuration with something still open.
  func tellDeparted(_ work: inout CycleWork) {
    for spec in departed(work) {
      let coins = work.record(of: spec.id).ledger.positions.map(\.coin.name)
      work.alert(
        "departed.\(spec.id)", .medium, trader: spec.id,
        "\(spec.id) is no longer in manager.yaml and still holds "
          + "\(coins.isEmpty ? "orders" : coins.joined(separator: ", ")); stops are kept. Run "
          + "`nof0 traders close \(spec.id)`, or put it back")
    }
    let open = Set(departed(work).map { "departed.\($0.id)" })
    for key in work.earlierAlerts.keys.sorted()
    where key.hasPrefix("departed.") && !open.contains(key) {
      work.resolve(key)
    }
  }

  /// Takes a trader out, or lets it pause, when a rule says so.
  func judgeLife(of spec: TraderSpec, _ work: inout CycleWork) {
    let record = work.record(of: spec.id)
    let key = "isolated.\(spec.id)"
    if record.runtime.status == .isolated || record.runtime.removedAt != nil {
      if record.runtime.removedAt != nil { work.resolve(key) }
      return
    }
    work.resolve(key)
    if let finding = Isolation.reason(
      record.runtime, totals: record.totals, rules: config.isolation)
    {
      isolate(spec.id, by: finding, &work)
      work.alert(
        key, .high, trader: spec.id,
        "\(spec.id) is isolated: \(finding.text). It opens nothing until "
          + "`nof0 traders release \(spec.id)` and `nof0 traders start \(spec.id)`")
      return
    }
    guard
      let pause = SharpePause(
        of: record.runtime, totals: record.totals, guards: spec.guards, at: work.now)
    else { return }
    work.state.traders[spec.id]?.runtime.sharpePauseDays = pause.days
    move(
      spec.id, .pause, until: pause.until, reason: pause.reason, cause: SharpePause.rule, &work)
  }

  private func isolate(_ trader: TraderID, by finding: RuleNote, _ work: inout CycleWork) {
    if finding.rule == Isolation.sharpe {
      // Judged again once there is a new daily return, also after a release.
      let days = work.record(of: trader).totals.days
      work.state.traders[trader]?.runtime.sharpePauseDays = days
    }
    move(trader, .isolate, reason: finding.text, cause: finding.rule, &work)
  }

  /// Moves a trader by rule, and puts it on record.
  private func move(
    _ trader: TraderID, _ move: TraderStatus.Move, until: Timestamp? = nil, reason: String,
    cause: String, _ work: inout CycleWork
  ) {
    let runtime = work.record(of: trader).runtime
    switch TraderMoves.apply(
      move, to: runtime, of: trader, pausedUntil: until, at: work.now, reason: reason,
      cause: cause)
    {
    case .success(let moved):
      work.state.traders[trader]?.runtime = moved.runtime
      work.changes.events.append(moved.event)
      work.notices.append("\(trader) is \(moved.runtime.status.rawValue): \(reason)")
    case .failure(let refusal): work.notices.append(refusal.text)
    }
  }

  /// Ends traders for ever, as far as nothing of them is open.
  func remove(_ traders: Set<TraderID>, _ work: inout CycleWork) {
    for trader in traders.sorted() {
      guard let record = work.state.traders[trader], isEnded(record, work) else { continue }
      work.state.traders[trader]?.runtime.status = .stopped
      work.state.traders[trader]?.runtime.pausedUntil = nil
      work.state.traders[trader]?.runtime.removedAt = work.now
      work.state.traders[trader]?.runtime.reason = "removed"
      note(
        trader, "removed", cause: "command", "removed; its history is kept", &work)
    }
  }

  /// Whether nothing of a trader is open: no position, and no order whose outcome is unknown.
  func isEnded(_ record: TraderRecord, _ work: CycleWork) -> Bool {
    record.ledger.positions.isEmpty && work.unreadable[record.account] == nil
      && work.barred(on: record.account).isEmpty
  }
}
