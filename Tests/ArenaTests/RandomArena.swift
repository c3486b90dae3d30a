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
  /// Numbers of what hands did.
  var manual = 0
  var options = CycleOptions(publishes: false)

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
      now =
        now
        + random.pick(
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
}
