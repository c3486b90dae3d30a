import Manager
import Analytics
package import Journal
package import Trading

/// The command `nof0 status`.
package enum ArenaStatus {
  /// Runs shown.
  private static let runs = 5

  /// Clashes, refusals and kill switches shown at the most.
  static let shown = 10

  /// Prints the leaderboard, positions, last runs and open alerts.
  package static func execute(
    _ places: Places, _ output: Output, environment: [String: String] = ProcessID.environment,
    clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      let store = StateStore(try StateFolder.openForReading(places))
      // The limits are a help; a configuration that cannot be read is told by other commands.
      let config = ConfigFiles.load(directory: places.config, environment: environment).config
      let seen = try store.snapshot {
        try Sighting($0, now: clock.now(), caps: config?.llm.caps, split: config?.allocation)
      }
      switch output.format {
      case .json: StandardStreams.writeOut(seen.json)
      case .text: if !output.isQuiet { StandardStreams.writeOut(seen.text) }
      }
      return .success
    }
  }

  /// What ``execute(_:_:)`` prints for people.
  ///
  /// `now`, of the wall clock, tells the day that model calls are counted on; `caps` is what may be
  /// spent on them, `nil` = not known; `split` how money is split, `nil` = it is not.
  package static func text(
    of store: StateStore, now: Timestamp, caps: SpendingCaps?, split: AllocationRules? = nil
  ) throws -> String {
    try store.snapshot { try Sighting($0, now: now, caps: caps, split: split) }.text
  }

  /// What ``execute(_:_:)`` prints for programs; as ``text(of:now:caps:split:)``.
  package static func json(
    of store: StateStore, now: Timestamp, caps: SpendingCaps?, split: AllocationRules? = nil
  ) throws -> String {
    try store.snapshot { try Sighting($0, now: now, caps: caps, split: split) }.json
  }

  /// The state as `status` shows it; the highest NAV first.
  struct Sighting {
    let at: Timestamp?
    let ranks: [TraderRecord]
    let benchmark: (name: String, nav: USD)?
    let runs: [RunRecord]
    let alerts: [AlertRecord]
    /// Channels that were not told of everything.
    let channels: [AlertChannelState]
    let spending: Spending?
    /// How much of the money works; `nil` before the first run.
    let capital: Utilisation?
    /// Kill switches that hold.
    let switches: [KillSwitch]
    let conflicts: [ConflictRow]
    let refusals: [RefusalRow]

    init(
      _ store: StateStore, now: Timestamp, caps: SpendingCaps?, split: AllocationRules?
    ) throws {
      spending = try Spending(SpendingStore(store.database), now: now, caps: caps)
      let last = try store.lastRun()
      at = last?.at
      let state = try store.loadState(now: last?.at ?? Timestamp(ms: 0))
      ranks = state.traders.values.sorted { left, right in
        // Who was removed stands below those that go on.
        let gone = [left, right].map { $0.runtime.removedAt != nil }
        guard gone[0] == gone[1] else { return gone[1] }
        let navs = [left, right].map { $0.totals.lastNAV ?? .zero }
        return navs[0] == navs[1]
          ? left.ledger.trader < right.ledger.trader : navs[0] > navs[1]
      }
      benchmark = state.benchmark.flatMap { bought in
        state.benchmarkTotals.lastNAV.map { (bought.id.name, $0) }
      }
      runs = try store.recentRuns(ArenaStatus.runs)
      alerts = try store.openAlerts()
      channels = try store.alertChannels(givenUpSince: (at ?? now) - .day)
      capital = try ArenaStatus.utilisation(of: state, store, split: split)
      switches = state.killSwitches.filter(\.isActive)
      conflicts = try store.recentConflicts(limit: ArenaStatus.shown).map(ConflictRow.init)
      refusals = try store.recentRefusals(limit: ArenaStatus.shown).map(RefusalRow.init)
    }
  }
}

extension ArenaStatus.Sighting {
  /// The return on what 10,000 became, in per cent.
  private func returnPct(_ nav: USD) -> Double { 100 * (nav.double / 10_000 - 1) }

  /// The score of the plan, beside the honest statistics.
  func score(_ record: TraderRecord) -> Double? {
    record.totals.lastNAV.flatMap {
      RankingScore.of(record.totals, navReturnPct: returnPct($0))
    }
  }

  private func status(_ record: TraderRecord) -> String {
    record.runtime.removedAt == nil ? record.runtime.status.rawValue : "removed"
  }

  /// Why traders do not take part.
  private var whyText: String {
    ranks.filter { $0.runtime.status != .running || $0.runtime.removedAt != nil }.map { record in
      "\(record.ledger.trader) is \(MoveText.state(record.runtime))\n"
    }.joined()
  }

  var text: String {
    var text = "state as of \(at.map(\.description) ?? "never: no run has finished yet")\n"
    var board = TextTable([
      ("#", .right), ("trader", .left), ("status", .left), ("rule", .left), ("NAV", .right),
      ("return", .right), ("drawdown", .right), ("Sharpe", .right), ("score", .right),
      ("trades", .right), ("won", .right), ("open", .right),
    ])
    for (index, record) in ranks.enumerated() {
      let totals = record.totals
      board.add([
        record.runtime.removedAt == nil ? "\(index + 1)" : "",
        Readable.clipped(record.ledger.trader.name, to: 24), status(record),
        Readable.clipped(record.executor, to: 16), totals.lastNAV.map(Readable.usd) ?? "–",
        totals.lastNAV.map { Readable.signedPct(returnPct($0)) } ?? "–",
        "\(Readable.decimals2(100 * totals.maxDrawdown)) %",
        totals.sharpe.map(Readable.decimals2) ?? "–",
        score(record).map(Readable.decimals2) ?? "–", "\(totals.trades)", "\(totals.wins)",
        "\(record.ledger.positions.count)",
      ])
    }
    if let benchmark {
      board.add([
        "", benchmark.name, "", "benchmark", Readable.usd(benchmark.nav),
        Readable.signedPct(returnPct(benchmark.nav)), "", "", "", "", "", "",
      ])
    }
    text += board.render()
    text += whyText + (capital.map(ArenaStatus.text(of:)) ?? "")
    text += RecordTables.killSwitches(Array(switches.prefix(ArenaStatus.shown)))
    text += positionsText + runsText
    text += RecordTables.conflicts(conflicts) + RecordTables.refusals(refusals)
    if let spending { text += spending.text }
    for alert in alerts {
      text +=
        "\(alert.alert.severity.rawValue) alert since \(alert.openedAt): "
        + "\(Readable.harmlessLine(alert.alert.message))\n"
    }
    text += ArenaStatus.text(of: channels)
    return text
  }

  private var positionsText: String {
    let open = ranks.flatMap { record in record.ledger.positions.map { (record, $0) } }
    guard !open.isEmpty else { return "no open positions\n" }
    var table = TextTable([
      ("position of", .left), ("coin", .left), ("side", .left), ("size", .right),
      ("entry", .right), ("stop", .right), ("target", .right), ("since", .left),
    ])
    for (record, position) in open {
      let plan = position.claim.exitPlan
      table.add([
        record.ledger.trader.name, position.coin.name, position.side.rawValue,
        position.size.description, position.entryPrice.description,
        plan.stop?.description ?? "–", plan.target?.description ?? "–",
        position.openedAt.description,
      ])
    }
    return table.render()
  }

  private var runsText: String {
    var table = TextTable([
      ("run", .right), ("cycle", .right), ("time", .left), ("status", .left), ("took", .right),
    ])
    for run in runs {
      let took = run.phases.reduce(0) { $0 + $1.tookMs }
      table.add([
        "\(run.run)", run.cycle.map { "\($0)" } ?? "–", run.at.description, run.status.rawValue,
        run.phases.isEmpty ? "–" : "\(Int(took.rounded())) ms",
      ])
    }
    return table.render()
  }
}
