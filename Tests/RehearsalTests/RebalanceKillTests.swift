import Foundation
import Testing

extension RehearsalSuite {
  @Suite("A run that splits the money anew and is killed")
  struct RebalanceKill {
    /// On one account money moves in the books; between accounts the venue is told.
    @Test(arguments: [true, false])
    func movesItExactlyOnce(isShared: Bool) throws {
      let scene = try Self.stage(isShared: isShared)
      try scene.run("run", "--at", "2025-07-21T22:30Z", "--cycles", "20")
      let flows = "SELECT count(*) FROM capital_flows"
      let before = try scene.books.number(flows)
      let at = "2025-07-21T23:30Z"
      let reference = try Self.stage(isShared: isShared)
      try reference.rehearsal.takeOver(scene.rehearsal)

      try reference.run("run", "--at", at)

      #expect(try reference.books.number(flows) > before, "expected money to move")
      try reference.expectBalanced("reference")
      let told = try reference.books.number("SELECT count(*) FROM account_transfers")
      #expect(isShared ? told == 1 : told > 3)
      try KillSweep(scene: scene, at: at, expected: reference.books.money()).run {
        try Self.stage(isShared: isShared)
      }
    }

    private static func stage(isShared: Bool) throws -> SharedStage {
      let stage = try SharedStage(
        [
          ("ema-cross", "kind: baseline, rule: ema_cross"),
          ("momentum", "kind: baseline, rule: momentum"),
          ("random", "kind: baseline, rule: random, seed: 7"),
        ],
        candles: try FallingCandles.write(
          in: FileManager.default.temporaryDirectory.appending(
            path: "nof0-falling-candles-\(ProcessInfo.processInfo.processIdentifier)")),
        changes: [
          ("allocation_strategy: performance_based", "allocation_strategy: equal"),
          ("rebalance_interval: 24h", "rebalance_interval: 1h"),
        ])
      if !isShared {
        try stage.rehearsal.edit("exchange.yaml", "shared_account: true", "shared_account: false")
        try stage.rehearsal.edit(
          "manager.yaml", "duplicate: aggregate", "duplicate: highest_confidence")
      }
      return stage
    }
  }
}
