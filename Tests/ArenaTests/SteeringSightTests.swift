import Arena
import ArenaTesting
import Journal
import Testing
import Trading

@Suite("What list and status show of traders that do not run")
struct SteeringSightTests {
  /// Two flat traders after one cycle; `tea` is paused for an hour.
  private static func bench() async throws -> CycleBench {
    let bench = try CycleBench(
      [CycleBench.trader("coffee", "flat"), CycleBench.trader("tea", "flat")],
      market: CycleBench.steadyMarket())
    try await bench.run(at: CycleBench.noon)
    var record = try bench.record("tea")
    var changes = StateChanges(cycle: 1, run: 1, at: CycleBench.noon)
    changes.recorded[try bench.trader("tea")] = record
    record.runtime.status = .paused
    record.runtime.pausedUntil = CycleBench.noon + .hour
    record.runtime.reason = "out\u{1B}[1A of leaves"
    changes.traders = [record]
    try bench.store.commit(changes)
    return bench
  }

  @Test func oneLineATrader() async throws {
    let bench = try await Self.bench()

    #expect(
      try TraderSight.listText(of: bench.store, bench.config, clock: bench.clock) == """
          trader  status                             executor  era     equity    capital  \
        open  next due
          coffee  running                            flat        1  10,000.00  10,000.00    \
         0  2025-07-21T12:03:00Z
          tea     paused until 2025-07-21T13:00:00Z  flat        1  10,000.00  10,000.00    \
         0  2025-07-21T13:00:00Z  \
        out\u{FFFD}[1A of leaves

        """)
  }

  @Test func aTraderThatLeftOrIsNewIsMarked() async throws {
    let bench = try await Self.bench()
    let other = try CycleBench(
      [CycleBench.trader("coffee", "flat"), CycleBench.trader("water", "flat")],
      market: CycleBench.steadyMarket(), store: bench.store)

    let text = try TraderSight.listText(of: bench.store, other.config, clock: bench.clock)

    let lines = text.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[2].contains("tea") && lines[2].contains("not in the configuration"))
    #expect(lines[2].contains("  -  "), "expected no next turn in \(lines[2])")
    #expect(lines[3].contains("water") && lines[3].hasSuffix("takes part from the next run on"))
  }

  @Test func statusSaysUntilWhenAndWhy() async throws {
    let bench = try await Self.bench()

    let text = try ArenaStatus.text(of: bench.store, now: CycleBench.noon, caps: nil)
    let json = try ArenaStatus.json(of: bench.store, now: CycleBench.noon, caps: nil)

    #expect(
      text.contains(
        "\ntea is paused until 2025-07-21T13:00:00Z (out\u{FFFD}[1A of leaves)\n"
          + "capital 20,000.00 USD: 20,000.00 allocated, 0.00 of it utilised (0.00 %), "
          + "0.00 reserve\n"), "\(text)")
    #expect(json.contains(#""paused_until_ms":1753102800000"#), "\(json)")
    #expect(json.contains(#""conflicts":[],"kill_switches":[]"#), "\(json)")
    #expect(json.contains(#""capital":{"allocated_usd":20000,"#), "\(json)")
  }
}
