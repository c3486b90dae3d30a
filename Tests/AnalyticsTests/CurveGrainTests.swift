import Analytics
import Foundation
import Testing
import Trading

@Suite struct CurveGrainTests {
  private static let grains: [(name: String, grain: CurveGrain, bound: Int)] = [
    ("drawn", .drawn, 550), ("rows", .rows, 160),
  ]

  private static func points(
    _ count: Int64, to end: Timestamp, gaps random: inout SeededGenerator
  ) throws -> [EquityPoint] {
    let trader = try #require(TraderID("t"))
    var at = end - .hours(count)
    var points: [EquityPoint] = []
    while at < end {
      points.append(
        EquityPoint(
          trader: trader, at: at, equity: USD(whole: Int64(points.count)), nav: USD(whole: 1),
          cash: .zero, unrealised: .zero, marginUsed: .zero))
      // Mostly an hour on; now and then the machine was off for up to nine days.
      at = at + .hours(random.below(40) == 0 ? Int64(random.below(220)) + 1 : 1)
      at = at + .minutes(Int64(random.below(7)))
    }
    return points
  }

  /// What keeps only the thinned points of an hour ago and adds the new one loses nothing.
  @Test(arguments: UInt64(1)...12)
  func thinningStepByStepIsThinningAtOnce(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let all = try Self.points(
      1500 + Int64(random.below(9000)), to: SampleArena.now, gaps: &random)
    for (name, grain, bound) in Self.grains {
      var kept: [EquityPoint] = []
      for (index, point) in all.enumerated() {
        kept.append(point)
        guard random.below(30) == 0 || index == all.count - 1 else { continue }
        kept = grain.thinned(kept, at: point.at)
      }
      let last = try #require(all.last)
      #expect(kept == grain.thinned(all, at: last.at), "seed \(seed), \(name)")
      #expect(kept.count <= bound, "seed \(seed), \(name): \(kept.count)")
      #expect(kept.last == last, "seed \(seed), \(name)")
    }
  }

  @Test func theNewestHoursAllStay() throws {
    var random = SeededGenerator(seed: 1)
    let all = try Self.points(3000, to: SampleArena.now, gaps: &random)
    let recent = all.filter { $0.at >= SampleArena.now - .hours(36) }
    for (name, grain, _) in Self.grains {
      #expect(
        grain.thinned(all, at: SampleArena.now).suffix(recent.count) == recent[...], "\(name)")
    }
  }

  @Test func whatIsOlderThan400DaysGoes() throws {
    var random = SeededGenerator(seed: 2)
    let all = try Self.points(24 * 600, to: SampleArena.now, gaps: &random)
    for (name, grain, _) in Self.grains {
      let oldest = try #require(grain.thinned(all, at: SampleArena.now).first)
      #expect(oldest.at >= SampleArena.now - .day * 408, "\(name)")
    }
  }
}
