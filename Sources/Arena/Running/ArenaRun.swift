import Exchanges
import Glibc
import Journal
import Logging
import Trading

/// `nof0 run`: configure, lock, open, then one cycle or many.
package enum ArenaRun {
  /// Does what the request says and prints the outcome.
  package static func execute(
    _ request: RunRequest, environment: [String: String] = ProcessID.environment,
    clock: WallClock = .live
  ) async -> ExitStatus {
    Shutdown.listen()
    return await Failure.told {
      try await run(request, environment: environment, clock: clock)
    }
  }

  private static func run(
    _ asked: RunRequest, environment: [String: String], clock machine: WallClock
  ) async throws -> ExitStatus {
    let faults = try FaultInjection.parse(environment["NOF0_FAULT"])
    faults?.reach("phase.configure")
    let (config, loaded) = try ConfigCommand.loadWhole(
      asked.places, environment, asked.output, toRun: true)
    let variables = loaded.environment
    let (request, reasons) = asked.made(of: config)
    let only = try traderIDs(request.only, "--only", in: config)
    _ = try traderIDs(request.inspection.explained, "--explain", in: config)
    try refuseTimeTravel(request, config)
    guard faults == nil || config.isRehearsal else { throw FaultInjection.refusal }
    let clock = travelled(machine, request, config)

    faults?.reach("phase.lock")
    var log = Logger(label: "nof0") { _ in
      LineLog(level: Logger.Level(rawValue: request.output.logLevel) ?? .notice)
    }
    log[metadataKey: "pid"] = "\(ProcessID.current)"
    try StateFolder.create(request.places.state)
    // A dry run works on a copy and needs no lock.
    let lock =
      request.isDryRun ? nil : try RunLock.take(path: request.places.lock, now: clock.now())
    defer { withExtendedLifetime(lock) {} }

    let many = (request.cycles ?? 1) > 1
    let database = try StateFolder.open(
      request.places, isDryRun: request.isDryRun,
      durability: many ? .processCrash : .full, faults: faults)
    let ports = try Composition.ports(
      config: config, database: database, clock: clock, environment: variables,
      isDry: request.isDryRun,
      exports: request.isDryRun
        ? nil
        : GenerationFolder(path: request.places.out) { faults?.reach($0) },
      log: log, faults: faults,
      outside: OutsideComposition.access(
        for: config, environment: variables, request: request,
        spending: spending(request, database), clock: clock),
      journal: request.isDryRun
        ? nil
        : JournalComposition.journal(request.places, loaded, database, isDurable: !many))
    let times = try RunTimes(request, config: config, ports: ports)
    try nameArena(config, at: times.start, ports.store)
    let remarks = reasons.map { "nothing is sent, this run is dry: \($0)" }
    let code = try await cycles(
      request, config, ports, times: times, only: only, remarks: remarks)
    try database.close()
    return code
  }

  /// The record of what is spent on models.
  ///
  /// A dry run keeps it in the real state, the only thing it keeps: what it spends is spent.
  private static func spending(
    _ request: RunRequest, _ database: JournalDatabase
  ) throws -> SpendingStore {
    guard request.isDryRun, !request.inspection.dumpsPrompts else {
      return SpendingStore(database)
    }
    return SpendingStore(
      try StateFolder.open(request.places, isDryRun: false, durability: .full, faults: nil))
  }

  private static func cycles(
    _ request: RunRequest, _ config: ArenaConfig, _ ports: CyclePorts, times: RunTimes,
    only: Set<TraderID>, remarks: [String]
  ) async throws -> ExitStatus {
    let count = request.cycles ?? 1
    var options = CycleOptions(
      only: only, force: request.force, isDryRun: request.isDryRun,
      deadline: request.deadline ?? config.run.deadline, publishes: true,
      asksNobody: request.inspection.dumpsPrompts)
    options.remarks = remarks
    var progress = ProgressLine(total: count, isShown: count > 1 && !request.output.isQuiet)
    var last: CycleReport?
    var done = 0
    var someTraderFailed = false
    for index in 0..<count {
      // Readers only ever see the last cycle of a batch, so only that one is published.
      options.publishes = index == count - 1
      let report = try await Cycle(config: config, ports: ports, options: options)
        .run(at: times.start + times.step * Int64(index))
      last = report
      done += 1
      someTraderFailed = someTraderFailed || report.someTraderFailed
      progress.show(done, at: report.at)
      if Shutdown.isRequested, !options.publishes {
        options.publishes = true
        _ = try await Cycle(config: config, ports: ports, options: options).republish()
        break
      }
    }
    progress.clear()
    if let last { RunOutput.print(last, cycles: done, request.inspection, request.output) }
    return request.isStrict && someTraderFailed ? .traderFailed : .success
  }

  /// Gives a new database its arena id, made of the arena's name and first instant, so that the
  /// same arena started twice derives the same order ids.
  static func nameArena(
    _ config: ArenaConfig, at start: Timestamp, _ store: StateStore
  ) throws {
    let digest = SHA256Digest.hex(of: Array("\(config.name)|\(start.ms)".utf8))
    try store.prepare(
      arenaID: String(digest.prefix(32)), name: config.name, createdAt: start)
  }

  private static func traderIDs(
    _ names: [String], _ option: String, in config: ArenaConfig
  ) throws(RunFailure) -> Set<TraderID> {
    var ids: Set<TraderID> = []
    for name in names {
      guard let id = TraderID(name), config.traders.contains(where: { $0.id == id }) else {
        let known = config.traders.map(\.id.name).joined(separator: ", ")
        throw RunFailure(.usage, "\(option): no trader is called \(name); there are: \(known)")
      }
      ids.insert(id)
    }
    return ids
  }

  /// Choosing the time is only possible where nothing real depends on it.
  ///
  /// Many cycles in a row are only possible where time can be made to pass.
  private static func refuseTimeTravel(
    _ request: RunRequest, _ config: ArenaConfig
  ) throws(RunFailure) {
    let flag = request.cycles != nil ? "--cycles" : request.step != nil ? "--step" : nil
    if let flag, !config.isSimulated {
      throw RunFailure(
        .usage,
        "\(flag) needs a simulated market and a simulated exchange for every trader; "
          + "use a configuration with type: synthetic or recorded, and type: sim")
    }
    guard request.at != nil, !config.isRehearsal else { return }
    throw RunFailure(
      .usage,
      "--at needs a simulated market and a simulated exchange for every trader, or a stand-in for "
        + "the venue on this machine (base_url: http://127.0.0.1:PORT); leave it out")
  }

  /// The clock of a run.
  ///
  /// Beside a stand-in, which lives in the present, it begins at `--at` and runs on. A simulated
  /// arena takes its times from ``RunTimes`` alone.
  private static func travelled(
    _ machine: WallClock, _ request: RunRequest, _ config: ArenaConfig
  ) -> WallClock {
    guard let at = request.at, !config.isSimulated else { return machine }
    return machine.starting(at: at)
  }
}
