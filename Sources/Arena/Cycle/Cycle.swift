package import Exchanges
package import Journal
package import Logging
package import Trading

/// What a cycle needs from outside; who builds it decides whether it is live, simulated or dry.
package struct CyclePorts: Sendable {
  /// Venues by provider.
  package let exchanges: [ProviderID: any Exchange]
  /// Prices by provider.
  package let markets: [ProviderID: any MarketData]
  /// The market each venue's positions are valued by.
  package let valuation: [ProviderID: ProviderID]
  /// The memory.
  package let store: StateStore
  /// The clocks.
  package let clock: WallClock
  /// What executors outside of the program need; `nil` = no trader has one.
  package let outside: OutsideAccess?
  /// Where exports go; `nil` = nowhere (dry runs).
  package let exports: GenerationFolder?
  /// Where log lines go.
  package let log: Logger
  /// Kills the process in tests; `nil` = never.
  package let faults: FaultInjection?
  /// Where the numbers of sends come from.
  package let nonces: NonceSequence
  /// Waits, while the outcome of an order is not known.
  package let pause: @Sendable (Span) async -> Void
  /// Tells people of alerts; `nil` = nobody (dry runs).
  package let alerts: AlertDesk?
  /// Notes what the outside answers, or plays it; `nil` = nobody minds.
  let tape: CycleTape?
  /// Where messages about alerts go in a replay; `nil` = as ``alerts`` says.
  var routing: AlertRouting?
  /// Where each cycle is kept; `nil` = nowhere (dry runs, replays).
  package let journal: CycleJournal?
  /// The machine's clocks, for the times of phases.
  let machine: WallClock

  /// Ports from their parts.
  package init(
    exchanges: [ProviderID: any Exchange], markets: [ProviderID: any MarketData],
    valuation: [ProviderID: ProviderID], store: StateStore, clock: WallClock,
    exports: GenerationFolder?, log: Logger, faults: FaultInjection?,
    outside: OutsideAccess? = nil, alerts: AlertDesk? = nil,
    nonces: NonceSequence = NonceSequence(),
    pause: @escaping @Sendable (Span) async -> Void = { await CyclePorts.sleep($0) },
    tape: CycleTape? = nil, journal: CycleJournal? = nil
  ) {
    self.tape = tape
    self.journal = journal
    machine = clock
    self.alerts = alerts
    self.nonces = nonces
    self.pause = pause
    self.outside = outside
    self.exchanges = exchanges
    self.markets = markets
    self.valuation = valuation
    self.store = store
    self.clock = tape?.clock(of: clock) ?? clock
    self.exports = exports
    self.log = log
    self.faults = faults
  }
}

extension CyclePorts {
  /// Sleeps; a task that is cancelled does not wait.
  private static func sleep(_ span: Span) async {
    // What waits looks at the clock itself; that it woke early is all there is to know.
    try? await Task.sleep(for: .milliseconds(span.ms))
  }
}

/// What the caller wants of this one cycle.
package struct CycleOptions: Sendable, Equatable {
  /// Only these traders take turns; empty = all.
  package var only: Set<TraderID>
  /// Take turns even when not due.
  package var force: Bool
  /// Send nothing and keep nothing.
  package var isDryRun: Bool
  /// Time the whole cycle may take.
  package var deadline: Span
  /// Whether to write the exports.
  package var publishes: Bool
  /// Whether executors outside of the program are shown what they would be sent, and not asked.
  package var asksNobody: Bool
  /// Whether traders take turns; otherwise the cycle only looks after what there is.
  package var asksTraders: Bool
  /// What a person wants done.
  package var duties: OperatorDuties
  /// Things to tell with the report, in words.
  package var remarks: [String] = []

  /// Options from their parts.
  package init(
    only: Set<TraderID> = [], force: Bool = false, isDryRun: Bool = false,
    deadline: Span = .seconds(150), publishes: Bool = true, asksNobody: Bool = false,
    asksTraders: Bool = true, duties: OperatorDuties = OperatorDuties()
  ) {
    self.asksTraders = asksTraders
    self.duties = duties
    self.asksNobody = asksNobody
    self.only = only
    self.force = force
    self.isDryRun = isDryRun
    self.deadline = deadline
    self.publishes = publishes
  }
}

/// What a person wants a cycle to do.
package struct OperatorDuties: Sendable, Equatable {
  /// Traders whose positions are to be closed.
  package var closing: Set<TraderID>
  /// Traders that are to be removed once nothing of them is open.
  package var removing: Set<TraderID>

  /// Duties from their parts; nothing by default.
  package init(closing: Set<TraderID> = [], removing: Set<TraderID> = []) {
    self.closing = closing
    self.removing = removing
  }
}

/// One cycle of the arena: the phases from recover to notify, in order, in one place.
///
/// Configure, lock and open happen once per process, in ``ArenaRun``. A failure of one trader is a
/// value in the report; a failure of the cycle throws and leaves the state so that the next run
/// goes on from it: what was sent is on record before it is sent, and settled by `recover`.
package struct Cycle: Sendable {
  let config: ArenaConfig
  let ports: CyclePorts
  let options: CycleOptions
  /// The configured traders by id, and the first one of each account.
  let specs: [TraderID: TraderSpec]
  let firstOf: [AccountID: TraderSpec]

  /// A cycle of a configured arena.
  package init(config: ArenaConfig, ports: CyclePorts, options: CycleOptions) {
    self.config = config
    self.ports = ports
    self.options = options
    specs = Dictionary(config.traders.map { ($0.id, $0) }) { first, _ in first }
    firstOf = Dictionary(config.traders.map { ($0.account, $0) }) { first, _ in first }
  }

  /// Runs the cycle of one instant.
  package func run(at now: Timestamp) async throws -> CycleReport {
    await beginJournal()
    async let earlier = ports.journal?.newest
    var phases = PhaseClock(ports, deadline: options.deadline)
    var work = try await trade(at: now, &phases)
    ports.journal?.stop()
    // Half of the work after the commit is reading for the files, the other half the journal.
    let committed = work
    async let early = committed.staleMetrics.isEmpty ? readForExport(committed) : nil
    keepJournal(&work, against: await earlier)
    remakeMetrics(&work, keeping: true)
    try judgeAlerts(&work)

    phases.begin(.export)
    let generation: Int64?
    do {
      let reading = try await early ?? readForExport(work)
      generation = try await publish(work, reading)?.generation
    } catch {
      // What was traded is on record; only the files are not new. Who is to be told is told.
      await deliverAlerts(work)
      end(work, phases.end(), by: error)
      throw error
    }

    phases.begin(.notify)
    let alerts = try await notify(&work)
    let timings = phases.end()
    try finish(work, timings)
    return report(work, alerts: alerts, timings: timings, generation: generation)
  }

  /// The phases from open to the commit of the record: all that follows from what a cycle is told,
  /// and all that a replay does again.
  func trade(at now: Timestamp, _ phases: inout PhaseClock) async throws -> CycleWork {
    var work = try await deliberate(at: now, &phases)

    phases.begin(.execute)
    try commitPlan(&work)
    try await execute(&work)
    try await protect(&work)

    phases.begin(.record)
    record(&work)

    phases.begin(.measure)
    measure(&work)
    try commit(&work)
    return work
  }

  /// The phases from open to admit: what is to be done is known, and nothing of it is sent.
  func deliberate(at now: Timestamp, _ phases: inout PhaseClock) async throws -> CycleWork {
    phases.begin(.open)
    var work = try begin(at: now)
    work.deadlineMs = phases.deadlineMs
    barWithoutJournal(&work)

    phases.begin(.recover)
    try await recover(&work)

    phases.begin(.snapshot)
    try await takeSnapshot(&work)

    phases.begin(.reconcile)
    try await reconcile(&work)

    phases.begin(.supervise)
    try await supervise(&work)

    phases.begin(.decide)
    try await decide(&work, cutoff: phases.cutoff)

    phases.begin(.admit)
    if work.wantsToTrade { await freshen(&work) }
    try await admit(&work)
    return work
  }
}

/// Times the phases and knows the cutoff of the decide phase.
struct PhaseClock {
  private let clock: WallClock
  private let faults: FaultInjection?
  private let tape: CycleTape?
  private let startedMs: Double
  private var present: (phase: Phase, sinceMs: Double)?
  private var timings: [PhaseTiming] = []
  /// Monotonic ms after which an answer comes too late: three quarters of the deadline; the rest
  /// is reserved for execute, record and export.
  let cutoff: Double
  /// Monotonic ms at which the run must be over.
  let deadlineMs: Double

  init(_ ports: CyclePorts, deadline: Span) {
    clock = ports.machine
    faults = ports.faults
    tape = ports.tape
    startedMs = clock.monotonicMs()
    deadlineMs = startedMs + Double(deadline.ms)
    cutoff = startedMs + Double(deadline.ms) * 0.75
  }

  mutating func begin(_ phase: Phase) {
    close()
    faults?.reach("phase.\(phase.rawValue)")
    tape?.begin(phase, clock)
    present = (phase, clock.monotonicMs())
  }

  mutating func end() -> [PhaseTiming] {
    close()
    return timings
  }

  private mutating func close() {
    guard let present else { return }
    timings.append(
      PhaseTiming(
        phase: present.phase.rawValue, tookMs: clock.monotonicMs() - present.sinceMs))
    self.present = nil
  }
}
