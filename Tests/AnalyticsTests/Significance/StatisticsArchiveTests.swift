import Analytics
import Testing
import Trading

/// What is kept of the leaderboard's statistics from one run to the next.
@Suite struct StatisticsArchiveTests {
  private static let sparse = ArenaStatistics(
    period: .hour, resamples: 0, seed: .max, traders: [], pairs: [], tiers: [])

  private static let full = ArenaStatistics(
    period: .day, resamples: 2000, seed: 1 << 63 | 7,
    traders: [
      TraderStatistics(
        id: "a", periods: 365, returnPct: Interval(low: -1.5, high: 2.25),
        sharpe: Interval(low: 0.1, high: 0.3), rank: Interval(low: 1, high: 3),
        probabilityBest: 0.75, psr: 0.99, dsr: 0.5, minimumTrackDays: 100.5,
        daysStillNeeded: 0, luckPercentile: 97.5,
        band: [[1_767_225_600, 0.9, 1.1], [1_767_312_000, -0.0, .pi]]),
      TraderStatistics(id: "ü.b_c-d", periods: 0),
    ],
    pairs: [
      PairStatistics(
        first: "a", second: "ü.b_c-d", periods: 9, meanDifferencePct: -0.125, p: nil, pHolm: nil),
      PairStatistics(
        first: "b", second: "c", periods: 10, meanDifferencePct: 1e-300, p: 0.01, pHolm: 1),
    ],
    tiers: [["a"], [], ["ü.b_c-d", "c"]])

  @Test(arguments: [full, sparse])
  func readsWhatItWrote(statistics: ArenaStatistics) throws {
    #expect(try ArenaStatistics(decoding: statistics.encoded) == statistics)
  }

  @Test func refusesBytesThatAreCutOffOrGoOn() throws {
    let bytes = Self.full.encoded

    for count in 0..<bytes.count {
      #expect(throws: MetricsError.self) {
        try ArenaStatistics(decoding: Array(bytes.prefix(count)))
      }
    }
    #expect(throws: MetricsError.self) { try ArenaStatistics(decoding: bytes + [0]) }
  }

  /// Statistics were kept as JSON once.
  @Test func refusesAnotherForm() throws {
    #expect(throws: MetricsError.self) { try ArenaStatistics(decoding: Array("{}".utf8)) }
  }
}
