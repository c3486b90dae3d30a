package import Analytics
package import Journal
import Manager
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
      let style = TextStyle.ofStandardOutput(environment)
      let seen = try store.snapshot {
        try Sighting(
          $0, now: clock.now(), caps: config?.llm.caps, split: config?.allocation,
          drawsCurves: style.drawsCurves)
      }
      switch output.format {
      case .json: StandardStreams.writeOut(seen.json)
      case .text: if !output.isQuiet { StandardStreams.writeOut(seen.text(style)) }
      }
      return .success
    }
  }

  /// What ``execute(_:_:)`` prints for people.
  ///
  /// `now`, of the wall clock, tells the day that model calls are counted on; `caps` is what may be
  /// spent on them, `nil` = not known; `split` how money is split, `nil` = it is not; `statistics`
  /// how sure the ranks are, `nil` = as on record.
  package static func text(
    of store: StateStore, now: Timestamp, caps: SpendingCaps?, split: AllocationRules? = nil,
    style: TextStyle = .plain, statistics: ArenaStatistics? = nil
  ) throws -> String {
    var seen = try store.snapshot {
      try Sighting($0, now: now, caps: caps, split: split, drawsCurves: style.drawsCurves)
    }
    if let statistics { seen.statistics = statistics }
    return seen.text(style)
  }

  /// What ``execute(_:_:)`` prints for programs; as ``text(of:now:caps:split:)``.
  package static func json(
    of store: StateStore, now: Timestamp, caps: SpendingCaps?, split: AllocationRules? = nil
  ) throws -> String {
    try store.snapshot {
      try Sighting($0, now: now, caps: caps, split: split, drawsCurves: false)
    }.json
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
    /// What the NAVs did lately; `nil` = it is not drawn.
    let curves: Curves?
    /// How sure the ranks are; `nil` = too early to say.
    var statistics: ArenaStatistics?

    init(
      _ store: StateStore, now: Timestamp, caps: SpendingCaps?, split: AllocationRules?,
      drawsCurves: Bool
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
      // Statistics that cannot be read are made anew by the next run.
      statistics = try store.latestStatistics().flatMap { try? ArenaStatistics(decoding: $0) }
      curves = drawsCurves ? try last.flatMap { try Curves(store, state, at: $0.at) } : nil
    }
  }
}
