import Foundation
import Testing

extension RehearsalSuite {
  @Suite("Crashes and faults around every send to a real venue")
  struct CrashMatrix {
    @Test func leaveEveryOrderDoneOnceAndNothingNaked() async throws {
      let cases = CrashCase.all
      #expect(cases.count >= 300)
      // Words of a case's description, such as "case 223:" or "late", to look at some of them.
      let chosen = ProcessInfo.processInfo.environment["NOF0_CRASH_CASES"]
      let began = ContinuousClock.now

      let totals = try await withThrowingTaskGroup(of: CrashChain.Tally.self) { group in
        // Two at a time is what the machine has room for.
        for isShared in [false, true] {
          group.addTask {
            let chain = try CrashChain(isShared: isShared)
            for test in cases
            where test.isShared == isShared
              && chosen.map(test.description.contains) ?? true
            {
              let flaws = try chain.play(test)
              if !flaws.isEmpty {
                Issue.record("\(test)\n  \(flaws.joined(separator: "\n  "))")
              }
            }
            return chain.tally
          }
        }
        return try await group.reduce(CrashChain.Tally()) { $0 + $1 }
      }

      guard chosen == nil else { return }
      // A matrix that disturbs nothing would pass too.
      #expect(totals.killed > 170)
      #expect(totals.faults > 250)
      #expect(totals.unsent > 60)
      print("\(cases.count) cases in \(ContinuousClock.now - began): \(totals)")
    }
  }
}
