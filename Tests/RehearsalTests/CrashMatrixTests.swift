import Foundation
import Testing

extension RehearsalSuite {
  @Suite("Crashes and faults around every send to a real venue")
  struct CrashMatrix {
    /// Half of the cases each; two at a time is what the machine has room for.
    private static let chains = 2

    @Test func leaveEveryOrderDoneOnceAndNothingNaked() async throws {
      let cases = CrashCase.all
      #expect(cases.count >= 300)
      let chosen = ProcessInfo.processInfo.environment["NOF0_CRASH_CASES"]
        .map { Set($0.split(separator: ",").compactMap { Int($0) }) }
      let began = ContinuousClock.now

      let totals = try await withThrowingTaskGroup(of: CrashChain.Tally.self) { group in
        for part in 0..<Self.chains {
          group.addTask {
            let chain = try CrashChain()
            let size = cases.count / Self.chains + 1
            for test in cases.dropFirst(part * size).prefix(size)
            where chosen?.contains(test.number) ?? true {
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
