import Trading

/// How numbers are distributed: bins of one width between round edges.
struct ProfitDistribution: Equatable {
  /// How many numbers each bin holds; a number on an edge belongs to the bin above it, one on the
  /// last edge to the last bin.
  let counts: [Int]
  /// The edges, ascending, one more than bins; empty without numbers.
  let edges: [Double]

  /// Bins at most.
  static let most = 20

  /// The distribution of numbers; what is not finite is left out.
  init(_ numbers: [Double]) {
    let finite = numbers.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      (counts, edges) = ([], [])
      return
    }
    let width = Self.width(low: low, high: high)
    let first = (low / width).rounded(.down)
    // The greatest number lies below the last edge or on it, the bins are at least one.
    let count = max(1, Int((high / width).rounded(.up) - first))
    var counts = [Int](repeating: 0, count: count)
    for number in finite {
      let bin = Int((number / width).rounded(.down) - first)
      counts[min(max(bin, 0), count - 1)] += 1
    }
    self.counts = counts
    edges = (0...count).map { rounded((first + Double($0)) * width, decimals: 8) }
  }

  /// The least of 1, 2 and 5 times a power of ten that needs no more than ``most`` bins.
  private static func width(low: Double, high: Double) -> Double {
    var power = 0.01
    // Half the money there is needs 14 steps; the bound is for numbers nobody can mean.
    for _ in 0..<40 {
      for width in [power, 2 * power, 5 * power]
      where (high / width).rounded(.up) - (low / width).rounded(.down) <= Double(most) {
        return width
      }
      power *= 10
    }
    return max(abs(low), abs(high), 1)
  }
}
