import Journal
import Logging
import Trading

/// What a command does with the arena.
enum SteeringAim: Sendable, Equatable {
  /// It changes the record only.
  case record
  /// It runs a cycle, in which orders are sent; `isLive` = real ones are wanted.
  case orders(isLive: Bool)
}

/// The arena in the hands of one command: locked, opened, and at a known time.
struct SteeringDesk {
  let places: Places
  let config: ArenaConfig
  let store: StateStore
  /// The arena's present; changed by nobody else while the desk is held.
  private(set) var state: ArenaState
  /// The arena's time, see ``ArenaTime``.
  let now: Timestamp
  private let clock: WallClock
  private let loaded: LoadedConfig
  private let faults: FaultInjection?
  private let lock: RunLock

  /// Takes the lock and opens the state.
  ///
  /// For orders the configuration must be fit for a cycle, and real venues must be meant: see
  /// ``LiveRule``. Exit code 78 when it is wrong, 75 when a run is going on, 74 when there is no
  /// state, 64 when `--live` is missing.
  init(
    _ places: Places, _ output: Output, environment: [String: String], clock: WallClock,
    aim: SteeringAim
  ) throws {
    faults = try FaultInjection.parse(environment["NOF0_FAULT"])
    (config, loaded) = try ConfigCommand.loadWhole(
      places, environment, output, toRun: aim != .record)
    guard faults == nil || config.isRehearsal else { throw FaultInjection.refusal }
    if case .orders(let isLive) = aim { try LiveRule.refuseDryOrders(config, isLive: isLive) }
    try StateFolder.requireDatabase(places)
    lock = try RunLock.take(path: places.lock, now: clock.now())
    let database = try StateFolder.open(
      places, isDryRun: false, durability: .full, faults: faults)
    store = StateStore(database)
    now = try ArenaTime.now(of: config, store, clock: clock)
    state = try store.loadState(now: now)
    self.places = places
    self.clock = clock
  }

  /// Looks at the state again.
  mutating func reload() throws { state = try store.loadState(now: now) }

  /// Changes without anything in them, at the arena's time.
  func noChanges() throws -> StateChanges {
    StateChanges(
      cycle: state.cycle, run: try store.recentRuns(1).first?.run ?? 0, at: now)
  }

  /// Writes changes and looks at the state again.
  mutating func commit(_ changes: StateChanges) throws {
    try store.commit(changes)
    try reload()
  }

  /// Writes one trader's memory and the event that changed it; `nil` = not worth one.
  mutating func save(
    _ runtime: TraderRuntime, of trader: TraderID, _ event: TraderEvent?
  ) throws {
    guard var record = state.traders[trader] else { return }
    var changes = try noChanges()
    changes.recorded[trader] = record
    record.runtime = runtime
    changes.traders = [record]
    changes.events = event.map { [$0] } ?? []
    try commit(changes)
  }

  /// Runs a cycle in which no trader is asked: positions are looked after, duties are done.
  mutating func cycle(_ duties: OperatorDuties) async throws -> CycleReport {
    let faults = faults
    let ports = try Composition.ports(
      config: config, database: store.database, clock: clock, environment: loaded.environment,
      isDry: false, exports: GenerationFolder(path: places.out) { faults?.reach($0) },
      log: Logger(label: "nof0") { _ in LineLog(level: .notice) }, faults: faults, outside: nil,
      journal: JournalComposition.journal(
        places, loaded, store.database, isDurable: true))
    var options = CycleOptions(deadline: config.run.deadline)
    options.asksTraders = false
    options.duties = duties
    let report = try await Cycle(config: config, ports: ports, options: options).run(at: now)
    try reload()
    return report
  }
}

/// What time it is in an arena.
enum ArenaTime {
  /// The wall clock where anything real depends on it; else the time of the last run.
  ///
  /// Never before the last run.
  static func now(
    of config: ArenaConfig?, _ store: StateStore, clock: WallClock
  ) throws -> Timestamp {
    let times = try store.lastTimes()
    guard let last = [times.finished, times.unfinished].compactMap({ $0 }).max() else {
      return clock.now()
    }
    return config?.isSimulated ?? true ? last : max(last, clock.now())
  }
}
