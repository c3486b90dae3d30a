import Journal
import Logging
import Manager
import Trading

extension Cycle {
  /// Turns of a trader that are judged by how many failed.
  private static let judgedTurns = 100
  /// Model calls looked at, and answers of each model.
  private static let judgedCalls = 400
  private static let judgedAnswers = 20
  /// Share of an equity that is not there, per cent.
  private static let endlessPct = 1_000_000.0
  /// How long alerts that are over stay on record, and how many of them and of their messages.
  private static let alertsKept = Span.day * 90
  private static let mostAlerts = 20_000
  /// Rows forgotten at a time.
  private static let forgottenAlerts = 200

  /// Who is told of alerts; nobody in dry runs.
  var alertRouting: AlertRouting {
    ports.routing ?? ports.alerts?.routing ?? AlertRouting(repeatAfter: config.alerts.repeatAfter)
  }

  /// Judges the figures of the arena, once everything of the cycle is on record.
  ///
  /// It writes only when an alert opens, ends, or is to be told again.
  func judgeAlerts(_ work: inout CycleWork) throws {
    let onRecord = try ports.store.openAlerts()
    let scene = try scene(of: work, open: Set(onRecord.map(\.alert.key)))
    let alerts = AlertRule.all.flatMap { $0.alerts(in: scene) } + silencedChannels
    let subjects = alertSubjects(work)
    let resolved =
      AlertRule.all.flatMap { $0.resolved(in: scene) }
      + onRecord.filter { isOver($0, work) || isOrphaned($0, of: subjects, work) }
      .map(\.alert.key)
    let isNew = alerts.contains { !scene.open.contains($0.key) }
    let isDue = alertRouting.repeatAfter.map { span in
      onRecord.contains { $0.alert.severity.isRepeated && $0.toldAt + span <= work.now }
    }
    let isTold = !work.changes.openAlerts.isEmpty || !work.changes.resolvedAlerts.isEmpty
    guard isNew || isTold || !resolved.isEmpty || isDue == true else { return }
    work.changes.openAlerts += alerts
    work.changes.resolvedAlerts += resolved
    work.changes.repeatsAlerts = true
    try commit(&work)
  }

  /// An alert for each channel that cannot be told.
  private var silencedChannels: [Alert] {
    (ports.alerts?.silenced ?? []).map { channel in
      Alert(
        key: "alert_channel.\(channel.name)", severity: .low, trader: nil,
        message: "nobody is told of alerts through \(channel.name): its secret is missing or no "
          + "good; `nof0 config` says what is wrong")
    }
  }

  /// Alerts that are raised anew in each run in which they hold.
  private static let renewed: Set<String> = [
    "cancel", "stale", "unfunded", "unpriced_flow", "unreachable",
  ]
  /// Alerts of something that has happened; a day is time enough to hear of it.
  private static let happenings: Set<String> = ["bystander", "forced"]

  /// Whether an alert has ended of which no phase says so.
  private func isOver(_ record: AlertRecord, _ work: CycleWork) -> Bool {
    let (key, kind) = (record.alert.key, record.alert.kind)
    if kind == "alert_channel" {
      return ports.alerts != nil && !silencedChannels.contains { $0.key == key }
    }
    if Self.happenings.contains(kind) { return record.openedAt < work.now - .day }
    guard Self.renewed.contains(kind), !work.raisedAlertKeys.contains(key) else { return false }
    // Nothing is known of what could not be asked.
    return !work.unreadable.keys.contains { key == "\(kind).\($0)" }
  }

  /// What the rules look at.
  private func scene(of work: CycleWork, open: Set<String>) throws -> AlertScene {
    let models =
      config.llm.usedModels.isEmpty
      ? []
      : try ports.store.modelLatencies(
        since: CivilDay(ports.clock.now() - .day), ofNewest: Self.judgedCalls,
        answers: Self.judgedAnswers)
    return AlertScene(
      now: work.now, thresholds: config.alerts.thresholds,
      traders: try present(work).compactMap { try trader($0, work) },
      accounts: Set(lookedAfter(work).map(\.account)).sorted().map { account($0, work) },
      models: models.map {
        AlertScene.Model(alias: $0.model, meanMs: $0.meanMs, answers: $0.answers)
      }, open: open)
  }

  private func trader(_ spec: TraderSpec, _ work: CycleWork) throws -> AlertScene.Trader? {
    let record = work.record(of: spec.id)
    guard record.runtime.removedAt == nil else { return nil }
    let equity = record.ledger.equity(marks: work.marks(of: ports.valuation[record.exchange]))
    let nav = equity.flatMap { record.ledger.nav(equity: $0, base: USD(whole: 10_000)) }
    let turns = try ports.store.turnSuccess(of: spec.id, newest: Self.judgedTurns)
    let since = try ports.store.lastStart(of: spec.id) ?? record.runtime.inceptionAt
    let isBaseline =
      if case .baseline = spec.executor { true } else { false }
    return AlertScene.Trader(
      id: spec.id, isBaseline: isBaseline, equity: equity, marginUsed: margin(of: record, work),
      returnPct: nav.map { 100 * ($0.double / 10_000 - 1) }, sharpe: record.totals.sharpe,
      days: record.totals.days, isRunning: record.runtime.status == .running,
      wasAsked: options.asksTraders && (options.only.isEmpty || options.only.contains(spec.id)),
      interval: spec.decisionInterval,
      decidedAt: max(since, turns.decidedAt ?? record.runtime.inceptionAt),
      turns: turns.turns, failures: turns.failures)
  }

  /// The margin that can liquidate a trader; `nil` = not known.
  ///
  /// Who only bought, without leverage, has paid for it all: no price above zero liquidates that.
  private func margin(of record: TraderRecord, _ work: CycleWork) -> USD? {
    guard let account = work.accounts[record.account] else { return nil }
    let isPaid = record.ledger.positions.allSatisfy { position in
      let leverage = account.position(in: position.coin)?.leverage ?? position.claim.leverage
      return leverage <= 1 && position.side == .long
    }
    return isPaid ? .zero : means(of: record, work).marginUsed
  }

  private func account(_ account: AccountID, _ work: CycleWork) -> AlertScene.Account {
    guard let snapshot = work.accounts[account], work.unreadable[account] == nil else {
      return AlertScene.Account(id: account, marginUsagePct: nil, returnPct: nil)
    }
    // Who only bought, without leverage, has paid for it all: no price above zero liquidates that.
    let isPaid = snapshot.positions.allSatisfy { $0.leverage <= 1 && $0.size > .zero }
    let usage =
      isPaid || snapshot.marginUsed <= .zero
      ? 0
      : snapshot.equity > .zero ? snapshot.marginUsed.asPct(of: snapshot.equity) : Self.endlessPct
    return AlertScene.Account(
      id: account, marginUsagePct: usage,
      returnPct: work.state.accounts[account]?.lastNAV.map { 100 * ($0.double / 10_000 - 1) })
  }

  /// Tells who is to be told of alerts, and returns those that hold.
  ///
  /// In a batch of cycles people are told once, at its end. No channel fails or holds up the run.
  func notify(_ work: inout CycleWork) async throws -> [Alert] {
    let alerts = try ports.store.openAlerts().map(\.alert)
    await deliverAlerts(work)
    return alerts
  }

  /// Logs the alerts that a commit has opened.
  ///
  /// Each is logged once and at once, so that neither a kill nor a failure later in the cycle hides
  /// it; `status` shows them as long as they hold.
  func logOpened(_ alerts: [Alert], _ work: CycleWork) {
    for alert in alerts where !work.openAlertKeys.contains(alert.key) {
      ports.log.log(
        level: alert.severity == .high ? .warning : .info, "alert",
        metadata: ["key": "\(alert.key)", "message": "\(alert.message)"])
    }
  }

  /// Delivers the messages that wait; that the record of it fails is logged, and fails no cycle:
  /// what is not noted as delivered is told again.
  func deliverAlerts(_ work: CycleWork) async {
    guard let desk = ports.alerts, options.publishes, !options.isDryRun else { return }
    do throws(JournalError) {
      try await desk.deliver(
        from: ports.store, at: work.now, clock: ports.clock, deadlineMs: work.deadlineMs)
    } catch {
      ports.log.error(
        "deliveries of alerts could not be noted", metadata: ["error": "\(error)"])
    }
  }

  /// Bounds what is kept of alerts.
  func tidyAlerts(_ work: CycleWork) throws {
    _ = try ports.store.tidyAlerts(
      endedBefore: work.now - Self.alertsKept, keepingNewest: Self.mostAlerts,
      limit: Self.forgottenAlerts)
  }
}
