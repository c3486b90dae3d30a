import Foundation
import Testing
import Trading

/// Random traders, decisions, prices, failures and hands over 10,000 cycles.
///
/// One lot at a time: they are busy throughout, and other tests need the other core.
@Suite("Random arenas", .serialized) struct RandomArenaTests {
  /// Cycles of each arena.
  static let steps = 101

  /// `NOF0_RANDOM_SEEDS=17,40` lives these lives again, and no others.
  static let chosen = ProcessInfo.processInfo.environment["NOF0_RANDOM_SEEDS"].map {
    $0.split(separator: ",").compactMap { UInt64($0) }
  }

  /// Seeds in lots, so that few arenas are in memory at a time.
  static let lots: [[UInt64]] =
    chosen.map { [$0] } ?? (0..<4).map { lot in (1...25).map { UInt64(lot * 25 + $0) } }

  @Test("keep their identities, their limits and their kill switches", arguments: lots)
  func keepEveryPromise(seeds: [UInt64]) async throws {
    var counts = RandomArenaCounts()
    for seed in seeds {
      let arena = try RandomArena(seed: seed, steps: Self.steps)
      for _ in 0..<Self.steps where !arena.hasFailed { try await arena.advance() }
      // A run that was killed last is settled by the next one.
      if arena.story.last == "killed" { try await arena.advance(calmly: true) }
      try arena.prove()
      counts += arena.counts
    }

    guard Self.chosen == nil else { return }
    // Lives in which nothing happens prove nothing.
    #expect(counts.cycles + counts.kills >= Self.steps * seeds.count, "\(counts)")
    #expect(counts.entries > 300, "\(counts)")
    #expect(counts.positions > 1000, "\(counts)")
    #expect(min(counts.fired, counts.over, counts.kills) >= 3, "\(counts)")
    #expect(min(counts.outside, counts.flows) > 20, "\(counts)")
  }
}
