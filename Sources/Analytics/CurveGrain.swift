package import Trading

/// How coarse a curve gets with age: whatever the history, so many points and no more.
///
/// The coarser steps are chosen among the finer ones and their bounds lie on whole steps, so that
/// thinning a curve that was thinned an hour ago gives the same as thinning all of it.
package struct CurveGrain: Sendable {
  /// Points up to an age; the last point of each step is kept.
  private struct Tier {
    /// The length of a step; `nil` = every point is kept.
    let step: Span?
    /// Up to this age.
    let age: Span
  }

  private let tiers: [Tier]

  /// What is kept to draw curves, at most 550 points.
  ///
  /// Every point of 96 hours, then the last of each 4 hours up to 14 days, of each UTC day up to
  /// 400 days.
  package static let drawn = CurveGrain(tiers: [
    Tier(step: nil, age: .hours(96)), Tier(step: .hours(4), age: .day * 14),
    Tier(step: .day, age: .day * 400),
  ])

  /// What account-totals shows, at most 160 rows.
  ///
  /// Every row of 36 hours, then the last of each 4 hours up to 5 days, of each UTC day up to 28
  /// days, of each 7 days up to 400 days.
  package static let rows = CurveGrain(tiers: [
    Tier(step: nil, age: .hours(36)), Tier(step: .hours(4), age: .day * 5),
    Tier(step: .day, age: .day * 28), Tier(step: .day * 7, age: .day * 400),
  ])

  /// The first instant that ``drawn`` looks at, seen from a time.
  package static func oldest(at now: Timestamp) -> Timestamp {
    (now - .day * 400).floored(to: .day)
  }

  /// From when on ``drawn`` needs more than the last point of each UTC day, seen from a time.
  package static func finest(at now: Timestamp) -> Timestamp {
    (now - .day * 14).floored(to: .day)
  }

  /// Thins a curve.
  ///
  /// - Parameters:
  ///   - points: Points of one curve, ascending, at most one an hour.
  ///   - now: Where ages count from.
  /// - Returns: The points that stay, ascending as they came.
  package func thinned(_ points: [EquityPoint], at now: Timestamp) -> [EquityPoint] {
    let kept = places(of: points, at: now)
    return kept.count == points.count ? points : kept.map { points[$0] }
  }

  /// Where the points of a curve stand that stay, ascending; see ``thinned(_:at:)``.
  private func places(of points: [EquityPoint], at now: Timestamp) -> [Int] {
    // Each tier begins at a whole step of the next coarser one, so that no step is cut in two.
    let begins = tiers.indices.map { index in
      let begin = now - tiers[index].age
      let coarser = tiers.indices.contains(index + 1) ? tiers[index + 1].step : tiers[index].step
      return coarser.map { begin.floored(to: $0) } ?? begin
    }
    var kept: [Int] = []
    kept.reserveCapacity(min(points.count, 600))
    var tier = tiers.count - 1
    var last: Timestamp?
    for index in points.indices {
      let at = points[index].at
      guard at >= begins[tiers.count - 1] else { continue }
      while tier > 0, at >= begins[tier - 1] {
        tier -= 1
        last = nil
      }
      if let step = tiers[tier].step {
        let place = at.floored(to: step)
        if last == place { kept.removeLast() }
        last = place
      }
      kept.append(index)
    }
    return kept
  }
}
