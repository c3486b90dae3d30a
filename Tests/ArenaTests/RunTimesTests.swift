import Arena
import Foundation
import Journal
import Testing
import Trading

@Suite("The times of the cycles of a run")
struct RunTimesTests {
  private static let now = CycleBench.noon

  /// A folder with configuration and state; the clock says what it is told.
  private struct Bench {
    let scratch: ScratchFolder

    /// With `recorded` the prices are 600 minutes of candles from noon on.
    init(recorded: Bool = false) throws {
      scratch = try ScratchFolder()
      let market =
        recorded
        ? "{type: recorded, directory: \(scratch.path)/candles, symbols: [BTC]}"
        : "{type: synthetic, symbols: [BTC, ETH, SOL]}"
      try scratch.write("name: times\nexport: {benchmark: BTC}\n", "config/nof0.yaml")
      try scratch.write("default: sim\nproviders: {sim: {type: sim}}\n", "config/exchange.yaml")
      try scratch.write("default: m\nproviders: {m: \(market)}\n", "config/market.yaml")
      try scratch.write("traders:\n" + CycleBench.trader("a", "flat"), "config/manager.yaml")
      guard recorded else { return }
      let rows = (0..<600).map { minute in
        "\(CycleBench.noon.ms + 60_000 * Int64(minute)),100000,100000,100000,100000,1\n"
      }
      try scratch.write(
        "timestamp_ms,open,high,low,close,volume\n" + rows.joined(), "candles/BTC-1m.csv")
    }

    func run(
      at: Timestamp? = nil, cycles: Int? = nil, step: Span? = nil, wall: Timestamp = now,
      isDryRun: Bool = false
    ) async -> Arena.ExitStatus {
      let request = RunRequest(
        places: Places(
          config: scratch.path + "/config", state: scratch.path + "/state",
          out: scratch.path + "/out"),
        only: [], force: false, isDryRun: isDryRun, isLive: false, deadline: nil, cycles: cycles,
        step: step,
        at: at, isStrict: false,
        output: Output(format: .text, logLevel: "critical", isQuiet: true))
      return await ArenaRun.execute(
        request, environment: [:],
        clock: WallClock(now: { wall }, monotonicMs: { 0 }))
    }

    /// The times of all finished runs, oldest first, in minutes after noon.
    func minutes() throws -> [Double] {
      let database = try JournalDatabase.open(
        path: scratch.path + "/state/nof0.sqlite", mode: .readOnly, faultHook: { _ in })
      return try StateStore(database).recentRuns(100).reversed()
        .filter { $0.status == .finished }.map { ($0.at - RunTimesTests.now).minutes }
    }

    /// Leaves a run at a time as a killed process leaves it.
    func abandon(at instant: Timestamp) throws {
      let database = try JournalDatabase.open(
        path: scratch.path + "/state/nof0.sqlite", mode: .readWrite(durability: .processCrash),
        faultHook: { _ in })
      _ = try StateStore(database).beginRun(at: instant, wallStart: instant, pid: 1)
      try database.close()
    }
  }

  @Test func aPlainRunIsNow() async throws {
    let bench = try Bench()

    #expect(await bench.run() == .success)
    #expect(await bench.run(wall: Self.now + .seconds(90)) == .success)

    #expect(try bench.minutes() == [0, 1.5])
  }

  @Test func manyCyclesGoOnOneStepAfterTheLast() async throws {
    let bench = try Bench()

    #expect(await bench.run(at: Self.now, cycles: 3) == .success)
    #expect(await bench.run(cycles: 2, wall: Self.now + .hours(9)) == .success)
    #expect(await bench.run(cycles: 2, step: .minutes(10)) == .success)

    // The last one begins at the next multiple of its step.
    #expect(try bench.minutes() == [0, 3, 6, 9, 12, 20, 30])
  }

  @Test func aChosenTimeIsTaken() async throws {
    let bench = try Bench()

    #expect(await bench.run(at: Self.now + .minutes(7)) == .success)
    #expect(await bench.run(at: Self.now + .minutes(7), cycles: 2) == .success)

    #expect(try bench.minutes() == [7, 7, 10])
  }

  @Test func noRunIsBeforeTheLast() async throws {
    let bench = try Bench()
    #expect(await bench.run() == .success)

    #expect(await bench.run(at: Self.now - Span(ms: 1)) == .inputOutput)
    // A clock that is a minute behind is believed to stand still, one further back is not.
    #expect(await bench.run(wall: Self.now - .minutes(1)) == .success)
    #expect(await bench.run(wall: Self.now - .minutes(1) - Span(ms: 1)) == .inputOutput)

    #expect(try bench.minutes() == [0, 0])
  }

  /// Candles begin at noon; the first cycle has four hours of them behind it.
  @Test func recordedPricesBeginWithSomeHistoryAndGoOnByThemselves() async throws {
    let bench = try Bench(recorded: true)

    for _ in 0..<3 { #expect(await bench.run(wall: Self.now + .hours(1000)) == .success) }

    let minutes = try bench.minutes()
    #expect(minutes == [minutes[0], minutes[0] + 3, minutes[0] + 6])
    #expect((240...243).contains(minutes[0]))
  }

  @Test func anUnfinishedCycleIsRepeated() async throws {
    let bench = try Bench()
    #expect(await bench.run(at: Self.now, cycles: 2) == .success)
    try bench.abandon(at: Self.now + .minutes(6))

    #expect(await bench.run(cycles: 2) == .success)

    #expect(try bench.minutes() == [0, 3, 6, 9])
  }

  @Test func aDryRunLeavesNothing() async throws {
    let bench = try Bench()
    #expect(await bench.run() == .success)

    #expect(await bench.run(wall: Self.now + .minutes(3), isDryRun: true) == .success)

    #expect(try bench.minutes() == [0])
    #expect(try bench.scratch.names("out/.generations") == ["1"])
  }

  @Test func aRunThatFindsTheLockTakenSaysSo() async throws {
    let bench = try Bench()
    #expect(await bench.run() == .success)
    let lock = try RunLock.take(path: bench.scratch.path + "/state/nof0.lock", now: Self.now)

    #expect(await bench.run() == .locked)

    withExtendedLifetime(lock) {}
  }

  @Test func aWrongConfigurationTouchesNothing() async throws {
    let bench = try Bench()
    try bench.scratch.write("traders: []\n", "config/manager.yaml")

    #expect(await bench.run() == .configuration)

    #expect(try bench.scratch.names("") == ["config"])
  }
}
