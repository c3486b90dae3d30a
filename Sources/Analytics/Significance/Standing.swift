import Trading

/// Who stands above whom for sure.
struct Standing {
  private let names: [String]
  /// Of each trader those that beat it.
  private var beatenBy: [Set<Int>]
  /// Of each trader its comparisons: with whom, the mean difference, p.
  private var comparisons: [[(other: Int, difference: Double, p: Double)]]

  /// The standing that corrected comparisons tell.
  ///
  /// - Parameters:
  ///   - names: The traders.
  ///   - pairs: Comparisons of these; those without a probability tell nothing.
  init(names: [String], pairs: [PairStatistics]) {
    self.names = names
    beatenBy = names.map { _ in [] }
    comparisons = names.map { _ in [] }
    var place: [String: Int] = [:]
    for (index, name) in names.enumerated() { place[name] = index }
    for pair in pairs {
      guard let first = place[pair.first], let second = place[pair.second], let p = pair.p,
        let corrected = pair.pHolm
      else { continue }
      comparisons[first].append((second, pair.meanDifferencePct, p))
      comparisons[second].append((first, -pair.meanDifferencePct, p))
      guard corrected < ArenaStatistics.level else { continue }
      if pair.meanDifferencePct > 0 {
        beatenBy[second].insert(first)
      } else {
        beatenBy[first].insert(second)
      }
    }
  }

  /// The ranks that a trader may truly have, 1 = best.
  ///
  /// Those that surely beat it stand above, those that it surely beats below; Holm's correction
  /// is over its own comparisons. Mogstad, Romano, Shaikh & Wilhelm, "Inference for ranks",
  /// Rev. Economic Studies 91 (2024).
  ///
  /// - Parameters:
  ///   - trader: Its place.
  ///   - isIn: Whether a trader is ranked at all.
  /// - Returns: The best and the worst of them.
  func rank(of trader: Int, among isIn: [Bool]) -> Interval {
    let own = comparisons[trader]
    let ranked = isIn.count { $0 }
    let adjusted = Holm.adjusted(own.map(\.p), tests: ranked - 1)
    var above = 0
    var below = 0
    for (comparison, p) in zip(own, adjusted) where p < ArenaStatistics.level {
      if comparison.difference < 0 { above += 1 } else { below += 1 }
    }
    return Interval(low: Double(1 + above), high: Double(ranked - below))
  }

  /// Groups of traders none of which surely beats another of its group.
  ///
  /// From the best on, a trader joins the group of the one before it unless somebody in there
  /// and it can be told apart; then it begins the next.
  ///
  /// - Parameter order: All traders, the greatest growth first.
  /// - Returns: Their names, the best group first.
  func tiers(order: [Int]) -> [[String]] {
    var tiers: [[Int]] = []
    for trader in order {
      let last = tiers.last ?? []
      let isApart = last.contains {
        beatenBy[trader].contains($0) || beatenBy[$0].contains(trader)
      }
      if tiers.isEmpty || isApart {
        tiers.append([trader])
      } else {
        tiers[tiers.count - 1].append(trader)
      }
    }
    return tiers.map { $0.map { names[$0] } }
  }
}
