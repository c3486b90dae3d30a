import Executor
import Testing
import Trading

/// The course of two averages over a long series, against looking at each window.
struct EMACrossCourseTests {
  private static func closes(_ count: Int, seed: UInt64) -> [Double] {
    var noise = SeededGenerator(seed: seed)
    var price = 100.0
    return (0..<count).map { _ in
      price *= 1 + (noise.unit() - 0.5) / 100
      return price
    }
  }

  @Test(arguments: [
    (fast: 2, slow: 3, history: 4), (5, 9, 12), (20, 50, 51), (20, 50, 240), (3, 10, 400),
  ])
  func saysWhatEachWindowSays(fast: Int, slow: Int, history: Int) throws {
    for seed in UInt64(1)...4 {
      var rule = EMACrossRule.standard
      (rule.fast, rule.slow, rule.history) = (fast, slow, history)
      let closes = Self.closes(600, seed: seed)

      let course = EMACross.Course(of: rule, closes: closes)

      for index in closes.indices {
        let window = closes[max(0, index - history + 1)...index]
        let standing = EMACross.standing(of: rule, closes: window)
        let told = course.standing(at: index)
        #expect(told?.side == standing?.side, "seed \(seed), close \(index)")
        #expect(told?.hasCrossed == standing?.hasCrossed, "seed \(seed), close \(index)")
      }
    }
  }

  @Test func looksAgainWhereTheAveragesAreEqual() {
    var rule = EMACrossRule.standard
    (rule.fast, rule.slow, rule.history) = (2, 3, 5)
    let closes = [Double](repeating: 0.1, count: 40)

    let course = EMACross.Course(of: rule, closes: closes)

    for index in closes.indices {
      let window = closes[max(0, index - 4)...index]
      #expect(course.standing(at: index)?.side == EMACross.standing(of: rule, closes: window)?.side)
    }
  }

  @Test func knowsNothingOfAShortSeries() {
    let course = EMACross.Course(of: .standard, closes: [1, 2, 3])

    #expect(course.sides == [0, 0, 0])
    #expect(course.standing(at: 2) == nil)
    #expect(EMACross.Course(of: .standard, closes: []).sides.isEmpty)
  }
}
