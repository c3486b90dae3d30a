import Foundation
import Testing
import Trading

/// Random traders, decisions, prices, failures and hands over 10,000 cycles.
@Suite("Random arenas") struct RandomArenaTests {
  /// Cycles of each arena.
  static let steps = 100

  /// `NOF0_RANDOM_SEEDS=17,40` lives these lives again.
  static let seeds: [UInt64] =
    ProcessInfo.processInfo.environment["NOF0_RANDOM_SEEDS"].map {
      $0.split(separator: ",").compactMap { UInt64($0) }
    } ?? Array(1...100)

  @Test("keep their identities, their limits and their kill switches", arguments: seeds)
  func keepEveryPromise(seed: UInt64) async throws {
    let arena = try RandomArena(seed: seed, steps: Self.steps)
    for _ in 0..<Self.steps where !arena.hasFailed { try await arena.advance() }
    // A run that was killed last is settled by the next one.
    if arena.story.last == "killed" { try await arena.advance(calmly: true) }
    try arena.prove()
  }
}
