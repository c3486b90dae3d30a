import Market
package import Trading

extension EMACross {
  /// Where the averages stand after each close of a long series, found in one pass.
  ///
  /// What ``standing(of:closes:)`` says of the `history` closes up to each one, without looking at
  /// them all each time. Both averages are linear: one that begins at a later close differs from
  /// one that has run for ever by the difference of both at that beginning, faded by
  /// (1 − weight)^candles. Where the averages are so close that rounding could decide, the closes
  /// are looked at again.
  package struct Course: Sendable, Equatable {
    /// 1 above (long), −1 below (short), 0 while there are too few closes; one per close.
    package private(set) var sides: [Int8]
    /// Whether the averages have crossed since the close before; one per close.
    package private(set) var hasCrossed: [Bool]
    /// How far the fast average is above the slow one, as a fraction of it; one per close.
    private var gaps: [Double]

    /// What the averages say at a close: ±1 the side, ±2 where they have just crossed, 0 not yet
    /// known.
    package func signal(at index: Int) -> Int8 { sides[index] * (hasCrossed[index] ? 2 : 1) }

    /// Where the averages stand at a close; `nil` = not yet known.
    ///
    /// Their levels are relative: the slow one is 1.
    package func standing(at index: Int) -> Standing? {
      guard sides[index] != 0 else { return nil }
      let gap = sides[index] > 0 ? max(0, gaps[index]) : min(-.ulpOfOne, gaps[index])
      return Standing(fast: 1 + gap, slow: 1, hasCrossed: hasCrossed[index])
    }

    /// The course of a rule over closes, oldest first.
    package init(of rule: EMACrossRule, closes: [Double]) {
      sides = [Int8](repeating: 0, count: closes.count)
      hasCrossed = [Bool](repeating: false, count: closes.count)
      gaps = [Double](repeating: 0, count: closes.count)
      let fast = Windowed(period: rule.fast, history: rule.history, closes)
      let slow = Windowed(period: rule.slow, history: rule.history, closes)
      guard rule.slow <= closes.count else { return }
      for index in (rule.slow - 1)..<closes.count {
        let now = (fast.value(at: index, seenFrom: index), slow.value(at: index, seenFrom: index))
        gaps[index] = now.0 / now.1 - 1
        let hasPast = index >= rule.slow
        let before =
          hasPast
          ? (
            fast.value(at: index - 1, seenFrom: index), slow.value(at: index - 1, seenFrom: index)
          ) : now
        if index >= rule.history, Self.isDoubtful(now) || Self.isDoubtful(before) {
          let window = closes[(index - rule.history + 1)...index]
          guard let exact = EMACross.standing(of: rule, closes: window) else { continue }
          sides[index] = exact.side == .long ? 1 : -1
          hasCrossed[index] = exact.hasCrossed
        } else {
          sides[index] = now.0 >= now.1 ? 1 : -1
          hasCrossed[index] = hasPast && (now.0 >= now.1) != (before.0 >= before.1)
        }
      }
    }

    /// Whether two averages are nearer to each other than a billionth: far more than rounding
    /// makes of them, far less than a price moves.
    private static func isDoubtful(_ pair: (Double, Double)) -> Bool {
      abs(pair.0 - pair.1) <= abs(pair.1) * 1e-9
    }
  }

  /// An average that at each close has only seen the last so many of them.
  private struct Windowed {
    private let period: Int
    private let history: Int
    /// The average that has seen every close; zero before its first value.
    private var endless: [Double]
    /// The sums of all closes before each one.
    private var sums: [Double]
    /// What is left of a difference at the first value of a window, at its last close.
    private let fade: Double
    /// What one close takes from a difference.
    private let rest: Double

    init(period: Int, history: Int, _ closes: [Double]) {
      self.period = period
      self.history = history
      rest = 1 - 2 / (Double(period) + 1)
      var fade = 1.0
      for _ in 0..<(history - period) { fade *= rest }
      self.fade = fade
      endless = []
      sums = [0]
      endless.reserveCapacity(closes.count)
      sums.reserveCapacity(closes.count + 1)
      var sum = 0.0
      guard var average = EMA(period: period) else {
        preconditionFailure("expected a checked period, was \(period)")
      }
      for close in closes {
        endless.append(average.update(close) ?? 0)
        sum += close
        sums.append(sum)
      }
    }

    /// The average at `index`, or at the close before it, of the window that ends at `end`.
    @inline(__always)
    func value(at index: Int, seenFrom end: Int) -> Double {
      let first = end - history + 1
      // A difference that has faded this far is lost in the last digit of any price.
      guard first > 0, fade > 1e-20 else { return endless[index] }
      let begin = first + period - 1
      let seed = (sums[begin + 1] - sums[first]) / Double(period)
      let faded = index == end ? fade : fade / rest
      return endless[index] + faded * (seed - endless[begin])
    }
  }
}
