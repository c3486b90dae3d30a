import Arena
import ArenaTesting
import Exchanges
import Journal
import Logging
import Market
import Synchronization
import Testing
import Trading

@Suite("The life of alerts") struct AlertLifeTests {
  private static let later = CycleBench.noon + .minutes(3)
  private static let last = CycleBench.noon + .minutes(6)

  private static func bench(
    _ ids: [String], from other: CycleBench? = nil, risk: [String: String] = [:],
    isShared: Bool = false
  ) throws -> CycleBench {
    try CycleBench(
      ids.map { CycleBench.holder($0, risk: risk) }, market: CycleBench.steadyMarket(),
      isShared: isShared, store: other?.store)
  }

  /// Alerts as a cycle that is over left them.
  private static func leave(_ alerts: [Alert], in bench: CycleBench, at: Timestamp) throws {
    let cycle = try bench.state().cycle
    var changes = StateChanges(cycle: cycle, run: 1, at: at)
    changes.openAlerts = alerts
    try bench.store.commit(changes)
  }

  private static func open(_ bench: CycleBench) throws -> Set<String> {
    Set(try bench.store.openAlerts().map(\.alert.key))
  }

  /// Neither stop nor flatten was possible; then the trader closes by command.
  @Test(arguments: [false, true])
  func aMissingStopIsToldUntilThePositionIsGone(isShared: Bool) async throws {
    let bench = try Self.bench(
      ["a.b", "z"], risk: ["stop_loss_enabled": "true"], isShared: isShared)
    try bench.sim.set { $0.refused = [.stop, .flatten] }
    let first = try await bench.run(at: CycleBench.noon)
    #expect(first.alertKeys.contains("no_stop.a.b.BTC"))
    try bench.sim.set { $0.isUnreachable = true }
    try await bench.run(at: Self.later)
    #expect(try Self.open(bench).contains("no_stop.a.b.BTC"))

    try bench.sim.set {
      $0.isUnreachable = false
      $0.refused = [.stop]
    }
    let end = try await bench.run(at: Self.last)

    #expect(try bench.position(of: "a.b") == nil)
    #expect(end.alerts.isEmpty, "\(end.alertKeys)")
  }

  @Test func alertsEndWithTheirTrader() async throws {
    let both = try Self.bench(["a", "b"])
    try await both.run(at: CycleBench.noon)
    let a = try both.trader("a")
    try await both.run(
      at: Self.later,
      CycleOptions(
        asksTraders: false, duties: OperatorDuties(closing: [a], removing: [a])))
    #expect(try both.record("a").runtime.removedAt != nil)
    let mine = ["isolated.a", "unvalued.a", "no_stop.a.ETH", "trader_loss.a"]
    let ofItsAccount = [
      "global_margin.sim.a", "venue.sim.a.request_budget", "transfer.sim.a", "conservation.sim.a",
      "overdrawn.sim.a", "difference.sim.a.money", "outside.sim.a.SOL", "margin_usage.sim.a",
    ]
    let told = ["gap.sim.a", "residue.sim.a", "manual.sim.a.1", "forced.sim.a.2"]
    let stays = ["unknown_outcome.0x1", "global_margin.sim.b"]
    try Self.leave(
      mine.map { Alert(key: $0, severity: .high, trader: a, message: "m") }
        + (ofItsAccount + told).map { Alert(key: $0, severity: .high, trader: nil, message: "m") }
        + [
          Alert(key: stays[0], severity: .high, trader: a, message: "m"),
          Alert(key: stays[1], severity: .high, trader: nil, message: "m"),
        ], in: both, at: Self.later)
    let alone = try Self.bench(["b"], from: both)
    // Of `b` nothing can be asked: what is told of it stays.
    try alone.sim.set { $0.isUnreachable = true }

    try await alone.run(at: Self.last)

    let left = try Self.open(alone)
    #expect(left.isDisjoint(with: mine + ofItsAccount), "\(left.sorted())")
    #expect(left.isSuperset(of: told + stays), "\(left.sorted())")
    try alone.sim.set { $0.isUnreachable = false }
    try await alone.run(at: Self.last + .day + .minutes(3))
    #expect(try Self.open(alone).isDisjoint(with: told))
    #expect(try Self.open(alone).contains("unknown_outcome.0x1"))
  }

  /// Who left the configuration with a position is still looked after, and told of.
  @Test func alertsOfWhoStillHoldsSomethingStay() async throws {
    let both = try Self.bench(["a", "b"])
    try await both.run(at: CycleBench.noon)
    try Self.leave(
      [
        Alert(key: "isolated.a", severity: .high, trader: try both.trader("a"), message: "m"),
        Alert(key: "gap.sim.a", severity: .medium, trader: nil, message: "m"),
      ], in: both, at: CycleBench.noon)
    let alone = try Self.bench(["b"], from: both)

    try await alone.run(at: Self.later)

    #expect(try Self.open(alone) == ["departed.a", "isolated.a", "gap.sim.a"])
  }

  /// 0.09795 BTC at 100,000 with leverage 1: all of it is margin, read or not.
  @Test func theMarginOfAnAccountThatCannotBeReadIsOnRecord() async throws {
    let bench = try Self.bench(["a"])
    try await bench.run(at: CycleBench.noon)
    try bench.sim.set { $0.isUnreachable = true }
    try await bench.run(at: Self.later)

    let margins = try bench.store.equityPoints(
      try bench.trader("a"), from: CycleBench.noon, to: Self.last, limit: 9
    ).map(\.marginUsed)
    #expect(margins.count == 2 && Set(margins).count == 1, "\(margins)")
    #expect(margins.allSatisfy { $0 > USD(whole: 9_000) })
  }

  /// 9,000 USD of 9,994 go: what was bought for 9,795 at 1× is paid for.
  @Test func whoPaidForAllItHoldsIsNotOverAllocated() async throws {
    let bench = try Self.bench(["a", "b"], isShared: true)
    try await bench.run(at: CycleBench.noon)
    var record = try bench.record("a")
    let position = try #require(record.ledger.position(in: try coin("BTC")))
    #expect(position.claim.leverage == 1)
    let equity = try #require(
      record.ledger.equity(marks: [try coin("BTC"): try price("100000")]))
    let isBooked = record.ledger.book(flow: .zero - USD(whole: 9_000), equity: equity)
    #expect(isBooked)
    var changes = StateChanges(cycle: try bench.state().cycle, run: 1, at: CycleBench.noon)
    changes.traders = [record]
    try bench.store.commit(changes)

    let report = try await bench.run(at: Self.later)

    let point = try #require(
      try bench.store.equityPoints(record.ledger.trader, from: Self.later, to: Self.later, limit: 1)
        .first)
    #expect(point.marginUsed > point.equity)
    #expect(!report.alertKeys.contains("over_allocated.a"), "\(report.alertKeys)")
  }

  @Test func anAlertIsLoggedAlthoughTheExportFails() async throws {
    var bench = try Self.bench(["a"], risk: ["stop_loss_enabled": "true"])
    try bench.sim.set { $0.refused = [.stop, .flatten] }
    let lines = LogKeeper.Lines()
    bench.log = Logger(label: "test") { _ in LogKeeper(lines: lines) }
    // A device is no folder.
    bench.exports = GenerationFolder(path: "/dev/null/out")

    await #expect(throws: RunFailure.self) { try await bench.run(at: CycleBench.noon) }

    #expect(lines.all.filter { $0.contains("no_stop.a.BTC") }.count == 1, "\(lines.all)")
    let run = try #require(try bench.store.recentRuns(1).first)
    #expect(run.status == .failed)
    #expect(run.error?.contains("/dev/null/out") == true, "\(run.error ?? "")")
    #expect(run.failure == ExitStatus.cannotCreate.summary)
    bench.exports = nil
    try await bench.run(at: Self.later)
    #expect(lines.all.filter { $0.contains("no_stop.a.BTC") }.count == 1)
  }
}

/// Lines of a log, kept.
private struct LogKeeper: LogHandler {
  final class Lines: Sendable {
    private let kept = Mutex<[String]>([])
    var all: [String] { kept.withLock { $0 } }
    func keep(_ line: String) { kept.withLock { $0.append(line) } }
  }

  let lines: Lines
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { lines.keep("\(event.message) \(event.metadata ?? [:])") }
}
