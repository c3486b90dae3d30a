import Arena
import ArenaTesting
import Exchanges
import Foundation
import Journal
import LLM
import Logging
import Manager
import Market
import Synchronization
import Testing
import Trading
import Wire

/// Keeps a copy of the state as it is at some write: what a process that is killed there leaves.
final class Scissors: Sendable {
  private struct Cut {
    var writesLeft: Int?
    var source = ""
    var target = ""
    var isDone = false
    var failure: (any Error)?
  }
  private let cut = Mutex(Cut())

  /// Copies the files at the n-th moment around a write from now.
  func aim(after count: Int, from source: String, to target: String) {
    cut.withLock { $0 = Cut(writesLeft: count, source: source, target: target) }
  }

  /// Tells that a write begins or has ended.
  func reach() {
    cut.withLock { cut in
      guard let left = cut.writesLeft else { return }
      cut.writesLeft = left > 1 ? left - 1 : nil
      guard left == 1 else { return }
      do {
        for suffix in ["", "-wal"]
        where FileManager.default.fileExists(atPath: cut.source + suffix) {
          try FileManager.default.copyItem(
            atPath: cut.source + suffix, toPath: cut.target + suffix)
        }
        cut.isDone = true
      } catch {
        cut.failure = error
      }
    }
  }

  /// Whether the copy was made since it was last asked.
  func haveCut() throws -> Bool {
    let done = cut.withLock { cut in
      defer { cut = Cut() }
      return cut
    }
    if let failure = done.failure { throw failure }
    return done.isDone
  }
}

/// How often things happened in arenas.
struct RandomArenaCounts {
  var cycles = 0
  var kills = 0
  /// New entries, and orders sent again by a later run.
  var entries = 0
  var again = 0
  /// Kill switches that fired and that were reset.
  var fired = 0
  var over = 0
  /// Cycles with something held outside of nof0.
  var outside = 0
  /// Times a trader's money changed by a flow.
  var flows = 0
  /// Σ over the cycles of open positions.
  var positions = 0

  static func += (left: inout RandomArenaCounts, right: RandomArenaCounts) {
    left.cycles += right.cycles
    left.kills += right.kills
    left.entries += right.entries
    left.again += right.again
    left.fired += right.fired
    left.over += right.over
    left.outside += right.outside
    left.flows += right.flows
    left.positions += right.positions
  }
}

/// An arena that lives from one seed: traders, decisions, prices, failures, hands, kills.
final class RandomArena {
  let seed: UInt64
  var random: SeededGenerator
  var shape: RandomArenaShape
  var config: ArenaConfig
  var now = CycleBench.noon
  var step = 0
  /// What was done to the arena since its last cycle, in words.
  var story: [String] = []
  /// What the arena told in its last cycle.
  private var notices: [String] = []
  /// Whether some promise was broken.
  private(set) var hasFailed = false
  var oracle = RandomArenaOracle()
  /// What happened, so that nobody believes in lives in which nothing did.
  var counts = RandomArenaCounts()
  /// Orders that were ever handed over.
  var sentBefore: Set<ClientOrderID> = []
  let market: ScriptedMarket
  private(set) var store: StateStore
  private(set) var sims: [ProviderID: SimExchange] = [:]
  private(set) var venues: [ProviderID: WatchedExchange] = [:]
  private let scissors = Scissors()
  private let folder: URL?
  private var generation = 0
  private let servers = ScriptedServers()
  private var manual = 0
  private var options = CycleOptions(publishes: false)

  init(seed: UInt64, steps: Int) throws {
    self.seed = seed
    random = SeededGenerator(seeds: 0xA12E_9A, seed)
    shape = RandomArenaShape(&random)
    config = try Self.config(shape.files)
    var market = ScriptedMarket(Array(BuiltInInstruments.all.values))
    let timeframe: Timeframe = shape.isSlow ? .h1 : .m5
    for (name, start) in [("BTC", 100_000.0), ("ETH", 4000), ("SOL", 200)] {
      market.candles[try coin(name)] = try RandomWalk.candles(
        from: start, count: 60 + steps * (shape.isSlow ? 12 : 5), timeframe,
        since: CycleBench.noon - timeframe.span * 50, &random)
    }
    self.market = market
    let isMortal = random.below(3) == 0
    if isMortal {
      let shared = URL(fileURLWithPath: "/dev/shm")
      let base =
        FileManager.default.isWritableFile(atPath: shared.path)
        ? shared : FileManager.default.temporaryDirectory
      let folder = base.appendingPathComponent("nof0-random-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      self.folder = folder
    } else {
      folder = nil
    }
    store = StateStore(try JournalDatabase.inMemory())
    try open()
    try store.prepare(arenaID: "bench", name: "bench", createdAt: CycleBench.noon)
  }

  deinit {
    // Nothing depends on the files of a test being gone.
    if let folder { try? FileManager.default.removeItem(at: folder) }
  }

  static func config(_ files: [String: String]) throws -> ArenaConfig {
    let loaded = ConfigDecoder.decode(files, environment: ConfigEnvironment([:]))
    let errors = loaded.issues.filter { $0.severity == .error }
    #expect(errors.isEmpty, "\(errors)\n\(files["manager.yaml"] ?? "")")
    return try #require(loaded.config)
  }

  // MARK: Life and death

  /// Opens the state anew, as a process that starts.
  private func open() throws {
    if let folder {
      let path = folder.appendingPathComponent("\(generation).db").path
      store = StateStore(
        try JournalDatabase.open(path: path, mode: .readWrite(durability: .processCrash)) {
          [scissors] _ in scissors.reach()
        })
    } else if generation == 0 {
      store = StateStore(try JournalDatabase.inMemory())
    }
    let store = store
    for venue in [try provider("sim"), try provider("other")] {
      let sim = SimExchange(
        config: CycleBench.rules, market: market,
        store: SimStore(
          load: { try store.simAccount($0) }, save: { try store.saveSim($0) },
          order: { try store.simOrder(account: $0, clientOrderID: $1) },
          activity: { try store.simActivity(account: $0, since: $1) },
          hasTransfer: { try store.simHasTransfer(account: $0, id: $1) }))
      sims[venue] = sim
      venues[venue] = WatchedExchange(FaultyExchange(sim))
    }
  }

  /// Cuts the next cycle off after some writes, in arenas that can die.
  private func aim() {
    guard let folder, random.below(12) == 0 else { return }
    let count = 1 + random.below(14)
    let source = folder.appendingPathComponent("\(generation).db").path
    let target = folder.appendingPathComponent("\(generation + 1).db").path
    scissors.aim(after: count, from: source, to: target)
  }

  /// Whether the last cycle was cut off; the arena then is what the cut left.
  private func wasCut() throws -> Bool {
    guard try scissors.haveCut() else { return false }
    generation += 1
    try open()
    return true
  }

  // MARK: Steps

  /// One cycle with everything that happens before it, and the checks behind it.
  func advance(calmly isCalm: Bool = false) async throws {
    step += 1
    story = []
    notices = []
    pass()
    if isCalm { clearFaults() } else { try await meddle() }
    let before = try store.loadState(now: now)
    let alertsBefore = Set(try store.openAlerts().map(\.alert.key))
    try setReplies()
    if !isCalm { aim() }
    let oracleBefore = oracle
    let report: CycleReport
    do {
      report = try await Cycle(config: config, ports: try ports(), options: options).run(at: now)
    } catch {
      Issue.record("\(place) the cycle failed: \(error)")
      throw error
    }
    let events = try [provider("sim"), provider("other")].flatMap { venues[$0]?.take() ?? [] }
    if try wasCut() {
      story.append("killed")
      counts.kills += 1
      oracle = oracleBefore
      try oracle.survive(self, events: events, before: before)
      return
    }
    notices = report.notices
    let seen = RandomArenaStep(
      before: before, after: try store.loadState(now: now),
      alerts: Set(try store.openAlerts().map(\.alert.key)), alertsBefore: alertsBefore,
      events: events, duties: options.duties)
    try oracle.judge(self, seen, isWatched: true)
    try await check(seen)
    if step % 25 == 0 { try prove() }
  }

  /// Computes every book anew from the record.
  func prove() throws {
    // What a venue that cannot be reached did is booked later.
    guard try !store.openAlerts().contains(where: { $0.alert.key.hasPrefix("unreachable.") })
    else { return }
    let found = try store.check()
    expect(found.isEmpty, "\(found)")
  }

  var place: String { "seed \(seed), step \(step) at \(now): \(story); \(notices)" }

  func expect(
    _ claim: Bool, _ words: @autoclosure () -> String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    guard !claim else { return }
    hasFailed = true
    Issue.record("\(place): \(words())", sourceLocation: location)
  }

  private func pass() {
    if shape.isSlow {
      now = now + .hours(random.pick([1, 6, 12, 12, 12])) + .seconds(Int64(random.below(2)))
    } else {
      now = now + random.pick(
        [.seconds(7), .minutes(3), .minutes(5), .minutes(15), .minutes(15), .hours(1), .hours(3)])
    }
  }

  private func ports() throws -> CyclePorts {
    let view = try provider("market")
    let none = OutsideAccess(
      models: [:], transport: servers, serverKeys: [:], spending: SpendingStore(store.database),
      environment: ConfigEnvironment([:]), permits: .unlimited,
      prompts: try PromptLibrary(config.traders), redaction: Redaction(secrets: []))
    return CyclePorts(
      exchanges: venues, markets: [view: market], valuation: venues.mapValues { _ in view },
      store: store, clock: WallClock(now: { CycleBench.noon }, monotonicMs: { 0 }), exports: nil,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, faults: nil, outside: none)
  }

  func price(of coin: Coin) -> Price? {
    guard let series = market.candles[coin] else { return nil }
    let ended = series.countClosed(by: now)
    return ended > 0 ? series[ended - 1].close : nil
  }

  func marks() throws -> [Coin: Price] {
    try ["BTC", "ETH", "SOL"].reduce(into: [:]) { $0[try coin($1)] = price(of: try coin($1)) }
  }

  private func setReplies() throws {
    let prices = try ["BTC", "ETH", "SOL"].compactMap { name in
      price(of: try coin(name)).map { (coin: name, price: $0.double) }
    }
    var replies: [String: String] = [:]
    for member in shape.members {
      replies[member.id] = RandomReply.make(prices: prices, &random)
    }
    servers.set(replies)
  }

  // MARK: What happens between cycles

  private func meddle() async throws {
    options = CycleOptions(publishes: false)
    options.force = random.below(4) == 0
    options.asksTraders = random.below(12) > 0
    if random.below(5) == 0 { setFaults() } else { clearFaults() }
    let state = try store.loadState(now: now)
    let ids = state.traders.keys.sorted()
    guard !ids.isEmpty else { return }
    switch random.below(24) {
    case 0, 1: try await trade(by: state)
    case 2: try await moveMoney(by: state)
    case 3, 4: try steer(ids[random.below(ids.count)], state)
    case 5: try fire(state)
    case 6, 7: try resetByHand(state)
    case 8:
      story.append(shape.change(&random))
      config = try Self.config(shape.files)
    case 9:
      options.duties.closing = [ids[random.below(ids.count)]]
      story.append("closing \(options.duties.closing)")
    case 10 where random.below(3) == 0:
      let id = ids[random.below(ids.count)]
      options.duties = OperatorDuties(closing: [id], removing: [id])
      story.append("removing \(id)")
    default: break
    }
  }

  private func clearFaults() {
    for venue in venues.values { venue.inner.set { $0 = FaultyExchange.Faults() } }
  }

  private func setFaults() {
    var faults = FaultyExchange.Faults()
    let purposes: [OrderPurpose] = [.open, .close, .stop, .target, .flatten]
    let chosen = Set(purposes.filter { _ in random.below(2) == 0 })
    switch random.below(9) {
    case 0: faults.refused = chosen
    case 1: faults.swallowed = chosen
    case 2, 3: faults.answersLost = chosen
    case 4: faults.isUnreachable = true
    case 5: faults.hidesOrders = true
    case 6: faults.hidesFees = true
    default: faults.transfers = random.pick([.refused, .swallowed, .answerLost])
    }
    let set = faults
    story.append(
      "faults \(faults)".replacingOccurrences(of: "Trading.OrderPurpose.", with: ""))
    for venue in venues.keys.sorted() where random.below(3) > 0 {
      venues[venue]?.inner.set { $0 = set }
    }
  }

  private func account(of state: ArenaState) -> (AccountID, SimExchange)? {
    let ids = state.traders.keys.sorted()
    guard let record = state.traders[ids[random.below(ids.count)]],
      let sim = sims[record.exchange]
    else { return nil }
    return (record.account, sim)
  }

  private func trade(by state: ArenaState) async throws {
    guard let (account, sim) = account(of: state) else { return }
    let coin = try coin(random.pick(["BTC", "ETH", "SOL"]))
    guard let mid = price(of: coin), let instrument = BuiltInInstruments.all[coin] else { return }
    let isBuy = random.below(2) == 0
    let worth = USD(whole: random.pick([50, 300, 2000]))
    guard
      let limit = Price(approximating: (mid.double * (isBuy ? 1.02 : 0.98)).rounded()),
      let aligned = instrument.rounded(limit, isBuy ? .floor : .ceiling)
    else { return }
    manual += 1
    let size = instrument.roundedDown(worth.buys(at: mid))
    guard size > .zero else { return }
    let outcomes = await sim.submit(
      [
        ManualTrade.intent(
          account: account, coin: coin, side: isBuy ? .buy : .sell, size: size, limit: aligned,
          at: now, number: manual)
      ], at: now)
    story.append("by hand on \(account) \(isBuy ? "buy" : "sell") \(size) \(coin): \(outcomes)")
  }

  private func moveMoney(by state: ArenaState) async throws {
    guard let (account, sim) = account(of: state) else { return }
    manual += 1
    let amount = USD(whole: random.pick([-200, -20, 100, 1000]))
    do {
      try await sim.transfer(
        [
          AccountTransfer(
            id: TransferID("hand.\(manual)"), account: account, at: now, amount: amount)
        ], at: now)
      story.append("moved \(amount) by hand on \(account)")
      oracle.moved += amount
    } catch ExchangeError.notMoved {
      story.append("could not move \(amount) by hand on \(account)")
    }
  }

  // MARK: What operators do

  private func changes(_ state: ArenaState) throws -> StateChanges {
    StateChanges(cycle: state.cycle, run: try store.recentRuns(1).first?.run ?? 0, at: now)
  }

  private func steer(_ trader: TraderID, _ state: ArenaState) throws {
    guard var record = state.traders[trader] else { return }
    let move = record.runtime.status == .running
      ? random.pick([.pause, .isolate, .stop])
      : random.pick(TraderStatus.Move.allCases)
    let until = move == .pause && random.below(2) == 0 ? now + .minutes(40) : nil
    guard
      case .success(let moved) = TraderMoves.apply(
        move, to: record.runtime, of: trader, pausedUntil: until, at: now, reason: "by hand",
        cause: "command")
    else { return }
    var changes = try changes(state)
    changes.recorded[trader] = record
    record.runtime = moved.runtime
    changes.traders = [record]
    changes.events = [moved.event]
    try store.commit(changes)
    story.append("\(move) \(trader)")
  }

  private func fire(_ state: ArenaState) throws {
    guard let (account, _) = account(of: state) else { return }
    let residents = state.traders.values.filter { $0.account == account }.map(\.ledger.trader)
    let fired = KillSwitch(
      number: state.nextKillSwitch, account: account,
      trader: random.below(2) == 0 ? residents.min() : nil, cause: KillSwitch.manualCause,
      measured: nil, threshold: nil, action: random.pick(BreachAction.allCases), reset: .manual,
      firedAt: now, reason: "by hand")
    var changes = try changes(state)
    changes.killSwitches = [fired]
    try store.commit(changes)
    story.append("fired \(fired.action) on \(account)")
  }

  private func resetByHand(_ state: ArenaState) throws {
    guard !state.killSwitches.isEmpty else { return }
    var fired = state.killSwitches[random.below(state.killSwitches.count)]
    fired.resetAt = now
    fired.resetBy = "command"
    var changes = try changes(state)
    changes.killSwitches = [fired]
    if fired.cause != KillSwitch.manualCause, var books = state.accounts[fired.account] {
      books.forgetLosses()
      changes.accounts = [books]
      oracle.forget(fired.account)
    }
    try store.commit(changes)
    story.append("reset \(fired.number)")
  }
}
